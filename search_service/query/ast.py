"""The query as it was typed: a tree of frozen nodes, each with its span.

The tree knows neither the schema nor the analyzer: ``field`` is whatever word
stood before the colon, ``text`` whatever the person typed. Spans are half-open
ranges of code points in the query string.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "And",
    "Bool",
    "Boost",
    "Exact",
    "Fuzzy",
    "MatchAll",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "QueryWarning",
    "Range",
    "Span",
    "Term",
    "Wildcard",
]

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Term:
    """A word as typed: ``كتاب``, ``title:كتاب``."""

    text: str
    span: Span
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Exact:
    """A word or phrase to be found as written: ``=كتاب``, ``="حزب الله"``."""

    text: str
    span: Span
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, at most ``slop`` other words between: ``"كتائب حزب"~2``."""

    text: str
    span: Span
    field: str | None = None
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so: ``كتا*`` (``text`` is without the star)."""

    text: str
    span: Span
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every word of this shape; ``*`` is any run of letters, ``?`` exactly one: ``م?ت*ب``."""

    text: str
    span: Span
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every word within ``distance`` (1 or 2) edits: ``اقتاد~1``."""

    text: str
    span: Span
    field: str | None = None
    distance: int = 1


@dataclass(frozen=True, slots=True)
class Range:
    """Values from ``low`` to ``high``, both included; an empty end is open: ``date:2020..2021``."""

    low: str
    high: str
    span: Span
    field: str | None = None


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every document: ``*``, or a query of nothing but white space."""

    span: Span


@dataclass(frozen=True, slots=True)
class And:
    """All children must match: ``a AND b``."""

    children: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Or:
    """At least one child must match: ``a OR b``."""

    children: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    """The child must not match: ``NOT a``."""

    child: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Boost:
    """The child's score counts ``factor`` times: ``a^2``."""

    child: Node
    factor: float
    span: Span


@dataclass(frozen=True, slots=True)
class Bool:
    """Clauses side by side: ``+must -must_not should``.

    All of ``must`` and none of ``must_not`` match; ``should`` adds to the
    score, and where ``must`` is empty at least one of it must match.
    """

    should: tuple[Node, ...]
    must: tuple[Node, ...]
    must_not: tuple[Node, ...]
    span: Span


Node: TypeAlias = (
    Term
    | Exact
    | Phrase
    | Prefix
    | Wildcard
    | Fuzzy
    | Range
    | MatchAll
    | And
    | Or
    | Not
    | Boost
    | Bool
)


@dataclass(frozen=True, slots=True)
class QueryWarning:
    """Something in a query that was understood otherwise than it may have been meant.

    ``code`` is stable and for programs (``unbalanced-quote``), ``message`` is
    a sentence for a person, ``span`` the part of the query that it is about.
    """

    code: str
    message: str
    span: Span
