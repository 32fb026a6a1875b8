"""Where words of a query have other spellings or names, and what is told of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from search_service.analysis.token import Forms
from search_service.analysis.words import Alternative, Expansion, Variants
from search_service.query.ast import Span
from search_service.query.units import Unit
from search_service.results import Expansion as Listed
from search_service.results import ExpansionKind

__all__ = ["MAX_LISTED", "listed", "names_of_phrase", "names_of_words"]

#: Expansions that are told of one query; more nobody reads.
MAX_LISTED = 100

# Ways to say a phrase that are tried; more than this many months in one phrase nobody quotes.
_MAX_REWORDINGS = 12

# A form of the word itself, as one with a particle, needs no telling.
_TOLD: tuple[ExpansionKind, ...] = get_args(ExpansionKind)


def names_of_words(units: Sequence[Unit], variants: Variants) -> Iterator[Expansion]:
    """Yield the runs of ``units`` that have other names: the longest at each place, none twice."""
    position = 0
    while position < len(units):
        found = _longest(units, position, variants)
        if found:
            yield found
        position = found.end if found else position + 1


def _longest(units: Sequence[Unit], start: int, variants: Variants) -> Expansion | None:
    # A unit of several words is no shorter than they are.
    for end in range(min(start + variants.reach(units[start][0]), len(units)), start, -1):
        alternatives = variants.of([word for unit in units[start:end] for word in unit])
        if alternatives:
            return Expansion(start, end, alternatives)
    return None


def names_of_phrase(words: Sequence[Forms], variants: Variants) -> Iterator[Expansion]:
    """Yield the runs of a phrase that have other names, as many as are tried in all."""
    left = _MAX_REWORDINGS if len(words) > 1 else 0
    for found in variants.expansions(words):
        if not left:
            return
        yield found._replace(alternatives=found.alternatives[:left])
        left -= min(left, len(found.alternatives))


def listed(names: Iterable[Expansion], places: Sequence[Span], query: str) -> Iterator[Listed]:
    """Yield what is told of ``names``; ``places`` has where each word stands in ``query``."""
    for start, end, alternatives in names:
        span = (places[start][0], places[end - 1][1])
        for kind in _TOLD:
            also = _written(alternatives, kind)
            if also:
                yield Listed(*span, query[slice(*span)], also, kind)


def _written(alternatives: Sequence[Alternative], kind: ExpansionKind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.written for one in alternatives if one.kind == kind))
