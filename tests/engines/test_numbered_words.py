"""Texts that come as numbers of words from several tables are one run of words."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from search_service.engines.numbered_words import RunWords
from search_service.schema import Tier
from search_service.terms import NumberedTerms, WordTable

WORDS = st.sampled_from("abcde")
# Which table a text comes from, and its words; a plain text comes from none.
TEXTS = st.lists(st.tuples(st.integers(0, 2), st.lists(WORDS, max_size=6)), max_size=10)


@given(TEXTS)
def test_a_word_has_one_number_whatever_table_names_it(texts: list[tuple[int, list[str]]]) -> None:
    tables = [WordTable(), WordTable()]
    numbers: list[dict[str, int]] = [{}, {}]
    run = RunWords()
    found = []
    for source, words in texts:
        if source == 2:
            found.append(run.numbers(dict.fromkeys(Tier, words)))
            continue
        # The table grows between the texts, as that of another process does.
        for word in words:
            if word not in numbers[source]:
                numbers[source][word] = tables[source].add((word,) * 4)
        own = array("i", [numbers[source][word] for word in words])
        found.append(run.numbers(NumberedTerms(tables[source], own)))
    column = run.column(Tier.STEM)
    assert [[column[n] for n in one] for one in found] == [words for _, words in texts]
    assert len(set(column)) == len(column)
