"""Posting lists as arrays: inverting documents, merging lists.

A posting list is three arrays: the documents that have a term (rising), how
often each has it, and all its positions one document after the other. The
lists of a field lie one behind the other in the order of their terms.

Arrays of documents, frequencies and positions hold whole numbers below 2**32
in any unsigned type: those read from a file have the narrowest that serves.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import chain, compress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["EMPTY", "FieldLists", "Ints", "Inverter", "Postings", "merge", "union"]

Ints = NDArray[np.unsignedinteger[Any]]
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
        entries = slice(int(self.entries[number]), int(self.entries[number + 1]))
        positions = EMPTY.positions
        if len(self.tokens):
            positions = self.positions[int(self.tokens[number]) : int(self.tokens[number + 1])]
        return Postings(self.docs[entries], self.freqs[entries], positions)

    def only(self, alive: NDArray[np.bool_], numbers: Ints) -> FieldLists:
        """Return the lists without the documents that are not ``alive``, renumbered.

        Both arrays have one entry per document: whether it stays, and its new
        number, in the same order as the old ones. Every term stays, even with
        an empty list.
        """
        keep = alive[self.docs]
        every = Postings(self.docs, self.freqs, self.positions).only(keep)
        entries = _sums(keep)[self.entries]
        every = every._replace(docs=numbers[every.docs])
        return _with_tokens(self.terms, entries, every, bool(len(self.tokens)))


def _sums(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the sums of the first 0, 1, 2, ... values: one entry more than ``values``."""
    return np.concatenate(([0], np.cumsum(values, dtype=np.int64)))


def _with_tokens(
    terms: Sequence[bytes], entries: Bounds, every: Postings, positions: bool
) -> FieldLists:
    tokens = _sums(every.freqs)[entries] if positions else np.empty(0, np.int64)
    return FieldLists(terms, entries, tokens, *every)


class _TermNumbers(dict[str, int]):
    """Term -> number, counting up as new terms are asked for."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class Inverter:
    """Collects the terms of one field, document by document, and inverts them.

    Terms are numbered as they come, so that a token costs one look-up and four
    bytes; one stable sort at the end groups them by term and keeps documents
    and positions in order.
    """

    def __init__(self, *, positions: bool) -> None:
        self._keep_positions = positions
        self._numbers = _TermNumbers()
        self._tokens = array("I")
        self._docs = array("I")
        self._lengths = array("I")

    def add(self, doc: int, terms: Sequence[str]) -> None:
        """Add a document's terms, one per position; document numbers must rise."""
        self._tokens.extend(map(self._numbers.__getitem__, terms))
        self._docs.append(doc)
        self._lengths.append(len(terms))

    def lists(self) -> FieldLists:
        """Return the posting lists of everything that was added."""
        terms = sorted((_utf8(term), number) for term, number in self._numbers.items())
        tokens = self._ranked(terms)
        lengths = np.array(self._lengths, np.int64)
        order = np.argsort(tokens, kind="stable")
        tokens = tokens[order]
        docs = np.repeat(np.array(self._docs, np.uint32), lengths)[order]
        starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
        positions = (np.arange(len(tokens)) - starts).astype(np.uint32)[order]
        first = np.ones(len(tokens), np.bool_)
        first[1:] = (tokens[1:] != tokens[:-1]) | (docs[1:] != docs[:-1])
        begins = np.flatnonzero(first)
        every = Postings(
            docs[begins],
            np.diff(begins, append=len(tokens)).astype(np.uint32),
            positions if self._keep_positions else EMPTY.positions,
        )
        entries = np.searchsorted(tokens[begins], np.arange(len(terms) + 1))
        return _with_tokens([term for term, _ in terms], entries, every, self._keep_positions)

    def _ranked(self, terms: Sequence[tuple[bytes, int]]) -> Ints:
        """Return the tokens as ranks of their terms in byte order."""
        ranks = np.empty(len(terms), np.uint32)
        ranks[[number for _, number in terms]] = np.arange(len(terms))
        return ranks[np.frombuffer(self._tokens, np.uint32)] if self._tokens else EMPTY.docs


def _utf8(term: str) -> bytes:
    return term.encode("utf-8", "surrogatepass")


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
        positions = positions[_spread(_sums(freqs)[order], freqs[order])]
    entries = np.searchsorted(owner[order], np.arange(len(terms) + 1))
    held = np.diff(entries) > 0
    return _with_tokens(
        list(compress(terms, held)),
        np.concatenate((entries[:-1][held], entries[-1:])),
        Postings(docs, freqs[order], positions),
        any(len(part.tokens) for part in parts),
    )


def _owners(part: FieldLists, ranks: Mapping[bytes, int]) -> NDArray[np.int64]:
    """Return the rank of its term for each entry of a part."""
    own = np.fromiter(map(ranks.__getitem__, part.terms), np.int64, len(part.terms))
    return np.repeat(own, np.diff(part.entries))


def _spread(starts: NDArray[np.int64], lengths: Ints) -> NDArray[np.int64]:
    """Return start, start + 1, ... for each run of a length, one run behind the other."""
    places = _sums(lengths)
    return np.repeat(starts - places[:-1], lengths) + np.arange(places[-1])


def union(lists: Sequence[Postings]) -> Postings:
    """Return the documents of any of the lists, frequencies added, without positions."""
    filled = [one for one in lists if len(one.docs)]
    return reduce(_both, filled)._replace(positions=EMPTY.positions) if filled else EMPTY


def _both(one: Postings, other: Postings) -> Postings:
    # Looking up the shorter list in the longer one is faster than sorting both.
    long, short = (one, other) if len(one.docs) >= len(other.docs) else (other, one)
    places = np.searchsorted(long.docs, short.docs)
    known = long.docs.take(places, mode="clip") == short.docs
    freqs = long.freqs.astype(np.uint32)
    freqs[places[known]] += short.freqs[known]
    new = ~known
    return Postings(
        np.insert(long.docs.astype(np.uint32), places[new], short.docs[new]),
        np.insert(freqs, places[new], short.freqs[new]),
        EMPTY.positions,
    )
