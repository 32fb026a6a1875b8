"""Terms in one byte per letter: nothing is lost, and beginnings stay beginnings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.analyzer import Analyzer
from search_service.coding import coded, decoded

# What changes places with what, and everything else, lone surrogates included.
texts = st.one_of(
    st.text(alphabet="ءأابةكگيىیABZaz09!@._ \n"),
    st.text(alphabet=st.characters(exclude_categories=())),
)


@given(texts)
def test_what_was_coded_can_be_decoded(text: str) -> None:
    assert decoded(coded(text)) == text


@given(texts, texts)
def test_a_text_is_coded_letter_by_letter(text: str, more: str) -> None:
    assert coded(text + more) == coded(text) + coded(more)


@given(texts)
def test_spaces_and_only_spaces_are_spaces(text: str) -> None:
    assert [c.isspace() for c in coded(text)] == [c.isspace() for c in text]


def test_arabic_and_persian_words_numbers_and_english_stems_are_ascii() -> None:
    # Both kaf and yeh as a Persian keyboard writes them; a number in Arabic digits; plain words.
    text = "وبالمدرسة رؤساء آخر شيء إلى على كتابي گزارش پژوهشی چک ٢٠٢٤ search 3.5"
    terms = [term for token in Analyzer().analyze(text) for term in token.forms]
    assert len(terms) == 4 * 13
    assert all(coded(term).isascii() for term in terms)
