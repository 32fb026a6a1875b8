"""Answers resolved queries over posting arrays: matching and scores, a segment at a time.

Knows nothing of where the arrays come from; a :class:`Segment` gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from search_service import ranking
from search_service.engines.postings import EMPTY, Ints, Postings, union
from search_service.query import resolved as q
from search_service.ranking import idf
from search_service.schema import Tier

__all__ = ["Matches", "Segment", "Statistics", "evaluate", "saturation", "term_postings"]

Scores = NDArray[np.float64]

# Below this, a score might be too small to tell from none.
_LEAST_WEIGHT = 1e-9

# A position and its document in one number, so that one sorted array serves a whole list.
_SHIFT = np.uint64(32)


class Matches(NamedTuple):
    """Matching documents, each once, and their scores: an array of each, equally long."""

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

    def norms(self, fields: tuple[str, ...], average: float) -> Scores:
        """Return each document's ``length_norm`` over the fields together, ``size`` numbers."""

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
        case q.KeywordTerm(field, value, weight):
            docs = segment.keyword(field, value)
            return Matches(docs, np.full(len(docs), float(weight)))
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
    # NumPy finds places fastest by numbers of this type.
    docs = found.docs.astype(np.intp)
    norms = segment.norms(fields, average).take(docs)
    return Matches(docs, ranking.saturation(found.freqs.astype(float), norms))


def _bool(query: q.Bool, segment: Segment, statistics: Statistics) -> Matches:
    total = np.zeros(segment.size)
    docs = _gather(query, segment, statistics, total)
    return Matches(docs, total[docs])


def _gather(node: q.Node, segment: Segment, statistics: Statistics, total: Scores) -> Ints:
    """Add a node's scores to ``total``, which is all zero, and return what matches.

    Only the scores of what matches are right afterwards.
    """
    if not isinstance(node, q.Bool):
        docs, scores = evaluate(node, segment, statistics)
        total[docs] = scores
        return docs
    if node.must:
        docs = _gather(node.must[0], segment, statistics, total)
        for child in node.must[1:]:
            docs = _both(docs, _add(child, segment, statistics, total), segment.size)
        _add_any(node.should, segment, statistics, total)
    elif node.should:
        silent = _add_any(node.should, segment, statistics, total)
        # What scored has matched: cheaper than keeping book of every match.
        docs = _numbers((total != 0) | silent if silent is not None else total != 0)
    else:
        docs = _numbers(segment.live)
    for child in node.must_not:
        excluded = evaluate(child, segment, statistics).docs
        docs = docs[~_marked(excluded, segment.size)[docs]]
    return docs


def _add(child: q.Node, segment: Segment, statistics: Statistics, total: Scores) -> Ints:
    docs, scores = evaluate(child, segment, statistics)
    np.add.at(total, docs, scores)
    return docs


def _add_any(
    children: Sequence[q.Node], segment: Segment, statistics: Statistics, total: Scores
) -> NDArray[np.bool_] | None:
    """Add the scores of all ``children``; return which documents match without scoring, if any."""
    silent: NDArray[np.bool_] | None = None
    for child in children:
        if isinstance(child, q.Bool) and child.should and not child.must and not child.must_not:
            # The commonest shape, a word in all its tiers, needs no arrays of its own.
            more = _add_any(child.should, segment, statistics, total)
        else:
            docs = _add(child, segment, statistics, total)
            more = None if _always_scores(child) else _marked(docs, segment.size)
        if more is not None:
            silent = more if silent is None else silent | more
    return silent


def _always_scores(node: q.Node) -> bool:
    return isinstance(node, q.Term | q.Phrase) and node.weight > _LEAST_WEIGHT


def _both(docs: Ints, others: Ints, size: int) -> Ints:
    """Return the documents in both lists."""
    few, many = sorted((docs, others), key=len)
    common: Ints = few[_marked(many, size)[few]]
    return common


def _marked(docs: Ints, size: int) -> NDArray[np.bool_]:
    marks = np.zeros(size, np.bool_)
    marks[docs] = True
    return marks


def _numbers(chosen: NDArray[np.bool_]) -> Ints:
    return np.flatnonzero(chosen)


def _unscored(docs: Ints) -> Matches:
    return Matches(docs, np.zeros(len(docs)))


def _idf(
    statistics: Statistics, fields: tuple[str, ...], tier: Tier, alternatives: tuple[str, ...]
) -> float:
    frequencies = (statistics.frequency(fields, tier, term) for term in alternatives)
    return idf(statistics.documents, max(frequencies, default=0))


def _phrase(segment: Segment, field: str, phrase: q.Phrase) -> Postings:
    """Return the documents with the phrase in one field, and how often."""
    lists = [[segment.postings(field, phrase.tier, term) for term in slot] for slot in phrase.slots]
    everywhere = _in_all(lists, segment.size)
    if not everywhere.any():
        return EMPTY
    slots = [_places(slot, everywhere) for slot in lists]
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


def _in_all(slots: Sequence[Sequence[Postings]], size: int) -> NDArray[np.bool_]:
    """Return which documents have a posting in every slot: only there can a phrase stand."""
    everywhere = np.ones(size, np.bool_) if slots else np.zeros(size, np.bool_)
    for slot in slots:
        here = np.zeros(size, np.bool_)
        for one in slot:
            here[one.docs] = True
        everywhere &= here
    return everywhere


def _places(slot: Sequence[Postings], chosen: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return document and position of every posting in the ``chosen`` documents, rising."""
    few = [one.pick(np.flatnonzero(chosen[one.docs])) for one in slot]
    keys = [
        (np.repeat(one.docs, one.freqs).astype(np.uint64) << _SHIFT)
        | one.positions.astype(np.uint64)
        for one in few
    ]
    return keys[0] if len(keys) == 1 else np.unique(np.concatenate(keys))


def _in_range(segment: Segment, field: str, low: date | None, high: date | None) -> Ints:
    days = segment.days(field)
    inside = segment.live & (days > 0)
    if low is not None:
        inside &= days >= low.toordinal()
    if high is not None:
        inside &= days <= high.toordinal()
    return _numbers(inside)
