"""Filters: expressions in the query language that hold conditions on whole values alone.

A filter narrows a search and never changes a score: what it becomes holds
keywords of weight 0 and ranges of days, and goes below ``must``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import MAXYEAR, MINYEAR, date

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.letters import to_ascii_digits
from search_service.errors import FilterError, QuerySyntaxError
from search_service.nearest import unknown
from search_service.query import ast
from search_service.query import resolved as r
from search_service.query.clauses import all_of, any_of, simplest
from search_service.query.filters import days_node, value_node
from search_service.query.notes import Notes
from search_service.query.parser import parse
from search_service.schema import Field, FieldKind, Schema

__all__ = ["MAX_CONDITIONS", "YEAR", "filter_for", "filter_nodes", "filtered"]

#: Conditions in all filters of one search.
MAX_CONDITIONS = 1000
#: A field that is not indexed: the years of days.
YEAR = "year"

_PLAIN = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"\d{4}")


def filter_nodes(filters: Sequence[str], schema: Schema, analyzer: Analyzer) -> tuple[r.Node, ...]:
    """Return the engine's form of each filter; a document must match them all.

    Raises :class:`~search_service.errors.FilterError` for one that is broken or
    holds anything but conditions on keywords, ids, days and years.
    """
    left = MAX_CONDITIONS
    found = []
    for text in filters:
        filtering = _Filter(text, schema, analyzer, left)
        found.append(filtering.resolve())
        left = filtering.left
    return tuple(found)


def filtered(query: r.Node, filters: Sequence[r.Node]) -> r.Node:
    """Return ``query`` narrowed to what all ``filters`` match; no score changes."""
    return r.Bool(must=(query, *filters)) if filters else query


def filter_for(field: str, value: str) -> str:
    r"""Return the filter for one value of a field.

    >>> filter_for("tags", "سياسة"), filter_for("tags", 'علوم "الأرض"')
    ('tags:سياسة', 'tags:"علوم \\"الأرض\\""')
    """
    if _PLAIN.fullmatch(value):
        return f"{field}:{value}"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{field}:"{escaped}"'


class _Filter:
    """One filter on its way to nodes; ``left`` is how many conditions it may still have."""

    def __init__(self, text: str, schema: Schema, analyzer: Analyzer, left: int) -> None:
        self._text = text
        self._analyzer = analyzer
        self._fields = tuple(f for f in schema.visible if f.kind is not FieldKind.TEXT)
        self._texts = schema.of_kind(FieldKind.TEXT)
        self._notes = Notes(strict=True)
        self.left = left

    def resolve(self) -> r.Node:
        try:
            return self._node(parse(self._text))
        except FilterError:
            raise
        except QuerySyntaxError as error:
            raise FilterError(self._text, error.message, error.span) from None

    def _node(self, node: ast.Node) -> r.Node:
        match node:
            case ast.And(children):
                return all_of(self._nodes(children)) or r.NoDocs()
            case ast.Or(children):
                return any_of(self._nodes(children)) or r.NoDocs()
            case ast.Not(child):
                return r.Bool(must_not=(self._node(child),))
            case ast.Bool(should, must, must_not):
                # Conditions that stand side by side must all hold, as they must in a query.
                wanted = tuple(self._nodes((*must, *should)))
                found = r.Bool(must=wanted, must_not=tuple(self._nodes(must_not)))
                return simplest(found) or r.NoDocs()
            case ast.MatchAll():
                raise self._wrong("there is no condition in it; leave it out", node)
            case ast.Boost():
                raise self._wrong("a filter changes no score; leave ^ out", node)
            case _:
                return self._condition(node)

    def _nodes(self, nodes: Sequence[ast.Node]) -> list[r.Node]:
        return [self._node(node) for node in nodes]

    def _condition(self, node: ast.Node) -> r.Node:
        self.left -= 1
        if self.left < 0:
            raise self._wrong(f"filters may have {MAX_CONDITIONS} conditions in all", node)
        match node:
            case ast.Term(text, _, name) | ast.Phrase(text, _, name, 0) | ast.Exact(text, _, name):
                return self._value(node, name, text)
            case ast.Range(low, high, _, name):
                return self._range(node, name, low, high)
        raise self._wrong("a filter takes whole values, without *, ? and ~", node)

    def _value(self, node: ast.Node, name: str | None, text: str) -> r.Node:
        target = self._field(node, name)
        if name == YEAR:
            return self._years(node, target, text, text)
        found = value_node(target, text, node.span, analyzer=self._analyzer, notes=self._notes)
        return found or r.NoDocs()

    def _range(self, node: ast.Node, name: str | None, low: str, high: str) -> r.Node:
        target = self._field(node, name)
        if name == YEAR:
            return self._years(node, target, low, high)
        if target.kind is not FieldKind.DATE:
            raise self._wrong(
                f"{name} has no order; put a value with .. between quotation marks", node
            )
        return days_node(target, low, high, node.span, notes=self._notes) or r.NoDocs()

    def _years(self, node: ast.Node, target: Field, low: str, high: str) -> r.Node:
        first = date(self._year(node, low), 1, 1) if low else None
        last = date(self._year(node, high), 12, 31) if high else None
        if first and last and first > last:
            raise self._wrong(f"the range {low}..{high} ends before it begins", node)
        return r.RangeTerm(target.name, first, last)

    def _year(self, node: ast.Node, text: str) -> int:
        digits = to_ascii_digits(text.strip())
        year = int(digits) if _YEAR.fullmatch(digits) else 0
        if not MINYEAR <= year <= MAXYEAR:
            raise self._wrong(f"{text!r} is no year; write 2020 or 2014..2016", node)
        return year

    def _field(self, node: ast.Node, name: str | None) -> Field:
        """Return the field of a condition; refuse what has none, or one that is text."""
        if name is None and isinstance(node, ast.Term) and node.text.endswith(":"):
            raise self._wrong("no value stands directly behind the colon", node)
        if name is None:
            raise self._wrong(
                "a word without a field; put words into the query, and a value of several words "
                'between quotation marks: tags:"علوم الأرض"',
                node,
            )
        if name == YEAR:
            return next(field for field in self._fields if field.kind is FieldKind.DATE)
        for field in self._fields:
            if name in (field.source, field.name):
                return field
        if any(name == field.name for field in self._texts):
            raise self._wrong(f"{name} is text; put it into the query", node)
        raise self._wrong(unknown("field", name, list(self._names())), node)

    def _names(self) -> Iterator[str]:
        yield from (field.source for field in self._fields)
        yield YEAR

    def _wrong(self, reason: str, node: ast.Node) -> FilterError:
        return FilterError(self._text, reason, node.span)
