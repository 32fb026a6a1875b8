"""Texts as numbers of words: each distinct word with its terms once, then a number per word.

A plain sequence of terms per tier names every word four times over. Numbers
are smaller, cross from one process to another quickly, and are inverted
without a look at the single word.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

from search_service.schema import Tier

__all__ = ["NumberedTerms", "WordTable"]

_COLUMNS = {tier: number for number, tier in enumerate(Tier)}


class WordTable:
    """Words by number, from 0 on; it grows at its end, and what is in it stays.

    ``columns`` holds the words' terms, one list per tier in the order of tiers.
    """

    def __init__(self, columns: Iterable[list[str]] | None = None) -> None:
        self.columns: tuple[list[str], ...] = tuple(columns or ([] for _ in Tier))

    def __len__(self) -> int:
        return len(self.columns[0])

    def add(self, terms: Sequence[str]) -> int:
        """Add a word with its term in each tier; return its number."""
        for column, term in zip(self.columns, terms, strict=True):
            column.append(term)
        return len(self.columns[0]) - 1


class NumberedTerms(Mapping[Tier, Sequence[str]]):
    """The terms of one text per tier, made when they are asked for.

    ``numbers`` are those of its words in ``words``, in order.
    """

    __slots__ = ("numbers", "words")

    def __init__(self, words: WordTable, numbers: array[int]) -> None:
        self.words = words
        self.numbers = numbers

    def __getitem__(self, tier: Tier) -> tuple[str, ...]:
        return tuple(map(self.words.columns[_COLUMNS[tier]].__getitem__, self.numbers))

    def __iter__(self) -> Iterator[Tier]:
        return iter(Tier)

    def __len__(self) -> int:
        return len(_COLUMNS)
