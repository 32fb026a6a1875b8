"""How far a misspelt word is from a right one, by the mistakes that people make in Arabic."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from search_service.analysis.tables import read_table

__all__ = ["confused_with", "spelling_cost"]

# A letter doubled, or one of two left out, is hardly a mistake; a long vowel left out is common.
_DOUBLED = 0.3
_LONG_VOWEL = 0.5
_SWAPPED = 0.6
_ANY = 1.0

_LONG_VOWELS = "اوي"


@functools.cache
def _confusions() -> Mapping[tuple[str, str], float]:
    costs: dict[tuple[str, str], float] = {}
    for letters, cost, _ in read_table("confusions.tsv", 3):
        one, other = letters.split()
        for pair in ((one, other), (other, one)):
            costs[pair] = min(float(cost), costs.get(pair, _ANY))
    return costs


@functools.cache
def confused_with(letter: str) -> str:
    """Return the letters that are taken for this one more easily than any other.

    >>> confused_with("ظ")
    'ضط'
    """
    return "".join(dict.fromkeys(other for one, other in _confusions() if one == letter))


def spelling_cost(typed: str, meant: str) -> float:
    """Return what it costs to get from one folded word to another; 0 is the same word.

    Optimal string alignment (each letter touched once) with costs below 1 for
    letters that are confused, doubled or left out more easily than others.

    >>> spelling_cost("اقتاد", "اقتصاد"), spelling_cost("مضاهرات", "مظاهرات")
    (1.0, 0.3)
    """
    confusions = _confusions()
    before: list[float] = []
    row = _first_row(meant)
    for i, letter in enumerate(typed, start=1):
        earlier, before = before, row
        row = [before[0] + _lone(typed, i - 1)]
        for j, wanted in enumerate(meant, start=1):
            best = min(
                before[j] + _lone(typed, i - 1),
                row[j - 1] + _lone(meant, j - 1),
                before[j - 1]
                + (0.0 if letter == wanted else confusions.get((letter, wanted), _ANY)),
            )
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == wanted:
                best = min(best, earlier[j - 2] + _SWAPPED)
            row.append(best)
    return round(row[-1], 6)


def _first_row(word: str) -> list[float]:
    row = [0.0]
    for i in range(len(word)):
        row.append(row[-1] + _lone(word, i))
    return row


def _lone(word: str, i: int) -> float:
    """Return what a letter costs that stands in one word only."""
    if i and word[i] == word[i - 1]:
        return _DOUBLED
    return _LONG_VOWEL if word[i] in _LONG_VOWELS else _ANY
