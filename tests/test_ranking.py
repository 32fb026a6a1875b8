"""The formulas, against numbers worked out by hand and a second way to write them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.ranking import (
    EXPANSION_WEIGHT,
    K1,
    NAME_WEIGHTS,
    TIER_WEIGHTS,
    TITLE_WEIGHTS,
    B,
    bm25,
    idf,
    rounded,
)
from search_service.schema import Tier


@pytest.mark.parametrize(
    ("documents", "frequency", "expected"),
    [
        (1, 1, math.log(4 / 3)),  # ln(1 + (1 - 1 + 0.5) / 1.5)
        (10, 1, math.log(22 / 3)),  # ln(1 + 9.5 / 1.5)
        (10, 5, math.log(2)),  # a word of half the documents
        (10, 10, math.log(22 / 21)),  # a word of all documents is still worth something
        (10, 0, math.log(22)),
    ],
)
def test_idf_by_hand(documents: int, frequency: int, expected: float) -> None:
    assert idf(documents, frequency) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tf", "length", "average", "expected"),
    [
        (1.0, 10.0, 10.0, 1 / 1.8),  # average length: tf / (tf + k1)
        (2.0, 10.0, 10.0, 2 / 2.8),
        (1.0, 20.0, 10.0, 1 / 2.4),  # twice as long: 1 + 0.8 × (0.25 + 0.75 × 2)
        (1.0, 5.0, 10.0, 1 / 1.5),  # half as long: 1 + 0.8 × (0.25 + 0.75 × 0.5)
        (0.0, 10.0, 10.0, 0.0),
    ],
)
def test_bm25_by_hand(tf: float, length: float, average: float, expected: float) -> None:
    assert bm25(tf, length, average) == pytest.approx(expected)


def test_a_small_collection_is_scored_as_the_textbook_says() -> None:
    # Lengths in words and counts of قطار in four texts; Lucene's BM25 divides Robertson's
    # by k1 + 1, which is the one difference.
    lengths, counts = [4, 8, 6, 6], [1, 3, 0, 1]
    average = sum(lengths) / len(lengths)
    holding = sum(count > 0 for count in counts)
    textbook = [
        math.log(1 + (len(lengths) - holding + 0.5) / (holding + 0.5))
        * (count * (K1 + 1))
        / (count + K1 * (1 - B + B * length / average))
        for length, count in zip(lengths, counts, strict=True)
    ]
    ours = idf(4, holding) * bm25(np.array(counts, float), np.array(lengths, float), average)
    assert ours * (K1 + 1) == pytest.approx(textbook)


def test_arrays_give_what_single_numbers_give() -> None:
    tf, length = np.array([1.0, 2.0, 7.0]), np.array([3.0, 30.0, 300.0])
    singly = [bm25(float(t), float(n), 20.0) for t, n in zip(tf, length, strict=True)]
    assert bm25(tf, length, 20.0).tolist() == singly


COUNTS = st.integers(min_value=1, max_value=10_000)


@given(COUNTS, COUNTS)
def test_idf_is_above_zero_and_falls_with_frequency(documents: int, frequency: int) -> None:
    frequency = min(frequency, documents)
    assert idf(documents, frequency) > 0
    assert idf(documents, frequency) < idf(documents, frequency - 1)


@given(COUNTS, COUNTS)
def test_idf_rises_with_the_collection(documents: int, frequency: int) -> None:
    documents += frequency
    assert idf(documents + 1, frequency) > idf(documents, frequency)


@given(COUNTS, COUNTS, COUNTS)
def test_bm25_lies_between_0_and_1(tf: int, length: int, average: int) -> None:
    assert 0 < bm25(float(tf), float(length), float(average)) < 1


@given(COUNTS, COUNTS, COUNTS)
def test_bm25_rises_with_the_count(tf: int, length: int, average: int) -> None:
    assert bm25(tf + 1.0, float(length), float(average)) > bm25(tf, float(length), float(average))


@given(COUNTS, COUNTS, COUNTS)
def test_bm25_falls_with_the_length(tf: int, length: int, average: int) -> None:
    assert bm25(float(tf), length + 1.0, float(average)) < bm25(tf, float(length), float(average))


@given(st.lists(st.floats(min_value=0, max_value=50), min_size=1, max_size=20))
def test_the_order_of_adding_does_not_show_in_a_rounded_score(parts: list[float]) -> None:
    forwards, backwards = sum(parts), sum(reversed(parts))
    assert rounded(forwards) == pytest.approx(rounded(backwards), abs=1e-6)


def test_the_family_of_a_word_is_worth_less_than_the_word_with_its_family() -> None:
    # Whoever has the word as written has all its tiers; relatives have the wider ones only.
    as_written = sum(TIER_WEIGHTS.values())
    relatives = [as_written := as_written - TIER_WEIGHTS[tier] for tier in list(Tier)[:-1]]
    assert relatives == sorted(relatives, reverse=True)
    assert all(weight > 0 for weight in relatives)


def test_other_words_than_those_typed_weigh_less() -> None:
    assert all(0 < weight < sum(TIER_WEIGHTS.values()) for weight in NAME_WEIGHTS.values())
    assert 0 < EXPANSION_WEIGHT < sum(TIER_WEIGHTS.values())
    assert all(0 < weight < 1 for weight in TITLE_WEIGHTS.values())
