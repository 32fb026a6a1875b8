"""Suggestions while somebody types, and documents like one: the routes of both."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from search_service.http.backend import Backend
from search_service.http.blueprint import ServiceBlueprint
from search_service.http.describing import Described, described
from search_service.http.describing import number as _number
from search_service.http.describing import text as _text
from search_service.http.parameters import SimilarParameters, SuggestParameters
from search_service.http.responses import json_response
from search_service.http.search_schemas import SearchResultsSchema

__all__ = ["add_similar", "add_suggest"]


class TypedRangeSchema(Described):
    """What was typed of a suggestion, in code points and, for JavaScript, in UTF-16 units."""

    start = _number("First character, in code points from the beginning of the text.", 0)
    end = _number("Behind the last character, in code points.", 7)
    utf16_start = _number("As start, in UTF-16 units.", 0)
    utf16_end = _number("As end, in UTF-16 units.", 7)


class CompletionSchema(Described):
    """What may be meant by what was typed so far."""

    text = _text("All that was typed with its last word completed, or a whole title.", "الأميركية")
    kind = _text(
        "word: the text is a query; title: it is the title of a document.",
        "word",
        validate=validate.OneOf(["word", "title"]),
    )
    html = _text(
        "The text as safe HTML: everything escaped, what was typed in mark elements.",
        "<mark>الأميرك</mark>ية",
    )
    ranges = fields.List(
        fields.Nested(TypedRangeSchema),
        required=True,
        metadata=described("What was typed, in order; other letters may stand there."),
    )
    count = _number(
        "How many documents have the word: with the words before it, where any has them all. "
        "Of a title it is 1.",
        12,
    )
    id = _text(
        "Of a title the id of its document, else null.", "history/002-silk-road", allow_none=True
    )


class CompletionsSchema(Described):
    """Suggestions for what was typed so far."""

    query = _text("What was typed.", "الاميرك")
    suggestions = fields.List(
        fields.Nested(CompletionSchema),
        required=True,
        metadata=described("Words, those of most documents first; then titles."),
    )


def add_suggest(blueprint: ServiceBlueprint, backend: Backend, problems: dict[int, str]) -> None:
    """Add ``GET /v1/suggest``; ``problems`` says when each error status comes."""

    @blueprint.operation(
        "/v1/suggest",
        CompletionsSchema,
        query=SuggestParameters,
        problems=problems,
        fingerprint=backend.fingerprint,
    )
    def suggest(arguments: dict[str, Any]) -> Response:
        """Suggest while somebody types.

        Completes the last word from the words of the documents, in any spelling and with any
        particle in front, and finds titles with all that was typed. Any text will do; where
        it ends with no word, there are titles alone.
        """
        typed = arguments["q"]
        found = backend.suggest(typed, size=arguments["size"])
        return json_response({"query": typed, "suggestions": [one.to_json() for one in found]})


def add_similar(
    blueprint: ServiceBlueprint,
    backend: Backend,
    problems: dict[int, str],
    document_id: dict[str, Any],
) -> None:
    """Add the documents like one; ``document_id`` describes the id in the path."""

    @blueprint.operation(
        "/v1/documents/<search_document_id:document_id>/similar",
        SearchResultsSchema,
        query=SimilarParameters,
        path=[document_id],
        problems=problems,
        tag="documents",
        fingerprint=backend.fingerprint,
    )
    def similar(arguments: dict[str, Any], document_id: str) -> Response:
        """Find documents like one.

        Returns the documents that share most of the words which tell what this one is about,
        best first and without the document itself. The query of the results has some of
        these words, and the total counts the documents that share any of them.
        """
        return json_response(backend.similar(document_id, size=arguments["size"]).to_json())
