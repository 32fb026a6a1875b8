"""Results in a notebook: a right-to-left list that stands for itself and runs nothing."""

from __future__ import annotations

import dataclasses
import datetime
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.results import (
    Hit,
    Mark,
    Reason,
    Relaxation,
    SearchResults,
    Snippet,
    Suggestion,
)
from search_service.schema import Tier

HIT = Hit(
    id="fair",
    score=7.25,
    title="معرض الكتاب",
    url="https://example.org/fair?a=1&b=2",
    date=datetime.date(2024, 1, 16),
    language="ar",
    tags=("ثقافة", "R&D"),
    metadata={},
    highlighted_title=Snippet("title", "معرض الكتاب", 0, (Mark(5, 11, Tier.STEM),), ""),
    snippets=(Snippet("body", "قرأ كتاب <النحو>", 40, (Mark(4, 8, Tier.EXACT),), ""),),
)
RESULTS = SearchResults("كتاب", 11, 2, 10, 3.71, (HIT,))

VOID = {"br", "img", "hr", "input", "link", "meta"}


class Seen(HTMLParser):
    """What a browser makes of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_hit_shows_its_title_its_pieces_with_marks_its_score_day_tags_and_id() -> None:
    shown = HIT._repr_html_()
    assert re.search('<mark title="stem"[^>]*>الكتاب</mark>', shown)
    # Three dots, because the piece is not the beginning of the text.
    assert re.search('… قرأ <mark title="exact"[^>]*>كتاب</mark> &lt;النحو&gt;', shown)
    assert 'href="https://example.org/fair?a=1&amp;b=2"' in shown
    assert shown.startswith('<div dir="rtl"')
    text = Seen(shown).text
    for part in ("معرض الكتاب", "قرأ كتاب <النحو>", "7.250", "2024-01-16", "ثقافة", "R&D", "fair"):
        assert part in text


def test_results_are_a_numbered_right_to_left_list() -> None:
    shown = RESULTS._repr_html_()
    assert shown.startswith('<div dir="rtl"')
    # The second page of ten begins with the eleventh.
    assert '<ol start="11"' in shown
    seen = Seen(shown)
    assert seen.tags.count("li") == 1
    for part in ("كتاب", "11 found", "page 2 of 2", "3.7 ms"):
        assert part in seen.text


def test_without_highlighting_the_title_is_shown_and_without_a_title_the_id() -> None:
    plain = dataclasses.replace(HIT, highlighted_title=None, snippets=())
    assert "<strong>معرض الكتاب</strong>" in plain._repr_html_()
    nameless = dataclasses.replace(plain, title="")
    assert "<strong>fair</strong>" in nameless._repr_html_()
    untitled = dataclasses.replace(nameless, highlighted_title=Snippet("title", "", 0, (), ""))
    assert "<strong>fair</strong>" in untitled._repr_html_()


def test_where_nothing_is_found_it_tells_what_would_be() -> None:
    nothing = SearchResults(
        "+الوزيز",
        0,
        1,
        10,
        1.0,
        (),
        suggestions=(Suggestion("+الوزير", 4, ()),),
        relaxed=(Relaxation("الوزيز", "any", 3, Reason.ANY_WORD),),
    )
    seen = Seen(nothing._repr_html_())
    assert "ol" not in seen.tags
    for part in ("nothing found", "did you mean", "+الوزير (4)", "less strict", "الوزيز (3)"):
        assert part in seen.text


@pytest.mark.parametrize(
    "url",
    [
        None,
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "articles/1.txt",
        "//example.org",
        "https://example.org/ onclick=x",
        "http://[broken",
        "https:articles",
    ],
)
def test_only_a_web_address_becomes_a_link(url: str | None) -> None:
    assert "a" not in Seen(dataclasses.replace(HIT, url=url)._repr_html_()).tags


def test_html_that_a_service_elsewhere_sent_is_not_trusted() -> None:
    forged = Snippet("body", "نص", 0, (Mark(0, 2, Tier.EXACT),), "<script>alert(1)</script>")
    assert "script" not in dataclasses.replace(HIT, snippets=(forged,))._repr_html_()


anything = st.text() | st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</div>", "' style='x", "&lt;"]
)
marks = st.builds(Mark, st.integers(-5, 50), st.integers(-5, 50), st.sampled_from(Tier))
snippets = st.builds(Snippet, anything, anything, st.just(0), st.lists(marks).map(tuple), anything)
hits = st.builds(
    Hit,
    id=anything,
    score=st.floats(),
    title=anything,
    url=st.none() | anything | anything.map("https://example.org/{}".format),
    date=st.none() | st.dates(),
    language=st.none() | anything,
    tags=st.lists(anything, max_size=2).map(tuple),
    metadata=st.just({}),
    highlighted_title=st.none() | snippets,
    snippets=st.lists(snippets, max_size=2).map(tuple),
)


@given(hits=st.lists(hits, max_size=2).map(tuple), query=anything)
def test_nothing_in_a_document_or_a_query_runs_or_breaks_the_page(
    hits: tuple[Hit, ...], query: str
) -> None:
    shown = SearchResults(query, len(hits), 1, 10, 1.0, hits)._repr_html_()
    seen = Seen(shown)
    assert set(seen.tags) <= {"div", "ol", "li", "bdi", "a", "strong", "mark"}
    assert {name for name, _ in seen.attributes} <= {
        "dir",
        "style",
        "start",
        "href",
        "rel",
        "title",
    }
    links = [value for name, value in seen.attributes if name == "href"]
    assert all(re.match("https?://", link or "") for link in links)


def test_it_loads_nothing_and_brings_its_style_along() -> None:
    seen = Seen(RESULTS._repr_html_())
    assert {"script", "style", "link", "img", "iframe"}.isdisjoint(seen.tags)
    styles = [value or "" for name, value in seen.attributes if name == "style"]
    assert styles
    assert not any("url(" in style for style in styles)
