"""Long texts as arrays of words, remembered, so that marking them again takes little."""

from __future__ import annotations

import re
import threading
from array import array
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms
from search_service.analysis.tokenizer import WORD
from search_service.schema import Tier

__all__ = ["Ints", "Reading", "Readings"]

Ints = NDArray[np.signedinteger[Any]]

# In bytes, about; a text of 170,000 words takes 20 million with all that belongs to it.
_ROOM = 100_000_000

_PARTS = re.compile(f"({WORD.pattern})").split


@dataclass(frozen=True)
class Reading:
    """The tokens of a text in order, as :meth:`Analyzer.analyze` gives them, by numbers.

    ``starts``, ``ends`` and ``kinds`` have one entry per token. A kind is a
    distinct word as written, and ``forms[kind]`` are its forms; ``columns`` has
    the terms of all kinds, one list per tier.
    """

    starts: Ints
    ends: Ints
    kinds: Ints
    forms: list[Forms]
    columns: tuple[list[str], ...]
    _indexes: dict[Tier, _Index] = field(default_factory=dict)

    def kinds_with(self, tier: Tier, terms: Collection[str]) -> list[int]:
        """Return the kinds that have one of ``terms`` in a tier."""
        index = self._indexes.get(tier)
        if index is None:
            index = self._indexes[tier] = _Index(self.columns[list(Tier).index(tier)])
        return index.places(terms)

    def tokens_of(self, kinds: Collection[int]) -> Ints:
        """Return the numbers of the tokens of some kinds, rising."""
        wanted = np.zeros(len(self.forms), np.bool_)
        wanted[list(kinds)] = True
        return np.flatnonzero(wanted[self.kinds])


class _Index:
    """Where each term of a column stands, found by hashes."""

    def __init__(self, column: list[str]) -> None:
        hashes = np.fromiter(map(hash, column), np.int64, len(column))
        self._column = column
        self._order = np.argsort(hashes)
        self._hashes = hashes[self._order]

    def places(self, terms: Collection[str]) -> list[int]:
        """Return the places of all of ``terms``."""
        wanted = np.fromiter(map(hash, terms), np.int64, len(terms))
        lows, highs = (np.searchsorted(self._hashes, wanted, side) for side in ("left", "right"))
        found = (
            self._order[low:high].tolist()
            for low, high in zip(lows.tolist(), highs.tolist(), strict=True)
        )
        alike = zip(terms, found, strict=True)
        return [place for term, places in alike for place in places if self._column[place] == term]


class Readings:
    """The readings of the long texts asked for last, in bounded memory; for any threads."""

    def __init__(self, analyzer: Analyzer, room: int = _ROOM) -> None:
        self._analyzer = analyzer
        self._left = room
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Reading] = OrderedDict()

    def get(self, text: str) -> Reading:
        """Return the reading of a text, made anew if it is not remembered."""
        with self._lock:
            found = self._known.get(text)
            if found is not None:
                self._known.move_to_end(text)
                return found
        found = _read(text, self._analyzer)
        with self._lock:
            if text not in self._known:
                self._known[text] = found
                self._left -= _size(text, found)
            while self._left < 0:
                self._left += _size(*self._known.popitem(last=False))
        return found


def _size(text: str, reading: Reading) -> int:
    return 2 * len(text) + 12 * len(reading.kinds) + 300 * len(reading.forms)


def _read(text: str, analyzer: Analyzer) -> Reading:
    # What lies between words and the words themselves, in turns.
    parts = _PARTS(text)
    bounds = np.cumsum(np.fromiter(map(len, parts), np.int32, len(parts)), dtype=np.int32)
    numbers = _Kinds(analyzer)
    kinds: Ints = np.frombuffer(array("i", map(numbers.__getitem__, parts[1::2])), np.int32)
    places = np.arange(len(kinds))
    if numbers.several:
        lengths = np.ones(len(kinds), np.int64)
        for number, standing_for in numbers.several.items():
            lengths[kinds == number] = len(standing_for)
        places = np.repeat(places, lengths)
        kinds = kinds[places]
        for number, standing_for in numbers.several.items():
            here = np.flatnonzero(kinds == number)
            kinds[here] = np.resize(np.array(standing_for, np.int32), len(here))
    starts, ends = bounds[0:-1:2][places], bounds[1::2][places]
    columns = tuple(map(list, zip(*numbers.forms, strict=True))) or tuple([] for _ in Tier)
    return Reading(starts, ends, kinds, numbers.forms, columns)


class _Kinds(dict[str, int]):
    """Word as written -> its kind; below 0 where it is not one word but none or several."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self.forms: list[Forms] = []
        self.several: dict[int, tuple[int, ...]] = {}
        self._analyzer = analyzer

    def __missing__(self, word: str) -> int:
        found = self._analyzer.forms(word)
        kind = len(self.forms)
        self.forms += found
        if len(found) != 1:
            kind, standing_for = -1 - len(self.several), range(kind, kind + len(found))
            self.several[kind] = tuple(standing_for)
        self[word] = kind
        return kind
