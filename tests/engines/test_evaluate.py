from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search_service.engines.evaluate import enough, evaluate, term_postings
from search_service.engines.inverting import Inverter
from search_service.engines.memory import phrase_frequency
from search_service.engines.postings import EMPTY, Postings
from search_service.query.resolved import AllDocs, Bool, KeywordTerm, Phrase, RangeTerm, Term
from search_service.ranking import bm25, idf, length_norm
from search_service.schema import Tier


class Documents:
    """A segment of texts in one field and tier, and the statistics of it alone."""

    def __init__(self, *texts: str, days: tuple[int, ...] = (), dead: tuple[int, ...] = ()) -> None:
        self.texts = [text.split() for text in texts]
        self.size = len(texts)
        self.live = ~np.isin(np.arange(self.size), dead)
        self.documents = int(self.live.sum())
        self._days = np.array(days or [0] * self.size)

    def postings(self, field: str, tier: Tier, term: str) -> Postings:
        inverter = Inverter(positions=True)
        for number, words in enumerate(self.texts):
            inverter.add(number, words if self.live[number] else [])
        lists = inverter.lists()
        wanted = term.encode()
        return lists.postings(lists.terms.index(wanted)) if wanted in lists.terms else EMPTY

    def term(self, fields: tuple[str, ...], tier: Tier, term: str) -> Postings:
        return term_postings(self, fields, tier, term)

    def lengths(self, fields: tuple[str, ...]) -> NDArray[np.integer[Any]]:
        return np.array([len(words) for words in self.texts]) * len(fields)

    def norms(self, fields: tuple[str, ...], average: float) -> NDArray[np.float64]:
        return length_norm(self.lengths(fields).astype(float), average)

    def keyword(self, field: str, value: str) -> NDArray[np.integer[Any]]:
        return self.postings(field, Tier.EXACT, value).docs.astype(np.intp)

    def days(self, field: str) -> NDArray[np.integer[Any]]:
        return self._days

    def average_length(self, fields: tuple[str, ...]) -> float:
        return float(self.lengths(fields)[self.live].mean())

    def frequency(self, fields: tuple[str, ...], tier: Tier, term: str) -> int:
        return len(self.term(fields, tier, term).docs)


def run(query: Any, documents: Documents, best: int | None = None) -> dict[int, float]:
    matched, scores, among = evaluate(query, documents, documents, best)
    if best and among is not None:
        yardstick = np.sort(scores)[-best:].min()
        assert set(among) >= set(np.flatnonzero(matched & (scores >= yardstick)))
    assert not scores[~matched].any()
    docs = np.flatnonzero(matched)
    return dict(zip(docs.tolist(), scores[docs].tolist(), strict=True))


BODY = ("body",)


def term(text: str, weight: float = 1.0) -> Term:
    return Term(BODY, Tier.EXACT, text, weight)


def test_a_term_scores_by_the_formula() -> None:
    documents = Documents("a a b", "b", "a x x x x x x x")
    expected = {
        number: 2.0 * idf(3, 2) * bm25(tf, length, 4.0)
        for number, tf, length in ((0, 2.0, 3.0), (2, 1.0, 8.0))
    }
    assert run(term("a", 2.0), documents) == pytest.approx(expected)


def test_a_phrase_scores_by_its_frequency_and_the_idf_of_its_slots() -> None:
    documents = Documents("a b a b", "b", "a x")
    query = Phrase(BODY, Tier.EXACT, (("a",), ("b", "x")), 0, 0.5)
    rarity = idf(3, 2) + idf(3, 2)
    expected = {
        0: 0.5 * rarity * bm25(2.0, 4.0, 7 / 3),
        2: 0.5 * rarity * bm25(1.0, 2.0, 7 / 3),
    }
    assert run(query, documents) == pytest.approx(expected)


def test_a_nested_or_is_the_same_as_a_flat_one() -> None:
    documents = Documents("a b", "b c", "c", "x")
    nested = Bool(should=(Bool(should=(term("a"), Bool(should=(term("b"),)))), term("c")))
    flat = Bool(should=(term("a"), term("b"), term("c")))
    assert run(nested, documents) == pytest.approx(run(flat, documents))


def test_deleted_documents_never_match() -> None:
    documents = Documents("a", "a", "x", "x", days=(1, 1, 1, 1), dead=(1, 2))
    for query in (AllDocs(), Bool(), RangeTerm("date", None, None), Bool(must_not=(term("?"),))):
        assert set(run(query, documents)) == {0, 3}
    for leaf in (term("a"), KeywordTerm("tag", "a"), Phrase(BODY, Tier.EXACT, (("a",),))):
        assert set(run(leaf, documents)) == {0}


