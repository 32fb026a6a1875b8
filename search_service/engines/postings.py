"""Posting lists as arrays, and merging them.

A posting list is three arrays: the documents that have a term (rising), how
often each has it, and all its positions one document after the other. The
lists of a field lie one behind the other in the order of their terms.

Arrays of documents, frequencies and positions hold whole numbers below 2**32
in any unsigned type: those read from a file have the narrowest that serves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, compress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "EMPTY",
    "Bounds",
    "FieldLists",
    "Ints",
    "Postings",
    "memory_of",
    "merge",
    "runs",
    "spread",
    "sums",
    "union",
    "with_tokens",
]

# The bytes that a remembered list takes besides its numbers.
_ENTRY = 700

Ints = NDArray[np.integer[Any]]
Bounds = NDArray[np.integer[Any]]


class Postings(NamedTuple):
    """One term's postings.

    ``docs`` and ``freqs`` have one entry per document; ``positions`` has
    ``freqs.sum()`` entries, or none where positions are not kept.
    """

    docs: Ints
    freqs: Ints
    positions: Ints

    def only(self, keep: NDArray[np.bool_]) -> Postings:
        """Return the postings where ``keep`` (one entry per posting) is true."""
        positions = self.positions
        if len(positions):
            positions = positions[np.repeat(keep, self.freqs)]
        return Postings(self.docs[keep], self.freqs[keep], positions)

    def pick(self, numbers: NDArray[np.integer[Any]]) -> Postings:
        """Return the postings with the given numbers, counted from 0 and rising."""
        freqs = self.freqs[numbers]
        starts = self.freqs.cumsum(dtype=np.int64)[numbers] - freqs
        positions = self.positions
        if len(positions):
            positions = positions[spread(starts, freqs)]
        return Postings(self.docs[numbers], freqs, positions)


def memory_of(found: Postings) -> int:
    """Return about how many bytes of memory a list takes, as one entry of what is remembered."""
    # Parts of arrays, as those of a file, take none of their own.
    owned = sum(part.nbytes for part in found if part.flags.owndata)
    return _ENTRY + owned


EMPTY = Postings(*(np.empty(0, np.uint32) for _ in range(3)))


class FieldLists(NamedTuple):
    """All posting lists of a field.

    ``terms`` are sorted UTF-8 bytes. The postings of term number i are
    ``docs`` and ``freqs`` from ``entries[i]`` to ``entries[i + 1]``, and
    ``positions`` from ``tokens[i]`` to ``tokens[i + 1]`` (``tokens`` is empty
    where positions are not kept); so ``entries`` and ``tokens`` are one longer
    than ``terms``.
    """

    terms: Sequence[bytes]
    entries: Bounds
    tokens: Bounds
    docs: Ints
    freqs: Ints
    positions: Ints

    def postings(self, number: int) -> Postings:
        """Return the list of term number ``number``, as views."""
        first, last = self.entries[number : number + 2].tolist()
        positions = EMPTY.positions
        if len(self.tokens):
            begin, end = self.tokens[number : number + 2].tolist()
            positions = self.positions[begin:end]
        return Postings(self.docs[first:last], self.freqs[first:last], positions)

    def list_of(self, number: int) -> int:
        """Return the number of the list of term number ``number``: here, they are the same."""
        return number

    def kept(self, number: int) -> Postings:
        """Return the list number ``number``, as views."""
        return self.postings(number)

    def sizes(self, low: int, high: int) -> NDArray[np.int64]:
        """Return how many documents the terms number ``low`` to ``high`` (half-open) have each."""
        return runs(self.entries, np.arange(low, high))[1]

    def documents(self, low: int, high: int) -> Ints:
        """Return the documents of the terms number ``low`` to ``high``, list after list."""
        return self.docs[int(self.entries[low]) : int(self.entries[high])]

    def weights(self) -> NDArray[np.int64]:
        """Return how much the terms before each term hold together, as merging counts it."""
        entries = self.entries.astype(np.int64)
        return entries + self.tokens.astype(np.int64) // 2 if len(self.tokens) else entries

    def documents_of(self, numbers: Ints) -> Ints:
        """Return the documents of the terms with the given numbers, list after list."""
        return self.docs[spread(*runs(self.entries, numbers))]

    def chosen(
        self, numbers: Ints, terms: Sequence[bytes], *, positional: bool = True
    ) -> FieldLists:
        """Return the lists with the given numbers, in this order, as those of ``terms``.

        Positions are left out where they are not asked for.
        """
        starts, sizes = runs(self.entries, numbers)
        places = spread(starts, sizes)
        tokens, positions = EMPTY.positions, EMPTY.positions
        if positional and len(self.tokens):
            starts, lengths = runs(self.tokens, numbers)
            tokens, positions = sums(lengths), self.positions[spread(starts, lengths)]
        docs, freqs = self.docs[places], self.freqs[places]
        return FieldLists(terms, sums(sizes), tokens, docs, freqs, positions)

    def between(self, low: int, high: int) -> FieldLists:
        """Return the lists of the terms number ``low`` to ``high`` (half-open), as views."""
        entries = self.entries[low : high + 1].astype(np.int64)
        tokens = self.tokens[low : high + 1].astype(np.int64)
        held = slice(int(entries[0]), int(entries[-1]))
        places = slice(int(tokens[0]), int(tokens[-1])) if len(tokens) else slice(0)
        return FieldLists(
            self.terms[low:high],
            entries - held.start,
            tokens - (places.start or 0),
            self.docs[held],
            self.freqs[held],
            self.positions[places],
        )

    def only(self, alive: NDArray[np.bool_], numbers: Ints) -> FieldLists:
        """Return the lists without the documents that are not ``alive``, renumbered.

        Both arrays have one entry per document: whether it stays, and its new
        number, in the same order as the old ones. Every term stays, even with
        an empty list.
        """
        keep = alive[self.docs]
        every = Postings(self.docs, self.freqs, self.positions).only(keep)
        entries = sums(keep)[self.entries]
        every = every._replace(docs=numbers[every.docs])
        return with_tokens(self.terms, entries, every, bool(len(self.tokens)))


def runs(bounds: Bounds, numbers: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each of the runs with the given numbers starts, and its length."""
    wanted = numbers.astype(np.int64)
    starts = bounds[wanted].astype(np.int64)
    return starts, bounds[wanted + 1].astype(np.int64) - starts


