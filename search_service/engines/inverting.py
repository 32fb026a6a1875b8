"""Inverting documents: from their terms, one per position, to posting lists."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_service.engines.postings import EMPTY, FieldLists, Postings, with_tokens

__all__ = ["Inverter", "as_numbers", "inverted", "ranked"]


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
    return with_tokens(terms, entries, Postings(owners[begins], freqs, places), positions)


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
