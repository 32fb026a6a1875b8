"""Which words of a text a query matched, and the pieces of the text that show them best.

Marks are ranges over whole words as written; text becomes HTML last, with
every piece escaped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Token
from search_service.query import resolved as r
from search_service.results import Mark, Snippet
from search_service.schema import Tier

__all__ = ["Highlighter", "to_html"]

# In code points. Long enough for a sentence, short enough that three fit on a phone.
SNIPPET_LENGTH = 220
MAX_SNIPPETS = 3

# What a match is worth when the best piece is chosen.
_WORTH = {Tier.EXACT: 1.0, Tier.FOLDED: 1.0, Tier.STEM: 0.8, Tier.ROOT: 0.3}
_TIERS = tuple(Tier)


@dataclass(frozen=True, slots=True)
class _Match:
    """One matched word: its range, its tier, and which term of the query it answers."""

    start: int
    end: int
    tier: Tier
    term: str


class Highlighter:
    """Marks the matches of one resolved query in any number of texts."""

    def __init__(self, query: r.Node, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._terms: dict[str, dict[Tier, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._phrases: dict[str, list[r.Phrase]] = defaultdict(list)
        for leaf in r.leaves(query, scoring=True):
            if isinstance(leaf, r.Term):
                for field in leaf.fields:
                    self._terms[field][leaf.tier].add(leaf.term)
            elif isinstance(leaf, r.Phrase):
                for field in leaf.fields:
                    self._phrases[field].append(leaf)

    def whole(self, field: str, text: str) -> Snippet:
        """Return all of a field's text with its matches: what a title needs."""
        marks = tuple(Mark(m.start, m.end, m.tier) for m in self._matches(field, text))
        return Snippet(field, text, 0, marks, to_html(text, marks))

    def snippets(self, field: str, text: str) -> tuple[Snippet, ...]:
        """Return up to three pieces of a text around its best matches, in reading order.

        Without a match, the beginning of the text is the only piece; an empty
        text has none.
        """
        matches = self._matches(field, text)
        if not matches:
            start, end = _whole_words(text, 0, min(len(text), SNIPPET_LENGTH))
            return (_snippet(field, text, start, end, ()),) if text.strip() else ()
        chosen = sorted(_best_windows(matches))
        return tuple(
            _snippet(field, text, *_padded(text, matches[first].start, matches[last].end), matches)
            for first, last in chosen
        )

    def _matches(self, field: str, text: str) -> list[_Match]:
        terms, phrases = self._terms.get(field, {}), self._phrases.get(field, ())
        if not terms and not phrases:
            return []
        tokens = self._analyzer.analyze(text)
        found: dict[tuple[int, int], _Match] = {}
        for token in tokens:
            tier = next((t for t in _TIERS if token.forms.of(t) in terms.get(t, ())), None)
            if tier is not None:
                _keep(found, token, tier, token.forms.stem)
        for phrase in phrases:
            for token in _in_phrase(tokens, phrase):
                _keep(found, token, phrase.tier, token.forms.stem)
        return sorted(found.values(), key=lambda match: match.start)


def _keep(found: dict[tuple[int, int], _Match], token: Token, tier: Tier, term: str) -> None:
    place = (token.start, token.end)
    known = found.get(place)
    if known is None or _TIERS.index(tier) < _TIERS.index(known.tier):
        found[place] = _Match(token.start, token.end, tier, term)


def _in_phrase(tokens: Sequence[Token], phrase: r.Phrase) -> Iterable[Token]:
    """Yield the tokens that stand where the phrase does, as engines find it."""
    slots = [frozenset(slot) for slot in phrase.slots]
    places = [[i for i, t in enumerate(tokens) if t.forms.of(phrase.tier) in s] for s in slots]
    for start in places[0] if places else ():
        path = [start]
        for later in places[1:]:
            at = bisect_left(later, path[-1] + 1)
            if at == len(later):
                return
            path.append(later[at])
        if path[-1] - start - (len(slots) - 1) <= phrase.slop:
            yield from (tokens[i] for i in path)


def _best_windows(matches: Sequence[_Match]) -> list[tuple[int, int]]:
    """Return up to three runs of matches (first, last) that fit a piece, the most telling first.

    A run is worth the sum over its different terms; a term that an earlier
    piece has shown already is worth little.
    """
    chosen: list[tuple[int, int]] = []
    shown: set[str] = set()
    while len(chosen) < MAX_SNIPPETS:
        windows = [w for w in _windows(matches) if not any(_touch(w, c) for c in chosen)]
        if not windows:
            break
        best = max(windows, key=lambda window: (_worth(matches, window, shown), -window[0]))
        chosen.append(best)
        shown |= {match.term for match in matches[best[0] : best[1] + 1]}
    return chosen


def _windows(matches: Sequence[_Match]) -> list[tuple[int, int]]:
    windows = []
    last = 0
    for first, match in enumerate(matches):
        last = max(last, first)
        while last + 1 < len(matches) and matches[last + 1].end - match.start <= SNIPPET_LENGTH:
            last += 1
        windows.append((first, last))
    return windows


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _worth(matches: Sequence[_Match], window: tuple[int, int], shown: set[str]) -> float:
    best: dict[str, float] = {}
    for match in matches[window[0] : window[1] + 1]:
        worth = _WORTH[match.tier] * (0.2 if match.term in shown else 1.0)
        best[match.term] = max(best.get(match.term, 0.0), worth)
    # A little for every further match, so that of two equal pieces the denser one is shown.
    return sum(best.values()) + 0.01 * (window[1] - window[0])


def _padded(text: str, start: int, end: int) -> tuple[int, int]:
    spare = max(SNIPPET_LENGTH - (end - start), 0)
    begin = max(start - spare // 3, 0)
    return _whole_words(text, begin, min(max(end, begin + SNIPPET_LENGTH), len(text)), (start, end))


def _whole_words(
    text: str, start: int, end: int, inside: tuple[int, int] | None = None
) -> tuple[int, int]:
    """Move the ends of a piece to white space near them, but never into ``inside``."""
    first, last = inside or (end, start)
    if start > 0:
        space = _next_space(text, start, min(first, start + 30))
        start = start if space is None else space + 1
    if end < len(text):
        space = _next_space(text, end, max(last, end - 30), -1)
        end = end if space is None else space
    return start, end


def _next_space(text: str, start: int, stop: int, step: int = 1) -> int | None:
    return next((i for i in range(start, stop, step) if text[i].isspace()), None)


def _snippet(
    field: str, text: str, start: int, end: int, matches: Sequence[_Match]
) -> Snippet:
    piece = text[start:end]
    # White space at the ends says nothing, and a piece may begin with an empty line.
    lead = len(piece) - len(piece.lstrip())
    start, piece = start + lead, piece.strip()
    marks = tuple(
        Mark(m.start - start, m.end - start, m.tier)
        for m in matches
        if m.start >= start and m.end <= start + len(piece)
    )
    return Snippet(field, piece, start, marks, to_html(piece, marks))


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
