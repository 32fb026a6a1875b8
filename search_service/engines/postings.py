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
from itertools import chain, compress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "EMPTY",
    "Bounds",
    "FieldLists",
    "Ints",
    "Inverter",
    "Postings",
    "as_numbers",
    "inverted",
    "memory_of",
    "merge",
    "ranked",
    "runs",
    "spread",
    "sums",
    "union",
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
        return _with_tokens(self.terms, entries, every, bool(len(self.tokens)))


def runs(bounds: Bounds, numbers: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each of the runs with the given numbers starts, and its length."""
    wanted = numbers.astype(np.int64)
    starts = bounds[wanted].astype(np.int64)
    return starts, bounds[wanted + 1].astype(np.int64) - starts


def sums(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the sums of the first 0, 1, 2, ... values: one entry more than ``values``."""
    return np.concatenate(([0], np.cumsum(values, dtype=np.int64)))


def _with_tokens(
    terms: Sequence[bytes], entries: Bounds, every: Postings, positions: bool
) -> FieldLists:
    tokens = sums(every.freqs)[entries] if positions else np.empty(0, np.int64)
    return FieldLists(terms, entries, tokens, *every)


class _TermNumbers(dict[str, int]):
    """Term -> number, counting up as new terms are asked for."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class Inverter:
    """Collects the terms of one field, document by document, and inverts them.

    Terms are numbered as they come, so that a token costs one look-up and four
    bytes, until :func:`inverted` groups them by term.
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
        terms, ranks = ranked(list(self._numbers))
        tokens = ranks[as_numbers(self._tokens)]
        docs, lengths = as_numbers(self._docs), as_numbers(self._lengths)
        return inverted(terms, tokens, docs, lengths, positions=self._keep_positions)


def as_numbers(values: array[int]) -> NDArray[np.uint32]:
    """Return a view of an array of four-byte numbers, which cannot grow while it is in use."""
    return np.frombuffer(values, np.uint32) if values else np.empty(0, np.uint32)


def ranked(words: Sequence[str]) -> tuple[list[bytes], NDArray[np.uint32]]:
    """Return the distinct words as sorted UTF-8, and the rank of each word among them."""
    encoded = _all_utf8(words)
    terms = sorted(set(encoded))
    ranks = dict(zip(terms, range(len(terms)), strict=True))
    return terms, np.fromiter(map(ranks.__getitem__, encoded), np.uint32, len(encoded))


def inverted(
    terms: Sequence[bytes],
    tokens: NDArray[np.uint32],
    docs: NDArray[np.uint32],
    lengths: NDArray[np.uint32],
    *,
    positions: bool,
) -> FieldLists:
    """Return the posting lists of documents, given their ``tokens`` as ranks among ``terms``.

    ``tokens`` are those of all documents one behind the other; ``docs`` and
    ``lengths`` are the number and the number of tokens of each document. One
    stable sort groups tokens by term and keeps documents and positions in order.
    """
    sizes = lengths.astype(np.int64)
    order = _stable_order(tokens)
    tokens = tokens[order]
    owners = np.repeat(docs, sizes)[order]
    first = np.ones(len(tokens), np.bool_)
    first[1:] = (tokens[1:] != tokens[:-1]) | (owners[1:] != owners[:-1])
    begins = np.flatnonzero(first)
    places = EMPTY.positions
    if positions:
        starts = np.repeat((np.cumsum(sizes) - sizes).astype(np.uint32), sizes)
        places = order - starts[order]
    freqs = np.diff(begins, append=len(tokens)).astype(np.uint32)
    entries = np.searchsorted(tokens[begins], np.arange(len(terms) + 1, dtype=np.uint32))
    return _with_tokens(terms, entries, Postings(owners[begins], freqs, places), positions)


def _stable_order(ranks: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the order that sorts ``ranks``, equal ones as they come: faster than argsort."""
    keyed = (ranks.astype(np.uint64) << np.uint64(32)) | np.arange(len(ranks), dtype=np.uint64)
    keyed.sort()
    order: NDArray[np.uint32] = (keyed & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return order


def _all_utf8(words: Sequence[str]) -> list[bytes]:
    encoded = _utf8("\n".join(words)).split(b"\n")
    # Cutting one long text is faster than encoding single words; ids may hold line breaks.
    return encoded if len(encoded) == len(words) else list(map(_utf8, words))


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
        positions = positions[spread(sums(freqs)[order], freqs[order])]
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
