"""One spelling for each letter; what PyArabic is trusted with."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarabic import araby

from search_service.analysis import letters
from search_service.analysis.folding import (
    exact_form,
    fold,
    fold_arabic,
    fold_latin,
    forms_of_all,
    number_form,
)

# The ranges of marks and controls in Arabic text, first and last.
MARK_RANGES = [
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x0610, 0x061A),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06E4),
    (0x06E7, 0x06E8),
    (0x06EA, 0x06ED),
    (0x08D3, 0x08E1),
    (0x08E3, 0x08FF),
]
CONTROL_RANGES = [
    (0x061C, 0x061C),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2066, 0x2069),
    (0xFEFF, 0xFEFF),
]
PRESENTATION_FORMS = [
    chr(code)
    for code in (*range(0xFB50, 0xFDFD), *range(0xFE80, 0xFEFD))
    if unicodedata.category(chr(code)) == "Lo"
]


def every(ranges: list[tuple[int, int]]) -> list[str]:
    return [chr(code) for first, last in ranges for code in range(first, last + 1)]


def named(character: str) -> str:
    return f"U+{ord(character):04X}"


@pytest.mark.parametrize("mark", every(MARK_RANGES), ids=named)
def test_marks_vanish(mark: str) -> None:
    # Seen has no form with a hamza or madda of its own, so nothing composes.
    assert exact_form(f"س{mark}ر") == "سر"


@pytest.mark.parametrize("control", every(CONTROL_RANGES), ids=named)
def test_controls_vanish(control: str) -> None:
    assert exact_form(f"{control}س{control}ر") == "سر"


@pytest.mark.parametrize("form", PRESENTATION_FORMS, ids=named)
def test_a_presentation_form_is_the_letters_that_it_shows(form: str) -> None:
    stripped = {ord(mark): None for mark in letters.MARKS + araby.TATWEEL}
    assert exact_form(form) == unicodedata.normalize("NFKC", form).translate(stripped)


@pytest.mark.parametrize(
    ("letter", "folded"),
    [
        *[(alef, "ا") for alef in "آأإٱا"],
        *[(hamza, "ء") for hamza in "ؤئء"],
        *[(yeh, "ي") for yeh in "ىیےي"],
        *[(heh, "ه") for heh in "ةھہەه"],
        *[(kaf, "ك") for kaf in "کڪگك"],
        *[("پ", "ب"), ("چ", "ج"), ("ژ", "ز"), ("ڤ", "ف"), ("ڨ", "ق")],
    ],
)
def test_the_spellings_of_a_letter_fold_to_one(letter: str, folded: str) -> None:
    assert fold_arabic(letter) == folded


def test_every_plain_letter_folds_to_itself() -> None:
    plain = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    assert fold_arabic(plain) == plain


def test_a_letter_and_its_combining_hamza_are_one_letter() -> None:
    assert exact_form("ا\u0654") == "أ"
    assert exact_form("ا\u0640\u0654") == "أ", "even with a tatweel between them"
    assert exact_form("ا\u200c\u0653") == "آ", "even with a control between them"


def test_the_exact_form_keeps_what_folding_joins() -> None:
    assert exact_form("أإآٱىيةهؤئء") == "أإآٱىيةهؤئء"


@pytest.mark.parametrize("seat", ["شؤون", "شئون", "شءون"])
def test_a_whole_word_keeps_its_hamza_when_it_folds(seat: str) -> None:
    # Taking accents off Latin letters must not take the hamza off its seat.
    assert fold(seat) == "شءون"


def test_accents_of_latin_letters_fold() -> None:
    assert fold_latin("über") == "uber"
    assert fold("Ångström") == "angstrom"


@pytest.mark.parametrize("word", ["iraq's", "iraq’s", "iraq'"])
def test_the_possessive_folds(word: str) -> None:
    assert fold_latin(word) == "iraq"


@pytest.mark.parametrize(
    ("number", "form"),
    [("٥٬٢٠٠", "5200"), ("5،200", "5200"), ("0", "0"), ("00", "0"), ("0.5", "0.5"), ("٠٫٥", "0.5")],
)
def test_numbers_have_one_form(number: str, form: str) -> None:
    assert number_form(number) == form


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=letters.ARABIC + letters.MARKS))
def test_folding_keeps_the_length_of_an_exact_form(text: str) -> None:
    exact = exact_form(text)
    assert len(fold_arabic(exact)) == len(exact)


@given(st.text(alphabet=letters.DIGITS, min_size=1))
def test_digits_of_all_scripts_are_numbers_in_ascii(digits: str) -> None:
    assert number_form(digits) == str(int(digits))


class TestPyArabic:
    """The constants that the folding tables are made of mean the letters that they name."""

    @pytest.mark.parametrize(
        ("constant", "name"),
        [
            (araby.ALEF, "ARABIC LETTER ALEF"),
            (araby.ALEF_MADDA, "ARABIC LETTER ALEF WITH MADDA ABOVE"),
            (araby.ALEF_HAMZA_ABOVE, "ARABIC LETTER ALEF WITH HAMZA ABOVE"),
            (araby.ALEF_HAMZA_BELOW, "ARABIC LETTER ALEF WITH HAMZA BELOW"),
            (araby.ALEF_MAKSURA, "ARABIC LETTER ALEF MAKSURA"),
            (araby.BEH, "ARABIC LETTER BEH"),
            (araby.FEH, "ARABIC LETTER FEH"),
            (araby.HAMZA, "ARABIC LETTER HAMZA"),
            (araby.HEH, "ARABIC LETTER HEH"),
            (araby.JEEM, "ARABIC LETTER JEEM"),
            (araby.KAF, "ARABIC LETTER KAF"),
            (araby.NOON, "ARABIC LETTER NOON"),
            (araby.QAF, "ARABIC LETTER QAF"),
            (araby.TATWEEL, "ARABIC TATWEEL"),
            (araby.TEH, "ARABIC LETTER TEH"),
            (araby.TEH_MARBUTA, "ARABIC LETTER TEH MARBUTA"),
            (araby.WAW_HAMZA, "ARABIC LETTER WAW WITH HAMZA ABOVE"),
            (araby.YEH, "ARABIC LETTER YEH"),
            (araby.YEH_HAMZA, "ARABIC LETTER YEH WITH HAMZA ABOVE"),
            (araby.ZAIN, "ARABIC LETTER ZAIN"),
        ],
    )
    def test_a_constant_is_the_letter_of_its_name(self, constant: str, name: str) -> None:
        assert unicodedata.name(constant) == name

    def test_its_harakat_are_marks_here(self) -> None:
        assert set(araby.TASHKEEL) <= set(letters.MARKS)

    def test_its_letters_are_letters_here(self) -> None:
        assert set(araby.LETTERS) <= set(letters.ARABIC)


@pytest.mark.parametrize(
    ("characters", "expected"),
    [("abcx", "a-cx"), ("cba", "a-c"), ("", ""), ("]^-", r"\-\]-\^")],
    ids=["a range and a letter", "any order", "nothing", "signs with a meaning are escaped"],
)
def test_a_character_class_is_written_as_ranges(characters: str, expected: str) -> None:
    assert letters.character_class(characters) == expected


@given(st.lists(st.text() | st.text("كتابةآأإىیئؤء ـًّé'’\n1٢")))
def test_many_words_at_once_fold_as_each_does_alone(words: list[str]) -> None:
    assert forms_of_all(words) == {word: (exact_form(word), fold(word)) for word in words}
