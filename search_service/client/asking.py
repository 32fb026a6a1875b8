"""What a call of the client is over HTTP: bodies and paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from search_service.errors import DocumentNotFound
from search_service.marking import HighlightOptions

__all__ = ["document_path", "search_body"]


def search_body(
    query: str,
    *,
    size: int = 10,
    page: int = 1,
    match: str = "any",
    strict: bool = False,
    explain: bool = False,
    highlight: bool | HighlightOptions = True,
    exact: bool = False,
    facets: Sequence[str] = (),
    filters: Sequence[str] = (),
    sort: str = "relevance",
) -> dict[str, Any]:
    """Return the body of ``POST /v1/search`` for the parameters of ``SearchService.search``."""
    body = {"q": query, "size": size, "page": page, "match": match, "strict": strict}
    body |= {"explain": explain, "exact": exact, "sort": sort}
    body |= {"facet": _listed(facets), "filter": _listed(filters)}
    if not isinstance(highlight, HighlightOptions):
        return {**body, "highlight": highlight}
    options = ("tag", "length", "count", "whole")
    return {**body, **{f"highlight_{name}": getattr(highlight, name) for name in options}}


def _listed(texts: Sequence[str]) -> Any:
    """Return JSON for several texts; one text in their place is for the service to refuse."""
    return texts if isinstance(texts, str) else list(texts)


def document_path(document_id: str) -> str:
    """Return the path of a document; slashes stay as they are where nothing on the way eats them.

    Raises :class:`~search_service.errors.DocumentNotFound` for an empty id.

    >>> document_path("تاريخ/2"), document_path("../2")
    ('/v1/documents/%D8%AA%D8%A7%D8%B1%D9%8A%D8%AE/2', '/v1/documents/%2E%2E%2F2')
    """
    if not document_id:
        raise DocumentNotFound(document_id)
    if {"", ".", ".."}.isdisjoint(document_id.split("/")):
        return f"/v1/documents/{quote(document_id)}"
    return "/v1/documents/" + quote(document_id, safe="").replace(".", "%2E")
