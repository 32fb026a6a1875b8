"""The OpenAPI document, the same wherever the blueprint is mounted but for ``servers``.

flask-smorest collects a document while its ``Api`` registers blueprints on an
application, and ``Api`` takes over that application's error handlers. The
application here is a private one that serves nothing: a host application
keeps its handlers, and needs no ``Api`` of its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import flask_smorest
from flask import Flask

from search_service.config import Settings
from search_service.http.api import add_api
from search_service.http.backend import Backend, LazyBackend
from search_service.http.blueprint import ServiceBlueprint
from search_service.http.context import MAX_BODY_BYTES
from search_service.http.schemas import ProblemSchema

__all__ = ["API_VERSION", "openapi_document"]

API_VERSION = "1.0.0"

_TITLE = "Arabic search service"
_DESCRIPTION = """\
Full-text search in Arabic (and English) documents.

Every error is application/problem+json (RFC 9457). Send X-Request-Id to find a request \
again in the server's log. Of a query, the first {words} words are searched; \
a body may be {body:,} bytes long."""
_TAGS = {
    "search": "Finding documents.",
    "documents": "Reading documents.",
    "insight": "What the index holds, and how it sees words.",
    "health": "For load balancers and supervisors.",
}
# Where an answer names documents, and how to read on from there.
_FIRST_HIT = "$response.body#/hits/0/id"
_FURTHER = {
    "document": "The whole document of a hit; of the first, here.",
    "similar": "Documents that are like a hit; like the first, here.",
}
_NAMING_DOCUMENTS = (
    ("/v1/search", "get"),
    ("/v1/search", "post"),
    ("/v1/documents/{document_id}/similar", "get"),
)
_URL_TOO_LONG = (
    "The URL is longer than the server allows, which answers in its own words; `search-service "
    "serve` allows 8190 bytes."
)


class _Api(flask_smorest.Api):  # type: ignore[misc]  # its base is untyped
    # Each operation lists its own errors, all of one schema.
    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = ProblemSchema


def openapi_document(settings: Settings, prefix: str = "") -> dict[str, Any]:
    """Return the document of a service that is mounted under ``prefix``."""
    document = dict(_document(settings))
    if prefix:
        document["servers"] = [{"url": prefix}]
    return document


# Made at first use, because it takes a moment; never changed, so that sharing it is no state.
@lru_cache(maxsize=4)
def _document(settings: Settings) -> dict[str, Any]:
    blueprint = ServiceBlueprint("api", __name__)
    add_api(blueprint, LazyBackend(_no_backend))
    api = _Api(
        Flask(__name__, static_folder=None),
        spec_kwargs={
            "title": _TITLE,
            "version": API_VERSION,
            "openapi_version": "3.1.0",
            "info": {
                "description": _DESCRIPTION.format(
                    words=settings.max_query_words, body=MAX_BODY_BYTES
                ),
                "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
            },
        },
    )
    api.register_blueprint(blueprint)
    document: dict[str, Any] = api.spec.to_dict()
    # Of flask-smorest's pagination, which nothing here uses.
    document["components"]["schemas"].pop("PaginationMetadata", None)
    document["tags"] = [{"name": name, "description": what} for name, what in _TAGS.items()]
    _add_links(document["paths"])
    _add_too_long(document["paths"])
    return document


def _add_links(paths: dict[str, Any]) -> None:
    """Say in which operations the id of a hit can be used."""
    links = {
        name: {
            "operationId": name,
            "parameters": {"document_id": _FIRST_HIT},
            "description": description,
        }
        for name, description in _FURTHER.items()
    }
    for path, method in _NAMING_DOCUMENTS:
        paths[path][method]["responses"]["200"]["links"] = links


def _add_too_long(paths: dict[str, Any]) -> None:
    """Add 414 to what takes text in the URL; a server answers it before the service sees it."""
    for methods in paths.values():
        reading = methods.get("get")
        if reading and (reading.get("parameters") or methods.get("parameters")):
            reading["responses"]["414"] = {"description": _URL_TOO_LONG}


def _no_backend() -> Backend:
    raise AssertionError("the application that only makes the document serves no request")
