"""Typed words that stand side by side, and where in the query each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from search_service.analysis.token import Forms, Token
from search_service.analysis.tokenizer import is_arabic
from search_service.query.ast import Phrase, Span, Term

__all__ = ["Unit", "Words", "places", "units_of"]

#: A typed word, or several that make up one name (Covid-19).
Unit: TypeAlias = tuple[Forms, ...]

# What joins letters of other scripts and digits into one name: Covid-19, info@example.org.
_JOINERS = re.compile(r"[-_.@&:+#'’/]?")


class Words(NamedTuple):
    """Words of the same fields that stand side by side; ``places`` says where, one per unit."""

    units: list[Unit]
    fields: tuple[str, ...]
    weight: float
    places: list[Span]

    def at(self, positions: Iterable[int]) -> Words:
        """Return the same with the units at ``positions``, which rise, alone."""
        kept = list(positions)
        if len(kept) == len(self.units):
            return self
        units, spans = [self.units[i] for i in kept], [self.places[i] for i in kept]
        return self._replace(units=units, places=spans)


def units_of(
    text: str, tokens: Sequence[Token], spans: Sequence[Span]
) -> Iterator[tuple[Unit, Span]]:
    """Yield a typed word as units: one word each, or several that make up one name.

    ``spans`` are the places of the tokens in the query.
    """
    unit: Unit = ()
    place, end = (0, 0), -1
    for token, span in zip(tokens, spans, strict=True):
        joined = unit and _JOINERS.fullmatch(text[end : token.start])
        if joined and not _both_arabic(unit[-1], token.forms):
            unit, place = (*unit, token.forms), (place[0], span[1])
        else:
            if unit:
                yield unit, place
            unit, place = (token.forms,), span
        end = token.end
    if unit:
        yield unit, place


def places(query: str, node: Term | Phrase, tokens: Iterable[Token]) -> list[Span]:
    """Return where the words of ``node`` stand in the query; all of ``node`` if that is unsure.

    With escaped characters, what was typed is not what is searched.
    """
    start = query.rfind(node.text, *node.span)
    if start < 0:
        return [node.span for _ in tokens]
    return [(start + token.start, start + token.end) for token in tokens]


def _both_arabic(one: Forms, other: Forms) -> bool:
    return is_arabic(one.folded) and is_arabic(other.folded)
