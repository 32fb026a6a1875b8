from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis import numbering
from search_service.analysis.analyzer import Analyzer
from search_service.analysis.numbering import TextNumberer
from search_service.terms import WordTable

ANALYZER = Analyzer()

TEXTS = st.lists(
    st.one_of(
        # A sign that stands for four words, a mark that is none, words, and anything else.
        st.sampled_from(
            ("ﷺ", "َ", "كتاب", "وكتابهم", "الكتاب", "2020", "٢٠٢٠", "O'Brien", "ب" * 300)
        ),
        st.text(max_size=5),
    ),
    max_size=12,
).map(" ".join)


@given(st.lists(TEXTS, max_size=5))
def test_numbers_stand_for_the_terms_of_the_analyzer(texts: list[str]) -> None:
    numberer = TextNumberer(ANALYZER)
    numbered = [numberer.terms(text) for text in texts]
    assert [dict(terms) for terms in numbered] == [ANALYZER.terms(text) for text in texts]


def test_a_word_has_one_number_in_all_texts() -> None:
    numberer = TextNumberer(ANALYZER)
    first, second = numberer.terms("كتاب قطار كتاب"), numberer.terms("قطار جديد")
    assert (list(first.numbers), list(second.numbers)) == ([0, 1, 0], [1, 2])
    assert first.words is second.words


def test_a_table_that_has_become_large_gives_way_to_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numbering, "_WORDS", 3)
    bounded, unbounded = TextNumberer(ANALYZER), TextNumberer(ANALYZER, bounded=False)
    texts = ["كتاب قطار", "جديد قديم", "كتاب جديد"]
    for numberer, tables in ((bounded, 2), (unbounded, 1)):
        numbered = [numberer.terms(text) for text in texts]
        assert [dict(terms) for terms in numbered] == [ANALYZER.terms(text) for text in texts]
        assert len({id(terms.words) for terms in numbered}) == tables


@given(st.lists(TEXTS, max_size=5), st.integers(0, 20))
def test_words_that_are_packed_are_the_same_elsewhere(texts: list[str], known: int) -> None:
    numberer = TextNumberer(ANALYZER)
    table = numberer.table()
    for text in texts:
        numberer.terms(text)
    other = WordTable()
    known = min(known, len(table))
    for terms in zip(*(column[:known] for column in table.columns), strict=True):
        other.add(terms)
    other.extend(table.packed(known))
    assert other.columns == table.columns


def test_what_is_no_word_but_a_file_without_spaces_is_not_kept() -> None:
    numberer = TextNumberer(ANALYZER)
    long = "ب" * 5000
    assert list(numberer.terms(f"{long} {long}").numbers) == [0, 1]
