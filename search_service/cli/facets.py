"""Facets to lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from search_service.cli.lines import Line, Span, value

if TYPE_CHECKING:
    from search_service.results import Facet, SearchResults

__all__ = ["facet_lines"]

_INDENT = 4
# More values would push the results off the screen; --json has them.
_MOST = 10


def facet_lines(results: SearchResults) -> Iterator[Line]:
    """Yield, for each facet, its name and a line for each value with its count and filter."""
    for facet in results.facets:
        yield Line()
        yield Line((Span(facet.field, "bold"), *_note(facet)))
        for each in facet.values[:_MOST]:
            filter_ = Span("  --filter ", "dim")
            quoted = value("'" + each.filter.replace("'", "'\\''") + "'", "dim")
            yield Line((Span(f"{each.count:>6}  "), *value(each.label), filter_, *quoted), _INDENT)


def _note(facet: Facet) -> tuple[Span, ...]:
    every = len(facet.values) + facet.others
    if every > _MOST:
        return (Span(f", the {_MOST} commonest of {every} values", "dim"),)
    return () if every else (Span(": no document found has one", "dim"),)
