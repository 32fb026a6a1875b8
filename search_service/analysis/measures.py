"""Root letters of a word by its measure (وزن): what derived forms and broken plurals share."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import NamedTuple

from search_service.analysis.tables import read_table

__all__ = ["MEASURES_TABLE", "Measures", "load_measures", "radicals"]

#: The table of measures, with its number of columns.
MEASURES_TABLE = {"patterns.tsv": 2}

_RADICALS = "فعل"
_WHOLE = "="
# Weak letters come and go within one root (مقال، تقويم، قيمة), so they count as one where a
# measure shows which letters are the root's; elsewhere they tell لون from لين.
_WEAK = "ويء"
_ONE = "ا"


class Measures(NamedTuple):
    """The measures of one length.

    ``pattern`` matches the words of any of them, with the root letters as groups;
    ``letters`` maps the last group of a measure to what picks its root letters.
    """

    pattern: re.Pattern[str]
    letters: Mapping[int, Callable[[str], tuple[str, ...]]]


def radicals(word: str, measures: Mapping[int, Measures]) -> str:
    """Return the root letters of a folded word, or the word itself where no measure fits."""
    of_length = measures.get(len(word))
    fit = of_length.pattern.fullmatch(word) if of_length else None
    # A measure that keeps the word whole has no groups.
    if of_length is None or fit is None or fit.lastindex is None:
        return word
    root = "".join(of_length.letters[fit.lastindex](word))
    for letter in _WEAK:
        root = root.replace(letter, _ONE)
    return root


@functools.cache
def load_measures() -> Mapping[int, Measures]:
    """Return the packaged measures by length, read once for the process."""
    measures: defaultdict[int, list[str]] = defaultdict(list)
    for measure, _ in read_table("patterns.tsv", MEASURES_TABLE["patterns.tsv"]):
        measures[len(measure.removeprefix(_WHOLE))].append(measure)
    return {length: _measures(rows) for length, rows in measures.items()}


def _measures(rows: Iterable[str]) -> Measures:
    """Return measures of one length as one expression whose groups are the root letters."""
    slots = re.compile(f"[{_RADICALS}]")
    patterns: list[str] = []
    letters: dict[int, Callable[[str], tuple[str, ...]]] = {}
    group = 0
    for row in rows:
        measure = row.removeprefix(_WHOLE)
        patterns.append(slots.sub("." if row != measure else "(.)", measure))
        if row == measure:
            places = [match.start() for match in slots.finditer(measure)]
            group += len(places)
            letters[group] = itemgetter(*places)
    return Measures(re.compile("|".join(patterns)), letters)
