"""What a typed query asks an index for, and that no query breaks the resolver."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.words import Variants, parse_variants
from search_service.errors import QuerySyntaxError
from search_service.query import resolved as r
from search_service.query.naming import MAX_LISTED
from search_service.query.notes import MAX_WARNINGS
from search_service.query.resolver import MAX_PATTERNS, Resolution
from search_service.ranking import EXPANSION_WEIGHT
from search_service.schema import Tier

BOTH = ("title", "body")

Resolve = Callable[..., Resolution]


def shown(node: r.Node) -> str:
    """Show a resolved query by the stems, phrases and values that it asks for.

    A word in all its tiers is shown as its stem, other names behind a bar.
    """
    match node:
        case r.Term(fields, tier, term, _):
            return f"{_at(fields)}{'' if tier is Tier.STEM else tier.value + ':'}{term}"
        case r.Phrase(fields, tier, slots, slop, _):
            words = " ".join("|".join(slot) for slot in slots)
            near = f"~{slop}" if slop else ""
            return f'{_at(fields)}{"" if tier is Tier.STEM else tier.value + ":"}"{words}"{near}'
        case r.KeywordTerm(field, value):
            return f"{field}={value}"
        case r.RangeTerm(field, low, high):
            return f"{field}={low or ''}..{high or ''}"
        case r.Bool(should, must, must_not) if not must and not must_not:
            return _word(node) or f"({' | '.join(map(shown, should))})"
        case r.Bool(should, must, must_not):
            signed = [("+", must), ("-", must_not), ("", should)]
            return f"[{' '.join(sign + shown(child) for sign, nodes in signed for child in nodes)}]"
        case _:
            return type(node).__name__


def _at(fields: tuple[str, ...]) -> str:
    return "" if fields == BOTH else f"{'+'.join(fields)}:"


def _word(node: r.Bool) -> str | None:
    terms = [c for c in node.should if isinstance(c, r.Term)]
    if len(terms) < 4 or [c.tier for c in terms[:4]] != list(Tier):
        return None
    rest = [c for c in node.should[4:] if not (isinstance(c, r.Term) and c.fields == ("title",))]
    return "|".join([shown(terms[2]), *map(shown, rest)])


def codes(resolution: Resolution) -> list[str]:
    return [warning.code for warning in resolution.warnings]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # words
        ("سفينة", "سفين"),
        ("سفينة قطار", "(سفين | قطار)"),
        ("", "AllDocs"),
        ("*", "AllDocs"),
        ("سفينة OR قطار", "(سفين | قطار)"),
        ("سفينة AND قطار", "[+سفين +قطار]"),
        ("+سفينة قطار", "[+سفين قطار]"),
        ("NOT (سفينة AND NOT قطار)", None),
        # stop words say nothing beside others
        ("ماذا في السفينة", "سفين"),
        ("في", "في"),
        ("من في", "(من | في)"),
        ("+في سفينة", "[+في سفين]"),
        ('من "دار الكتب"', '(folded:"دار الكتب" | "دار كتب")'),
        ("من +سفينة", "سفين"),
        ("من title:سفينة", "title:سفين"),
        ("من tag:بحر", "[+tag=بحر +من]"),
        # what was typed as one
        ("أكتوبر/تشرين", None),
        ("info@example.org", '(folded:"info example org" | "info exampl org")'),
        ("Covid-19", '(folded:"covid 19" | "covid 19")'),
        ("640م", '(folded:"640 م" | "640 م")'),
        ("السورية-العراقية", None),
        # filters
        ("tag:سياسه", "tag=سياسه"),
        ("tag:سِيَاسَة", "tag=سياسه"),
        ('tag:"علوم الأرض"', "tag=علوم_الارض"),
        ("tags:سياسة", "tag=سياسه"),
        ("language:AR", "language=ar"),
        ("id:أ-ب/1", "id=أ-ب/1"),
        ('id:"أ ب"', "id=أ ب"),
        ("tag:بحر سفينة قطار", "[+tag=بحر +(سفين | قطار)]"),
        ("tag:بحر tag:سفر", "[+tag=بحر +tag=سفر]"),
        ("(tag:بحر OR tag:سفر) سفينة", "[+(tag=بحر | tag=سفر) +سفين]"),
        ("tag:بحر +سفينة قطار", "[+سفين +tag=بحر قطار]"),
        ("-tag:بحر سفينة", "[-tag=بحر سفين]"),
        # exact words
        ("=الكتاب", "exact:الكتاب"),
        ('="دار الكتب"', 'exact:"دار الكتب"'),
        ("title:=الكتاب", "title:exact:الكتاب"),
        ('"الكتاب"', "(folded:الكتاب)"),
        ('"دار الكتب"~3', '(folded:"دار الكتب"~3 | "دار كتب"~3)'),
        # punctuation alone asks for nothing
        ("! سفينة ؟", "سفين"),
        ("سفينة AND !", "سفين"),
    ],
)
def test_a_query_asks_for(resolve: Resolve, query: str, expected: str | None) -> None:
    if expected is not None:
        assert shown(resolve(query).query) == expected
    assert codes(resolve(query)) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("سفينة قطار", "[+سفين +قطار]"),
        ("سفينة tag:بحر", "[+tag=بحر +سفين]"),
        ("ماذا في السفينة", "سفين"),
        ("سفينة OR قطار", "(سفين | قطار)"),
        ("سفينة -قطار", None),
    ],
)
def test_with_match_all_every_word_is_needed(
    resolve: Resolve, query: str, expected: str | None
) -> None:
    node = resolve(query, match_all=True).query
    if expected is not None:
        assert shown(node) == expected
    else:
        assert isinstance(node, r.Bool)
        assert len(node.must) == len(node.must_not) == 1


class TestOtherNames:
    @pytest.mark.parametrize(
        ("typed", "other"),
        [
            ("أمريكي", "اميركا"),
            ("الأميركية", "امريكا"),
            ("ميليشيات", "مليشيا"),
            ("فيس بوك", "فيسبوك"),
        ],
    )
    def test_a_spelling_brings_the_other_with_less_weight(
        self, resolve: Resolve, typed: str, other: str
    ) -> None:
        found = [leaf for leaf in r.leaves(resolve(typed).query) if isinstance(leaf, r.Term)]
        weights = {leaf.term: leaf.weight for leaf in found if leaf.fields == BOTH}
        full = sum(leaf.weight for leaf in found if leaf.term != other)
        assert weights[other] < full

    @pytest.mark.parametrize("query", ["كانون الثاني", "في كانون الثاني", "كانون الثاني الماضي"])
    def test_a_month_of_two_words_brings_the_one_of_one(self, resolve: Resolve, query: str) -> None:
        assert "يناير" in {
            leaf.term for leaf in r.leaves(resolve(query).query) if isinstance(leaf, r.Term)
        }

    def test_a_month_of_one_word_brings_the_one_of_two(self, resolve: Resolve) -> None:
        assert '"كانون ثاني"' in shown(resolve("يناير").query)

    def test_the_words_of_a_month_in_two_clauses_are_no_month(self, resolve: Resolve) -> None:
        assert "يناير" not in shown(resolve("كانون OR الثاني").query)

    def test_with_match_all_the_other_name_satisfies_the_pair(self, resolve: Resolve) -> None:
        node = resolve("معرض كانون الثاني", match_all=True).query
        assert isinstance(node, r.Bool)
        assert len(node.must) == 2
        pair = node.must[1]
        assert isinstance(pair, r.Bool)
        assert not pair.must
        assert "يناير" in {leaf.term for leaf in pair.should if isinstance(leaf, r.Term)}


class TestExcluding:
    def test_an_excluded_word_excludes_its_forms_and_not_its_whole_root(
        self, resolve: Resolve
    ) -> None:
        # الجامعة and الجامع share a root: who wants the one and not the other must get it.
        node = resolve("الجامعة -الجامع").query
        assert isinstance(node, r.Bool)
        tiers = {leaf.tier for leaf in r.leaves(node.must_not[0]) if isinstance(leaf, r.Term)}
        assert tiers == {Tier.EXACT, Tier.FOLDED, Tier.STEM}

    @pytest.mark.parametrize("query", ["-سفينة", "NOT سفينة", "-سفينة -قطار"])
    def test_an_exclusion_alone_is_everything_else(self, resolve: Resolve, query: str) -> None:
        node = resolve(query).query
        assert isinstance(node, r.Bool)
        assert node.must_not
        assert not node.must
        assert not node.should

    def test_what_is_excluded_by_and_is_not_needed(self, resolve: Resolve) -> None:
        node = resolve("سفينة AND NOT قطار").query
        assert isinstance(node, r.Bool)
        assert (len(node.must), len(node.must_not)) == (1, 1)


class TestDates:
    @pytest.mark.parametrize(
        ("query", "low", "high"),
        [
            ("date:2020", date(2020, 1, 1), date(2020, 12, 31)),
            ("date:2020-02", date(2020, 2, 1), date(2020, 2, 29)),
            ("date:2020-02-03", date(2020, 2, 3), date(2020, 2, 3)),
            ('date:"2020-02-03"', date(2020, 2, 3), date(2020, 2, 3)),
            ("date:٢٠٢٠", date(2020, 1, 1), date(2020, 12, 31)),
            ("date:2020..2021-06", date(2020, 1, 1), date(2021, 6, 30)),
            ("date:2020..", date(2020, 1, 1), None),
            ("date:..2020-06", None, date(2020, 6, 30)),
        ],
    )
    def test_a_date_is_the_days_that_it_covers(
        self, resolve: Resolve, query: str, low: date | None, high: date | None
    ) -> None:
        assert resolve(query)[:2] == (r.RangeTerm("date", low, high), ())

    def test_a_date_narrows_a_search_for_words(self, resolve: Resolve) -> None:
        shape = "[+date=2020-01-01..2020-12-31 +سفين]"
        assert shown(resolve("سفينة date:2020").query) == shape

    @pytest.mark.parametrize("query", ["date:2020-13", "date:أمس", "date:1..2020-99-99"])
    def test_a_bad_date_is_a_warning_and_narrows_nothing(
        self, resolve: Resolve, query: str
    ) -> None:
        assert codes(resolve(query)) == ["bad-date"]
        assert resolve(query).query == r.NoDocs()
        assert shown(resolve(f"سفينة {query}").query) == "سفين"
        assert shown(resolve(f"سفينة {query}", match_all=True).query) == "سفين"

    def test_a_range_that_ends_before_it_begins_is_empty(self, resolve: Resolve) -> None:
        found = resolve("date:2021..2020")
        assert codes(found) == ["bad-date"]
        assert found.query == r.RangeTerm("date", date(2021, 1, 1), date(2020, 12, 31))

    def test_strictly_a_bad_date_is_an_error_with_its_place(self, resolve: Resolve) -> None:
        with pytest.raises(QuerySyntaxError, match="2020-13") as caught:
            resolve("سفينة date:2020-13", strict=True)
        assert caught.value.span == (6, 18)


class TestMistakes:
    def test_an_unknown_field_is_a_warning_that_names_the_fields(self, resolve: Resolve) -> None:
        found = resolve("سفينة:قطار")
        assert codes(found) == ["unknown-field"]
        assert "title, body, id, tag, language, date" in found.warnings[0].message
        assert found.warnings[0].span == (0, 10)

    def test_the_words_of_an_unknown_field_are_searched(self, resolve: Resolve) -> None:
        assert shown(resolve("سفينة:قطار").query) == "(سفين | قطار)"
        assert shown(resolve('x:"دار الكتب"').query) == '(folded:"دار الكتب" | "دار كتب")'

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("tag:كتا*", "no-text-field"),
            ("tag:كتاب~", "no-text-field"),
            ("title:1..2", "no-range"),
            ("tag:!", "no-value"),
            ("!", "no-words"),
            ("x:1..2", "unknown-field"),
        ],
    )
    def test_a_mistake_is_a_warning_or_strictly_an_error(
        self, resolve: Resolve, query: str, code: str
    ) -> None:
        assert code in codes(resolve(query))
        with pytest.raises(QuerySyntaxError):
            resolve(query, strict=True)

    def test_a_range_of_text_is_searched_as_words(self, resolve: Resolve) -> None:
        assert shown(resolve("title:قطار..سفينة").query) == "(قطار | سفين)"

    def test_warnings_do_not_pile_up(self, resolve: Resolve) -> None:
        assert len(resolve("aa:b cc:d " * 200).warnings) == MAX_WARNINGS


class TestWeights:
    def test_a_boost_multiplies_all_below_it(self, resolve: Resolve) -> None:
        once = [leaf.weight for leaf in _weighted(resolve('سفينة "دار الكتب" كتا*').query)]
        twice = [leaf.weight for leaf in _weighted(resolve('(سفينة "دار الكتب" كتا*)^2').query)]
        assert twice == [weight * 2 for weight in once]

    def test_boosts_multiply_each_other(self, resolve: Resolve) -> None:
        [leaf] = _weighted(resolve("((=سفينة)^2)^3").query)
        assert leaf.weight == 6


def _weighted(node: r.Node) -> list[r.Term | r.Phrase]:
    return [leaf for leaf in r.leaves(node) if isinstance(leaf, r.Term | r.Phrase)]


class TestPatterns:
    @pytest.mark.parametrize(
        ("query", "folded"),
        [
            ("كتا*", {"كتاب", "كتابه"}),
            ("كتابة*", {"كتابه"}),  # ة is folded as it is in the index
            ("مكت?ب", {"مكتوب"}),
            ("*قتصاد", {"اقتصاد", "الاقتصاد"}),
            ("اقتاد~", {"اقتصاد"}),
            ("title:كتا*", set()),  # the vocabulary has no such word in the title
        ],
    )
    def test_a_pattern_stands_for_words_of_the_index(
        self, resolve: Resolve, query: str, folded: set[str]
    ) -> None:
        leaves = _weighted(resolve(query).query)
        assert {x.term for x in leaves if isinstance(x, r.Term) and x.tier is Tier.FOLDED} == folded
        assert all(leaf.weight == EXPANSION_WEIGHT for leaf in leaves)

    def test_a_prefix_finds_words_behind_a_particle_by_their_stem(self, resolve: Resolve) -> None:
        leaves = _weighted(resolve("كتا*").query)
        assert "كتاب" in {x.term for x in leaves if isinstance(x, r.Term) and x.tier is Tier.STEM}

    def test_a_pattern_that_no_word_fits_finds_nothing(self, resolve: Resolve) -> None:
        found = resolve("خخخ*")
        assert (found.query, found.warnings) == (r.NoDocs(), ())
        assert shown(resolve("خخخ* سفينة", match_all=True).query) == "[+NoDocs +سفين]"

    def test_a_pattern_of_too_many_words_is_cut_with_a_warning(self, resolve: Resolve) -> None:
        found = resolve("ك*", max_expansions=2)
        assert codes(found) == ["expansion-cut"]
        assert len(_weighted(found.query)) <= 2 * 2
        assert codes(resolve("ك*", max_expansions=2, strict=True)) == ["expansion-cut"]

    def test_only_so_many_patterns_are_looked_up(self, resolve: Resolve) -> None:
        looked = []

        def vocabulary(*asked: str):
            looked.append(asked)
            return iter(())

        found = resolve("ك* " * 1000, vocabulary=vocabulary)
        assert len(looked) <= MAX_PATTERNS * len(BOTH) * 2
        assert codes(found) == ["too-many-patterns"]


class TestSize:
    def test_of_too_many_words_the_first_are_searched_with_a_warning(
        self, resolve: Resolve
    ) -> None:
        found = resolve("سفينة قطار كتاب", max_words=2)
        assert shown(found.query) == "(سفين | قطار)"
        assert codes(found) == ["too-many-words"]
        assert found.warnings[0].span == (11, 15)

    def test_as_many_words_as_allowed_are_no_warning(self, resolve: Resolve) -> None:
        assert codes(resolve("سفينة قطار", max_words=2)) == []

    def test_too_many_words_are_no_mistake(self, resolve: Resolve) -> None:
        assert codes(resolve("سفينة قطار كتاب", max_words=2, strict=True)) == ["too-many-words"]

    @pytest.mark.parametrize(
        "query",
        [
            "سفينة " * 10_000,
            "سفينة-" * 10_000,
            "a-" * 10_000,
            '"' + "يناير " * 10_000 + '"',
            '="' + "سفينة " * 10_000 + '"',
            "tag:بحر " * 10_000,
            "date:2020 " * 10_000,
            "* " * 10_000,
            "كتا* " * 10_000,
            "x:سفينة " * 10_000,
            "كانون الثاني " * 5_000,
            "من " * 10_000,
            "-سفينة " * 10_000,
            "سفينة AND " * 10_000,
            '"سفينة قطار" ' * 5_000,
        ],
        ids=lambda query: query[:12],
    )
    def test_a_long_query_is_cut_and_takes_little_time(self, resolve: Resolve, query: str) -> None:
        started = time.process_time()
        found = resolve(query)
        assert time.process_time() - started < 5
        assert {"too-many-words", "too-many-patterns"} & set(codes(found))
        assert sum(1 for _ in r.leaves(found.query)) < 20_000


class TestWhatIsToldOfOtherNames:
    def told(self, found: Resolution) -> list[tuple[int, int, str, tuple[str, ...]]]:
        return [(one.start, one.end, one.typed, one.also) for one in found.expansions]

    @pytest.mark.parametrize(
        ("query", "typed"),
        [
            ("سفر يناير", "يناير"),
            ("title:يناير", "يناير"),
            ("+يناير^2", "يناير"),
            ("(سفر OR يناير)", "يناير"),
            ('"سفر يناير"~3', "يناير"),
            ("معرض كانون الثاني الكبير", "كانون الثاني"),
            ("«كانون  الثاني» AND سفر", "كانون  الثاني"),
            (r"سفر\-يناير", "يناير"),
            ("author:يناير", "يناير"),
        ],
    )
    def test_are_told_with_the_place_of_what_was_typed(
        self, resolve: Resolve, query: str, typed: str
    ) -> None:
        ((start, end, found, also),) = self.told(resolve(query))
        assert found == query[start:end]
        # With escapes a place is as near as the word or phrase that it is in.
        assert typed in found
        assert {"جانفي"} <= set(also)

    def test_are_told_in_the_order_of_the_query(self, resolve: Resolve) -> None:
        told = self.told(resolve("أبريل +مايو يناير"))
        assert [typed for _, _, typed, _ in told] == ["أبريل", "مايو", "يناير"]

    def test_of_a_name_with_signs_in_it_are_found(
        self, resolve: Resolve, analyzer: Analyzer
    ) -> None:
        table = parse_variants([("كوفيد-19 | كورونا",)], analyzer)
        found = resolve("علاج كوفيد-19", variants=table)
        assert self.told(found) == [(5, 13, "كوفيد-19", ("كورونا",))]

    def test_of_excluded_words_are_excluded_and_not_told(self, resolve: Resolve) -> None:
        found = resolve("سفر -يناير")
        assert "كانون" in shown(found.query)
        assert self.told(found) == []

    def test_are_left_out_where_none_are_wanted(self, resolve: Resolve) -> None:
        for query in ("يناير", '"16 يناير"', "كانون الثاني"):
            found = resolve(query, variants=Variants())
            assert self.told(found) == []
            assert "جانفي" not in shown(found.query)

    def test_are_told_up_to_a_limit(self, resolve: Resolve) -> None:
        assert len(resolve("يناير " * 900).expansions) == MAX_LISTED


LETTERS = (
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأؤإئ" + "\u064b\u0651\u0640\u0670\u200f\ufefb\ufdf2\ufdfa"
)
WORDS = ("من", "في", "كانون", "الثاني", "يناير", "أميركي", "AND", "OR", "NOT", "2020", "\0", " ")
SIGNS = ("tag:", "date:", "id:", "title:", "x:", "..", "~2", "^3", *'*?"()+-=')
PIECES = st.sampled_from((*WORDS, *SIGNS))
QUERIES = st.lists(
    st.one_of(PIECES, st.text(LETTERS, max_size=4), st.text(max_size=3)), max_size=12
).map("".join)


@settings(max_examples=300)
@given(query=QUERIES, match_all=st.booleans())
def test_any_text_resolves_to_well_formed_leaves(
    resolve: Resolve, query: str, match_all: bool
) -> None:
    found = resolve(query, match_all=match_all)

    for leaf in r.leaves(found.query):
        match leaf:
            case r.Term(fields, _, term, weight):
                assert fields
                assert weight >= 0
                assert _well_formed(term)
            case r.Phrase(fields, _, slots, slop, _):
                assert fields
                assert slop >= 0
                assert len(slots) > 1
                assert all(slot and all(map(_well_formed, slot)) for slot in slots)
            case r.KeywordTerm(field, value):
                assert field in ("id", "tag", "language")
                assert value
    for told in found.expansions:
        assert 0 <= told.start < told.end <= len(query)
        assert told.typed == query[told.start : told.end]
        assert told.also
    for warning in found.warnings:
        assert 0 <= warning.span[0] <= warning.span[1] <= len(query)
    assert r.to_json(found.query)["type"]


def _well_formed(term: str) -> bool:
    return 1 <= len(term) <= 64 and not any(map(str.isspace, term))


@given(query=QUERIES)
def test_strictly_any_text_resolves_or_is_a_syntax_error(resolve: Resolve, query: str) -> None:
    try:
        assert isinstance(resolve(query, strict=True), Resolution)
    except QuerySyntaxError as error:
        start, end = error.span
        assert 0 <= start <= end <= len(query)
