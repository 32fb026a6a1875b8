"""Which words of a text a query matched, and the text with marks around them.

Marks are ranges over whole words as written; text becomes HTML last, with
every piece escaped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from itertools import chain
from typing import Protocol

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Token
from search_service.marking import LONG, HighlightOptions
from search_service.passages import Match, Piece, beginning, best_pieces
from search_service.query import resolved as r
from search_service.query.vocalised import conditions
from search_service.results import Mark, Snippet
from search_service.schema import Tier

__all__ = ["Highlighter", "to_html"]

_FEW = 200

_AS_EVER = HighlightOptions()

_COLUMNS = {tier: column for column, tier in enumerate(Tier)}

# The tokens in which each wanted term stands, in order.
Places = Mapping[str, Sequence[int]]

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
        return [match for match in self if start <= match.start and match.end <= end]

    def best_pieces(self, text: str, length: int, count: int) -> list[Piece]:
        return best_pieces(text, self, length, count)


@dataclass(slots=True)
class _Asked:
    """What a query asks for in one tier of a field; ``column`` is the tier's place in ``Forms``."""

    tier: Tier
    column: int
    terms: set[str] = field(default_factory=set)
    phrases: list[r.Phrase] = field(default_factory=list)

    def among(self, tokens: Sequence[Token]) -> list[Token]:
        """Return those of ``tokens``, of one text, that match by themselves or in a phrase."""
        column, terms = self.column, self.terms
        if not self.phrases:
            return [token for token in tokens if token[3][column] in terms]
        places = _places(tokens, column)
        numbers = set(chain.from_iterable(_in_phrase(phrase, places) for phrase in self.phrases))
        return [token for token in tokens if token[3][column] in terms or token[2] in numbers]


def _tiers() -> tuple[_Asked, ...]:
    return tuple(_Asked(tier, column) for column, tier in enumerate(Tier))


class Highlighter:
    """Marks the matches of one resolved query in any number of texts."""

    def __init__(
        self, query: r.Node, analyzer: Analyzer, options: HighlightOptions = _AS_EVER
    ) -> None:
        self._analyzer = analyzer
        self._options = options
        self._conditions = conditions(query)
        self._asked: dict[str, tuple[_Asked, ...]] = defaultdict(_tiers)
        # Every term that counts in a field, alone or in a phrase, in whichever tier.
        self._words: dict[str, set[str]] = defaultdict(set)
        for leaf in r.leaves(query, scoring=True):
            if isinstance(leaf, r.Term | r.Phrase):
                for name in leaf.fields:
                    self._ask(leaf, self._asked[name][_COLUMNS[leaf.tier]], self._words[name])

    def _ask(self, leaf: r.Term | r.Phrase, asked: _Asked, words: set[str]) -> None:
        if isinstance(leaf, r.Term):
            asked.terms.add(leaf.term)
            words.add(leaf.term)
        else:
            asked.phrases.append(leaf)
            words.update(*leaf.slots)

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
        marks = tuple(Mark(m.start - start, m.end - start, m.tier) for m in found)
        return Snippet(field, shown, start, marks, to_html(shown, marks, self._options.tag))

    def _matches(self, field: str, text: str, stored: Stored) -> _Matches:
        if field not in self._words:
            return _Few()
        if len(text) >= LONG:
            return self._in_long(field, text, stored)
        return self._in_short(field, text)

    def _in_short(self, field: str, text: str) -> _Few:
        tokens = self._analyzer.tokens_with(text, self._words[field])
        found: dict[int, Match] = {}
        # The strictest tier comes first and keeps its place.
        for asked in self._asked[field] if tokens else ():
            forbid = partial(self._conditions.forbid, field, asked.tier)
            for start, end, _, forms in asked.among(tokens):
                if start not in found and not forbid(text[start:end], forms):
                    found[start] = Match(start, end, asked.tier, forms.root)
        return _Few(found[start] for start in sorted(found))

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


def _places(tokens: Sequence[Token], column: int) -> Places:
    """Return where each term stands; ``column`` is the number of their tier."""
    places: dict[str, list[int]] = {}
    for token in tokens:
        places.setdefault(token[3][column], []).append(token[2])
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


def to_html(text: str, marks: Iterable[Mark], tag: str = "mark") -> str:
    """Return ``text`` as HTML with the element ``tag`` around the marks, which must not overlap.

    >>> to_html("قال <b>", [Mark(0, 3, Tier.EXACT)])
    '<mark>قال</mark> &lt;b&gt;'
    """
    # Most texts hold nothing to escape, which is told sooner of all than of each piece.
    escaped = str if escape(text) == text else escape
    pieces: list[str] = []
    at = 0
    for mark in marks:
        pieces += (
            escaped(text[at : mark.start]),
            f"<{tag}>",
            escaped(text[mark.start : mark.end]),
            f"</{tag}>",
        )
        at = mark.end
    return "".join((*pieces, escaped(text[at:])))
