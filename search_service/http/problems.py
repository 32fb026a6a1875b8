"""The kinds of error that HTTP clients see, as one catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["KINDS", "Kind", "Problem"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error of this service; plain HTTP errors have none (``about:blank``)."""

    slug: str
    status: int
    title: str
    meaning: str


_ALL = (
    Kind(
        "malformed-body",
        400,
        "The body is not JSON",
        "The body cannot be read as JSON in UTF-8. The detail says where.",
    ),
    Kind(
        "query-syntax",
        400,
        "The query cannot be understood",
        "Only with strict=true. The member span has the start and end of the part of the "
        "query that is wrong, in code points.",
    ),
    Kind(
        "document-not-found",
        404,
        "No such document",
        "No document in the index has this id.",
    ),
    Kind(
        "validation",
        422,
        "The request has unusable parameters",
        "The member errors names each field and what is wrong with it. Unknown parameters "
        "are errors too.",
    ),
    Kind(
        "index-unavailable",
        503,
        "The index cannot answer",
        "The index cannot be read, or its engine is not installed: then the detail is the command "
        "that installs it. The server's log has the reason, under the request id.",
    ),
    Kind(
        "index-mismatch",
        503,
        "The index must be rebuilt",
        "The index was made by another version or configuration of the service. The server's "
        "log has the command that mends it, under the request id.",
    ),
    Kind(
        "index-locked",
        503,
        "The index is being written",
        "Another process holds the index. Try again after the seconds in Retry-After.",
    ),
)

KINDS: Mapping[str, Kind] = {kind.slug: kind for kind in _ALL}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as a client is to see it; ``kind`` is ``None`` for plain HTTP errors."""

    status: int
    title: str
    detail: str
    kind: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        slug: str,
        detail: str,
        *,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Problem:
        """Return a problem of a kind in the catalogue."""
        kind = KINDS[slug]
        return cls(kind.status, kind.title, detail, slug, extra or {}, headers or {})
