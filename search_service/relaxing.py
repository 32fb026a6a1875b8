"""An honest zero: what less strict forms of a query would find, and how often each word comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from search_service.advice import Reason, Relaxation, WordTotal
from search_service.query import ast
from search_service.query.relaxing import Form, forms, words
from search_service.schema import Schema

__all__ = ["MAX_RELAXED", "Count", "relaxed"]

#: Forms that are offered.
MAX_RELAXED = 5

#: Returns how many documents a query finds with a ``match`` and otherwise the same settings.
Count = Callable[[str, str], int]


def relaxed(
    query: str, node: ast.Node, match: str, schema: Schema, count: Count
) -> tuple[tuple[Relaxation, ...], tuple[WordTotal, ...]]:
    """Return what a query that finds nothing could be relaxed to, and what each word finds alone.

    At most ``MAX_RELAXED`` forms, nearest first, each of which finds
    something; no word totals where there is one word only. Counts at most 30
    times, whatever the query.
    """
    known = [(word, count(word.query, match)) for word in words(query, node, schema)]
    unknown = [word.leaf for word, total in known if not total]
    totals = tuple(WordTotal(word.query, *word.span, total) for word, total in known)
    found = _finding(forms(query, node, match, schema, unknown), count)
    return tuple(islice(found, MAX_RELAXED)), totals if len(totals) > 1 else ()


def _finding(offered: Iterable[Form], count: Count) -> Iterator[Relaxation]:
    before: Relaxation | None = None
    for form in offered:
        total = count(form.query, form.match)
        # As many with still less strictness are the same documents.
        again = before and before.total == total and _widens(before.reason, form.reason)
        if total and not again:
            before = Relaxation(form.query, form.match, total, form.reason)
            yield before


def _widens(one: Reason, other: Reason) -> bool:
    """Tell whether a form for ``other`` finds all that the one before it finds."""
    if other is Reason.WITHOUT_QUOTES:
        return one in (Reason.NEAR, Reason.WITHOUT_QUOTES)
    return other is Reason.TOGETHER
