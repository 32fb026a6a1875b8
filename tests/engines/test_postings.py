from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.engines.inverting import Inverter
from search_service.engines.postings import EMPTY, FieldLists, Ints, Postings, merge, union

#: term -> document -> positions
Index = dict[str, dict[int, list[int]]]

texts = st.lists(st.lists(st.sampled_from(("a", "b", "ب", "\ud800", "😀", "z")), max_size=6))
with_positions = st.booleans()


def naive(documents: Sequence[Sequence[str]]) -> Index:
    index: Index = {}
    for number, terms in enumerate(documents):
        for position, term in enumerate(terms):
            index.setdefault(term, {}).setdefault(number, []).append(position)
    return index


def inverted(documents: Sequence[Sequence[str]], *, positions: bool = True) -> FieldLists:
    inverter = Inverter(positions=positions)
    for number, terms in enumerate(documents):
        inverter.add(number, terms)
    return inverter.lists()


def read(lists: FieldLists, *, positions: bool = True) -> Index:
    """Turn lists into an index again; without positions, a frequency is as many zeros."""
    index: Index = {}
    for number, term in enumerate(lists.terms):
        docs, freqs, places = lists.postings(number)
        assert len(docs) == len(freqs)
        assert len(places) == (freqs.sum() if positions else 0)
        left = iter(places.tolist() if positions else [0] * int(freqs.sum()))
        index[term.decode("utf-8", "surrogatepass")] = {
            doc: list(islice(left, freq))
            for doc, freq in zip(docs.tolist(), freqs.tolist(), strict=True)
        }
    return index


def without_positions(index: Index) -> Index:
    return {t: {d: [0] * len(p) for d, p in docs.items()} for t, docs in index.items()}


def expected(documents: Sequence[Sequence[str]], *, positions: bool) -> Index:
    index = naive(documents)
    return index if positions else without_positions(index)


class TestInverter:
    def test_of_nothing_has_no_terms(self) -> None:
        assert read(Inverter(positions=True).lists()) == {}
        assert read(inverted([[], []])) == {}

    def test_gives_documents_frequencies_and_positions(self) -> None:
        lists = inverted([["b", "a", "b"], [], ["a"]])
        assert lists.terms == [b"a", b"b"]
        assert [part.tolist() for part in lists.postings(0)] == [[0, 2], [1, 1], [1, 0]]
        assert [part.tolist() for part in lists.postings(1)] == [[0], [2], [0, 2]]

    def test_bounds_are_one_longer_than_the_terms(self) -> None:
        lists = inverted([["b", "a", "b"]])
        assert lists.entries.tolist() == [0, 1, 2]
        assert lists.tokens.tolist() == [0, 1, 3]
        assert inverted([["a"]], positions=False).tokens.tolist() == []

    @given(texts, with_positions)
    def test_equals_a_naive_inversion(self, documents: list[list[str]], positions: bool) -> None:
        lists = inverted(documents, positions=positions)
        assert read(lists, positions=positions) == expected(documents, positions=positions)
        assert list(lists.terms) == sorted(lists.terms)

    def test_document_numbers_may_have_gaps(self) -> None:
        inverter = Inverter(positions=True)
        inverter.add(3, ["a"])
        inverter.add(7, ["a", "a"])
        assert read(inverter.lists()) == {"a": {3: [0], 7: [0, 1]}}


class TestBetween:
    @given(texts, with_positions, st.data())
    def test_gives_the_lists_of_some_terms(
        self, documents: list[list[str]], positions: bool, data: st.DataObject
    ) -> None:
        lists = inverted(documents, positions=positions)
        low = data.draw(st.integers(0, len(lists.terms)))
        high = data.draw(st.integers(low, len(lists.terms)))
        some = lists.between(low, high)
        assert list(some.terms) == list(lists.terms[low:high])
        for number in range(high - low):
            ours, theirs = some.postings(number), lists.postings(low + number)
            assert [a.tolist() for a in ours] == [a.tolist() for a in theirs]


