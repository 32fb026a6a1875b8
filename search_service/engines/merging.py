"""Merging the posting lists of a field in slices of its terms, so that memory stays bounded.

Each slice holds about as much, however large the lists are; only a single term
that has more is taken whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_service.engines.array_file import ArrayFileWriter, Spool
from search_service.engines.list_pool import Lists
from search_service.engines.postings import FieldLists, Ints, merge

__all__ = ["Gathered", "ListsWriter", "Part", "merged"]

# About how much a slice holds. In numbers: a document of a term counts 1, and so do two positions.
_SLICE = 500_000
_TERM = 6  # what a term counts besides: it is an object while lists are merged


class Part(NamedTuple):
    """Lists to merge with others: all of them, or only the documents that are ``alive``.

    ``alive`` and ``numbers`` are as in :meth:`FieldLists.only`, or both ``None``.
    ``done`` is called when a slice of the lists is no longer needed.
    """

    lists: Lists
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
        yield parts[0].between(0, len(parts[0].lists.terms))
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


def _cuts(parts: Sequence[Lists]) -> list[bytes]:
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


def _sizes(part: Lists) -> NDArray[np.int64]:
    """Return how much the terms before each term hold together."""
    return part.weights() + _TERM * np.arange(len(part.terms) + 1)


class Gathered:
    """Arrays that grow until they are written to an array file, each under its name.

    They grow in files without names in ``folder``, until they are written or closed.
    """

    def __init__(self, names: Sequence[str], folder: Path) -> None:
        self._ends: dict[str, int] = {}
        self._spools = {name: Spool(folder) for name in names}

    def close(self) -> None:
        """Let go of the files."""
        for spool in self._spools.values():
            spool.close()

    def add_values(self, name: str, values: NDArray[Any]) -> None:
        """Add values at the end of an array."""
        self._spools[name].append(values)

    def add_terms(self, terms: Sequence[bytes]) -> None:
        """Add terms: the bytes of all go to ``terms``, their bounds to ``ends``."""
        self.add_values("terms", np.frombuffer(b"".join(terms), np.uint8))
        self.add_bounds("ends", np.cumsum([0, *map(len, terms)]))

    def add_lists(self, lists: FieldLists) -> None:
        """Add what the lists hold, and its bounds, but not the terms."""
        self.add_bounds("entries", lists.entries)
        if len(lists.tokens):
            self.add_bounds("tokens", lists.tokens)
        for name in ("docs", "freqs", "positions"):
            self.add_values(name, getattr(lists, name))

    def add_bounds(self, name: str, bounds: NDArray[np.integer[Any]]) -> None:
        """Add bounds that count from 0, behind those that are there."""
        # The last bound of a slice is the first one of the next.
        before = self._ends.get(name)
        new = bounds if before is None else bounds[1:].astype(np.int64) + before
        if len(new):
            self.add_values(name, new)
            self._ends[name] = int(new[-1])

    def write(self, writer: ArrayFileWriter, prefix: str) -> None:
        """Write the arrays to the file, as ``prefix/name``."""
        for name, spool in self._spools.items():
            writer.add_spooled(f"{prefix}/{name}", spool)


class ListsWriter:
    """Writes the lists of one field to an array file, slice by slice; a context manager.

    What it gathers on the way goes to files without names in ``folder``.
    """

    def __init__(self, writer: ArrayFileWriter, field: str, folder: Path) -> None:
        self._writer = writer
        self._field = field
        self._arrays = Gathered(("terms", "ends", *FieldLists._fields[1:]), folder)

    def __enter__(self) -> ListsWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._arrays.close()

    def add(self, lists: FieldLists) -> None:
        """Add lists whose terms follow those before them."""
        self._arrays.add_terms(lists.terms)
        self._arrays.add_lists(lists)

    def finish(self) -> None:
        """Write the arrays to the file."""
        self._arrays.write(self._writer, self._field)
