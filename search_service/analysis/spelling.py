"""How far a misspelt word is from a right one, by the mistakes that people make in Arabic."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from itertools import accumulate, pairwise

from search_service.analysis.tables import read_table

__all__ = ["confused_with", "spelling_cost"]

# A letter doubled, or one of two left out, is hardly a mistake; a long vowel left out is common.
_DOUBLED = 0.3
_LONG_VOWEL = 0.5
_SWAPPED = 0.6
_ANY = 1.0

_LONG_VOWELS = "اوي"


_NONE: Mapping[str, float] = {}


@functools.cache
def _confusions() -> Mapping[str, Mapping[str, float]]:
    """Return what it costs to write a letter for another: letter -> other letter -> cost."""
    costs: dict[str, dict[str, float]] = {}
    for letters, cost, _ in read_table("confusions.tsv", 3):
        one, other = letters.split()
        for letter, meant in ((one, other), (other, one)):
            known = costs.setdefault(letter, {})
            known[meant] = min(float(cost), known.get(meant, _ANY))
    return costs


@functools.cache
def confused_with(letter: str) -> str:
    """Return the letters that are taken for this one more easily than any other.

    >>> confused_with("ظ")
    'ضط'
    """
    return "".join(_confusions().get(letter, _NONE))


def spelling_cost(typed: str, meant: str) -> float:
    """Return what it costs to get from one folded word to another; 0 is the same word.

    Optimal string alignment (each letter touched once) with costs below 1 for
    letters that are confused, doubled or left out more easily than others.

    >>> spelling_cost("اقتاد", "اقتصاد"), spelling_cost("مضاهرات", "مظاهرات")
    (1.0, 0.3)
    """
    alone = _lone(meant)
    before: list[float] = []
    row = [*accumulate(alone, initial=0.0)]
    for i, (letter, dropped) in enumerate(zip(typed, _lone(typed), strict=True)):
        earlier, before = before, row
        taken_for = _confusions().get(letter, _NONE)
        best = before[0] + dropped
        row = [best]
        for j, wanted in enumerate(meant):
            added, best = best + alone[j], before[j]
            if letter != wanted:
                best += taken_for.get(wanted, _ANY)
                if i and j and letter == meant[j - 1] and typed[i - 1] == wanted:
                    best = min(best, earlier[j - 1] + _SWAPPED)
            best = min(best, added, before[j + 1] + dropped)
            row.append(best)
    return round(row[-1], 6)


def _lone(word: str) -> list[float]:
    """Return what each letter costs where it stands in one word only."""
    costs = [_LONG_VOWEL if letter in _LONG_VOWELS else _ANY for letter in word]
    for i, (letter, following) in enumerate(pairwise(word), start=1):
        if letter == following:
            costs[i] = _DOUBLED
    return costs
