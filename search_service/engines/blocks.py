"""Posting lists whose documents take two bytes each, however many documents there are.

The documents of a segment are counted in blocks of 65,536. A list keeps of each
document its number within its block, and where in the list each block begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_service.engines.postings import Bounds, FieldLists, Ints, Postings, sums

__all__ = ["BlockedLists", "blocked", "blocks_of"]

_BITS = 16


def blocks_of(documents: int) -> int:
    """Return how many blocks so many documents take, at least one."""
    return max(-(-documents >> _BITS), 1)


def blocked(lists: FieldLists, blocks: int) -> FieldLists:
    """Return lists as they are stored: bounds for each block of each list, documents in two bytes.

    With one block, they are as they were.
    """
    if blocks == 1:
        return lists
    count = len(lists.entries) - 1
    owners = np.repeat(np.arange(count), np.diff(lists.entries))
    sizes = np.bincount(owners * blocks + (lists.docs >> _BITS), minlength=count * blocks)
    within = lists.docs & ((1 << _BITS) - 1)
    return lists._replace(entries=sums(sizes), docs=within.astype(np.uint16))


class BlockedLists(NamedTuple):
    """Lists that :func:`blocked` made, read as :class:`FieldLists` are.

    ``within`` has their documents without the number of the block. Those of list
    number i in block number b are from ``bounds[i * blocks + b]`` to the next one.
    """

    within: FieldLists
    bounds: Bounds
    blocks: int

    @classmethod
    def of(cls, stored: FieldLists, blocks: int) -> BlockedLists:
        """Read lists that are stored in more than one block."""
        return cls(stored._replace(entries=stored.entries[::blocks]), stored.entries, blocks)

    @property
    def entries(self) -> Bounds:
        """Where the documents of each list begin and end."""
        return self.within.entries

    @property
    def tokens(self) -> Bounds:
        """Where the positions of each list begin and end."""
        return self.within.tokens

    def postings(self, number: int) -> Postings:
        """Return the list number ``number``; its documents are a copy."""
        found = self.within.postings(number)
        first = number * self.blocks
        start, *later = self.bounds[first : first + self.blocks].tolist()
        docs = found.docs.astype(np.uint32)
        for begin in later:
            docs[begin - start :] += 1 << _BITS
        return found._replace(docs=docs)

    def documents_of(self, numbers: Ints) -> Ints:
        """Return the documents of the lists with the given numbers, list after list."""
        return self._whole(self.within.documents_of(numbers), numbers)

    def chosen(
        self, numbers: Ints, terms: Sequence[bytes], *, positional: bool = True
    ) -> FieldLists:
        """Return the lists with the given numbers, in this order, as those of ``terms``."""
        found = self.within.chosen(numbers, terms, positional=positional)
        return found._replace(docs=self._whole(found.docs, numbers))

    def _whole(self, within: Ints, numbers: Ints) -> NDArray[np.uint32]:
        """Return the numbers of documents, given those within the blocks of some lists."""
        firsts = numbers.astype(np.int64) * self.blocks
        bounds = self.bounds[firsts[:, None] + np.arange(self.blocks + 1)].astype(np.int64)
        starts = np.arange(self.blocks, dtype=np.uint32) << np.uint32(_BITS)
        above = np.tile(starts, len(numbers)).repeat(np.diff(bounds).ravel())
        above += within
        return above
