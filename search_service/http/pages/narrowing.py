"""The column beside the results: values to narrow them to, and the filters in force."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from search_service.http.pages.state import State
from search_service.http.wording import Wording
from search_service.results import Facet, FacetValue, SearchResults

__all__ = ["FACETS", "chips", "groups", "sorts"]

#: In the order of the page.
FACETS = ("tags", "year", "source")

_AT_ONCE = 8
# Of these a document has one value: another choice takes the place of the first.
_SINGLE = ("year", "source", "language")
_SIMPLE = re.compile(r'(tags?|source|year|language):(?:"((?:[^"\\]|\\.)*)"|([^\s"()]+))')
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class _Choice:
    label: str
    count: int
    url: str
    chosen: bool


def groups(results: SearchResults, state: State, t: Wording) -> list[dict[str, Any]]:
    """Return the facets that offer a choice, each with its values and where they lead."""
    return [
        {
            "field": facet.field,
            "name": t.plain(f"facet_{facet.field}"),
            "values": choices[:_AT_ONCE],
            "more": choices[_AT_ONCE:],
            "others": facet.others,
        }
        for facet in results.facets
        if (choices := _choices(facet, state))
    ]


def _choices(facet: Facet, state: State) -> list[_Choice]:
    values = list(facet.values)
    if facet.field == "year":
        values.sort(key=lambda value: value.value, reverse=True)
    return [_choice(facet, value, state) for value in values]


def _choice(facet: Facet, value: FacetValue, state: State) -> _Choice:
    chosen = value.filter in state.filters
    before = state
    if facet.field in _SINGLE and not chosen:
        kept = (
            f for f in state.filters if (found := _simple(f)) is None or found[0] != facet.field
        )
        before = state.with_(filters=tuple(kept))
    return _Choice(value.label, value.count, before.toggled(value.filter).url, chosen)


def _simple(expression: str) -> tuple[str, str] | None:
    """Return field and value of a filter that is no more than that.

    >>> _simple('tags:"علوم الأرض"'), _simple("NOT tags:x")
    (('tags', 'علوم الأرض'), None)
    """
    found = _SIMPLE.fullmatch(expression)
    if found is None:
        return None
    name = "tags" if found[1] == "tag" else found[1]
    return name, found[3] if found[2] is None else _ESCAPE.sub(r"\1", found[2])


def chips(state: State, t: Wording) -> list[dict[str, str]]:
    """Return the filters in force, each with its words and the page without it."""
    shown = [_chip(expression, state.toggled(expression), t) for expression in state.filters]
    if state.since or state.until:
        shown.append(
            {
                "kind": t.plain("dates"),
                "label": _range(state, t),
                "url": state.with_(since=None, until=None).url,
            }
        )
    return shown


def _chip(expression: str, without: State, t: Wording) -> dict[str, str]:
    found = _simple(expression)
    kind, label = (t.plain(f"facet_{found[0]}"), found[1]) if found else ("", expression)
    return {"kind": kind, "label": label, "url": without.url}


def _range(state: State, t: Wording) -> str:
    since, until = (t.date(day) if day else "" for day in (state.since, state.until))
    key = "range" if since and until else "range_since" if since else "range_until"
    return t.plain(key, since=since, until=until)


def sorts(state: State, t: Wording) -> list[dict[str, Any]]:
    """Return the orders that can be chosen, and the one in force where it is another."""
    offered = [("relevance", "relevance"), ("-date", "newest"), ("date", "oldest")]
    if state.sort not in dict(offered):
        offered.append((state.sort, "id"))
    return [
        {
            "name": t.plain(f"sort_{name}"),
            "url": state.with_(sort=sort).url,
            "chosen": sort == state.sort,
        }
        for sort, name in offered
    ]
