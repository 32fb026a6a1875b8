"""The page of results."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from flask import Response

from search_service.errors import FilterError
from search_service.http.backend import Backend
from search_service.http.pages import narrowing
from search_service.http.pages.marking import kinds_of, marked
from search_service.http.pages.shell import error_page, language_of, page
from search_service.http.pages.shown import (
    language_tag,
    shortened,
    source_name,
    tag_links,
)
from search_service.http.pages.state import Fault, State
from search_service.http.wording import Wording
from search_service.marking import HighlightOptions
from search_service.results import Hit, Mark, Reason, SearchResults
from search_service.web_links import web_link

__all__ = ["results_page"]

# Two pieces: with three, a screen holds too few documents to choose from.
_SNIPPETS = HighlightOptions(length=180, count=2)
_MOST_ALSO = 20
_NEAR = 2


def results_page(backend: Backend, state: State) -> Response:
    """Return the results of a search; a filter that cannot be read is told, not searched for."""
    try:
        results = _search(backend, state)
    except FilterError as error:
        without = state.with_(filters=tuple(f for f in state.filters if f != error.filter))
        return error_page(without, [Fault("filter", error.filter)])
    t = language_of(state)
    wider = _wider(backend, results, state)
    return page(
        "results.html",
        state,
        results=results,
        seconds=f"{results.took_ms / 1000:.3f}",
        hits=[_hit(hit, state) for hit in results.hits],
        kinds=kinds_of(_marks(results)),
        meant=[_word(one.query, one.total, state) for one in results.suggestions],
        also=_also(results),
        pages=_pages(results, state),
        found=t.count(results.total, "results"),
        warnings=_warnings(results, t),
        relaxed=list(_relaxed(results, state, t)),
        words=[_word(word.query, word.total, state) for word in results.word_totals],
        groups=narrowing.groups(results, state, t),
        chips=narrowing.chips(state, t),
        sorts=narrowing.sorts(state, t),
        wider=t.count(wider, "results") if wider else None,
    )


def _search(backend: Backend, state: State) -> SearchResults:
    return backend.search(
        state.query,
        size=state.size,
        page=state.page,
        match=state.match,
        exact=state.exact,
        highlight=_SNIPPETS,
        facets=narrowing.FACETS,
        filters=state.all_filters,
        sort=state.sort,
    )


def _wider(backend: Backend, results: SearchResults, state: State) -> int:
    """Return how many documents there are without the filters, where there are none with them."""
    if results.total or not state.narrowed:
        return 0
    found = backend.search(
        state.query, size=1, match=state.match, exact=state.exact, highlight=False
    )
    return found.total


def _hit(hit: Hit, state: State) -> dict[str, Any]:
    title = hit.highlighted_title
    link = web_link(hit.url)
    return {
        "url": state.reader_url(hit.id),
        "language": language_tag(hit.language),
        "title": marked(title.text, title.marks) if title and title.text else hit.title or hit.id,
        "snippets": [marked(s.text, s.marks) for s in hit.snippets],
        "date": hit.date,
        "tags": tag_links(hit.tags, state),
        "source": source_name(hit.url, hit.metadata),
        "link": link,
    }


def _marks(results: SearchResults) -> Iterator[Mark]:
    for hit in results.hits:
        for snippet in chain(filter(None, [hit.highlighted_title]), hit.snippets):
            yield from snippet.marks


def _warnings(results: SearchResults, t: Wording) -> list[dict[str, str]]:
    return [
        {
            "sentence": t.warning(warning.code, warning.message),
            "part": shortened(results.query[slice(*warning.span)]),
        }
        for warning in results.warnings
    ]


def _also(results: SearchResults) -> list[str]:
    """Return what was searched besides the query's words, each once, the first ones."""
    also = (name for expansion in results.expansions for name in expansion.also)
    return list(dict.fromkeys(also))[:_MOST_ALSO]


def _word(query: str, total: int, state: State) -> dict[str, Any]:
    return {"query": query, "total": total, "url": state.with_(query=query).url if total else None}


def _relaxed(results: SearchResults, state: State, t: Wording) -> Iterator[dict[str, str]]:
    """Yield less strict queries, each with why it finds more and how many documents."""
    for one in results.relaxed:
        exact = state.exact and one.reason is not Reason.WITHOUT_EXACT
        wide = state.widened() if one.reason is Reason.WITHOUT_NARROWING else state
        match = "all" if one.match == "all" else "any"
        yield {
            "query": one.query,
            "url": wide.with_(query=one.query, match=match, exact=exact).url,
            "reason": t.reason(one.reason),
            "found": t.count(one.total, "results"),
        }


def _pages(results: SearchResults, state: State) -> dict[str, Any] | None:
    """Return the pages around this one, the first and the last, with gaps (``None``) between."""
    last = -(-results.total // results.size)
    if last < 2 or not results.hits:
        return None
    near = range(max(1, results.page - _NEAR), min(last, results.page + _NEAR) + 1)
    numbers: list[int | None] = []
    for number in sorted({1, last, *near}):
        if numbers and (before := numbers[-1]) is not None and number > before + 1:
            numbers.append(None if number > before + 2 else before + 1)
        numbers.append(number)
    return {
        "previous": state.with_(page=results.page - 1).url if results.page > 1 else None,
        "next": state.with_(page=results.page + 1).url if results.page < last else None,
        "numbers": [(n, state.with_(page=n).url if n else None) for n in numbers],
    }
