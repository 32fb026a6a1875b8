"""A service without an index: the methods of SearchService, the real result types."""

from __future__ import annotations

import dataclasses
import datetime
import html
from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search_service.errors import DocumentNotFound, FilterError, QuerySyntaxError
from search_service.http import create_app
from search_service.query.ast import QueryWarning
from search_service.results import Expansion, Facet, Hit, Mark, SearchResults, Snippet, Stats
from search_service.results_completion import Completion, marked_html
from search_service.schema import Document, Tier

DOCUMENTS = (
    Document(
        id="history/002-silk-road",
        title="قوافل طريق الحرير",
        body="كان طريق الحرير شبكة من الطرق.\n\nسلكته القوافل قرونًا.",
        url="https://example.org/2",
        date=datetime.date(2021, 5, 4),
        language="ar",
        tags=("تاريخ", "تجارة"),
        metadata={"source": "seeds"},
    ),
    Document(id="plain", title="", body="text without a title"),
)


class FakeService:
    """Finds the documents whose text holds the query; raises ``failure`` where that is set."""

    def __init__(self, documents: Iterable[Document] = DOCUMENTS) -> None:
        self.documents = {document.id: document for document in documents}
        self.failure: Exception | None = None
        self.amiss: tuple[str, ...] = ()
        self.state = "1"
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.expansions: tuple[Expansion, ...] = ()
        self.facets: tuple[Facet, ...] = ()

    def search(self, query: str, **options: Any) -> SearchResults:
        self._fail()
        self.calls.append((query, options))
        if options.get("strict") and query.count('"') % 2:
            raise QuerySyntaxError("a quotation mark is not closed", (0, 5))
        for wrong in (text for text in options.get("filters", ()) if ":" not in text):
            raise FilterError(wrong, "a word without a field", (0, len(wrong)))
        size, page = options.get("size", 10), options.get("page", 1)
        found = [d for d in self.documents.values() if query in d.title + d.body or query == "*"]
        hits = tuple(self._hit(d, query, **options) for d in found[(page - 1) * size :][:size])
        warned = (QueryWarning("unbalanced-quote", "a quotation mark is not closed", (0, 5)),)
        also = () if options.get("exact") else self.expansions
        results = SearchResults(
            query,
            len(found),
            page,
            size,
            1.5,
            hits,
            warned if '"' in query else (),
            expansions=also,
            facets=self.facets,
        )
        if options.get("explain"):
            results = dataclasses.replace(results, explanation={"type": "term"})
        return results

    def _hit(
        self,
        document: Document,
        query: str,
        highlight: bool = True,
        explain: bool = False,
        **_: Any,
    ) -> Hit:
        return Hit(
            id=document.id,
            score=1.25,
            title=document.title,
            url=document.url,
            date=document.date,
            language=document.language,
            tags=document.tags,
            metadata=document.metadata,
            highlighted_title=_snippet("title", document.title, query) if highlight else None,
            snippets=(_snippet("body", document.body, query),) if highlight else (),
            explanation={"body.exact:طريق": 1.25} if explain else None,
        )

    def suggest(self, text: str, size: int = 8) -> tuple[Completion, ...]:
        self._fail()
        self.calls.append((text, {"size": size}))
        titles = [d for d in self.documents.values() if text and text in d.title]
        return tuple(_completion(document, text) for document in titles[:size])

    def similar(self, document_id: str, size: int = 5) -> SearchResults:
        self.calls.append((document_id, {"size": size}))
        others = [d for d in self.documents.values() if d != self.get(document_id)]
        hits = tuple(self._hit(document, "طريق") for document in others[:size])
        return SearchResults("طريق", len(others), 1, size, 1.5, hits)

    def get(self, document_id: str) -> Document:
        self._fail()
        try:
            return self.documents[document_id]
        except KeyError:
            raise DocumentNotFound(document_id) from None

    def stats(self) -> Stats:
        self._fail()
        times = ("2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z")
        tokens = {"title": 3, "body": 9}
        counted = ("memory", 1, 2, len(self.documents), tokens, 4096)
        return Stats(*counted, *times, "a1", "b2", problems=self.amiss)

    def analyze(self, text: str) -> list[dict[str, Any]]:
        self._fail()
        forms = {"exact": text, "folded": text, "stem": text[2:], "root": text[2:]}
        step = {"rule": "strip proclitic ال", "tier": "stem", "before": text, "after": text[2:]}
        token = {"text": text, "start": 0, "end": len(text), "position": 0}
        return [{**token, "forms": forms, "steps": [step]}] if text else []

    def check_ready(self) -> None:
        self._fail()

    def problems(self) -> tuple[str, ...]:
        return self.amiss

    def fingerprint(self) -> str:
        self._fail()
        return self.state

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


def _completion(document: Document, typed: str) -> Completion:
    start = document.title.find(typed)
    marks = ((start, start + len(typed)),)
    html = marked_html(document.title, marks)
    return Completion(document.title, "title", marks, html, 1, document.id)


def _snippet(field: str, text: str, query: str) -> Snippet:
    start = text.find(query)
    if start < 0 or not query:
        return Snippet(field, text, 0, (), html.escape(text))
    end = start + len(query)
    parts = [html.escape(part) for part in (text[:start], text[start:end], text[end:])]
    marked = f"{parts[0]}<mark>{parts[1]}</mark>{parts[2]}"
    return Snippet(field, text, 0, (Mark(start, end, Tier.EXACT),), marked)


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def app(service: FakeService) -> Flask:
    return create_app(service)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def new_service() -> type[FakeService]:
    """Return the class, for tests that need other documents or two services."""
    return FakeService
