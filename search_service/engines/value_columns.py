"""Which values each document has, as arrays, for counting the values of any documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_service.engines.array_file import narrowest
from search_service.engines.postings import FieldLists, Ints

__all__ = ["ValueColumn", "keyword_column", "year_column"]

# The day with number 0 in NumPy's calendar (1970-01-01) as Python's ordinal, and its year.
_EPOCH_DAY, _EPOCH_YEAR = 719_163, 1970


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """The values of each document, as numbers of ``labels``; no value has the number 0.

    Where documents have one value at most, ``starts`` and ``lengths`` are
    ``None``, and ``values`` has one entry per document, 0 for none. Otherwise the
    values of document i begin at ``starts[i]``, and there are ``lengths[i]``.
    """

    labels: Sequence[str]
    values: Ints
    starts: NDArray[np.int64] | None = None
    lengths: Ints | None = None

    def counts(self, docs: Ints) -> dict[str, int]:
        """Return how many of ``docs`` have each value, without values that none has."""
        found = np.bincount(self._values_of(docs), minlength=1)
        found[0] = 0
        held = np.flatnonzero(found)
        labels = map(self.labels.__getitem__, held.tolist())
        return dict(zip(labels, found[held].tolist(), strict=True))

    def _values_of(self, docs: Ints) -> Ints:
        if self.starts is None or self.lengths is None:
            return self.values.take(docs)
        lengths = self.lengths.take(docs)
        # From the place of a value in the answer to its place in the column.
        shifts = self.starts.take(docs) - (np.cumsum(lengths, dtype=np.int64) - lengths)
        places = np.repeat(shifts, lengths)
        places += np.arange(len(places))
        return self.values.take(places)


def keyword_column(lists: FieldLists, size: int) -> ValueColumn:
    """Turn the inverted lists of a keyword field around, for documents 0 to ``size - 1``."""
    labels = ["", *(term.decode("utf-8", "surrogatepass") for term in lists.terms)]
    numbers = np.repeat(np.arange(1, len(labels)), np.diff(lists.entries))
    lengths = np.bincount(lists.docs, minlength=size)
    if lengths.max(initial=0) <= 1:
        values = np.zeros(size, np.int64)
        values[lists.docs] = numbers
        return ValueColumn(labels, narrowest(values))
    ordered = numbers[np.argsort(lists.docs, kind="stable")]
    starts = np.cumsum(lengths) - lengths
    return ValueColumn(labels, narrowest(ordered), starts, narrowest(lengths))


def year_column(days: NDArray[np.integer[Any]]) -> ValueColumn:
    """Return the years of days as ordinals (1 is 0001-01-01), none where the day is 0."""
    dated = days > 0
    dates = (days[dated].astype(np.int64) - _EPOCH_DAY).astype("datetime64[D]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + _EPOCH_YEAR
    known, numbers = np.unique(years, return_inverse=True)
    values = np.zeros(len(days), np.int64)
    values[dated] = numbers + 1
    return ValueColumn(["", *(f"{year:04}" for year in known.tolist())], narrowest(values))
