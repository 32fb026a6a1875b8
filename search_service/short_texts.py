"""The matches of a query in short texts, found word by word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms, Token
from search_service.passages import Match
from search_service.query import resolved as r
from search_service.schema import Tier

__all__ = ["Asked", "ShortTexts"]

# The tokens in which each wanted term stands, in order.
Places = Mapping[str, Sequence[int]]


@dataclass(slots=True)
class Asked:
    """What a query asks for in one tier of a field; ``column`` is the tier's place in ``Forms``."""

    tier: Tier
    column: int
    terms: set[str] = field(default_factory=set)
    phrases: list[r.Phrase] = field(default_factory=list)

    def words(self) -> set[str]:
        """Return every term that counts, alone or in a phrase."""
        return self.terms.union(*(chain.from_iterable(phrase.slots) for phrase in self.phrases))

    def among(self, tokens: Sequence[Token]) -> list[Token]:
        """Return those of ``tokens``, of one text, that match by themselves or in a phrase."""
        column, terms = self.column, self.terms
        if not self.phrases:
            return [token for token in tokens if token[3][column] in terms]
        places = _places(tokens, column)
        numbers = set(chain.from_iterable(_in_phrase(phrase, places) for phrase in self.phrases))
        return [token for token in tokens if token[3][column] in terms or token[2] in numbers]


class ShortTexts:
    """Finds the matches of one query in any number of texts of one field.

    ``forbid`` tells of a tier, a word as written and its forms whether the word is no match there.
    """

    def __init__(
        self,
        asked: Sequence[Asked],
        analyzer: Analyzer,
        forbid: Callable[[Tier, str, Forms], bool],
    ) -> None:
        # The strictest tier comes first.
        self._asked = [one for one in asked if one.terms or one.phrases]
        self._words = set().union(*(one.words() for one in self._asked))
        self._phrases = any(one.phrases for one in self._asked)
        self._analyzer = analyzer
        self._forbid = forbid
        # What is read between two spaces comes again in other texts of the page.
        self._known: dict[str, list[Match]] = {}

    def matches(self, text: str) -> list[Match]:
        """Return the matches in a text, in order."""
        return self._read(text) if self._phrases else self._between_spaces(text)

    def _between_spaces(self, text: str) -> list[Match]:
        """Return what :meth:`_read` does where no match depends on other words.

        No word has a space, and most that stand between two can be ruled out at once.
        """
        pieces = text.split(" ")
        found: list[Match] = []
        start = last = 0
        for number in self._analyzer.pieces_with(pieces, self._words):
            piece = pieces[number]
            matches = self._known.get(piece)
            if matches is None:
                matches = self._known[piece] = self._read(piece)
            if matches:
                start += sum(map(len, pieces[last:number])) + number - last
                last = number
                found += [Match(start + a, start + b, tier, root) for a, b, tier, root in matches]
        return found

    def _read(self, text: str) -> list[Match]:
        tokens = self._analyzer.tokens_with(text, self._words)
        found: dict[int, Match] = {}
        # The strictest tier keeps its place.
        for asked in self._asked if tokens else ():
            forbid = partial(self._forbid, asked.tier)
            for start, end, _, forms in asked.among(tokens):
                if start not in found and not forbid(text[start:end], forms):
                    found[start] = Match(start, end, asked.tier, forms.root)
        return [found[start] for start in sorted(found)]


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
