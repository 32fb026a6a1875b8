"""The matches of a query in a long text, by arrays of its words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from weakref import WeakKeyDictionary

import numpy as np

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms
from search_service.many_matches import ManyMatches, phrase_tokens
from search_service.query import resolved as r
from search_service.reading import Ints, Reading, Readings
from search_service.schema import Tier

__all__ = ["LongText"]

_READINGS: WeakKeyDictionary[Analyzer, Readings] = WeakKeyDictionary()

_NO_MATCH = len(Tier)


class LongText:
    """Gathers the matches of one query in one text, tier by tier, the strictest first."""

    def __init__(self, text: str, reading: Reading) -> None:
        self._text = text
        self._reading = reading
        self._tiers = np.full(len(reading.kinds), _NO_MATCH, np.int8)

    @classmethod
    def of(cls, text: str, analyzer: Analyzer) -> LongText:
        """Return a text as words; those of the last texts asked for are remembered."""
        readings = _READINGS.get(analyzer)
        if readings is None:
            readings = _READINGS.setdefault(analyzer, Readings(analyzer))
        return cls(text, readings.get(text))

    def mark(
        self,
        tier: Tier,
        terms: Collection[str],
        phrases: Iterable[r.Phrase],
        forbid: Callable[[str, Forms], bool],
    ) -> None:
        """Find terms and phrases in a tier, but for words that ``forbid`` is true for."""
        found = [self._reading.tokens_of(self._reading.kinds_with(tier, terms))]
        found += [self._phrase(tier, phrase) for phrase in phrases if phrase.slots]
        new = np.zeros(len(self._tiers), np.bool_)
        for some in found:
            new[some] = True
        tokens = np.flatnonzero(new & (self._tiers == _NO_MATCH))
        self._tiers[self._allowed(tokens, forbid)] = list(Tier).index(tier)

    def _phrase(self, tier: Tier, phrase: r.Phrase) -> Ints:
        reading = self._reading
        slots = [reading.tokens_of(reading.kinds_with(tier, slot)) for slot in phrase.slots]
        return phrase_tokens(slots, phrase.slop)

    def _allowed(self, tokens: Ints, forbid: Callable[[str, Forms], bool]) -> Ints:
        reading = self._reading
        first = np.zeros(len(reading.forms), np.int64)
        first[reading.kinds[tokens[::-1]]] = tokens[::-1]
        allowed = np.zeros(len(reading.forms), np.bool_)
        allowed[reading.kinds[tokens]] = True
        kinds = np.flatnonzero(allowed)
        for kind, token in zip(kinds.tolist(), first[kinds].tolist(), strict=True):
            # A kind is written the same way wherever it stands.
            written = self._text[reading.starts[token] : reading.ends[token]]
            allowed[kind] = not forbid(written, reading.forms[kind])
        kept: Ints = tokens[allowed[reading.kinds[tokens]]]
        return kept

    def matches(self) -> ManyMatches:
        """Return all that was found, one match for each place."""
        reading = self._reading
        tokens = np.flatnonzero(self._tiers < _NO_MATCH)
        # Of several words that one sign stands for, the strictest match counts, then the first.
        tokens = tokens[np.lexsort((tokens, self._tiers[tokens], reading.starts[tokens]))]
        starts, first = np.unique(reading.starts[tokens], return_index=True)
        tokens = tokens[first]
        kinds, places = np.unique(reading.kinds[tokens], return_inverse=True)
        names: dict[str, int] = {}
        roots = [names.setdefault(reading.forms[k].root, len(names)) for k in kinds.tolist()]
        numbers = np.array(roots, np.int64)[places]
        return ManyMatches(starts, reading.ends[tokens], self._tiers[tokens], numbers, list(names))
