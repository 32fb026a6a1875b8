"""Answers resolved queries over posting arrays: matching and scores, a segment at a time.

Knows nothing of where the arrays come from; a :class:`Segment` gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from search_service.engines.postings import EMPTY, Ints, Postings, union
from search_service.query import resolved as q
from search_service.ranking import bm25, idf
from search_service.schema import Tier

__all__ = ["Matches", "Segment", "Statistics", "evaluate", "saturation", "term_postings"]

Scores = NDArray[np.float64]

# A position and its document in one number, so that one sorted array serves a whole list.
_SHIFT = np.uint64(32)


class Matches(NamedTuple):
    """Matching documents (rising) and their scores, an array of each, equally long."""

    docs: Ints
    scores: Scores


class Segment(Protocol):
    """A part of an index as arrays; documents are numbered from 0 to ``size - 1``."""

    @property
    def size(self) -> int:
        """Number of documents, deleted ones included."""

    @property
    def live(self) -> NDArray[np.bool_]:
        """For each of the ``size`` documents whether it is not deleted."""

    def postings(self, field: str, tier: Tier, term: str) -> Postings:
        """Return a term's list without deleted documents."""

    def term(self, fields: tuple[str, ...], tier: Tier, term: str, average: float) -> Matches:
        """Return :func:`saturation` of :func:`term_postings`, remembered for the next time.

        ``average`` is the mean length in tokens over the fields together.
        """

    def lengths(self, fields: tuple[str, ...]) -> NDArray[np.integer[Any]]:
        """Return each document's length in tokens over the fields together, ``size`` numbers."""

    def keyword(self, field: str, value: str) -> Ints:
        """Return the documents with a value in a keyword field, rising, without deleted ones."""

    def days(self, field: str) -> NDArray[np.integer[Any]]:
        """Return each document's day, ``size`` ordinals (1 is 0001-01-01), 0 where it has none."""


class Statistics(Protocol):
    """What scoring needs to know of the whole index."""

    @property
    def documents(self) -> int:
        """Number of documents that are not deleted."""

    def average_length(self, fields: tuple[str, ...]) -> float:
        """Return the mean length in tokens over the fields together."""

    def frequency(self, fields: tuple[str, ...], tier: Tier, term: str) -> int:
        """Return in how many documents a term stands in any of the fields."""


@dataclass(frozen=True, slots=True)
class _Accumulator:
    """Scores and matches of all documents of a segment, for adding leaf to leaf."""

    scores: Scores
    matched: NDArray[np.bool_]

    @classmethod
    def of(cls, size: int) -> _Accumulator:
        return cls(np.zeros(size), np.zeros(size, np.bool_))

    def add(self, matches: Matches) -> None:
        self.scores[matches.docs] += matches.scores
        self.matched[matches.docs] = True


def evaluate(query: q.Node, segment: Segment, statistics: Statistics) -> Matches:
    """Return the documents of ``segment`` that match ``query``, with their scores."""
    match query:
        case q.Term(fields, tier, term, weight):
            docs, part = segment.term(fields, tier, term, statistics.average_length(fields))
            return Matches(docs, part * (weight * _idf(statistics, fields, tier, (term,))))
        case q.Phrase(fields, tier, slots, _, weight):
            found = union([_phrase(segment, field, query) for field in fields])
            docs, part = saturation(segment, fields, found, statistics.average_length(fields))
            rarity = sum(_idf(statistics, fields, tier, slot) for slot in slots)
            return Matches(docs, part * (weight * rarity))
        case q.KeywordTerm(field, value):
            return _unscored(segment.keyword(field, value))
        case q.RangeTerm(field, low, high):
            return _unscored(_in_range(segment, field, low, high))
        case q.AllDocs():
            return _unscored(_numbers(segment.live))
        case q.NoDocs():
            return _unscored(EMPTY.docs)
        case q.Bool():
            return _bool(query, segment, statistics)


