"""Which words of a text a query matched, and the text with marks around them.

Marks are ranges over whole words as written; text becomes HTML last, with
every piece escaped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Protocol

from search_service.analysis.analyzer import Analyzer
from search_service.marking import LONG, HighlightOptions
from search_service.passages import Match, Piece, beginning, best_pieces
from search_service.query import resolved as r
from search_service.query.vocalised import conditions
from search_service.results import Mark, Snippet
from search_service.schema import Tier
from search_service.short_texts import Asked, ShortTexts

__all__ = ["Highlighter", "to_html"]

_FEW = 200

_AS_EVER = HighlightOptions()

_COLUMNS = {tier: column for column, tier in enumerate(Tier)}

# Gives the readings stored with a document, by field; asked only where a text is long.
Stored = Callable[[], Mapping[str, bytes]]


class _Matches(Protocol):
    """The matches in one text, in order."""

    def __len__(self) -> int: ...

    def between(self, start: int, end: int) -> Sequence[Match]:
        """Return the matches in a range."""

    def best_pieces(self, text: str, length: int, count: int) -> list[Piece]:
        """Return the pieces of the text that show them best."""


class _Few(list[Match]):
    """Matches of which each can be looked at."""

    def between(self, start: int, end: int) -> Sequence[Match]:
        return [match for match in self if start <= match[0] and match[1] <= end]

    def best_pieces(self, text: str, length: int, count: int) -> list[Piece]:
        return best_pieces(text, self, length, count)


def _tiers() -> tuple[Asked, ...]:
    return tuple(Asked(tier, column) for column, tier in enumerate(Tier))


class Highlighter:
    """Marks the matches of one resolved query in any number of texts."""

    def __init__(
        self, query: r.Node, analyzer: Analyzer, options: HighlightOptions = _AS_EVER
    ) -> None:
        self._analyzer = analyzer
        self._options = options
        self._conditions = conditions(query)
        self._asked: dict[str, tuple[Asked, ...]] = defaultdict(_tiers)
        self._short: dict[str, ShortTexts] = {}
        for leaf in r.leaves(query, scoring=True):
            if isinstance(leaf, r.Term | r.Phrase):
                for name in leaf.fields:
                    asked = self._asked[name][_COLUMNS[leaf.tier]]
                    if isinstance(leaf, r.Term):
                        asked.terms.add(leaf.term)
                    else:
                        asked.phrases.append(leaf)

    def whole(self, field: str, text: str, stored: Stored = dict) -> Snippet:
        """Return all of a field's text with its matches: what a title needs."""
        piece = (0, len(text))
        return self._snippet(field, text, piece, self._matches(field, text, stored))

    def snippets(self, field: str, text: str, stored: Stored = dict) -> tuple[Snippet, ...]:
        """Return pieces of a text around its best matches, in reading order, as the options say.

        Without a match, the beginning of the text is the only piece; an empty
        text has none. ``stored`` gives the readings that were stored with the
        document (:mod:`~search_service.stored_reading`), which spare reading a
        long text; it is asked for them at most once.
        """
        options = self._options
        if not text.strip():
            return ()
        if options.whole:
            return (self.whole(field, text, stored),)
        matches = self._matches(field, text, stored)
        if len(matches):
            pieces = matches.best_pieces(text, options.length, options.count)
        else:
            pieces = [beginning(text, options.length)]
        return tuple(self._snippet(field, text, piece, matches) for piece in pieces)

    def _snippet(self, field: str, text: str, piece: Piece, matches: _Matches) -> Snippet:
        start, end = piece
        shown = text[start:end]
        found = matches.between(start, end)
        marks = tuple([Mark(first - start, last - start, tier) for first, last, tier, _ in found])
        return Snippet(field, shown, start, marks, to_html(shown, marks, self._options.tag))

    def _matches(self, field: str, text: str, stored: Stored) -> _Matches:
        if field not in self._asked:
            return _Few()
        if len(text) >= LONG:
            return self._in_long(field, text, stored)
        short = self._short.get(field)
        if short is None:
            forbid = partial(self._conditions.forbid, field)
            short = self._short[field] = ShortTexts(self._asked[field], self._analyzer, forbid)
        return _Few(short.matches(text))

    def _in_long(self, field: str, text: str, stored: Stored) -> _Matches:
        # Only here, since it loads NumPy.
        from search_service.long_texts import LongText  # noqa: PLC0415

        long = LongText.of(text, self._analyzer, lambda: stored().get(field))
        for asked in self._asked[field]:
            if asked.terms or asked.phrases:
                forbid = partial(self._conditions.forbid, field, asked.tier)
                long.mark(asked.tier, asked.terms, asked.phrases, forbid)
        many = long.matches()
        # Arrays take longer than steps where there is little to do.
        return many if len(many) > _FEW else _Few(many.between(0, len(text)))


def to_html(text: str, marks: Sequence[Mark], tag: str = "mark") -> str:
    """Return ``text`` as HTML with the element ``tag`` around the marks, which must not overlap.

    >>> to_html("قال <b>", [Mark(0, 3, Tier.EXACT)])
    '<mark>قال</mark> &lt;b&gt;'
    """
    whole = escape(text)
    if not marks:
        return whole
    # Most texts hold nothing to escape, which is told sooner of all than of each piece.
    escaped = str if whole == text else escape
    pieces: list[str] = []
    at = 0
    for mark in marks:
        start, end = mark.start, mark.end
        pieces.append(f"{escaped(text[at:start])}<{tag}>{escaped(text[start:end])}</{tag}>")
        at = end
    pieces.append(escaped(text[at:]))
    return "".join(pieces)
