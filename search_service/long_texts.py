"""The matches of a query in a long text, by arrays of its words."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from weakref import WeakKeyDictionary

import numpy as np

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms
from search_service.many_matches import ManyMatches, phrase_tokens
from search_service.query import resolved as r
from search_service.reading import Ints, Reading, Word, read
from search_service.schema import Tier
from search_service.stored_reading import unpacked

__all__ = ["LongText", "Readings", "Stored"]

#: Gives the reading that was stored with a text, ``None`` if there is none.
Stored = Callable[[], bytes | None]

# In bytes, about; a text of 100,000 words takes 4 million with all that belongs to it.
_ROOM = 100_000_000

_NO_MATCH = len(Tier)


def _nothing() -> None:
    """Give no stored reading."""


class Readings:
    """The readings of the long texts asked for last, in bounded memory; for any threads."""

    def __init__(self, analyzer: Analyzer, room: int = _ROOM) -> None:
        self._analyzer = analyzer
        self._left = room
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Reading] = OrderedDict()

    def get(self, text: str, stored: Stored = _nothing) -> Reading:
        """Return the reading of a text: remembered, stored, or made anew."""
        with self._lock:
            found = self._known.get(text)
            if found is not None:
                self._known.move_to_end(text)
                return found
        content = stored()
        found = unpacked(content, text) if content else None
        if found is None:
            found = read(text, self._analyzer)
        with self._lock:
            if text not in self._known:
                self._known[text] = found
                self._left -= _size(text, found)
            while self._left < 0:
                self._left += _size(*self._known.popitem(last=False))
        return found


def _size(text: str, reading: Reading) -> int:
    return 2 * len(text) + reading.size


_READINGS: WeakKeyDictionary[Analyzer, Readings] = WeakKeyDictionary()


class LongText:
    """Gathers the matches of one query in one text, tier by tier, the strictest first."""

    def __init__(self, text: str, reading: Reading, analyzer: Analyzer) -> None:
        self._text = text
        self._reading = reading
        self._analyzer = analyzer
        self._words: dict[int, Word] = {}
        self._tiers = np.full(len(reading.kinds), _NO_MATCH, np.int8)

    @classmethod
    def of(cls, text: str, analyzer: Analyzer, stored: Stored = _nothing) -> LongText:
        """Return a text as words; those of the last texts asked for are remembered."""
        readings = _READINGS.get(analyzer)
        if readings is None:
            readings = _READINGS.setdefault(analyzer, Readings(analyzer))
        return cls(text, readings.get(text, stored), analyzer)

    def mark(
        self,
        tier: Tier,
        terms: Collection[str],
        phrases: Iterable[r.Phrase],
        forbid: Callable[[str, Forms], bool],
    ) -> None:
        """Find terms and phrases in a tier, but for words that ``forbid`` is true for."""
        found = [self._tokens(tier, terms)]
        found += [self._phrase(tier, phrase) for phrase in phrases if phrase.slots]
        new = np.zeros(len(self._tiers), np.bool_)
        for some in found:
            new[some] = True
        tokens = np.flatnonzero(new & (self._tiers == _NO_MATCH))
        self._tiers[self._allowed(tokens, forbid)] = list(Tier).index(tier)

    def _tokens(self, tier: Tier, terms: Collection[str]) -> Ints:
        """Return the tokens that have one of ``terms`` in a tier."""
        wanted, reading = frozenset(terms), self._reading
        alike = reading.kinds_like(tier, wanted)
        new = [kind for kind in alike if kind not in self._words]
        words = reading.words(new, self._text, self._analyzer)
        self._words.update(zip(new, words, strict=True))
        known = ((kind, self._words[kind][1]) for kind in alike)
        return reading.tokens_of([k for k, forms in known if forms and forms.of(tier) in wanted])

    def _phrase(self, tier: Tier, phrase: r.Phrase) -> Ints:
        slots = [self._tokens(tier, slot) for slot in phrase.slots]
        return phrase_tokens(slots, phrase.slop)

    def _allowed(self, tokens: Ints, forbid: Callable[[str, Forms], bool]) -> Ints:
        reading = self._reading
        allowed = np.zeros(len(reading.firsts), np.bool_)
        allowed[reading.kinds[tokens]] = True
        for kind in np.flatnonzero(allowed).tolist():
            # A kind is written the same way wherever it stands.
            written, forms = self._words[kind]
            allowed[kind] = forms is not None and not forbid(written, forms)
        kept: Ints = tokens[allowed[reading.kinds[tokens]]]
        return kept

    def matches(self) -> ManyMatches:
        """Return all that was found, one match for each place."""
        reading = self._reading
        tokens = np.flatnonzero(self._tiers < _NO_MATCH)
        # Of several words that one sign stands for, the strictest match counts, then the first.
        tokens = tokens[np.lexsort((tokens, self._tiers[tokens], reading.starts[tokens]))]
        tokens = tokens[np.diff(reading.starts[tokens], prepend=-1) > 0]
        names: dict[str, int] = {}
        roots = np.zeros(len(reading.firsts), np.int64)
        kinds = reading.kinds[tokens]
        for kind in dict.fromkeys(kinds.tolist()):
            roots[kind] = names.setdefault(self._root(kind), len(names))
        starts, ends = reading.starts[tokens], reading.ends[tokens]
        return ManyMatches(starts, ends, self._tiers[tokens], roots[kinds], list(names))

    def _root(self, kind: int) -> str:
        forms = self._words[kind][1]
        return forms.root if forms else ""
