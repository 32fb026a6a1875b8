"""The texts of a run of documents as numbers of words, until they are inverted tier by tier."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from search_service.engines.inverting import as_numbers, inverted, ranked
from search_service.engines.postings import FieldLists
from search_service.schema import Tier
from search_service.terms import NumberedTerms, WordTable

__all__ = ["RunWords", "TextRun"]

_NOTHING = np.empty(0, np.int64)

TierTerms = Mapping[Tier, Sequence[str]]


class RunWords(dict[tuple[str, ...], int]):
    """The distinct words of a run, each by its terms in all tiers -> its number.

    A token costs at most one look-up here, in place of one per tier.
    """

    def __init__(self) -> None:
        super().__init__()
        # Of every table that words came from: their numbers here, below 0 where not known yet.
        self._known: dict[WordTable, NDArray[np.int64]] = {}

    def __missing__(self, terms: tuple[str, ...]) -> int:
        number = self[terms] = len(self)
        return number

    def numbers(self, terms: TierTerms) -> array[int]:
        """Return the numbers of a text's words, in order."""
        if isinstance(terms, NumberedTerms):
            return array("I", self._renumbered(terms).astype(np.uint32).tobytes())
        tiers = zip(*(terms[tier] for tier in Tier), strict=True)
        return array("I", map(self.__getitem__, tiers))

    def _renumbered(self, terms: NumberedTerms) -> NDArray[np.int64]:
        numbers = as_numbers(terms.numbers)
        known = self._known.get(terms.words, _NOTHING)
        highest = int(numbers.max()) if len(numbers) else -1
        if highest >= len(known):
            more = np.full(highest + 1, -1)
            known = self._known[terms.words] = np.concatenate((known, more))
        found: NDArray[np.int64] = known[numbers]
        new = found < 0
        if new.any():
            for number in np.unique(numbers[new]).tolist():
                known[number] = self[tuple([c[number] for c in terms.words.columns])]
            found = known[numbers]
        return found

    def column(self, tier: Tier) -> list[str]:
        """Return the term of each word in a tier, by number."""
        place = list(Tier).index(tier)
        return [terms[place] for terms in self]


class TextRun:
    """One text field of a run of documents."""

    def __init__(self) -> None:
        self._tokens = array("I")
        self._docs = array("I")
        self._lengths = array("I")

    def add(self, doc: int, numbers: array[int]) -> None:
        """Add a document's text as numbers of words; document numbers must rise."""
        self._tokens.extend(numbers)
        self._docs.append(doc)
        self._lengths.append(len(numbers))

    def lists(self, column: Sequence[str], *, positions: bool) -> FieldLists:
        """Return the posting lists of a tier, ``column`` being its term of each word by number."""
        tokens = as_numbers(self._tokens)
        held = np.zeros(len(column), np.bool_)
        held[tokens] = True
        used = np.flatnonzero(held)
        terms, ranks = ranked([column[number] for number in used.tolist()])
        rank_of = np.zeros(len(column), np.uint32)
        rank_of[used] = ranks
        docs, lengths = as_numbers(self._docs), as_numbers(self._lengths)
        return inverted(terms, rank_of[tokens], docs, lengths, positions=positions)