def sums(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the sums of the first 0, 1, 2, ... values: one entry more than ``values``."""
    return np.concatenate(([0], np.cumsum(values, dtype=np.int64)))


def with_tokens(
    terms: Sequence[bytes], entries: Bounds, every: Postings, positions: bool
) -> FieldLists:
    """Return the lists of ``terms``, given where each begins in ``every`` one after the other.

    ``positions`` says whether they are kept.
    """
    tokens = sums(every.freqs)[entries] if positions else np.empty(0, np.int64)
    return FieldLists(terms, entries, tokens, *every)


def merge(parts: Sequence[FieldLists]) -> FieldLists:
    """Return the lists of one or more parts as one, without terms that have no documents.

    Each part's document numbers are above those of the part before it.
    """
    terms = sorted(set(chain.from_iterable(part.terms for part in parts)))
    ranks = {term: rank for rank, term in enumerate(terms)}
    owner = np.concatenate([_owners(part, ranks) for part in parts])
    order = np.argsort(owner, kind="stable")
    freqs = np.concatenate([part.freqs for part in parts])
    docs = np.concatenate([part.docs for part in parts])[order]
    positions = np.concatenate([part.positions for part in parts])
    if len(positions):
        positions = positions[spread(sums(freqs)[order], freqs[order])]
    entries = np.searchsorted(owner[order], np.arange(len(terms) + 1))
    held = np.diff(entries) > 0
    return with_tokens(
        list(compress(terms, held)),
        np.concatenate((entries[:-1][held], entries[-1:])),
        Postings(docs, freqs[order], positions),
        any(len(part.tokens) for part in parts),
    )


def _owners(part: FieldLists, ranks: Mapping[bytes, int]) -> NDArray[np.int64]:
    """Return the rank of its term for each entry of a part."""
    own = np.fromiter(map(ranks.__getitem__, part.terms), np.int64, len(part.terms))
    return np.repeat(own, np.diff(part.entries))


def spread(starts: NDArray[np.int64], lengths: Ints) -> NDArray[np.int64]:
    """Return start, start + 1, ... for each run of a length, one run behind the other."""
    places = sums(lengths)
    return (starts - places[:-1]).repeat(lengths) + np.arange(places[-1])


def union(lists: Sequence[Postings]) -> Postings:
    """Return the documents of any of the lists, in any order, frequencies added, no positions."""
    filled = [one for one in lists if len(one.docs)]
    if len(filled) < 2:
        return filled[0]._replace(positions=EMPTY.positions) if filled else EMPTY
    return _both(*filled) if len(filled) == 2 else _all(filled)


def _both(one: Postings, other: Postings) -> Postings:
    # Looking up the shorter list in the longer one is faster than sorting both.
    long, short = (one, other) if len(one.docs) >= len(other.docs) else (other, one)
    places = long.docs.searchsorted(short.docs)
    known = long.docs.take(places, mode="clip") == short.docs
    freqs = long.freqs.astype(np.uint32)
    freqs[places[known]] += short.freqs[known]
    new = ~known
    return Postings(
        np.concatenate((long.docs, short.docs[new])),
        np.concatenate((freqs, short.freqs[new].astype(np.uint32))),
        EMPTY.positions,
    )


def _all(lists: Sequence[Postings]) -> Postings:
    docs, places = np.unique(np.concatenate([one.docs for one in lists]), return_inverse=True)
    freqs = np.bincount(places, np.concatenate([one.freqs for one in lists]))
    return Postings(docs, freqs.astype(np.uint32), EMPTY.positions)
