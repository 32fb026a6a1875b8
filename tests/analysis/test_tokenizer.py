"""Where words begin and end in raw text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.letters import MARKS
from search_service.analysis.tokenizer import is_arabic, is_number, spans


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


def test_offsets_are_code_points_of_the_raw_text() -> None:
    assert list(spans("😀 قال")) == [(2, 5)], "an emoji is one code point, though two in UTF-16"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("مُحَمَّدٌ قال", ["مُحَمَّدٌ", "قال"]),
        ("ٱلرَّحۡمَٰن", ["ٱلرَّحۡمَٰن"]),
        ("كتـــاب", ["كتـــاب"]),
        ("كتا\u200cب", ["كتا\u200cب"]),
        ("\u200fقال\u200f ثم", ["قال", "ثم"]),
        ("ﻛﺘﺎﺏ", ["ﻛﺘﺎﺏ"]),
        ("Iraq's", ["Iraq's"]),
        ("'quoted'", ["quoted"]),
        ("5,200 و٥٬٢٠٠", ["5,200", "و", "٥٬٢٠٠"]),
        ("3.5.", ["3.5"]),
        ("640م", ["640", "م"]),
        ("Covid-19″", ["Covid", "19"]),
        ("عربabcعرب", ["عرب", "abc", "عرب"]),
        ("a_b", ["a", "b"]),
        ("日本語", ["日本語"]),
        ("e\u0301te", ["e\u0301te"]),
        ("", []),
        ("،؛؟«»…/-", []),
    ],
    ids=[
        "harakat are inside a word",
        "Quranic signs are inside a word",
        "tatweel is inside a word",
        "an invisible character inside a word is part of it",
        "an invisible character beside a word is not",
        "presentation forms are letters",
        "an apostrophe inside a Latin word",
        "quotation marks around a Latin word",
        "separators of thousands are inside a number",
        "a full stop behind a number is not its point",
        "a number ends where letters begin",
        "hyphen and double prime separate",
        "words end where the script changes",
        "an underscore separates",
        "letters of other scripts are words",
        "a combining accent is inside a word",
        "nothing in nothing",
        "punctuation is no word",
    ],
)
def test_splits(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: f"U+{ord(mark):04X}")
def test_no_mark_ends_a_word(mark: str) -> None:
    assert words(f"كت{mark}اب") == [f"كت{mark}اب"]


@pytest.mark.parametrize(
    ("word", "arabic", "number"),
    [("قال", True, False), ("2014", False, True), ("٢٠١٤", False, True), ("abc", False, False)],
)
def test_knows_the_kind_of_a_word(word: str, arabic: bool, number: bool) -> None:
    assert (is_arabic(word), is_number(word)) == (arabic, number)


@given(st.text())
def test_words_follow_each_other_and_are_not_empty(text: str) -> None:
    last = 0
    for start, end in spans(text):
        assert last <= start < end <= len(text)
        last = end


@given(st.text(), st.text())
def test_a_space_always_separates(left: str, right: str) -> None:
    assert words(f"{left} {right}") == words(left) + words(right)
