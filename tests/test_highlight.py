"""Marks on whole words as written, pieces that show them, and HTML that is always escaped."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.analyzer import Analyzer
from search_service.highlight import Highlighter, to_html
from search_service.passages import MAX_SNIPPETS, SNIPPET_LENGTH
from search_service.query.parser import parse_lenient
from search_service.query.resolver import Resolver
from search_service.results import Mark, Snippet
from search_service.schema import DEFAULT_SCHEMA, Tier

Make = Callable[[str], Highlighter]


@pytest.fixture(scope="module")
def highlighter(analyzer: Analyzer) -> Make:
    """Return a function that makes a highlighter for a typed query; no index knows any word."""

    def make(query: str) -> Highlighter:
        resolver = Resolver(DEFAULT_SCHEMA, analyzer, lambda *_: iter(()))
        return Highlighter(resolver.resolve(parse_lenient(query)[0]).query, analyzer)

    return make


@pytest.fixture(scope="module")
def marked(highlighter: Make) -> Callable[..., list[str]]:
    """Return a function that gives the marked words of a text."""

    def words(query: str, text: str, field: str = "body") -> list[str]:
        return _words(highlighter(query).whole(field, text))

    return words


Marked = Callable[..., list[str]]


def _words(snippet: Snippet) -> list[str]:
    return [snippet.text[mark.start : mark.end] for mark in snippet.marks]


@pytest.mark.parametrize(
    ("query", "text", "words", "why"),
    [
        ("كتاب", "قرأ الكتاب", ["الكتاب"], "the article is part of the word as written"),
        ("الكتاب", "قرأ كتابا", ["كتابا"], "the query's article is not needed"),
        ("كتاب", "وبالكتاب", ["وبالكتاب"], "never half a word"),
        ("كتاب", "ال كتاب", ["كتاب"], "a lone article is no match"),
        ("البيت", "الشارع والبيت", ["والبيت"], "sharing an article is not matching"),
        ("كتاب", "كِتَابٌ جديد", ["كِتَابٌ"], "marks belong to the word"),
        ("كِتَابٌ", "كتاب جديد", ["كتاب"], "marks in the query do not matter"),
        ("كتاب", "كتـــاب جديد", ["كتـــاب"], "tatweel belongs to the word"),
        ("كتاب", "ﻛﺘﺎﺏ ﺟﺪﻳﺪ", ["ﻛﺘﺎﺏ"], "presentation forms, from a PDF"),
        ("جهود", "بذلوا جھودا", ["جھودا"], "heh written as U+06BE"),
        ("جھود", "بذلوا جهودا", ["جهودا"], "and the other way round"),
        ("أميركية", "السفينة الأمريكية", ["الأمريكية"], "the other spelling of the name"),
        ("يناير", "في كانون الثاني", ["كانون", "الثاني"], "the other name of the month"),
        ("يناير", "كانون في الثاني", [], "its parts alone are not the month"),
        ("٢٠٢٠", "عام 2020", ["2020"], "digits of either kind"),
        ("Covid-19", "أصيب بـ COVID-19 أمس", ["COVID", "19"], "a name, in either case"),
        ("Covid-19", "19 أصيبوا, covid", [], "the parts of a name alone do not count"),
        ("في القطار", "في القطار من في", ["القطار"], "stop words are not marked"),
        ("في", "في القطار", ["في"], "unless nothing else was asked for"),
        ('"في القطار"', "في القطار في بيته", ["في", "القطار"], "and in a phrase, there only"),
        (
            '"دار الكتب"',
            "دار الكتب والكتب ودار",
            ["دار", "الكتب"],
            "phrase marks only in the phrase",
        ),
        ('"دار الكتب"', "الكتب دار", [], "a phrase has an order"),
        ('"دار الكتب"~1', "دار كبيرة الكتب", ["دار", "الكتب"], "slop: not the word between"),
        ('"الكتاب"', "كتاب والكتاب والكتابِ الكتابُ", ["الكتابُ"], "a quoted word is that word"),
        ("=كتاب", "الكتاب كِتاب كتاب", ["كِتاب", "كتاب"], "exact, marks aside"),
        ("-كتاب", "كتاب", [], "what was excluded is not marked"),
        ("قطار -كتاب", "كتاب قطار", ["قطار"], "nor beside something else"),
        ("title:كتاب", "كتاب", [], "asked of the title only"),
        ("tag:كتاب", "كتاب", [], "a filter marks nothing"),
        ("*", "كتاب", [], "neither does everything"),
        ("كتاب", "", [], "empty text"),
    ],
)
def test_marks(marked: Marked, query: str, text: str, words: list[str], why: str) -> None:
    assert marked(query, text) == words, why


def test_a_field_has_its_own_marks(marked: Marked) -> None:
    assert marked("title:كتاب قطار", "كتاب قطار", "title") == ["كتاب", "قطار"]


def test_a_mark_tells_the_strictest_tier_that_matched(highlighter: Make) -> None:
    snippet = highlighter("كتاب").whole("body", "كتاب وكتابهم كتب")
    assert [mark.tier for mark in snippet.marks] == [Tier.EXACT, Tier.STEM, Tier.ROOT]


def test_a_sign_that_stands_for_several_words_is_marked_once(marked: Marked) -> None:
    assert marked("الله عليه", "قال النبي ﷺ كذا") == ["ﷺ"]


class TestSnippets:
    def test_of_no_match_are_the_beginning(self, highlighter: Make) -> None:
        text = "أول النص " + "كلام كثير " * 100
        [snippet] = highlighter("قطار").snippets("body", text)
        assert text.startswith(snippet.text)
        assert snippet.text.startswith("أول النص")
        assert len(snippet.text) <= SNIPPET_LENGTH
        assert text[len(snippet.text)] == " "
        assert snippet.marks == ()

    def test_of_no_match_begin_behind_empty_lines(self, highlighter: Make) -> None:
        [snippet] = highlighter("قطار").snippets("body", "\n" * 500 + "أول النص")
        assert (snippet.text, snippet.start) == ("أول النص", 500)

    @pytest.mark.parametrize("text", ["", "   ", "\n\n"])
    def test_of_an_empty_text_there_are_none(self, highlighter: Make, text: str) -> None:
        assert highlighter("قطار").snippets("body", text) == ()

    def test_of_a_short_text_are_all_of_it(self, highlighter: Make) -> None:
        [snippet] = highlighter("قطار").snippets("body", "  وصل القطار إلى المدينة  ")
        assert (snippet.text, snippet.start) == ("وصل القطار إلى المدينة", 2)

    def test_are_at_most_three_in_reading_order(self, highlighter: Make) -> None:
        text = ("وصل القطار إلى المدينة. " + "كلام آخر كثير جدا " * 30) * 10
        snippets = highlighter("قطار").snippets("body", text)
        assert len(snippets) == MAX_SNIPPETS
        assert [s.start for s in snippets] == sorted(s.start for s in snippets)

    def test_show_the_piece_with_most_different_words_first(self, highlighter: Make) -> None:
        filler = "كلام آخر كثير جدا " * 30
        text = f"{'قطار ' * 9}{filler}{'قطار ' * 9}{filler}{'قطار ' * 9}{filler}سفينة وميناء"
        snippets = highlighter("سفينة ميناء قطار").snippets("body", text)
        assert _words(snippets[-1]) == ["سفينة", "وميناء"]

    def test_show_a_word_not_shown_yet_before_one_shown_already(self, highlighter: Make) -> None:
        filler = "كلام آخر كثير جدا " * 30
        text = f"قطار قطار {filler}قطار قطار {filler}قطار قطار {filler}قطار قطار {filler}سفينة"
        snippets = highlighter("قطار سفينة").snippets("body", text)
        assert _words(snippets[-1]) == ["سفينة"]

    def test_close_matches_do_not_make_pieces_overlap(self, highlighter: Make) -> None:
        # Too far apart for one piece, too near for the padding of two.
        text = "قطار " + "كلام " * 45 + "قطار " + "كلام " * 45 + "قطار"
        snippets = highlighter("قطار").snippets("body", text)
        ends = [s.start + len(s.text) for s in snippets]
        assert all(s.start >= end for s, end in zip(snippets[1:], ends, strict=False))
        assert sum(len(s.marks) for s in snippets) == 3

    def test_do_not_cut_words(self, highlighter: Make) -> None:
        text = "كلمة " * 100 + "القطار" + " كلمة" * 100
        [snippet] = highlighter("قطار").snippets("body", text)
        assert set(snippet.text.split()) == {"كلمة", "القطار"}

    def test_show_a_word_longer_than_a_piece_whole(self, highlighter: Make) -> None:
        word = "ب" * (2 * SNIPPET_LENGTH)
        [snippet] = highlighter(word).snippets("body", f"كلام كثير {word} كلام")
        assert _words(snippet) == [word]

    def test_of_a_text_without_white_space_hold_whole_words(self, highlighter: Make) -> None:
        text = "كلمة،" * 100 + "القطار،" * 80 + "كلمة،" * 100
        snippets = highlighter("قطار").snippets("body", text)
        assert snippets
        assert {word for s in snippets for word in _words(s)} == {"القطار"}
        assert all(len(s.text) <= SNIPPET_LENGTH for s in snippets)

    def test_of_text_that_is_no_words_are_its_beginning(self, highlighter: Make) -> None:
        [snippet] = highlighter("قطار").snippets("body", "%" * 10_000)
        assert snippet.text == "%" * SNIPPET_LENGTH

    @pytest.mark.parametrize(
        "query", ["قطار", "قطار سفينة ميناء سوق مدينة", '"قطار سفينة" "سوق في مدينة"', "غائب"]
    )
    def test_of_a_megabyte_take_little_time(self, highlighter: Make, query: str) -> None:
        text = ("وصل القطار قبل سفينة إلى ميناء قرب سوق في مدينة قديمة " * 20_000)[:1_000_000]
        started = time.process_time()
        assert highlighter(query).snippets("body", text)
        assert time.process_time() - started < 3  # a few hundred ms where nothing else runs


class TestRanges:
    def test_count_utf16_units_for_javascript(self, highlighter: Make) -> None:
        [snippet] = highlighter("قطار").snippets("body", "😀😀 القطار 😀")
        [found] = snippet.to_json()["ranges"]
        units = snippet.text.encode("utf-16-le")
        assert (found["start"], found["end"]) == (3, 9)
        assert (found["utf16_start"], found["utf16_end"]) == (5, 11)
        assert units[2 * found["utf16_start"] : 2 * found["utf16_end"]].decode("utf-16-le") == (
            "القطار"
        )
        assert found["tier"] == "stem"

    def test_count_from_the_beginning_of_the_piece(self, highlighter: Make) -> None:
        text = "كلمة " * 100 + "القطار" + " كلمة" * 100
        [snippet] = highlighter("قطار").snippets("body", text)
        assert text[snippet.start :].startswith(snippet.text)
        assert _words(snippet) == ["القطار"]


class TestHtml:
    def test_is_the_text_with_marks(self, highlighter: Make) -> None:
        [snippet] = highlighter("قطار").snippets("body", "وصل القطار & <b>")
        assert snippet.html == "وصل <mark>القطار</mark> &amp; &lt;b&gt;"

    def test_escapes_what_looks_like_a_mark(self, highlighter: Make) -> None:
        snippet = highlighter("قطار").whole("title", "<mark>القطار</mark>\"'")
        assert snippet.html == (
            "&lt;mark&gt;<mark>القطار</mark>&lt;/mark&gt;&quot;&#x27;"  # both quotation marks too
        )

    def test_escapes_inside_marks(self) -> None:
        assert to_html("a<b", [Mark(0, 3, Tier.EXACT)]) == "<mark>a&lt;b</mark>"


TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["القطار", "قطار", "وَالقِطَارُ", "في", "سفينة", "<mark>", "</mark>", "&amp;", "<script>"]
        ),
        st.text(max_size=6),
        st.sampled_from(["كلام كثير " * 12, "😀", "\n\n", "\0", "\ud800", "ﷺ", "x" * 300]),
    ),
    max_size=20,
).map(" ".join)
SEARCHES = st.sampled_from(["قطار", "قطار سفينة", '"في القطار"', "x*", "الله", "-قطار", "=قطار"])


@given(text=TEXTS, query=SEARCHES)
def test_html_without_its_marks_is_the_text(highlighter: Make, text: str, query: str) -> None:
    whole = highlighter(query).whole("title", text)
    for snippet in (whole, *highlighter(query).snippets("body", text)):
        plain = re.sub("</?mark>", "", snippet.html)
        assert "<" not in plain
        assert html.unescape(plain) == snippet.text
        assert re.findall("<mark>(.*?)</mark>", snippet.html, re.DOTALL) == [
            html.escape(word) for word in _words(snippet)
        ]
    assert whole.text == text


@given(text=TEXTS, query=SEARCHES)
def test_marks_are_whole_words_and_pieces_lie_in_the_text(
    highlighter: Make, analyzer: Analyzer, text: str, query: str
) -> None:
    words = {(token.start, token.end) for token in analyzer.analyze(text)}
    snippets = highlighter(query).snippets("body", text)

    assert len(snippets) <= MAX_SNIPPETS
    assert bool(snippets) == bool(text.strip())
    behind = 0
    for snippet in snippets:
        assert snippet.start >= behind
        behind = snippet.start + len(snippet.text)
        assert snippet.text
        assert text[snippet.start : behind] == snippet.text
        ends = 0
        for mark in snippet.marks:
            assert mark.start >= ends
            ends = mark.end
            assert (snippet.start + mark.start, snippet.start + mark.end) in words


@given(text=TEXTS, query=SEARCHES)
def test_where_something_matches_every_piece_has_a_mark(
    highlighter: Make, text: str, query: str
) -> None:
    if highlighter(query).whole("body", text).marks:
        assert all(snippet.marks for snippet in highlighter(query).snippets("body", text))
