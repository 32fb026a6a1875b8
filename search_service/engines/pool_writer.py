"""Writing the lists of fields that share them: what a field has as another does is not repeated.

Lists are taken as the same if their fingerprints are: two sums of 64 bits over
what the list holds, each number scrambled with a secret that is new for every
pool, so that no text can be made to fit. Such sums are as good as random: two of
n different lists share a fingerprint with a probability of about n**2 / 2**129,
which for a million is below 10**-26. Comparing the lists themselves would mean
to read back what is already written, list by list.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_service.engines.array_file import ArrayFileWriter
from search_service.engines.blocks import blocked, blocks_of
from search_service.engines.merging import Gathered
from search_service.engines.postings import FieldLists, Ints, sums

__all__ = ["PoolWriter"]

_Marks: TypeAlias = NDArray[np.uint64]  # two numbers for each list

# The steps of SplitMix64 that scramble a number (variant 13 of David Stafford's mixers).
_STEPS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST_SHIFT = np.uint64(31)
_HALF = np.uint64(32)


class PoolWriter:
    """Writes a pool and the fields that share it, one after the other; a context manager.

    Documents are numbered below ``documents``. What it gathers on the way goes
    to files without names in ``folder``.
    """

    def __init__(self, writer: ArrayFileWriter, pool: str, documents: int, folder: Path) -> None:
        self._writer = writer
        self._pool = pool
        self._blocks = blocks_of(documents)
        self._folder = folder
        self._secrets = [secrets.randbits(64) for _ in range(2)]
        self._open = ExitStack()
        self._lists = self._gathered(FieldLists._fields[1:])
        self._count = 0
        self._known = {True: _Known(), False: _Known()}  # with their positions, and without

    def _gathered(self, names: Sequence[str]) -> Gathered:
        gathered = Gathered(names, self._folder)
        self._open.callback(gathered.close)
        return gathered

    def __enter__(self) -> PoolWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def field(self, name: str, slices: Iterable[FieldLists]) -> None:
        """Write a field, whose lists may be those of the fields before it.

        The terms of each slice follow those of the slice before it.
        """
        terms = self._gathered(("terms", "ends", "lists"))
        positional = False
        for lists in slices:
            positional = bool(len(lists.tokens))
            terms.add_terms(lists.terms)
            terms.add_values("lists", self._numbers(lists, positional=positional))
        terms.write(self._writer, name)
        self._writer.add(f"{name}/positional", np.array([positional]))
        for known in self._known.values():
            known.settle()

    def _numbers(self, lists: FieldLists, *, positional: bool) -> NDArray[np.int64]:
        """Return the number of each list in the pool; those that are not there are added."""
        marks = {False: self._marks(lists.docs, lists.freqs, lists.entries)}
        if positional:
            owners = np.repeat(lists.docs, lists.freqs)
            marks[True] = self._marks(owners, lists.positions, lists.tokens)
        numbers = self._known[positional].find(marks[positional])
        new = np.flatnonzero(numbers < 0)
        numbers[new] = self._count + np.arange(len(new))
        self._count += len(new)
        added = lists if len(new) == len(numbers) else lists.chosen(new, ())
        self._lists.add_lists(blocked(_with_bounds(added), self._blocks))
        for kind, of_kind in marks.items():
            self._known[kind].learn(of_kind[new], numbers[new])
        return numbers

    def _marks(self, docs: Ints, others: Ints, bounds: Ints) -> _Marks:
        """Return the fingerprint of each list: of pairs of a document and another number."""
        pairs = (docs.astype(np.uint64) << _HALF) | others.astype(np.uint64)
        each = [_sums_between(_scrambled(pairs, secret), bounds) for secret in self._secrets]
        return np.stack(each, axis=1)

    def finish(self) -> None:
        """Write the pool to the file."""
        self._lists.write(self._writer, self._pool)
        self._writer.add(f"{self._pool}/blocks", np.array([self._blocks], np.uint32))


def _with_bounds(lists: FieldLists) -> FieldLists:
    """Return lists that have bounds of positions, even if there are none."""
    none = np.zeros(len(lists.entries), np.int64)
    return lists if len(lists.tokens) else lists._replace(tokens=none)


def _scrambled(values: NDArray[np.uint64], secret: int) -> NDArray[np.uint64]:
    found: NDArray[np.uint64] = values ^ np.uint64(secret)
    for shift, factor in _STEPS:
        found ^= found >> shift
        found *= factor
    found ^= found >> _LAST_SHIFT
    return found


def _sums_between(values: NDArray[np.uint64], bounds: Ints) -> NDArray[np.uint64]:
    """Return the sum of the values between each two bounds, of its last 64 bits."""
    before = sums(values.view(np.int64))[bounds]
    return np.diff(before).astype(np.uint64)


class _Known:
    """Fingerprints -> numbers of lists, as of when they were last settled."""

    def __init__(self) -> None:
        self._marks: _Marks = np.empty((0, 2), np.uint64)
        self._numbers: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._new: list[tuple[_Marks, NDArray[np.uint32]]] = []

    def find(self, marks: _Marks) -> NDArray[np.int64]:
        """Return the number of the list with each fingerprint, -1 where there is none."""
        found = np.full(len(marks), -1, np.int64)
        if len(self._marks):
            places = np.searchsorted(self._marks[:, 0], marks[:, 0])
            places[places == len(self._marks)] = 0
            same = (self._marks[places] == marks).all(axis=1)
            found[same] = self._numbers[places[same]]
        return found

    def learn(self, marks: _Marks, numbers: NDArray[np.int64]) -> None:
        """Take lists up that are known once they are settled."""
        self._new.append((marks, numbers.astype(np.uint32)))

    def settle(self) -> None:
        """Make what was learnt known."""
        marks = np.concatenate([self._marks, *(marks for marks, _ in self._new)])
        numbers = np.concatenate([self._numbers, *(numbers for _, numbers in self._new)])
        order = np.argsort(marks[:, 0])
        self._marks, self._numbers = marks[order], numbers[order]
        self._new.clear()
