"""The reading of a long text as bytes: it comes back, or is known to be damaged."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_service import highlight, long_texts, reading
from search_service.analysis.analyzer import Analyzer
from search_service.highlight import Highlighter
from search_service.reading import Reading, read
from search_service.results import Snippet
from search_service.stored_reading import packed, unpacked
from tests.test_many_matches import ANALYZER, MARKED, PHRASES, SIMPLE, TEXTS, resolved

ARRAYS = ("starts", "ends", "kinds", "hashes", "firsts")
# A sign that stands for four words, words that come again, a lone mark.
TEXT = "قال النبي ﷺ َ قال ﷺ: كتاب، وكتابان 2020"
QUERIES = st.sampled_from(SIMPLE + PHRASES + MARKED)
MIXED = st.text("كتاب قَـ123ab.\n😀ﷺ\ud800", max_size=60)


def same(one: Reading | None, other: Reading) -> bool:
    return one is not None and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS
    )


def by_stored(query: str, text: str, stored: bytes | None) -> tuple[Snippet, ...]:
    """Mark a text as if it were long, by what is stored with it alone if that is possible."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highlight, "LONG", 0)
        patch.setattr(long_texts, "_READINGS", {})
        kept = {} if stored is None else {"body": stored}
        return Highlighter(resolved(query), ANALYZER).snippets("body", text, lambda: kept)


@given(text=TEXTS | MIXED)
def test_comes_back_as_it_was(text: str) -> None:
    made = read(text, ANALYZER)
    assert same(unpacked(packed(made, text), text), made)


@given(text=TEXTS | MIXED, query=QUERIES)
def test_gives_the_marks_that_reading_the_text_gives(text: str, query: str) -> None:
    stored = packed(read(text, ANALYZER), text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_texts, "read", None)
        found = by_stored(query, text, stored)
    assert found == Highlighter(resolved(query), ANALYZER).snippets("body", text)


@given(text=TEXTS, query=QUERIES)
def test_terms_with_the_same_hash_are_told_apart(text: str, query: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_HASHES", 1)
        stored = packed(read(text, ANALYZER), text)
        found = by_stored(query, text, stored)
    assert found == Highlighter(resolved(query), ANALYZER).snippets("body", text)


@settings(max_examples=300)
@given(data=st.data())
def test_any_damage_is_noticed(data: st.DataObject) -> None:
    made = read(TEXT, ANALYZER)
    stored = bytearray(packed(made, TEXT))
    if data.draw(st.booleans()):
        del stored[data.draw(st.integers(0, len(stored) - 1)) :]
    else:
        stored[data.draw(st.integers(0, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    found = unpacked(bytes(stored), TEXT)
    # zlib passes over a few bits of its head.
    assert found is None or same(found, made)


@settings(max_examples=300)
@given(at=st.integers(0, 400), bits=st.integers(1, 255))
def test_what_does_not_hold_together_is_refused_even_where_all_bytes_are_whole(
    at: int, bits: int
) -> None:
    content = bytearray(zlib.decompress(packed(read(TEXT, ANALYZER), TEXT)))
    content[at % len(content)] ^= bits
    found = unpacked(zlib.compress(bytes(content)), TEXT)
    if found is not None:
        assert 0 <= found.starts.min() <= found.ends.max() <= len(TEXT)
        found.words(list(range(len(found.firsts))), TEXT, ANALYZER)


def test_of_another_text_is_refused_even_of_one_as_long() -> None:
    stored = packed(read(TEXT, ANALYZER), TEXT)
    assert unpacked(stored, TEXT + " ") is None
    assert unpacked(stored, TEXT.replace("قال", "كان")) is None


@pytest.mark.parametrize("stored", [b"", b"none", zlib.compress(b""), zlib.compress(b"\1" * 20)])
def test_what_is_no_reading_is_refused(stored: bytes) -> None:
    assert unpacked(stored, TEXT) is None


@pytest.mark.parametrize("damage", [b"", b"none", None])
def test_a_damaged_one_costs_time_and_no_mark(damage: bytes | None) -> None:
    expected = Highlighter(resolved("كتاب"), ANALYZER).snippets("body", TEXT)
    assert [len(snippet.marks) for snippet in expected] == [2]
    assert by_stored("كتاب", TEXT, damage) == expected


def test_is_asked_for_only_until_it_is_remembered() -> None:
    readings = long_texts.Readings(Analyzer())
    asked: list[str] = []

    def stored() -> bytes:
        asked.append("stored")
        return packed(read(TEXT, ANALYZER), TEXT)

    first = readings.get(TEXT, stored)
    assert readings.get(TEXT, stored) is first
    assert asked == ["stored"]