class TestOnly:
    @given(texts, with_positions, st.data())
    def test_leaves_out_and_renumbers(
        self, documents: list[list[str]], positions: bool, data: st.DataObject
    ) -> None:
        count = len(documents)
        alive = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
        numbers = np.cumsum([0, *alive])[:-1].astype(np.uint32) + np.uint32(5)
        lists = inverted(documents, positions=positions).only(np.array(alive, bool), numbers)
        gone = [[] if not stays else terms for stays, terms in zip(alive, documents, strict=True)]
        left = {
            term: {int(numbers[d]): places for d, places in docs.items()}
            for term, docs in expected(gone, positions=positions).items()
        }
        got = read(lists, positions=positions)
        assert {term: docs for term, docs in got.items() if docs} == left
        assert got.keys() == naive(documents).keys()

    def test_of_one_list_keeps_the_positions_of_those_that_stay(self) -> None:
        (docs, freqs, positions) = (
            inverted([["a", "a"], ["a"], ["x", "a"]])
            .postings(0)
            .only(np.array([True, False, True]))
        )
        assert (docs.tolist(), freqs.tolist(), positions.tolist()) == ([0, 2], [2, 1], [0, 1, 1])


class TestMerge:
    @given(st.lists(texts, min_size=1, max_size=4), with_positions)
    def test_equals_inverting_everything_at_once(
        self, parts: list[list[list[str]]], positions: bool
    ) -> None:
        lists, first = [], 0
        for documents in parts:
            numbers = np.arange(first, first + len(documents), dtype=np.uint32)
            part = inverted(documents, positions=positions)
            lists.append(part.only(np.ones(len(documents), bool), numbers))
            first += len(documents)
        merged = merge(lists)
        everything = [terms for documents in parts for terms in documents]
        assert read(merged, positions=positions) == expected(everything, positions=positions)
        assert list(merged.terms) == sorted(merged.terms)

    def test_forgets_terms_without_documents(self) -> None:
        part = inverted([["gone", "stays"], ["stays"]])
        left = part.only(np.array([False, True]), np.array([0, 0], np.uint32))
        assert merge([left, inverted([])]).terms == [b"stays"]

    def test_takes_narrow_types(self) -> None:
        narrow = inverted([["a", "b"], ["b", "b"]])
        narrow = FieldLists(narrow.terms, *(part.astype(np.uint8) for part in narrow[1:]))
        wide = inverted([["b"]]).only(np.array([True]), np.array([70_000], np.uint32))
        assert read(merge([narrow, wide])) == {
            "a": {0: [0]},
            "b": {0: [1], 1: [0, 1], 70_000: [0]},
        }


lists_of = st.lists(st.dictionaries(st.integers(0, 300), st.integers(1, 9)), max_size=4)


class TestUnion:
    @pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32])
    @given(lists=lists_of)
    def test_adds_frequencies(self, kind: type, lists: list[dict[int, int]]) -> None:
        total: dict[int, int] = {}
        given_lists = []
        for entries in lists:
            some = sorted((d, freq) for d, freq in entries.items() if d <= np.iinfo(kind).max)
            docs: Ints = np.array([doc for doc, _ in some], np.uint32).astype(kind)
            freqs = np.array([freq for _, freq in some], np.uint8)
            given_lists.append(Postings(docs, freqs, EMPTY.positions))
            for doc, freq in some:
                total[doc] = total.get(doc, 0) + freq
        got = union(given_lists)
        assert dict(zip(got.docs.tolist(), got.freqs.tolist(), strict=True)) == total
        assert len(got.docs) == len(total)
        assert len(got.positions) == 0

    def test_does_not_overflow_narrow_frequencies(self) -> None:
        one = Postings(np.array([1], np.uint8), np.array([200], np.uint8), EMPTY.positions)
        assert union([one, one]).freqs.tolist() == [400]

    def test_does_not_change_what_it_is_given(self) -> None:
        one, two = (
            Postings(np.array([1], np.uint32), np.array([2], np.uint32), EMPTY.positions)
            for _ in range(2)
        )
        union([one, two])
        assert one.freqs.tolist() == two.freqs.tolist() == [2]
