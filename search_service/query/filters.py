"""Whole values: tags, ids and days, which narrow a search and score nothing."""

from __future__ import annotations

from search_service.analysis.analyzer import Analyzer
from search_service.query import resolved as r
from search_service.query.ast import Span
from search_service.query.notes import Notes
from search_service.query.values import first_day, last_day
from search_service.schema import Field, FieldKind

__all__ = ["days_node", "is_filter", "value_node"]

_FILTERS = (r.KeywordTerm, r.RangeTerm)


def is_filter(node: r.Node) -> bool:
    """Tell whether a node asks for whole values and nothing else."""
    if isinstance(node, r.Bool):
        return all(map(is_filter, node.must + node.should + node.must_not))
    return isinstance(node, _FILTERS)


def value_node(
    target: Field, text: str, span: Span, *, analyzer: Analyzer, notes: Notes
) -> r.Node | None:
    """Return the documents with a value in a field that is not text."""
    if target.kind is FieldKind.DATE:
        return days_node(target, text, text, span, notes=notes)
    value = text if target.kind is FieldKind.ID else analyzer.keyword(text)
    if not value:
        notes.mistake("no-value", f"{target.name}: there is no word in {text!r}", span)
        return None
    return r.KeywordTerm(target.name, value)


def days_node(target: Field, low: str, high: str, span: Span, *, notes: Notes) -> r.Node | None:
    """Return the documents of the days from ``low`` to ``high``, both as typed, empty if open."""
    try:
        start = first_day(low) if low else None
        end = last_day(high) if high else None
    except ValueError as error:
        notes.mistake("bad-date", str(error), span)
        return None
    if start and end and start > end:
        notes.mistake("bad-date", f"the range {low}..{high} ends before it begins", span)
    return r.RangeTerm(target.name, start, end)
