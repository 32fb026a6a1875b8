"""Root letters of a word by its measure (وزن): what derived forms and broken plurals share."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from search_service.analysis.tables import read_table

__all__ = ["MEASURES_TABLE", "load_measures", "radicals"]

#: The table of measures, with its number of columns.
MEASURES_TABLE = {"patterns.tsv": 2}

_RADICALS = "فعل"
_WHOLE = "="
# Weak letters come and go within one root (مقال، تقويم، قيمة), so they count as one where a
# measure shows which letters are the root's; elsewhere they tell لون from لين.
_WEAK = str.maketrans(dict.fromkeys("ويء", "ا"))


def radicals(word: str, measures: Mapping[int, re.Pattern[str]]) -> str:
    """Return the root letters of a folded word, or the word itself where no measure fits."""
    pattern = measures.get(len(word))
    fit = pattern.fullmatch(word) if pattern else None
    return ("".join(filter(None, fit.groups())).translate(_WEAK) if fit else "") or word


@functools.cache
def load_measures() -> Mapping[int, re.Pattern[str]]:
    """Return the packaged measures by length, read once for the process."""
    measures: defaultdict[int, list[str]] = defaultdict(list)
    for measure, _ in read_table("patterns.tsv", MEASURES_TABLE["patterns.tsv"]):
        measures[len(measure.removeprefix(_WHOLE))].append(measure)
    return {length: _pattern(rows) for length, rows in measures.items()}


def _pattern(measures: Iterable[str]) -> re.Pattern[str]:
    """Return measures of one length as one expression whose groups are the root letters."""
    slots = re.compile(f"[{_RADICALS}]")
    # A measure that keeps the word whole has no groups.
    return re.compile(
        "|".join(
            slots.sub("." if measure.startswith(_WHOLE) else "(.)", measure.removeprefix(_WHOLE))
            for measure in measures
        )
    )
