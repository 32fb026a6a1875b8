"""What a query means, what is wrong with a broken one, and that no string breaks the parser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import QuerySyntaxError
from search_service.query.ast import (
    And,
    Bool,
    Boost,
    Exact,
    Fuzzy,
    MatchAll,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
    Wildcard,
)
from search_service.query.lexer import INVISIBLE, MAX_DEPTH, unescape
from search_service.query.parser import MAX_WARNINGS, parse, parse_lenient
from search_service.query.printing import without_spans

RLM, LRM, ZWNJ, BOM = "\u200f", "\u200e", "\u200c", "\ufeff"


def shown(node: Node) -> str:
    """Show a tree without its spans, so that a table of trees can be read."""
    name = type(node).__name__.lower()
    match node:
        case And(children) | Or(children):
            return f"{name}({', '.join(map(shown, children))})"
        case Not(child):
            return f"not({shown(child)})"
        case Boost(child, factor):
            return f"{shown(child)}^{factor:g}"
        case Bool(should, must, must_not):
            marked = [("", should), ("+", must), ("-", must_not)]
            return (
                f"[{', '.join(sign + shown(child) for sign, nodes in marked for child in nodes)}]"
            )
        case _:
            return _shown_leaf(node, name)


def _shown_leaf(node: Node, name: str) -> str:
    match node:
        case Term(text, _, field):
            return f"{_at(field)}{text}"
        case Exact(text, _, field) | Prefix(text, _, field) | Wildcard(text, _, field):
            return f"{name}({_at(field)}{text})"
        case Phrase(text, _, field, number) | Fuzzy(text, _, field, number):
            return f"{name}({_at(field)}{text})" + (f"~{number}" if number else "")
        case Range(low, high, _, field):
            return f"range({_at(field)}{low}|{high})"
    assert isinstance(node, MatchAll)
    return "all"


def _at(field: str | None) -> str:
    return f"{field}:" if field else ""


def nodes(node: Node) -> Iterator[Node]:
    """Every node of a tree, without recursion."""
    pending: list[object] = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, tuple):
            pending.extend(item)
        elif is_dataclass(item):
            yield item  # type: ignore[misc]
            pending.extend(getattr(item, field.name) for field in fields(item))


UNDERSTOOD = [
    # nothing, and everything
    ("", "all"),
    (" \t\n\u00a0\u3000", "all"),
    (RLM + BOM, "all"),
    ("*", "all"),
    ("**", "all"),
    ("?*", "all"),
    # words
    ("كتاب", "كتاب"),
    ("كتاب جديد", "[كتاب, جديد]"),
    ("كِتَابٌ كتـــاب", "[كِتَابٌ, كتـــاب]"),  # marks and tatweel are the analyzer's business
    ("العراقية- السورية", "[العراقية-, السورية]"),  # so stands in seeds/: no operator
    ("العراقية - السورية", "[العراقية, -, السورية]"),  # a dash between spaces is a dash
    ("Covid-19″", "Covid-19″"),  # so stands in seeds/: the mark opens nothing
    ('5" صاروخ"', '[5", صاروخ"]'),
    ("أكتوبر/تشرين الأول", "[أكتوبر/تشرين, الأول]"),
    ("C++ a--b --a -- +", "[C++, a--b, --a, --, +]"),
    ("^ ~ = ! ` :: ، ...", "[^, ~, =, !, `, ::, ،, ...]"),
    ("!كتاب", "!كتاب"),
    ("and or not And", "[and, or, not, And]"),
    ("ANDROID بANDج", "[ANDROID, بANDج]"),
    # a question is a question
    ("ماذا حدث؟", "[ماذا, حدث؟]"),
    ("ماذا حدث?", "[ماذا, حدث?]"),
    ("what?!", "what?!"),
    ("? ??", "[?, ??]"),
    # phrases
    ('"حزب الله"', "phrase(حزب الله)"),
    ("“حزب الله”", "phrase(حزب الله)"),
    ("”حزب الله“", "phrase(حزب الله)"),  # typed right to left, the marks change places
    ("„حزب الله“", "phrase(حزب الله)"),
    ("«حزب الله»", "phrase(حزب الله)"),
    ("»حزب الله«", "phrase(حزب الله)"),
    ("‹حزب الله›", "phrase(حزب الله)"),
    ("″حزب الله″", "phrase(حزب الله)"),
    ('“حزب الله"', "phrase(حزب الله)"),
    ('"حزب الله”', "phrase(حزب الله)"),
    ("“فيروس Covid-19″", "phrase(فيروس Covid-19)"),  # a word processor's closing mark
    ('"فيروس Covid-19″ الجديد"', "phrase(فيروس Covid-19″ الجديد)"),
    ('«قال "نعم" أمس»', 'phrase(قال "نعم" أمس)'),
    ('"a b","c d"', "[phrase(a b), ,, phrase(c d)]"),
    ('"a b""c d"', "[phrase(a b), phrase(c d)]"),
    ('("a b")', "phrase(a b)"),
    ('"a \\" b"', 'phrase(a " b)'),
    ('"a b"~3', "phrase(a b)~3"),
    ('"a b"~', "phrase(a b)~1"),
    ('"a b"~٣', "phrase(a b)~3"),
    ('"a b"~x', "[phrase(a b), ~x]"),
    ('"a AND (b"', "phrase(a AND (b)"),
    ('"،"', "phrase(،)"),
    # exactly so
    ("=كتاب", "exact(كتاب)"),
    ('="حزب الله"', "exact(حزب الله)"),
    ("title:=كتاب", "exact(title:كتاب)"),
    ("=كتا* =AND", "[exact(كتا*), exact(AND)]"),
    ("a=b", "a=b"),
    # signs
    ("+a", "[+a]"),
    ("-a", "[-a]"),
    ('+a -"b c" d', "[d, +a, -phrase(b c)]"),
    ("-(a b) -title:c -=d", "[-[a, b], -title:c, -exact(d)]"),
    ('"a"-b (c)-d', "[phrase(a), -b, c, -d]"),  # inside a clause: text
    ("(-a)", "[-a]"),
    ("-AND", "[-AND]"),
    # operators
    ("a AND b", "and(a, b)"),
    ("a AND b AND c", "and(a, b, c)"),
    ("a OR b OR c", "or(a, b, c)"),
    ("a OR b AND c", "or(a, and(b, c))"),
    ("a AND b OR c", "or(and(a, b), c)"),
    ("a b AND c d", "[a, and(b, c), d]"),
    ("a OR b c", "[or(a, b), c]"),
    ("NOT a", "not(a)"),
    ("NOT NOT a", "a"),
    ("NOT -a", "a"),
    ("NOT +a", "not(a)"),
    ("a NOT b", "[a, -b]"),
    ("a AND NOT b", "and(a, not(b))"),
    ("a AND -b", "and(a, not(b))"),
    ("+a OR +b", "or(a, b)"),
    ("+(a OR b) c", "[c, +or(a, b)]"),
    ("(a)AND(b)", "and(a, b)"),
    ("NOT(a b)", "not([a, b])"),
    # groups
    ("(a)", "a"),
    ("((a) (b c))", "[a, [b, c]]"),
    ("f(x)", "[f, x]"),
    # fields
    ("title:كتاب", "title:كتاب"),
    ("عنوان:كتاب", "عنوان:كتاب"),
    ('title:"حزب الله"~2', "phrase(title:حزب الله)~2"),
    ("title:(a b OR c)", "[title:a, or(title:b, title:c)]"),
    ("title:(a body:b (c))", "[title:a, body:b, title:c]"),
    ("title:-a title:+b", "[title:-a, title:+b]"),
    ("title:AND", "title:AND"),
    ("title:*", "wildcard(title:*)"),
    ("title:كتا* title:م?ت title:a~", "[prefix(title:كتا), wildcard(title:م?ت), fuzzy(title:a)~1]"),
    ("a:b:c", "a:b:c"),
    ("قال: نعم", "[قال:, نعم]"),  # a colon and a space are prose
    ("10:30 ١٠:٣٠", "[10:30, ١٠:٣٠]"),
    ("http://x.y/z http://x.y/?q=a*", "[http://x.y/z, http://x.y/?q=a*]"),
    ("std::vector b:", "[std::vector, b:]"),
    # ranges
    ("date:2020-01..2020-06", "range(date:2020-01|2020-06)"),
    ("date:2020.. date:..2021", "[range(date:2020|), range(date:|2021)]"),
    ("date:(2019 OR 2020..2021)", "or(date:2019, range(date:2020|2021))"),
    ("2020..2021", "2020..2021"),
    ("date:.. title:نعم...", "[date:.., title:نعم...]"),
    # patterns
    ("كتا*", "prefix(كتا)"),
    ("كتا**", "prefix(كتا)"),
    ("كتا*، كتا*?", "[prefix(كتا), prefix(كتا)]"),  # what follows the star is punctuation
    ("م?ت*ب", "wildcard(م?ت*ب)"),
    ("*تاب", "wildcard(*تاب)"),
    ("م?ت*", "wildcard(م?ت*)"),
    ("م?تب؟", "wildcard(م?تب)"),
    ("،*", "،*"),
    ("كتاب\\*", "كتاب*"),
    ("ك*تاب\\*", "wildcard(ك*تاب)"),  # no word holds a star
    # fuzzy and boost
    ("اقتاد~1 اقتاد~2 اقتاد~", "[fuzzy(اقتاد)~1, fuzzy(اقتاد)~2, fuzzy(اقتاد)~1]"),
    ("كتاب^2 كتاب^0.5 كتاب^٢٫٥", "[كتاب^2, كتاب^0.5, كتاب^2.5]"),
    ("كتاب^1000", "كتاب^1000"),
    ("a~2^3 a^3~2", "[fuzzy(a)~2^3, fuzzy(a)~2^3]"),
    ('"a b"^3 "a b"~2^3', "[phrase(a b)^3, phrase(a b)~2^3]"),
    ("(a b)^2 +title:(a)^2", "[[a, b]^2, +title:a^2]"),
    ("كتا*^2 *^2", "[prefix(كتا)^2, all^2]"),
    ("^_^ a^b ~user a~b ^2 ~2", "[^_^, a^b, ~user, a~b, ^2, ~2]"),
    # escapes
    (r"\+a \-b \"c d\" \(e\)", '[+a, -b, "c, d", (e)]'),
    (r"title\:a a\~1 a\^2", "[title:a, a~1, a^2]"),
    (r"a\\~1", r"fuzzy(a\)~1"),
    (r"C:\dir a\ b c" + "\\", "[C:\\dir, a\\, b, c\\]"),
    # invisible characters, as they come along when Arabic text is pasted
    (f'{RLM}"حزب الله"{RLM}', "phrase(حزب الله)"),
    (f"{RLM}+a{LRM} {BOM}-{RLM}b", "[+a, -b]"),
    (f"a {RLM}AND{RLM} b", "and(a, b)"),
    (f"{RLM}title{RLM}:{RLM}كتاب{RLM}", "title:كتاب"),
    (f"title:{RLM}-a", "title:-a"),
    (f"كتا{RLM}*{RLM} كتاب{RLM}~1 كتاب{RLM}^2", "[prefix(كتا), fuzzy(كتاب)~1, كتاب^2]"),
    (f'"a b"{RLM}~2', "phrase(a b)~2"),
    (f"می{ZWNJ}روم", f"می{ZWNJ}روم"),  # inside a word it is part of the word
]


@pytest.mark.parametrize(("query", "tree"), UNDERSTOOD)
def test_what_a_query_means(query: str, tree: str) -> None:
    assert shown(parse(query)) == tree
    assert parse_lenient(query) == (parse(query), ())


MENDED = [
    # query, what it is taken for, (code, span) of each warning
    ('"حزب الله', "[حزب, الله]", [("unbalanced-quote", (0, 1))]),
    ('title:"a b', "[title:a, b]", [("unbalanced-quote", (6, 7))]),
    ('-"a b', "[b, -a]", [("unbalanced-quote", (1, 2))]),
    ('-" a', "[-, a]", [("unbalanced-quote", (1, 2))]),
    ('"a b" "c', "[phrase(a b), c]", [("unbalanced-quote", (6, 7))]),
    ("«a b” c", "[a, b”, c]", [("unbalanced-quote", (0, 1))]),
    ('"', "all", [("unbalanced-quote", (0, 1))]),
    ("(a b", "[a, b]", [("unbalanced-parenthesis", (0, 1))]),
    ("-(a b", "[-[a, b]]", [("unbalanced-parenthesis", (1, 2))]),
    ("a) b", "[a, b]", [("unbalanced-parenthesis", (1, 2))]),
    ("شكرا :)", "[شكرا, :]", [("unbalanced-parenthesis", (6, 7))]),
    (")^2 a", "a", [("unbalanced-parenthesis", (0, 1)), ("ignored-suffix", (1, 3))]),
    ("a b)^2", "[a, b^2]", [("unbalanced-parenthesis", (3, 4))]),
    ("a AND", "a", [("lone-operator", (2, 5))]),
    ("OR a", "a", [("lone-operator", (0, 2))]),
    ("NOT", "all", [("lone-operator", (0, 3))]),
    ("a AND OR b", "or(a, b)", [("lone-operator", (2, 5))]),
    ("a OR (AND b)", "or(a, b)", [("lone-operator", (6, 9))]),
    ("a AND NOT", "a", [("lone-operator", (6, 9))]),
    ('""', "all", [("empty-phrase", (0, 2))]),
    (f'a AND " {RLM}"', "a", [("empty-phrase", (6, 10))]),
    ("()", "all", [("empty-group", (0, 2))]),
    ("a -title:()", "a", [("empty-group", (9, 11))]),
    ("a~3", "fuzzy(a)~2", [("number-out-of-range", (1, 3))]),
    ("a~0", "a", [("number-out-of-range", (1, 3))]),
    ("a^0", "a", [("number-out-of-range", (1, 3))]),
    ("a^-1", "a", [("number-out-of-range", (1, 4))]),
    ("a^1001", "a^1000", [("number-out-of-range", (1, 6))]),
    ("a^" + "9" * 400, "a^1000", [("number-out-of-range", (1, 402))]),
    ('"a b"~1001', "phrase(a b)~1000", [("number-out-of-range", (5, 10))]),
    ("كتا*~1", "prefix(كتا)", [("ignored-suffix", (4, 6))]),
    ("=a~1", "exact(a)", [("ignored-suffix", (2, 4))]),
    ("(a)~1", "a", [("ignored-suffix", (3, 5))]),
    ("a^2^3", "a^2", [("ignored-suffix", (3, 5))]),
    (
        "(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1),
        "a",
        [("too-deep", (MAX_DEPTH, MAX_DEPTH + 1))],
    ),
]


@pytest.mark.parametrize(("query", "tree", "warnings"), MENDED)
def test_a_broken_query_is_mended_with_warnings(
    query: str, tree: str, warnings: list[tuple[str, tuple[int, int]]]
) -> None:
    node, found = parse_lenient(query)
    assert shown(node) == tree
    assert [(warning.code, warning.span) for warning in found] == warnings


@pytest.mark.parametrize(("query", "tree", "warnings"), MENDED)
def test_parsed_strictly_it_is_an_error_at_the_first_of_them(
    query: str, tree: str, warnings: list[tuple[str, tuple[int, int]]]
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(query)
    assert caught.value.span == warnings[0][1]


SPANS = [
    ("كتاب", Term("كتاب", (0, 4))),
    (f" {RLM}كتاب{RLM} ", Term("كتاب", (2, 6))),
    ("title:كتاب", Term("كتاب", (0, 10), "title")),  # the whole, should there be no such field
    ("title:(كتاب)", Term("كتاب", (7, 11), "title")),
    ("title:=كتاب", Exact("كتاب", (0, 11), "title")),
    ('"a b"~2', Phrase("a b", (0, 7), None, 2)),
    ("كتا*", Prefix("كتا", (0, 4))),
    ("a~2^3", Boost(Fuzzy("a", (0, 3), None, 2), 3.0, (0, 5))),
    ("a^3~2", Boost(Fuzzy("a", (0, 5), None, 2), 3.0, (0, 5))),
    ("title:(a)^2", Boost(Term("a", (7, 8), "title"), 2.0, (0, 11))),
    (" -a ", Bool((), (), (Term("a", (2, 3)),), (1, 3))),
    ("NOT (a)", Not(Term("a", (5, 6)), (0, 7))),
    ("(a) AND -b", And((Term("a", (1, 2)), Not(Term("b", (9, 10)), (8, 10))), (0, 10))),
    ("  ", MatchAll((0, 2))),
    ("d:1..2", Range("1", "2", (0, 6), "d")),
]


@pytest.mark.parametrize(("query", "node"), SPANS)
def test_a_span_covers_what_was_typed_for_the_node(query: str, node: Node) -> None:
    assert parse(query) == node


QUERIES = st.one_of(
    st.text(st.characters(), max_size=60),  # lone surrogates and NUL among them
    st.lists(
        st.sampled_from(
            [
                *'()"“”„″«»‹›+-~^*?=:\\.!،؟` \n',
                *INVISIBLE[:4],
                "AND",
                "OR",
                " NOT ",
                "title:",
                "~1",
                "^2",
                "..",
                "كتاب",
                "a",
                "٢",
                "\ud800",
                "\0",
            ]
        ),
        max_size=40,
    ).map("".join),
)


@given(QUERIES)
def test_no_string_breaks_the_lenient_parser(query: str) -> None:
    node, warnings = parse_lenient(query)
    spans = [part.span for part in (*nodes(node), *warnings)]
    assert all(0 <= start <= end <= len(query) for start, end in spans)


@given(QUERIES)
def test_the_span_of_a_word_slices_to_what_was_typed(query: str) -> None:
    for node in nodes(parse_lenient(query)[0]):
        if isinstance(node, Term):
            typed = unescape(query[slice(*node.span)])
            assert typed.endswith(node.text) if node.field else typed == node.text


@given(QUERIES)
def test_strict_and_lenient_agree_or_strict_raises(query: str) -> None:
    node, warnings = parse_lenient(query)
    if warnings:
        with pytest.raises(QuerySyntaxError):
            parse(query)
    else:
        assert parse(query) == node


@given(QUERIES)
def test_an_unseen_mark_in_front_changes_no_meaning(query: str) -> None:
    # Words alone are read in a shorter way, which such a mark bars.
    node, warnings = parse_lenient(query)
    marked, others = parse_lenient(INVISIBLE[0] + query)
    assert without_spans(marked) == without_spans(node)
    assert [warning.code for warning in others] == [warning.code for warning in warnings]
    for one, other in zip(nodes(node), nodes(marked), strict=True):
        assert isinstance(one, MatchAll) or other.span == (one.span[0] + 1, one.span[1] + 1)


@given(st.lists(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويى", min_size=1), min_size=2))
def test_plain_words_are_terms_in_their_order(words: list[str]) -> None:
    node = parse(" ".join(words))
    assert isinstance(node, Bool)
    assert [shown(term) for term in node.should] == words


@pytest.mark.parametrize(
    "query",
    [
        "كتاب جديد " * 5_000,
        "(" * 100_000,
        ")" * 100_000,
        "(" * 50_000 + ")" * 50_000,
        "a(" * 50_000,
        "NOT " * 100_000 + "a",
        "كتابا " * 170_000,
        "ا" * 1_000_000,
        "، " * 50_000,
        "\\" * 1_000_000,
        "a" + "~" * 1_000_000,
        "a^" + "9" * 1_000_000,
        " “" * 50_000 + " «" * 50_000 + ' "',  # each opens, none closes as it should
        '"' + '\\"' * 500_000,
        "*?" * 500_000,
        "a*" * 500_000,
        "a:" * 500_000,
        RLM * 1_000_000,
        "-" + RLM * 1_000_000,
    ],
    ids=lambda query: f"{query[:10]!a} of {len(query)}",
)
def test_a_long_query_takes_time_in_proportion(query: str) -> None:
    started = time.perf_counter()
    _, warnings = parse_lenient(query)
    assert time.perf_counter() - started < 15  # about 2 at most; quadratic would be hours
    assert len(warnings) <= MAX_WARNINGS


def test_the_deepest_tree_can_be_walked_by_recursion() -> None:
    query = "a (a OR a AND NOT " * MAX_DEPTH + "b" + ")^2" * MAX_DEPTH
    node = parse(query)
    assert repr(node)
    assert node == parse(query)
    assert hash(node) == hash(parse(query))
