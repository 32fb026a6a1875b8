"""Matches in texts, marked by how they match."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from search_service.http.pages.marking import (
    MAX_PLACES,
    Numbering,
    kinds_of,
    marked,
    paragraphs,
)
from search_service.http.wording import ARABIC
from search_service.results import Mark
from search_service.schema import Tier


def test_a_mark_tells_how_it_matches():
    marks = [Mark(0, 3, Tier.EXACT), Mark(4, 9, Tier.STEM), Mark(10, 14, Tier.ROOT)]
    assert marked("كتب للكتب كاتب", marks) == (
        '<mark class="exact">كتب</mark> <mark class="same">للكتب</mark> '
        '<mark class="related">كاتب</mark>'
    )
    assert kinds_of(marks) == ["exact", "same", "related"]


def test_another_spelling_is_the_same_word():
    assert kinds_of([Mark(0, 1, Tier.FOLDED), Mark(2, 3, Tier.STEM)]) == ["same"]


def test_each_match_of_a_document_leads_to_its_neighbours():
    numbering = Numbering(3, ARABIC)
    text = marked("ا ب ج", [Mark(n, n + 1, Tier.EXACT) for n in (0, 2, 4)], numbering)
    assert re.findall(r'id="(m\d)"', text) == ["m1", "m2", "m3"]
    assert re.findall(r'rel="(\w+)" href="#(m\d)"', text) == [
        ("next", "m2"),
        ("next", "m3"),
        ("prev", "m1"),
        ("prev", "m2"),
    ]
    assert "الموضع 2 من 3" in text


def test_numbers_go_on_from_one_text_to_the_next():
    numbering = Numbering(2, ARABIC)
    mark = [Mark(0, 1, Tier.EXACT)]
    assert 'id="m1"' in marked("ا", mark, numbering)
    assert 'id="m2"' in marked("ب", mark, numbering)


def test_of_very_many_matches_the_last_are_marked_and_not_numbered():
    many = MAX_PLACES + 5
    marks = [Mark(n, n + 1, Tier.EXACT) for n in range(many)]
    text = marked("ا" * many, marks, Numbering(many, ARABIC))
    assert text.count("<mark ") == many
    assert text.count(' id="m') == MAX_PLACES
    assert f'href="#m{MAX_PLACES + 1}"' not in text


TEXTS = st.text(st.sampled_from("اب<>&\"' \n"), max_size=60)


@given(TEXTS, st.sets(st.integers(0, 60), max_size=8))
def test_every_character_is_escaped_whatever_is_marked(text, cuts):
    places = sorted(cut for cut in cuts if cut <= len(text))
    marks = [Mark(a, b, Tier.STEM) for a, b in zip(places[::2], places[1::2], strict=False)]
    shown = marked(text, marks)
    bare = re.sub(r'<mark class="same">|</mark>', "", shown)
    assert not set(bare) & set("<>\"'")
    assert html.unescape(bare) == text


@given(TEXTS)
def test_paragraphs_lose_nothing_but_empty_lines(text):
    marks = [Mark(m.start(), m.end(), Tier.EXACT) for m in re.finditer(r"[اب]+", text)]
    parts = list(paragraphs(text, marks))
    assert [part[m.start : m.end] for part, inside in parts for m in inside] == [
        text[m.start : m.end] for m in marks
    ]
    assert "".join("".join(part.split()) for part, _ in parts) == "".join(text.split())
    assert all(part.strip() for part, _ in parts)
