"""Texts in one byte per letter."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.engines.compact_text import packed, unpacked

LETTERS = "كتاب ٣ ۳ گچ — « » Aé\n\t\0\x7f\u200c\ufffd書\ud800ÿ"


@given(st.text() | st.text(st.sampled_from(LETTERS)))
def test_every_text_comes_back(text: str) -> None:
    assert unpacked(packed(text)) == text


@given(st.text(st.sampled_from(LETTERS)))
def test_what_was_kept_in_utf8_is_read_as_well(text: str) -> None:
    assert unpacked(text.encode("utf-8", "surrogatepass")) == text


@given(st.text() | st.text(st.sampled_from(LETTERS)))
def test_line_breaks_stay_and_nothing_else_becomes_one(text: str) -> None:
    assert packed(text).count(b"\n") == text.count("\n")


def test_what_is_in_an_index_stays_readable() -> None:
    # Each of the 256 bytes that stand for a letter.
    digest = hashlib.sha256(unpacked(b"\xff" + bytes(range(256))).encode()).hexdigest()
    assert digest[:16] == "50173567d41f0148", "with another table, raise FORMAT"


@pytest.mark.parametrize(
    "text",
    [
        "أصابت مليشيات القوات الأميركية، في ١٢ أيار/مايو 2004: «لا تعليق».",
        "بَيْتٌ",  # with vowel marks
        "گچی",  # Persian letters
        "می‌رود",  # a Persian word with the sign that keeps letters apart
        "Agence France-Presse — Café",
    ],
)
def test_arabic_texts_take_a_byte_per_letter(text: str) -> None:
    assert len(packed(text)) == len(text) + 1