def test_a_day_of_zero_is_no_date() -> None:
    documents = Documents("a", "a", "a", days=(0, 1, 2))
    assert set(run(RangeTerm("date", None, date.fromordinal(1)), documents)) == {1}
    assert set(run(RangeTerm("date", None, None), documents)) == {1, 2}


def test_matches_of_one_query_do_not_change_those_of_the_next() -> None:
    documents = Documents("a b", "a")
    first = run(term("a"), documents)
    run(Bool(should=(term("a"), term("b")), must=(term("a"),)), documents)
    assert run(term("a"), documents) == first


def test_a_phrase_without_slots_matches_nothing() -> None:
    assert run(Phrase(BODY, Tier.EXACT, ()), Documents("a")) == {}
    assert phrase_frequency(["a"], [], 0) == 0


texts = st.lists(
    st.lists(st.sampled_from("abc"), max_size=12).map(" ".join), min_size=1, max_size=5
)
slots = st.lists(
    st.lists(st.sampled_from("abc?"), min_size=1, max_size=2).map(tuple), min_size=1, max_size=4
).map(tuple)


@given(texts, slots, st.integers(0, 5))
def test_phrases_are_found_as_the_reference_finds_them(
    given_texts: list[str], given_slots: tuple[tuple[str, ...], ...], slop: int
) -> None:
    documents = Documents(*given_texts)
    found = run(Phrase(BODY, Tier.EXACT, given_slots, slop), documents)
    frequencies = [phrase_frequency(words, given_slots, slop) for words in documents.texts]
    assert set(found) == {number for number, tf in enumerate(frequencies) if tf}
    average = documents.average_length(BODY)
    parts = {
        number: bm25(float(tf), float(len(documents.texts[number])), average)
        for number, tf in enumerate(frequencies)
        if tf
    }
    rarity = sum(
        idf(documents.documents, max(documents.frequency(BODY, Tier.EXACT, t) for t in slot))
        for slot in given_slots
    )
    assert found == pytest.approx({number: rarity * part for number, part in parts.items()})


@given(st.lists(st.text("abc ", max_size=12), min_size=1, max_size=60), st.integers(1, 8))
def test_where_the_best_matter_they_score_as_ever(given_texts: list[str], best: int) -> None:
    documents = Documents(*given_texts, "x")
    pairs = (
        Phrase(BODY, Tier.EXACT, (("a",), ("b",)), 1, 0.5),
        Phrase(BODY, Tier.EXACT, (("b",), ("c",)), 1, 0.1),
    )
    query = Bool(must=(Bool(should=(term("a"), term("b"), term("c"))),), should=pairs)
    every, some = run(query, documents), run(query, documents, best)
    assert every.keys() == some.keys()
    assert sorted(every.values())[-best:] == pytest.approx(sorted(some.values())[-best:])
    assert all(some[number] <= score + 1e-9 for number, score in every.items())


def test_many_long_lists_score_as_each_alone() -> None:
    texts = [" ".join(f"w{n}" for n in range(20)) for _ in range(1000)]
    documents = Documents(*texts)
    words = [term(f"w{n}", n + 1.0) for n in range(20)]
    alone = [run(word, documents) for word in words]
    assert run(Bool(should=tuple(words)), documents) == pytest.approx(
        {number: sum(scores[number] for scores in alone) for number in range(1000)}
    )


def test_a_term_named_twice_counts_twice() -> None:
    documents = Documents("a", "b")
    once, twice = run(term("a"), documents), run(Bool(should=(term("a"), term("a"))), documents)
    assert twice == pytest.approx({0: 2 * once[0]})


@given(st.lists(st.floats(0, 9), max_size=2000), st.integers(1, 12))
def test_enough_is_reached_by_as_many(values: list[float], count: int) -> None:
    scores = np.array(values)
    assert (scores >= enough(scores, count)).sum() >= min(count, len(scores))


def test_phrase_frequency_counts_starts() -> None:
    words = ["a", "x", "b", "a", "b", "b"]
    ab = (("a",), ("b",))
    assert [phrase_frequency(words, ab, slop) for slop in (0, 1)] == [1, 2]
    assert phrase_frequency(words, (("b",), ("b",)), 0) == 1
    assert phrase_frequency(words, (("a", "b"), ("b",)), 0) == 2
