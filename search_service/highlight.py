"""Which words of a text a query matched, and the text with marks around them.

Marks are ranges over whole words as written; text becomes HTML last, with
every piece escaped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import Protocol

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms, Token
from search_service.analysis.tokenizer import WORD
from search_service.marking import HighlightOptions
from search_service.passages import Match, Piece, beginning, best_pieces
from search_service.query import resolved as r
from search_service.query.vocalised import conditions
from search_service.results import Mark, Snippet
from search_service.schema import Tier

__all__ = ["Highlighter", "to_html"]

#: In code points. Longer texts are read once and remembered for a while.
LONG = 20_000

_FEW = 200

_AS_EVER = HighlightOptions()

# The tokens in which each wanted term stands, in order.
Places = Mapping[str, Sequence[int]]
Wanted = Mapping[Tier, set[str]]


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


class _Verdicts(dict[str, "tuple[Tier, str] | None"]):
    """Word as written -> the strictest tier in which it matches, and its root; kept for a query."""

    def __init__(
        self,
        analyzer: Analyzer,
        terms: Wanted,
        forbid: Callable[[Tier, str, Forms], bool],
    ) -> None:
        super().__init__()
        self._analyzer = analyzer
        self._terms = [(column, tier, terms[tier]) for column, tier in enumerate(Tier)]
        self._in_no_tier = frozenset().union(*terms.values()).isdisjoint
        self._forbid = forbid

    def __missing__(self, word: str) -> tuple[Tier, str] | None:
        # Most words have no form that is wanted anywhere, which one question tells.
        no = all(map(self._in_no_tier, self._analyzer.forms(word)))
        verdict = self[word] = None if no else self._verdict(word)
        return verdict

    def _verdict(self, word: str) -> tuple[Tier, str] | None:
        all_forms = self._analyzer.forms(word)
        for column, tier, terms in self._terms:
            for forms in all_forms:
                if forms[column] in terms and not self._forbid(tier, word, forms):
                    return tier, forms.root
        return None


class Highlighter:
    """Marks the matches of one resolved query in any number of texts."""

    def __init__(
        self, query: r.Node, analyzer: Analyzer, options: HighlightOptions = _AS_EVER
    ) -> None:
        self._analyzer = analyzer
        self._options = options
        self._conditions = conditions(query)
        self._verdicts: dict[str, _Verdicts] = {}
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
        piece = (0, len(text))
        return self._snippet(field, text, piece, self._matches(field, text))

    def snippets(self, field: str, text: str) -> tuple[Snippet, ...]:
        """Return pieces of a text around its best matches, in reading order, as the options say.

        Without a match, the beginning of the text is the only piece; an empty
        text has none.
        """
        options = self._options
        if not text.strip():
            return ()
        if options.whole:
            return (self.whole(field, text),)
        matches = self._matches(field, text)
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

    def _matches(self, field: str, text: str) -> _Matches:
        wanted = {tier: self._wanted(field, tier) for tier in Tier}
        if not any(wanted.values()):
            return _Few([])
        if len(text) >= LONG:
            return self._in_long(field, text, wanted)
        if not any(self._phrases.get((field, tier)) for tier in Tier):
            return _Few(list(self._words(field, text)))
        return _Few(self._in_phrases(field, text, wanted))

    def _words(self, field: str, text: str) -> Iterator[Match]:
        """Yield the matches where every word stands for itself."""
        verdicts = self._verdicts.get(field)
        if verdicts is None:
            terms = {tier: self._terms.get((field, tier), set()) for tier in Tier}
            verdicts = self._verdicts[field] = _Verdicts(
                self._analyzer, terms, partial(self._conditions.forbid, field)
            )
        for found in WORD.finditer(text):
            verdict = verdicts[found.group()]
            if verdict:
                yield Match(found.start(), found.end(), *verdict)

    def _in_phrases(self, field: str, text: str, wanted: Wanted) -> list[Match]:
        tokens = self._analyzer.analyze(text)
        found: dict[int, Match] = {}
        # The strictest tier comes first and keeps its place.
        for column, tier in enumerate(Tier):
            if wanted[tier]:
                places = _places(tokens, column, wanted[tier])
                for number in self._matched(field, tier, places):
                    start, end, _, forms = tokens[number]
                    if start not in found and not self._conditions.forbid(
                        field, tier, text[start:end], forms
                    ):
                        found[start] = Match(start, end, tier, forms.root)
        return [found[start] for start in sorted(found)]

    def _in_long(self, field: str, text: str, wanted: Wanted) -> _Matches:
        # Only here, since it loads NumPy.
        from search_service.long_texts import LongText  # noqa: PLC0415

        long = LongText.of(text, self._analyzer)
        for tier in filter(wanted.get, Tier):
            terms = self._terms.get((field, tier), set())
            phrases = self._phrases.get((field, tier), ())
            long.mark(tier, terms, phrases, partial(self._conditions.forbid, field, tier))
        many = long.matches()
        # Arrays take longer than steps where there is little to do.
        return many if len(many) > _FEW else _Few(many.between(0, len(text)))

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


def to_html(text: str, marks: Iterable[Mark], tag: str = "mark") -> str:
    """Return ``text`` as HTML with the element ``tag`` around the marks, which must not overlap.

    >>> to_html("قال <b>", [Mark(0, 3, Tier.EXACT)])
    '<mark>قال</mark> &lt;b&gt;'
    """
    pieces: list[str] = []
    at = 0
    for mark in marks:
        pieces += (
            escape(text[at : mark.start]),
            f"<{tag}>",
            escape(text[mark.start : mark.end]),
            f"</{tag}>",
        )
        at = mark.end
    return "".join((*pieces, escape(text[at:])))
