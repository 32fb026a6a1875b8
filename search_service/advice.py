"""What results advise: queries that may have been meant, and less strict ones."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

__all__ = ["Correction", "Reason", "Relaxation", "Suggestion", "WordTotal"]


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a query, where it stands (code points, half-open), and what may be meant."""

    start: int
    end: int
    typed: str
    meant: str

    def to_json(self) -> dict[str, Any]:
        """Return the correction as a JSON object."""
        return {"start": self.start, "end": self.end, "typed": self.typed, "meant": self.meant}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that may have been meant, and how many documents it finds."""

    query: str
    total: int
    corrections: tuple[Correction, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the suggestion as a JSON object."""
        return {
            "query": self.query,
            "total": self.total,
            "corrections": [correction.to_json() for correction in self.corrections],
        }


class Reason(str, Enum):
    """Which strictness a relaxed query gives up, the nearest to what was typed first.

    The values are stable and for programs.
    """

    WITHOUT_EXACT = "without-exact"
    WITHOUT_NARROWING = "without-narrowing"
    NEAR = "near"
    NOT_EXACT = "not-exact"
    LONGER_WORDS = "longer-words"
    MORE_EDITS = "more-edits"
    WITHOUT_FIELD = "without-field"
    WITHOUT_EXCLUDED = "without-excluded"
    WITHOUT_FILTER = "without-filter"
    WITHOUT_FILTERS = "without-filters"
    WITHOUT_QUOTES = "without-quotes"
    ANY_WORD = "any-word"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A less strict query, and how many documents it finds where the one typed finds none.

    ``match`` is what to search it with, all other settings being the same
    (only for ``Reason.WITHOUT_EXACT``, without ``exact``, and for
    ``Reason.WITHOUT_NARROWING``, without the request's ``filters``).
    """

    query: str
    match: str
    total: int
    reason: Reason

    def to_json(self) -> dict[str, Any]:
        """Return the relaxed query as a JSON object."""
        return {
            "query": self.query,
            "match": self.match,
            "total": self.total,
            "reason": self.reason.value,
        }


@dataclass(frozen=True, slots=True)
class WordTotal:
    """One word of a query as a query of its own, where it was typed, and what it finds alone.

    ``start`` and ``end`` are code points in the query, half-open.
    """

    query: str
    start: int
    end: int
    total: int

    def to_json(self) -> dict[str, Any]:
        """Return the word and its total as a JSON object."""
        return {"query": self.query, "start": self.start, "end": self.end, "total": self.total}
