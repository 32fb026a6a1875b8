"""The JSON API: each function adds the routes of one subject to a blueprint."""

from __future__ import annotations

from typing import Any

from flask import Response

from search_service.http.backend import Backend
from search_service.http.batch import answers
from search_service.http.blueprint import ServiceBlueprint
from search_service.http.discovery import add_similar, add_suggest
from search_service.http.parameters import (
    AnalyzeParameters,
    BatchBody,
    NoParameters,
    SearchBody,
    SearchParameters,
)
from search_service.http.responses import json_response
from search_service.http.schemas import (
    AnalysisSchema,
    DocumentSchema,
    HealthSchema,
    ReadinessSchema,
    StatsSchema,
)
from search_service.http.search_schemas import BatchSchema, SearchResultsSchema

__all__ = ["add_api"]

_UNPROCESSABLE = {422: "A parameter is unknown, missing or out of bounds."}
_UNAVAILABLE = {503: "The index cannot answer."}
_SYNTAX = "With strict, the query has a syntax error."
_DOCUMENT_PROBLEMS = {404: "No document has this id.", **_UNPROCESSABLE, **_UNAVAILABLE}
_BODY_PROBLEMS = {
    400: "The body is not JSON.",
    413: "The body is longer than 1 MiB.",
    415: "The body is not sent as application/json.",
    **_UNPROCESSABLE,
    **_UNAVAILABLE,
}
_DOCUMENT_ID = {
    "in": "path",
    "name": "document_id",
    "description": "The document's id; it may contain slashes, which need no escaping.",
    "schema": {"type": "string", "minLength": 1, "examples": ["history/002-silk-road"]},
}


def add_api(blueprint: ServiceBlueprint, backend: Backend) -> None:
    """Add all of the API that answers from the index."""
    _add_search(blueprint, backend)
    _add_batch(blueprint, backend)
    add_suggest(blueprint, backend, {**_UNPROCESSABLE, **_UNAVAILABLE})
    _add_documents(blueprint, backend)
    add_similar(blueprint, backend, _DOCUMENT_PROBLEMS, _DOCUMENT_ID)
    _add_insight(blueprint, backend)
    _add_health(blueprint, backend)


def _search(backend: Backend, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the results for checked arguments as a JSON object, with the fields asked for."""
    query, chosen = arguments.pop("q"), arguments.pop("chosen")
    found = backend.search(query, **arguments).to_json()
    kept = {"id", "score", *chosen}
    found["hits"] = [
        {name: value for name, value in hit.items() if name in kept} for hit in found["hits"]
    ]
    return found


def _add_search(blueprint: ServiceBlueprint, backend: Backend) -> None:
    @blueprint.operation(
        "/v1/search",
        SearchResultsSchema,
        query=SearchParameters,
        problems={400: _SYNTAX, **_UNPROCESSABLE, **_UNAVAILABLE},
        fingerprint=backend.fingerprint,
    )
    def search(arguments: dict[str, Any]) -> Response:
        """Search.

        Returns a page of the documents that match, best first. An empty query matches
        every document. A long query is better sent with POST.
        """
        return json_response(_search(backend, arguments))

    @blueprint.operation(
        "/v1/search",
        SearchResultsSchema,
        method="POST",
        body=SearchBody,
        problems={**_BODY_PROBLEMS, 400: f"The body is not JSON. {_SYNTAX}"},
    )
    def search_post(arguments: dict[str, Any]) -> Response:
        """Search with a JSON body.

        The same search, for queries that are too long for a URL.
        """
        return json_response(_search(backend, arguments))


def _add_batch(blueprint: ServiceBlueprint, backend: Backend) -> None:
    @blueprint.operation(
        "/v1/search/batch",
        BatchSchema,
        method="POST",
        body=BatchBody,
        problems=_BODY_PROBLEMS,
    )
    def search_batch(arguments: dict[str, Any]) -> Response:
        """Search several times.

        Returns the results of each search in the order of the searches; in place of one that
        cannot be answered, its problem, which has a status and keeps nothing from the others.
        """
        found = answers(arguments["searches"], lambda checked: _search(backend, checked))
        return json_response({"results": found})


def _add_documents(blueprint: ServiceBlueprint, backend: Backend) -> None:
    @blueprint.operation(
        "/v1/documents/<search_document_id:document_id>",
        DocumentSchema,
        query=NoParameters,
        path=[_DOCUMENT_ID],
        problems=_DOCUMENT_PROBLEMS,
        tag="documents",
        fingerprint=backend.fingerprint,
    )
    def document(_: dict[str, Any], document_id: str) -> Response:
        """Get a document.

        Returns the whole document as it was indexed.
        """
        return json_response(backend.get(document_id).to_json())


def _add_insight(blueprint: ServiceBlueprint, backend: Backend) -> None:
    @blueprint.operation(
        "/v1/analyze",
        AnalysisSchema,
        query=AnalyzeParameters,
        problems={**_UNPROCESSABLE, **_UNAVAILABLE},
        tag="insight",
    )
    def analyze(arguments: dict[str, Any]) -> Response:
        """Analyse a text.

        Shows what the index sees of each word: its forms, and the rules that made them.
        """
        text = arguments["text"]
        return json_response({"text": text, "tokens": backend.analyze(text)})

    @blueprint.operation(
        "/v1/stats",
        StatsSchema,
        query=NoParameters,
        problems={**_UNPROCESSABLE, **_UNAVAILABLE},
        tag="insight",
    )
    def stats(_: dict[str, Any]) -> Response:
        """Describe the index.

        Counts of documents and words, size, engine and versions.
        """
        return json_response(backend.stats().to_json())


def _add_health(blueprint: ServiceBlueprint, backend: Backend) -> None:
    uncached = {"Cache-Control": "no-store"}

    @blueprint.operation("/healthz", HealthSchema, tag="health")
    def healthz() -> Response:
        """Tell whether the process lives.

        Does not look at the index: restart the process when this fails.
        """
        return json_response({"status": "ok"}, headers=uncached)

    @blueprint.operation("/readyz", ReadinessSchema, problems=_UNAVAILABLE, tag="health")
    def readyz() -> Response:
        """Tell whether the index can answer.

        Send no requests while this fails; restarting does not help. What is amiss though the
        index answers, such as a broken table of synonyms, is in the details.
        """
        backend.check_ready()
        details = list(backend.problems())
        return json_response({"status": "ready", "details": details}, headers=uncached)
