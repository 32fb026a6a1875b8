"""Which words of a text a query matched, and the text with marks around them.

Marks are ranges over whole words as written; text becomes HTML last, with
every piece escaped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Token
from search_service.passages import Match, Piece, beginning, best_pieces
from search_service.query import resolved as r
from search_service.results import Mark, Snippet
from search_service.schema import Tier

__all__ = ["Highlighter", "to_html"]

# The tokens in which each wanted term stands, in order.
Places = Mapping[str, Sequence[int]]


class Highlighter:
    """Marks the matches of one resolved query in any number of texts."""

    def __init__(self, query: r.Node, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._terms: dict[tuple[str, Tier], set[str]] = defaultdict(set)
        self._phrases: dict[tuple[str, Tier], list[r.Phrase]] = defaultdict(list)
        for leaf in r.leaves(query, scoring=True):
            if isinstance(leaf, r.Term):
                for field in leaf.fields:
                    self._terms[field, leaf.tier].add(leaf.term)
            elif isinstance(leaf, r.Phrase):
                for field in leaf.fields:
                    self._phrases[field, leaf.tier].append(leaf)

    def whole(self, field: str, text: str) -> Snippet:
        """Return all of a field's text with its matches: what a title needs."""
        return _snippet(field, text, (0, len(text)), self._matches(field, text))

    def snippets(self, field: str, text: str) -> tuple[Snippet, ...]:
        """Return up to three pieces of a text around its best matches, in reading order.

        Without a match, the beginning of the text is the only piece; an empty
        text has none.
        """
        matches = self._matches(field, text)
        if matches:
            pieces = best_pieces(text, matches)
        else:
            pieces = [beginning(text)] if text.strip() else []
        return tuple(_snippet(field, text, piece, matches) for piece in pieces)

    def _matches(self, field: str, text: str) -> list[Match]:
        wanted = {tier: self._wanted(field, tier) for tier in Tier}
        if not any(wanted.values()):
            return []
        tokens = self._analyzer.analyze(text)
        found: dict[int, Match] = {}
        # The strictest tier comes first and keeps its place.
        for column, tier in enumerate(Tier):
            if wanted[tier]:
                places = _places(tokens, column, wanted[tier])
                for number in self._matched(field, tier, places):
                    start, end, _, forms = tokens[number]
                    if start not in found:
                        found[start] = Match(start, end, tier, forms.root)
        return [found[start] for start in sorted(found)]

    def _wanted(self, field: str, tier: Tier) -> set[str]:
        slots = (slot for phrase in self._phrases.get((field, tier), ()) for slot in phrase.slots)
        return self._terms.get((field, tier), set()).union(*slots)

    def _matched(self, field: str, tier: Tier, places: Places) -> Iterator[int]:
        for term in self._terms.get((field, tier), ()):
            yield from places.get(term, ())
        for phrase in self._phrases.get((field, tier), ()):
            yield from _in_phrase(phrase, places)


def _places(tokens: Sequence[Token], column: int, wanted: set[str]) -> Places:
    """Return where the wanted terms stand; ``column`` is the number of their tier."""
    places: dict[str, list[int]] = {}
    for number, token in enumerate(tokens):
        term = token[3][column]
        if term in wanted:
            places.setdefault(term, []).append(number)
    return places


def _in_phrase(phrase: r.Phrase, places: Places) -> Iterator[int]:
    """Yield the tokens that stand where the phrase does, as engines find it."""
    slots = [sorted({i for term in slot for i in places.get(term, ())}) for slot in phrase.slots]
    for start in slots[0] if slots else ():
        path = [start]
        for later in slots[1:]:
            at = bisect_left(later, path[-1] + 1)
            if at == len(later):
                return
            path.append(later[at])
        if path[-1] - start - (len(slots) - 1) <= phrase.slop:
            yield from path


def _snippet(field: str, text: str, piece: Piece, matches: Iterable[Match]) -> Snippet:
    start, end = piece
    shown = text[start:end]
    marks = tuple(
        Mark(match.start - start, match.end - start, match.tier)
        for match in matches
        if start <= match.start and match.end <= end
    )
    return Snippet(field, shown, start, marks, to_html(shown, marks))


def to_html(text: str, marks: Iterable[Mark]) -> str:
    """Return ``text`` as HTML with ``<mark>`` around the marks, which must not overlap.

    >>> to_html("قال <b>", [Mark(0, 3, Tier.EXACT)])
    '<mark>قال</mark> &lt;b&gt;'
    """
    pieces: list[str] = []
    at = 0
    for mark in marks:
        pieces += (
            escape(text[at : mark.start]),
            "<mark>",
            escape(text[mark.start : mark.end]),
            "</mark>",
        )
        at = mark.end
    return "".join((*pieces, escape(text[at:])))
