"""What is passed over without being measured is never what was looked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, Indel

from search_service.analysis.folding import fold_arabic
from search_service.word_shelf import Shelf, Spellings

# Few letters, so that words are near each other; hamza and heh are counted as one, and so are
# letters of other scripts with Arabic ones.
LETTERS = "ءهابكسوا" + "ae𐤀"
WORDS = st.text(LETTERS, min_size=1, max_size=8)
VOCABULARY = st.dictionaries(WORDS, st.integers(1, 10**9), max_size=30)


def shelf_of(first: dict[str, int], second: dict[str, int]) -> tuple[Shelf, dict[str, int]]:
    runs = [dict(sorted(first.items())), dict(sorted(second.items()))]
    runs[1] = {word: count for word, count in runs[1].items() if word not in first}
    return Shelf(runs), {**runs[0], **runs[1]}


@given(VOCABULARY, VOCABULARY, WORDS, st.sampled_from([1, 2]), st.sampled_from([0, 1, 2]))
@example({"كسكسه": 1}, {}, "كسكس", 1, 1)
def test_every_word_within_some_letters_is_among_those_given(first, second, word, edits, size):
    shelf, counts = shelf_of(first, second)
    start = word[:size]
    wanted = [
        (other, count)
        for other, count in counts.items()
        if other.startswith(start) and OSA.distance(word, other) <= edits
    ]
    given_back = list(shelf.near_edits(word, edits, start))
    assert [pair for pair in given_back if pair in wanted] == wanted, "in their order"
    assert all(other.startswith(start) for other, _ in given_back)


@given(VOCABULARY, VOCABULARY, WORDS)
def test_every_word_that_shares_most_letters_is_among_those_given(first, second, word):
    shelf, counts = shelf_of(first, second)
    wanted = [other for other in counts if Indel.normalized_similarity(word, other) >= 0.72]
    near = shelf.near_share(word, 1 - 0.72)
    assert [other for other in near if other in wanted] == wanted


def test_most_words_are_passed_over():
    """Without this the two tests above would hold for a shelf that gives all of its words."""
    shelf, _ = shelf_of({"مدرسه": 3, "مكتبه": 2}, {"قطار": 1})
    assert list(shelf.near_edits("مدرسة", 1, "م")) == [("مدرسه", 3)]
    assert shelf.near_share("مدرس", 1 - 0.72) == ["مدرسه"]


def test_bits_are_counted_by_older_releases_of_numpy_too(monkeypatch):
    shelf, _ = shelf_of({"مدرسه": 3, "مكتبه": 2}, {"قطار": 1})
    monkeypatch.delattr(np, "bitwise_count", raising=False)
    assert list(shelf.near_edits("مدرسه", 1, "م")) == [("مدرسه", 3)]


@pytest.mark.parametrize(
    ("counts", "folded", "written"),
    [
        ({"مدرسة": 5, "مدرسه": 2}, "مدرسه", "مدرسة"),
        ({"مدرسة": 2, "مدرسه": 2}, "مدرسه", "مدرسة"),  # as common: with its dots
        ({"مدرسة": 1, "مدرسه": 2}, "مدرسه", None),
        ({"أسد": 2, "إسد": 1}, "اسد", "أسد"),
        ({"أسد": 2}, "اس", None),
        ({"أسد": 2}, "ياسد", None),
        ({}, "اسد", None),
    ],
)
def test_a_word_is_spelled_as_it_mostly_is(counts, folded, written):
    assert Spellings(counts).get(folded) == written


@given(st.dictionaries(st.text("اأإآهةيى", min_size=1, max_size=4), st.integers(1, 5)))
def test_a_spelling_folds_to_the_word_and_none_is_commoner(counts):
    spellings = Spellings(counts)
    for folded in {fold_arabic(word) for word in counts}:
        found = spellings.get(folded) or folded
        same = [count for word, count in counts.items() if fold_arabic(word) == folded]
        assert fold_arabic(found) == folded
        assert counts.get(found, 0) == max(same)
