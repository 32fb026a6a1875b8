"""The page of one document, with the matches of the search that it was found by."""

from __future__ import annotations

from typing import Any

from flask import Response

from search_service.errors import DocumentNotFound, EngineError
from search_service.http.backend import Backend
from search_service.http.pages.marking import Numbering, kinds_of, marked, paragraphs
from search_service.http.pages.shell import language_of, page
from search_service.http.pages.shown import language_tag, source_name, tag_links
from search_service.http.pages.state import State
from search_service.marking import HighlightOptions
from search_service.query.filtering import filter_for
from search_service.results import Hit, Mark, Snippet
from search_service.schema import Document
from search_service.web_links import web_link

__all__ = ["document_page"]

_WHOLE = HighlightOptions(whole=True)
_SIMILAR = 5


def document_page(backend: Backend, state: State, document_id: str) -> Response:
    """Return a document as it was indexed; raises ``DocumentNotFound``."""
    document = backend.get(document_id)
    hit = _found(backend, state, document)
    title = _marks(hit.highlighted_title) if hit else ()
    body = _marks(hit.snippets[0]) if hit and hit.snippets else ()
    total = len(title) + len(body)
    t = language_of(state)
    numbering = Numbering(total, t)
    return page(
        "document.html",
        state,
        document=document,
        language=language_tag(document.language),
        title=marked(document.title or document.id, title, numbering),
        paragraphs=[marked(*part, numbering) for part in paragraphs(document.body, body)],
        places=t.count(total, "places") if total else None,
        kinds=kinds_of((*title, *body)),
        tags=tag_links(document.tags, state),
        source=source_name(document.url, document.metadata),
        link=web_link(document.url),
        similar=_similar(backend, state, document_id),
    )


def _found(backend: Backend, state: State, document: Document) -> Hit | None:
    """Return the document as a hit of the search, or ``None`` if it is none."""
    if not state.query.strip():
        return None
    results = backend.search(
        state.query,
        size=1,
        match=state.match,
        exact=state.exact,
        highlight=_WHOLE,
        filters=(filter_for("id", document.id),),
    )
    hit = next(iter(results.hits), None)
    # A commit in between may have changed it: marks of another text would stand anywhere.
    if hit is None or hit.id != document.id or not _same(hit, document):
        return None
    return hit


def _same(hit: Hit, document: Document) -> bool:
    body = hit.snippets[0].text if hit.snippets else ""
    return hit.title == document.title and body in (document.body, "")


def _marks(snippet: Snippet | None) -> tuple[Mark, ...]:
    return snippet.marks if snippet else ()


def _similar(backend: Backend, state: State, document_id: str) -> list[dict[str, Any]]:
    try:
        found = backend.similar(document_id, size=_SIMILAR)
    except (DocumentNotFound, EngineError):
        # The document is there to be read; what is like it is an extra.
        return []
    alone = State(lang=state.lang)
    return [
        {"url": alone.reader_url(hit.id), "title": hit.title or hit.id, "date": hit.date}
        for hit in found.hits
    ]
