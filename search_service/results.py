"""What a search gives back, as plain frozen values with one JSON shape for every edge."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from search_service.advice import Correction, Reason, Relaxation, Suggestion, WordTotal
from search_service.notebook import hit_html, results_html
from search_service.query.ast import QueryWarning
from search_service.results_completion import Completion
from search_service.results_facets import Facet, FacetValue
from search_service.schema import Tier

__all__ = [
    "Completion",
    "Correction",
    "Expansion",
    "ExpansionKind",
    "Facet",
    "FacetValue",
    "Hit",
    "IndexProblem",
    "IndexReport",
    "Mark",
    "Reason",
    "Relaxation",
    "SearchResults",
    "Snippet",
    "Stats",
    "Suggestion",
    "WordTotal",
]


@dataclass(frozen=True, slots=True)
class Mark:
    """A half-open range of code points that matched, and the strictest tier in which it did."""

    start: int
    end: int
    tier: Tier


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a field with its matches.

    ``start`` is where the piece begins in the whole field, in code points;
    the marks count from the beginning of the piece. ``html`` is ``text`` with
    every character escaped and ``<mark>`` around the matches.
    """

    field: str
    text: str
    start: int
    marks: tuple[Mark, ...]
    html: str

    def to_json(self) -> dict[str, Any]:
        """Return the snippet with its ranges in code points and in UTF-16 units (JavaScript)."""
        return {
            "field": self.field,
            "text": self.text,
            "start": self.start,
            "html": self.html,
            "ranges": [self._range(mark) for mark in self.marks],
        }

    def _range(self, mark: Mark) -> dict[str, Any]:
        return {
            "start": mark.start,
            "end": mark.end,
            "utf16_start": _utf16_length(self.text[: mark.start]),
            "utf16_end": _utf16_length(self.text[: mark.end]),
            "tier": mark.tier.value,
        }


def _utf16_length(text: str) -> int:
    # Counted by the codec: a page of hits asks for hundreds of lengths.
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document. ``explanation`` maps "field.tier:term" to its part of the score."""

    id: str
    score: float
    title: str
    url: str | None
    date: datetime.date | None
    language: str | None
    tags: tuple[str, ...]
    metadata: Mapping[str, Any]
    highlighted_title: Snippet | None = None
    snippets: tuple[Snippet, ...] = ()
    explanation: Mapping[str, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the hit as a JSON object."""
        title = self.highlighted_title
        found: dict[str, Any] = {
            "id": self.id,
            "score": self.score,
            "title": self.title,
            "url": self.url,
            "date": self.date.isoformat() if self.date else None,
            "language": self.language,
            "tags": list(self.tags),
            "metadata": dict(self.metadata),
            "highlighted_title": title.to_json() if title else None,
            "snippets": [snippet.to_json() for snippet in self.snippets],
        }
        if self.explanation is not None:
            found["explanation"] = dict(self.explanation)
        return found

    def _repr_html_(self) -> str:
        return hit_html(self)


ExpansionKind: TypeAlias = Literal["spelling", "synonym"]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words of a query, where they stand (code points, half-open), and what was searched besides.

    ``also`` is as the table has it; ``kind`` is ``"spelling"`` for the same in
    other letters or by another name, ``"synonym"`` for what the user's table adds.
    """

    start: int
    end: int
    typed: str
    also: tuple[str, ...]
    kind: ExpansionKind

    def to_json(self) -> dict[str, Any]:
        """Return the expansion as a JSON object."""
        place = {"start": self.start, "end": self.end}
        return {**place, "typed": self.typed, "also": list(self.also), "kind": self.kind}


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of hits. ``total`` counts all matching documents; ``took_ms`` is milliseconds.

    ``relaxed`` and ``word_totals`` are given where nothing was found: what less
    strict queries would find, and how often the query's words come, each alone.
    ``suggestions`` are queries with other spellings that would find more,
    ``expansions`` what was searched besides the words of this one.
    ``facets`` counts the values of all matching documents, for each field asked for.
    ``explanation`` is the resolved query as nested JSON, where it was asked for.
    """

    query: str
    total: int
    page: int
    size: int
    took_ms: float
    hits: tuple[Hit, ...]
    warnings: tuple[QueryWarning, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    relaxed: tuple[Relaxation, ...] = ()
    word_totals: tuple[WordTotal, ...] = ()
    facets: tuple[Facet, ...] = ()
    explanation: Mapping[str, Any] | None = None

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def to_json(self) -> dict[str, Any]:
        """Return the object that HTTP and ``search --json`` give out."""
        found: dict[str, Any] = {
            "query": self.query,
            "total": self.total,
            "page": self.page,
            "size": self.size,
            "took_ms": self.took_ms,
            "hits": [hit.to_json() for hit in self.hits],
            "warnings": [
                {
                    "code": warning.code,
                    "message": warning.message,
                    "start": warning.span[0],
                    "end": warning.span[1],
                }
                for warning in self.warnings
            ],
            "suggestions": [suggestion.to_json() for suggestion in self.suggestions],
            "expansions": [expansion.to_json() for expansion in self.expansions],
            "relaxed": [relaxation.to_json() for relaxation in self.relaxed],
            "word_totals": [word.to_json() for word in self.word_totals],
            "facets": [facet.to_json() for facet in self.facets],
        }
        if self.explanation is not None:
            found["explanation"] = dict(self.explanation)
        return found

    def _repr_html_(self) -> str:
        return results_html(self)


@dataclass(frozen=True, slots=True)
class IndexProblem:
    """One thing that could not be indexed, or that the user should know of.

    ``error`` tells whether something is missing from the index because of it;
    a replaced duplicate is reported with ``error`` false.
    """

    path: str
    line: int | None
    reason: str
    error: bool = True

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.reason}"

    def to_json(self) -> dict[str, Any]:
        """Return the problem as a JSON object."""
        return {
            "path": self.path,
            "line": self.line,
            "reason": self.reason,
            "error": self.error,
        }


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one run of indexing did, counted in documents."""

    added: int
    updated: int
    unchanged: int
    removed: int
    documents: int
    seconds: float
    problems: tuple[IndexProblem, ...] = ()

    @property
    def failed(self) -> int:
        """How many problems kept something out of the index."""
        return sum(problem.error for problem in self.problems)

    def to_json(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "failed": self.failed,
            "documents": self.documents,
            "seconds": self.seconds,
            "problems": [problem.to_json() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Stats:
    """What an index is and holds; ``tokens`` per text field, ``bytes`` on disk, times in UTC.

    ``synonyms`` counts the groups of the user's table that are in force;
    ``problems`` is what is amiss though searches are answered.
    """

    engine: str
    format: int
    generation: int
    documents: int
    tokens: Mapping[str, int]
    bytes: int
    created: str
    updated: str
    analyzer: str
    schema: str
    synonyms: int = 0
    problems: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the statistics as a JSON object."""
        return {
            "engine": self.engine,
            "format": self.format,
            "generation": self.generation,
            "documents": self.documents,
            "tokens": dict(self.tokens),
            "bytes": self.bytes,
            "created": self.created,
            "updated": self.updated,
            "analyzer": self.analyzer,
            "schema": self.schema,
            "synonyms": self.synonyms,
            "problems": list(self.problems),
        }
