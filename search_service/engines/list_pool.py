"""Posting lists that several fields share: each different list is kept once.

Most folded words are written in one way only, so that their list is that of
the written word. The tiers of a text field therefore keep their lists in one
pool, and each tier has the number of a list in the pool for each of its terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_service.engines.blocks import BlockedLists
from search_service.engines.postings import EMPTY, FieldLists, Ints, Postings, runs, sums

__all__ = ["Lists", "PooledLists", "pool_of"]


def pool_of(field: str) -> str:
    """Return the pool that a field keeps its lists in: what is before the slash in its name.

    A field without a slash shares with nobody: the answer is empty.
    """
    pool, slash, _ = field.partition("/")
    return pool if slash else ""


class PooledLists(NamedTuple):
    """All posting lists of a field that shares them with others.

    The list of term number i is number ``numbers[i]`` of ``pool``, whose own
    terms are none. Without ``positional``, positions in the pool are those of
    another field, and not given out.
    """

    terms: Sequence[bytes]
    numbers: Ints
    pool: FieldLists | BlockedLists
    positional: bool

    def postings(self, number: int) -> Postings:
        """Return the list of term number ``number``, as views."""
        return self.kept(self.list_of(number))

    def list_of(self, number: int) -> int:
        """Return the number of the list of term number ``number``: its number in the pool."""
        return int(self.numbers[number])

    def kept(self, number: int) -> Postings:
        """Return the list number ``number`` of the pool, as views."""
        found = self.pool.postings(number)
        return found if self.positional else found._replace(positions=EMPTY.positions)

    def between(self, low: int, high: int) -> FieldLists:
        """Return the lists of the terms number ``low`` to ``high`` (half-open), as copies."""
        numbers, terms = self.numbers[low:high], self.terms[low:high]
        return self.pool.chosen(numbers, terms, positional=self.positional)

    def sizes(self, low: int, high: int) -> NDArray[np.int64]:
        """Return how many documents the terms number ``low`` to ``high`` (half-open) have each."""
        return runs(self.pool.entries, self.numbers[low:high])[1]

    def documents(self, low: int, high: int) -> Ints:
        """Return the documents of the terms number ``low`` to ``high``, list after list."""
        return self.pool.documents_of(self.numbers[low:high])

    def weights(self) -> NDArray[np.int64]:
        """Return how much the terms before each term hold together, as merging counts it."""
        entries = sums(runs(self.pool.entries, self.numbers)[1])
        if not self.positional:
            return entries
        return entries + sums(runs(self.pool.tokens, self.numbers)[1]) // 2


#: The lists of a field, whether it shares them or not.
Lists: TypeAlias = FieldLists | PooledLists
