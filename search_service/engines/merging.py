"""Merging the posting lists of a field in slices of its terms, so that memory stays bounded.

Each slice holds about as much, however large the lists are; only a single term
that has more is taken whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_service.engines.array_file import ArrayFileWriter, Spool
from search_service.engines.postings import FieldLists, Ints, merge

__all__ = ["ListsWriter", "Part", "merged"]

# About how much a slice holds. In numbers: a document of a term counts 1, and so do two positions.
_SLICE = 500_000
_TERM = 6  # what a term counts besides: it is an object while lists are merged


class Part(NamedTuple):
    """Lists to merge with others: all of them, or only the documents that are ``alive``.

    ``alive`` and ``numbers`` are as in :meth:`FieldLists.only`, or both ``None``.
    ``done`` is called when a slice of the lists is no longer needed.
    """

    lists: FieldLists
    alive: NDArray[np.bool_] | None = None
    numbers: Ints | None = None
    done: Callable[[], None] = lambda: None

    def between(self, low: int, high: int) -> FieldLists:
        """Return the lists of some terms as they are to be merged."""
        lists = self.lists.between(low, high)
        if self.alive is None or self.numbers is None:
            return lists
        return lists.only(self.alive, self.numbers)


def merged(parts: Sequence[Part]) -> Iterator[FieldLists]:
    """Yield the lists of the parts as one, a slice after the other in the order of terms.

    Each part's document numbers are above those of the part before it.
    """
    if len(parts) == 1 and parts[0].alive is None:
        yield parts[0].lists
        return
    cuts = _cuts([part.lists for part in parts])
    places = [
        [0, *(bisect_left(part.lists.terms, cut) for cut in cuts), len(part.lists.terms)]
        for part in parts
    ]
    for number in range(len(cuts) + 1):
        yield merge(
            [
                part.between(at[number], at[number + 1])
                for part, at in zip(parts, places, strict=True)
            ]
        )
        for part in parts:
            part.done()


def _cuts(parts: Sequence[FieldLists]) -> list[bytes]:
    """Return the terms at which slices begin, but for the first."""
    sizes = [_sizes(part) for part in parts]
    # No slice has more than one share of each part.
    share = max(_SLICE // max(len(parts), 1), 1)
    if sum(int(size[-1]) for size in sizes) <= _SLICE:
        return []
    cuts: set[bytes] = set()
    for part, size in zip(parts, sizes, strict=True):
        at = np.unique(np.searchsorted(size, np.arange(share, int(size[-1]), share)))
        cuts.update(part.terms[number] for number in at.tolist() if number < len(part.terms))
    return sorted(cuts)


def _sizes(part: FieldLists) -> NDArray[np.int64]:
    """Return how much the terms before each term hold together."""
    sizes = part.entries.astype(np.int64) + _TERM * np.arange(len(part.entries))
    return sizes + part.tokens.astype(np.int64) // 2 if len(part.tokens) else sizes


class ListsWriter:
    """Writes the lists of one field to an array file, slice by slice; a context manager.

    What it gathers on the way goes to files without names in ``folder``.
    """

    def __init__(self, writer: ArrayFileWriter, field: str, folder: Path) -> None:
        self._writer = writer
        self._field = field
        self._ends: dict[str, int] = {}
        self._open = ExitStack()
        names = ("terms", "ends", *FieldLists._fields[1:])
        self._spools = {name: Spool(folder) for name in names}
        for spool in self._spools.values():
            self._open.callback(spool.close)

    def __enter__(self) -> ListsWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, lists: FieldLists) -> None:
        """Add lists whose terms follow those before them."""
        spools = self._spools
        spools["terms"].append(np.frombuffer(b"".join(lists.terms), np.uint8))
        self._add_bounds("ends", np.cumsum([0, *map(len, lists.terms)]))
        self._add_bounds("entries", lists.entries)
        if len(lists.tokens):
            self._add_bounds("tokens", lists.tokens)
        for name in ("docs", "freqs", "positions"):
            spools[name].append(getattr(lists, name))

    def _add_bounds(self, name: str, bounds: NDArray[np.integer[Any]]) -> None:
        # The last bound of a slice is the first one of the next.
        spool, before = self._spools[name], self._ends.get(name)
        new = bounds if before is None else bounds[1:].astype(np.int64) + before
        if len(new):
            spool.append(new)
            self._ends[name] = int(new[-1])

    def finish(self) -> None:
        """Write the arrays to the file."""
        for name, spool in self._spools.items():
            self._writer.add_spooled(f"{self._field}/{name}", spool)