def term_postings(
    segment: Segment, fields: tuple[str, ...], tier: Tier, terms: Sequence[str]
) -> Postings:
    """Return the documents with any of ``terms`` in any of ``fields``, without positions."""
    return union([segment.postings(field, tier, term) for field in fields for term in terms])


def saturation(
    segment: Segment, fields: tuple[str, ...], found: Postings, average: float
) -> Matches:
    """Return documents with the part of BM25 that is neither idf nor weight."""
    if not len(found.docs):
        return _unscored(EMPTY.docs)
    lengths = segment.lengths(fields)[found.docs]
    return Matches(found.docs, bm25(found.freqs.astype(float), lengths.astype(float), average))


def _bool(query: q.Bool, segment: Segment, statistics: Statistics) -> Matches:
    total = _Accumulator.of(segment.size)
    _add_any(query.should, segment, statistics, total)
    matched = total.matched if query.should and not query.must else segment.live.copy()
    for child in query.must:
        required = evaluate(child, segment, statistics)
        total.scores[required.docs] += required.scores
        present = np.zeros(segment.size, np.bool_)
        present[required.docs] = True
        matched &= present
    for child in query.must_not:
        matched[evaluate(child, segment, statistics).docs] = False
    docs = _numbers(matched)
    return Matches(docs, total.scores[docs])


def _add_any(
    children: Sequence[q.Node], segment: Segment, statistics: Statistics, total: _Accumulator
) -> None:
    for child in children:
        if isinstance(child, q.Bool) and child.should and not child.must and not child.must_not:
            # The commonest shape, a word in all its tiers, needs no arrays of its own.
            _add_any(child.should, segment, statistics, total)
        else:
            total.add(evaluate(child, segment, statistics))


def _numbers(chosen: NDArray[np.bool_]) -> Ints:
    return np.flatnonzero(chosen).astype(np.uint32)


def _unscored(docs: Ints) -> Matches:
    return Matches(docs, np.zeros(len(docs)))


def _idf(
    statistics: Statistics, fields: tuple[str, ...], tier: Tier, alternatives: tuple[str, ...]
) -> float:
    frequencies = (statistics.frequency(fields, tier, term) for term in alternatives)
    return idf(statistics.documents, max(frequencies, default=0))


def _phrase(segment: Segment, field: str, phrase: q.Phrase) -> Postings:
    """Return the documents with the phrase in one field, and how often."""
    slots = [_places(segment, field, phrase.tier, slot) for slot in phrase.slots]
    if not slots or not all(len(places) for places in slots):
        return EMPTY
    starts = ends = slots[0]
    for places in slots[1:]:
        # The next place after each end; the nearest one leaves most room for the rest.
        at = np.searchsorted(places, ends, side="right")
        inside = at < len(places)
        starts, ends = starts[inside], places[at[inside]]
        same = (starts >> _SHIFT) == (ends >> _SHIFT)
        starts, ends = starts[same], ends[same]
    near = ends - starts <= np.uint64(len(slots) - 1 + phrase.slop)
    docs, counts = np.unique(starts[near] >> _SHIFT, return_counts=True)
    return Postings(docs.astype(np.uint32), counts.astype(np.uint32), EMPTY.positions)


def _places(segment: Segment, field: str, tier: Tier, terms: Sequence[str]) -> NDArray[np.uint64]:
    """Return document and position of every occurrence of any of ``terms``, rising."""
    lists = [segment.postings(field, tier, term) for term in terms]
    keys = [
        (np.repeat(one.docs, one.freqs).astype(np.uint64) << _SHIFT)
        | one.positions.astype(np.uint64)
        for one in lists
        if len(one.positions)
    ]
    if not keys:
        return np.empty(0, np.uint64)
    return keys[0] if len(keys) == 1 else np.unique(np.concatenate(keys))


def _in_range(segment: Segment, field: str, low: date | None, high: date | None) -> Ints:
    days = segment.days(field)
    inside = segment.live & (days > 0)
    if low is not None:
        inside &= days >= low.toordinal()
    if high is not None:
        inside &= days <= high.toordinal()
    return _numbers(inside)
