"""Results as HTML for notebooks, which show what ``_repr_html_`` returns.

The piece stands for itself wherever it is shown: its style is in its elements,
it has no scripts and loads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from search_service.web_links import web_link

if TYPE_CHECKING:
    from search_service.results import Hit, SearchResults, Snippet

__all__ = ["hit_html", "results_html"]

_BLOCK = "max-width:46rem;line-height:1.7;text-align:start"
_QUIET = "opacity:.7;font-size:.9em"
# Both colours, so that a dark notebook does not put white letters on yellow.
_MARK = "background:#fde68a;color:#1d2420"


def results_html(results: SearchResults) -> str:
    """Return a page of results as a right-to-left list, best first, with what is advised."""
    first = (results.page - 1) * results.size + 1
    items = "".join(f'<li style="margin:0 0 .9em">{_hit(hit)}</li>' for hit in results.hits)
    style = "margin:.5em 0;padding:0 2em 0 0"
    listed = f'<ol start="{first}" style="{style}">{items}</ol>' if items else ""
    return _block("".join(map(_line, _about(results))) + listed)


def hit_html(hit: Hit) -> str:
    """Return one hit: its title, its pieces with marks, its score, day, tags and id."""
    return _block(_hit(hit))


def _block(inner: str) -> str:
    return f'<div dir="rtl" style="{_BLOCK}">{inner}</div>'


def _line(parts: list[str]) -> str:
    # Each part for itself, or Latin letters and digits would pull the Arabic ones apart.
    isolated = " · ".join(f"<bdi>{escape(part)}</bdi>" for part in parts)
    return f'<div style="{_QUIET}">{isolated}</div>'


def _about(results: SearchResults) -> Iterator[list[str]]:
    pages = -(-results.total // results.size)
    shown = [f"page {results.page} of {pages}"] if pages > 1 else []
    found = f"{results.total:,} found" if results.total else "nothing found"
    query = [results.query] if results.query.strip() else []
    yield [*query, found, *shown, f"{results.took_ms:.1f} ms"]
    for warning in results.warnings:
        yield [warning.message]
    if results.suggestions:
        yield ["did you mean", *(f"{each.query} ({each.total})" for each in results.suggestions)]
    if results.relaxed:
        yield ["less strict", *(f"{each.query} ({each.total})" for each in results.relaxed)]


def _hit(hit: Hit) -> str:
    pieces = "".join(f'<div dir="auto">{_piece(each)}</div>' for each in hit.snippets)
    day = [hit.date.isoformat()] if hit.date else []
    about = _line([f"score {hit.score:.3f}", *day, *hit.tags, hit.id])
    return f'<div dir="auto">{_title(hit)}</div>{pieces}{about}'


def _piece(snippet: Snippet) -> str:
    return f"{'… ' if snippet.start else ''}{_marked(snippet)}"


def _title(hit: Hit) -> str:
    marked = hit.highlighted_title
    shown = _marked(marked) if marked and marked.text else escape(hit.title or hit.id)
    title = f"<strong>{shown}</strong>"
    link = web_link(hit.url)
    if link is None:
        return title
    return f'<a href="{escape(link)}" rel="noopener noreferrer">{title}</a>'


def _marked(snippet: Snippet) -> str:
    """Return a snippet with its marks, each telling how closely the word matched.

    Made from the text: results may have come from a service elsewhere, and
    nothing holds its ``html`` to be escaped.
    """
    pieces: list[str] = []
    at = 0
    for mark in snippet.marks:
        before, word = snippet.text[at : mark.start], snippet.text[mark.start : mark.end]
        opened = f'<mark title="{mark.tier.value}" style="{_MARK}">'
        pieces += (escape(before), opened, escape(word), "</mark>")
        at = mark.end
    return "".join((*pieces, escape(snippet.text[at:])))
