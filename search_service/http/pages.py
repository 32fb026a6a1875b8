"""The search page and the page of one document, made on the server, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, TypeAlias

from flask import Response, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from search_service.http import wording
from search_service.http.backend import Backend
from search_service.http.blueprint import ServiceBlueprint
from search_service.http.errors import log_problem, problem_for
from search_service.http.parameters import MAX_PAGE
from search_service.http.render import render
from search_service.results import Hit, SearchResults, Snippet

__all__ = ["add_pages"]

PAGE_SIZE = 10
_LONGEST_PART = 60

_Page: TypeAlias = Callable[..., Response]

# A whole URL without white space or control characters: browsers drop some of these, so
# that "java\nscript:" is a script to them.
_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f]+", re.IGNORECASE)


def add_pages(blueprint: ServiceBlueprint, backend: Backend) -> None:
    """Add the pages for people."""

    def search_page() -> Response:
        query = request.args.get("q", "")
        return _results(backend, query) if query.strip() else _welcome(backend)

    def document_page(document_id: str) -> Response:
        return _document(backend, document_id)

    blueprint.page("/", "home", _guarded(search_page))
    blueprint.page("/documents/<search_document_id:document_id>", "reader", _guarded(document_page))


def _guarded(view: _Page) -> _Page:
    """Tell readers of errors in a sentence, where programs get a problem document."""

    @wraps(view)
    def guarded(**arguments: str) -> Response:
        try:
            return view(**arguments)
        except HTTPException:
            raise
        except Exception as error:
            problem = problem_for(error)
            log_problem(error, problem)
            response = _page("error.html", problem.status, error=wording.error_sentence(problem))
            response.headers.update(problem.headers)
            return response

    return guarded


def _page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page; all of them have the search box, filled as it was sent."""
    box = {"query": request.args.get("q", ""), "match": _match()}
    return render(template, status, **{**box, **values})


def _welcome(backend: Backend) -> Response:
    documents = backend.stats().documents
    return _page(
        "welcome.html", holding=wording.count(documents, wording.DOCUMENTS), documents=documents
    )


def _results(backend: Backend, query: str) -> Response:
    results = backend.search(query, size=PAGE_SIZE, page=_page_number(), match=_match())
    return _page(
        "results.html",
        results=results,
        found=wording.count(results.total, wording.RESULTS),
        seconds=f"{results.took_ms / 1000:.3f}",
        pages=-(-results.total // results.size),
        hits=[_hit(hit) for hit in results.hits],
        warnings=_warnings(results),
    )


def _document(backend: Backend, document_id: str) -> Response:
    document = backend.get(document_id)
    return _page(
        "document.html",
        document=document,
        tags=_tags(document.tags),
        source=_web_link(document.url),
        paragraphs=[part for part in re.split(r"\n\s*\n", document.body) if part.strip()],
    )


def _match() -> Literal["any", "all"]:
    return "all" if request.args.get("match") == "all" else "any"


def _page_number() -> int:
    """Return the page that the URL asks for; a number that makes no sense is the first."""
    sent = request.args.get("page", "")
    number = int(sent) if re.fullmatch("[0-9]{1,7}", sent) else 1
    return min(max(number, 1), MAX_PAGE)


def _hit(hit: Hit) -> dict[str, Any]:
    marked = hit.highlighted_title
    return {
        "id": hit.id,
        "title": _markup(marked) if marked and marked.text else hit.title or hit.id,
        "date": hit.date,
        "tags": _tags(hit.tags),
        "snippets": [_markup(snippet) for snippet in hit.snippets],
        "source": _web_link(hit.url),
    }


def _markup(snippet: Snippet) -> Markup:
    # The one HTML that is taken as it is: the highlighter has escaped every character of it.
    return Markup(snippet.html)  # noqa: S704 - escaped, see above


def _warnings(results: SearchResults) -> list[dict[str, str]]:
    return [
        {
            "sentence": wording.warning_sentence(warning.code, warning.message),
            "part": _shortened(results.query[slice(*warning.span)]),
        }
        for warning in results.warnings
    ]


def _shortened(part: str) -> str:
    return part if len(part) <= _LONGEST_PART else f"{part[:_LONGEST_PART]}…"


def _tags(tags: tuple[str, ...]) -> list[dict[str, str | None]]:
    """Return tags, each with the query that finds its documents, if it can be written."""
    return [
        {"name": tag, "query": None if set(tag) & {'"', "\\"} else f'tag:"{tag}"'} for tag in tags
    ]


def _web_link(url: str | None) -> str | None:
    """Return the URL if it leads to the web; nothing else (``javascript:``) becomes a link."""
    return url if url and _WEB.fullmatch(url) else None
