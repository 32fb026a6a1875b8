"""Long texts as arrays of words, so that marking them takes no step per word."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms
from search_service.analysis.tokenizer import PARTS
from search_service.schema import Tier

__all__ = ["Ints", "Reading", "Word", "read"]

Ints = NDArray[np.signedinteger[Any]]

#: A word as written, and its forms.
Word: TypeAlias = tuple[str, Forms | None]

# Hashes have 16 bits. A text of 30,000 distinct words has every other term's hash once by chance.
_HASHES = 1 << 16

# In code points: texts are split into words piece by piece, which bounds the memory.
_PIECE = 1 << 18


@dataclass(frozen=True, eq=False)
class Reading:
    """The tokens of a text in order, as :meth:`Analyzer.analyze` gives them, by numbers.

    ``starts``, ``ends`` and ``kinds`` have one entry per token. A kind is a
    distinct word as written, or one of those that a sign stands for; kinds are
    numbered in the order in which they first come. ``hashes`` has a row per
    tier with a hash of the term of each kind: the words themselves are left in
    the text, since few of them are ever asked for.
    """

    starts: Ints
    ends: Ints
    kinds: Ints
    hashes: NDArray[np.uint16]

    @cached_property
    def firsts(self) -> Ints:
        """The first token of each kind."""
        tokens = np.arange(len(self.kinds))[::-1]
        firsts = np.zeros(self.hashes.shape[1], np.int64)
        firsts[self.kinds[::-1]] = tokens
        return firsts

    def kinds_like(self, tier: Tier, terms: Collection[str]) -> list[int]:
        """Return the kinds that may have one of ``terms`` in a tier: all that do, and few others.

        :meth:`words` tells which do.
        """
        wanted = np.zeros(_HASHES, np.bool_)
        wanted[_hashed(terms)] = True
        return _list(np.flatnonzero(wanted[self.hashes[list(Tier).index(tier)]]))

    def tokens_of(self, kinds: Collection[int]) -> Ints:
        """Return the numbers of the tokens of some kinds, rising."""
        if not kinds:
            return np.zeros(0, np.int64)
        wanted = np.zeros(self.hashes.shape[1], np.bool_)
        wanted[list(kinds)] = True
        return np.flatnonzero(wanted[self.kinds])

    def words(self, kinds: Sequence[int], text: str, analyzer: Analyzer) -> list[Word]:
        """Return each kind as it is written in the text that was read, and its forms.

        There are no forms where ``analyzer`` does not know the word by as many.
        """
        firsts = self.firsts[kinds]
        starts = self.starts[firsts]
        # Of the words that one sign stands for, the tokens before this one are the first.
        numbers = firsts - np.searchsorted(self.starts, starts)
        columns = (starts, self.ends[firsts], numbers)
        words = []
        for start, end, number in zip(*map(_list, columns), strict=True):
            written = text[start:end]
            forms = analyzer.forms(written)
            words.append((written, forms[number] if number < len(forms) else None))
        return words

    @property
    def size(self) -> int:
        """How many bytes the arrays take."""
        arrays = (self.starts, self.ends, self.kinds, self.hashes, self.firsts)
        return sum(each.nbytes for each in arrays)


def _list(numbers: Ints) -> list[int]:
    found: list[int] = numbers.tolist()
    return found


def _hashed(terms: Collection[str]) -> NDArray[np.uint16]:
    codes = (zlib.crc32(term.encode("utf-8", "surrogatepass")) % _HASHES for term in terms)
    return np.fromiter(codes, np.uint16, len(terms))


def read(text: str, analyzer: Analyzer) -> Reading:
    """Return the reading of a text, for which all of it is split and every word analysed."""
    numbers = _Kinds(analyzer)
    words, bounds, begin = array("i"), [], 0
    for piece in _pieces(text):
        # What lies between words and the words themselves, in turns.
        parts = PARTS(piece)
        words.extend(map(numbers.__getitem__, parts[1::2]))
        lengths = np.fromiter(map(len, parts), np.int32, len(parts))
        bounds.append(np.cumsum(lengths, dtype=np.int32) + np.int32(begin))
        begin += len(piece)
    kinds, places = numbers.spread(np.frombuffer(words, np.int32))
    starts = np.concatenate([some[:-1:2] for some in bounds])[places]
    ends = np.concatenate([some[1::2] for some in bounds])[places]
    columns: Iterable[tuple[str, ...]] = zip(*numbers.forms, strict=True)
    hashes = np.array([_hashed(column) for column in columns], np.uint16)
    return Reading(starts, ends, kinds, hashes.reshape(len(Tier), -1))


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces of bounded length, cut at spaces, which no word has."""
    begin, end = 0, 0
    while end >= 0:
        end = text.find(" ", begin + _PIECE)
        yield text[begin:] if end < 0 else text[begin:end]
        begin = end


class _Kinds(dict[str, int]):
    """Word as written -> its kind; below 0 where it is not one word but none or several.

    ``several[-number - 1]`` is then the first of its kinds, and how many they are.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self.forms: list[Forms] = []
        self.several: list[tuple[int, int]] = []
        self._analyzer = analyzer

    def __missing__(self, word: str) -> int:
        found = self._analyzer.forms(word)
        kind = len(self.forms)
        self.forms += found
        if len(found) != 1:
            self.several.append((kind, len(found)))
            kind = -len(self.several)
        self[word] = kind
        return kind

    def spread(self, words: Ints) -> tuple[Ints, Ints]:
        """Return a kind per token, and for each token the place of its word among ``words``."""
        places = np.arange(len(words))
        odd = words < 0
        if not odd.any():
            return words, places
        firsts, counts = np.array(self.several, np.int32)[-1 - words[odd]].T
        kinds, lengths = words.copy(), np.ones(len(words), np.int64)
        kinds[odd], lengths[odd] = firsts, counts
        places = np.repeat(places, lengths)
        # How many tokens of the same word come before each one.
        before = np.arange(len(places)) - (np.cumsum(lengths) - lengths)[places]
        return kinds[places] + before.astype(np.int32), places
