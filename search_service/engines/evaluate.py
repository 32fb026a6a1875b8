"""Answers resolved queries over posting arrays: matching and scores, a segment at a time.

Knows nothing of where the arrays come from; a :class:`Segment` gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_service import ranking
from search_service.engines.phrases import phrase_postings
from search_service.engines.postings import Ints, Postings, union
from search_service.query import resolved as q
from search_service.ranking import idf
from search_service.schema import Tier

__all__ = ["Matches", "Segment", "Statistics", "enough", "evaluate", "term_postings"]

Marks: TypeAlias = NDArray[np.bool_]  # for each document of a segment, whether it has something
Scores: TypeAlias = NDArray[np.float64]
_Weights: TypeAlias = dict[tuple[str, ...], dict[tuple[Tier, str], float]]  # of terms, by fields

# Below this, a score might be too small to tell from none.
_LEAST_WEIGHT = 1e-9

# Lists are scored together until they have so many postings: few steps for short ones, and what
# is worked on stays near the processor.
_AT_ONCE = 1 << 14

# Scores that differ by less may be the same.
_NEAR = 1e-6

# Scores looked at as one when the best of many are sought.
_BLOCK = 64


class Matches(NamedTuple):
    """Which documents match, and their scores: an entry for every document of the segment.

    What does not match scores 0. The best ones are ``among`` these numbers, which
    rise, where that is known.
    """

    matched: Marks
    scores: Scores
    among: Ints | None = None


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

    def term(self, fields: tuple[str, ...], tier: Tier, term: str) -> Postings:
        """Return :func:`term_postings` of one term, remembered for the next time."""

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


def evaluate(
    query: q.Node, segment: Segment, statistics: Statistics, best: int | None = None
) -> Matches:
    """Return which documents of ``segment`` match ``query``, with their scores.

    Where only the ``best`` so many documents matter, others may score too little.
    """
    return _Evaluation(segment, statistics).matches(query, best)


def term_postings(segment: Segment, fields: tuple[str, ...], tier: Tier, term: str) -> Postings:
    """Return the documents with a term in any of ``fields``, in any order, without positions."""
    return union([segment.postings(field, tier, term) for field in fields])


class _Evaluation:
    """The evaluation of a query in a segment.

    Scores are added up in ``total``, which has an entry for every document. The
    best so many that are asked for are ``among`` some, where that was found out.
    """

    def __init__(self, segment: Segment, statistics: Statistics) -> None:
        self._segment = segment
        self._statistics = statistics
        self._size = segment.size
        self._among: Ints | None = None

    def matches(self, query: q.Node, best: int | None = None) -> Matches:
        total = np.zeros(self._size)
        return Matches(self._gather(query, total, best), total, self._among)

    def _gather(self, node: q.Node, total: Scores, best: int | None = None) -> Marks:
        """Add a node's scores to ``total``, which is all zero, and return what matches."""
        if not isinstance(node, q.Bool):
            return self._any((node,), total)
        if node.must:
            matched = self._gather(node.must[0], total)
        elif node.should:
            matched = self._any(node.should, total)
        else:
            matched = self._segment.live
        for child in node.must[1:]:
            more = self.matches(child)
            matched = matched & more.matched
            total += more.scores
        for child in node.must_not:
            matched = matched & ~self.matches(child).matched
        if len(node.must) > 1 or node.must_not:
            total *= matched
        if node.must and node.should and best != 0:
            self._add_more(node.should, matched, total, best)
        return matched

    def _add_more(
        self, children: Sequence[q.Node], matched: Marks, total: Scores, best: int | None
    ) -> None:
        """Add the scores of what puts ``matched`` documents in order."""
        phrases = [child for child in children if isinstance(child, q.Phrase)]
        if best and len(phrases) == len(children):
            # What is too far behind for all of them together needs none: most of what matches.
            most = sum(phrase.weight * self._rarity(phrase) for phrase in phrases)
            promising = matched & (total >= enough(total, best) - most - _NEAR)
            # Numbers as lists have them are found there without changing the type of a list.
            self._among = promising.nonzero()[0].astype(np.min_scalar_type(self._size - 1))
        self._add(children, total, self._among)
        if self._among is None:
            total *= matched

    def _any(self, children: Sequence[q.Node], total: Scores) -> Marks:
        """Add the scores of ``children`` to ``total``, all zero; return what any matches."""
        silent = self._add(children, total)
        # What scored has matched: cheaper than keeping book of every match.
        scored: Marks = total != 0
        return scored if silent is None else scored | silent

    def _add(
        self, children: Sequence[q.Node], total: Scores, among: Ints | None = None
    ) -> Marks | None:
        """Add the scores of all ``children``; return which documents match without any, if any.

        Phrases need to be found in the documents ``among`` alone.
        """
        silent: Marks | None = None
        terms: _Weights = {}
        for child in _flat(children):
            if isinstance(child, q.Term) and child.weight > _LEAST_WEIGHT:
                weights = terms.setdefault(child.fields, {})
                key = child.tier, child.term
                weights[key] = weights.get(key, 0.0) + child.weight
            elif isinstance(child, q.Phrase) and child.weight > _LEAST_WEIGHT:
                self._add_phrase(child, total, among)
            else:
                more = self._others(child, total)
                silent = more if silent is None else silent | more
        for fields, weights in terms.items():
            self._add_terms(fields, weights, total)
        return silent

    def _add_terms(
        self, fields: tuple[str, ...], weights: Mapping[tuple[Tier, str], float], total: Scores
    ) -> None:
        """Add the scores of terms, many short lists or few long ones at a time."""
        lists: list[Postings] = []
        factors: list[float] = []
        held = 0
        for (tier, term), weight in weights.items():
            found = self._segment.term(fields, tier, term)
            if not len(found.docs):
                continue
            factor = weight * self._idf(fields, tier, term)
            if lists and lists[-1] is found:
                # Often a word is written in one way only, and its tiers have the same list.
                factors[-1] += factor
                continue
            if held >= _AT_ONCE:
                self._add_lists(fields, lists, factors, total)
                lists, factors, held = [], [], 0
            lists.append(found)
            factors.append(factor)
            held += len(found.docs)
        if lists:
            self._add_lists(fields, lists, factors, total)

    def _add_lists(
        self,
        fields: tuple[str, ...],
        lists: Sequence[Postings],
        factors: Sequence[float],
        total: Scores,
    ) -> None:
        """Add the scores of postings by BM25, times one factor for each list."""
        norms = self._segment.norms(fields, self._statistics.average_length(fields))
        # NumPy finds places fastest by numbers of this type.
        docs = np.concatenate([one.docs for one in lists], dtype=np.intp)
        freqs = np.concatenate([one.freqs for one in lists], dtype=float)
        scores = ranking.saturation(freqs, norms.take(docs))
        scores *= np.array(factors).repeat([len(one.docs) for one in lists])
        np.add.at(total, docs, scores)

    def _add_phrase(self, phrase: q.Phrase, total: Scores, among: Ints | None = None) -> Ints:
        """Add the scores of a phrase and return the documents that have it."""
        found = union([self._phrase(phrase, field, among) for field in phrase.fields])
        if len(found.docs):
            factor = phrase.weight * self._rarity(phrase)
            self._add_lists(phrase.fields, [found], [factor], total)
        return found.docs

    def _phrase(self, phrase: q.Phrase, field: str, among: Ints | None) -> Postings:
        postings, tier = self._segment.postings, phrase.tier
        slots = [[postings(field, tier, term) for term in slot] for slot in phrase.slots]
        return phrase_postings(slots, phrase.slop, among)

    def _rarity(self, phrase: q.Phrase) -> float:
        """Return the sum over the slots of the idf of each one's most frequent term."""
        return sum(
            min((self._idf(phrase.fields, phrase.tier, term) for term in slot), default=0.0)
            for slot in phrase.slots
        )

    def _idf(self, fields: tuple[str, ...], tier: Tier, term: str) -> float:
        statistics = self._statistics
        return idf(statistics.documents, statistics.frequency(fields, tier, term))

    def _others(self, node: q.Node, total: Scores) -> Marks:
        """Add the scores of what may match without any, and return what matches."""
        match node:
            case q.Term(fields, tier, term):
                return self._marked(self._segment.term(fields, tier, term).docs)
            case q.Phrase():
                return self._marked(self._add_phrase(node, total))
            case q.KeywordTerm(field, value, weight):
                docs = self._segment.keyword(field, value)
                total[docs] += weight
                return self._marked(docs)
            case q.RangeTerm(field, low, high):
                return _in_range(self._segment, field, low, high)
            case q.AllDocs():
                return self._segment.live
            case q.NoDocs():
                return np.zeros(self._size, np.bool_)
            case q.Bool():
                more = self.matches(node)
                total += more.scores
                return more.matched

    def _marked(self, docs: Ints) -> Marks:
        marks = np.zeros(self._size, np.bool_)
        marks[docs] = True
        return marks


def _flat(children: Iterable[q.Node]) -> Iterator[q.Node]:
    """Yield ``children``, and in place of those that are an OR what they stand for."""
    for child in children:
        # The commonest shape, a word in all its tiers, needs no arrays of its own.
        if isinstance(child, q.Bool) and child.should and not child.must and not child.must_not:
            yield from _flat(child.should)
        else:
            yield child


def _in_range(segment: Segment, field: str, low: date | None, high: date | None) -> Marks:
    days = segment.days(field)
    inside = segment.live & (days > 0)
    if low is not None:
        inside &= days >= low.toordinal()
    if high is not None:
        inside &= days <= high.toordinal()
    return inside


def enough(scores: Scores, count: int) -> float:
    """Return a score that at least ``count`` of the scores reach, hardly more of them.

    Where there are not so many, it is the lowest one.
    """
    if len(scores) > count * _BLOCK:
        # The best of each block are few, and as good a yardstick as all.
        whole = len(scores) // _BLOCK * _BLOCK
        scores = scores[:whole].reshape(_BLOCK, -1).max(axis=0)
    if len(scores) <= count:
        return float(scores.min(initial=0.0))
    return float(np.partition(scores, -count)[-count])
