"""Many words in little memory, and the few among them that may be like another one.

Measuring how far a word is from each of some hundred thousand takes long. Most
of them cannot be near, because too many of their letters are others: that can be
told of all words at once, from a number for each.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from search_service.analysis.folding import fold_arabic

__all__ = ["Shelf", "Spellings"]

_Array: TypeAlias = "np.ndarray[Any, Any]"

# Letters are told apart by five bits; behind the tatweel a few places are skipped, so that of
# folded letters only hamza and heh have the same.
_TATWEEL, _SKIPPED, _BITS = 0x640, 6, 31


class Shelf:
    """Words and their numbers of documents, in the order of ``runs``; each run is in order.

    About 30 bytes for a word of seven letters.
    """

    def __init__(self, runs: Sequence[Mapping[str, int]]) -> None:
        words = [word for run in runs for word in run]
        self._texts = _Texts(words)
        self._counts = np.fromiter(
            (count for run in runs for count in run.values()), np.uint32, len(words)
        )
        ends = np.cumsum([0, *map(len, runs)]).tolist()
        self._runs = [range(*run) for run in pairwise(ends)]
        self._letters = self._texts.letters()

    def __len__(self) -> int:
        return len(self._counts)

    def near_edits(self, word: str, edits: int, start: str) -> Iterator[tuple[str, int]]:
        """Yield words that begin with ``start`` and may be up to ``edits`` letters from ``word``.

        Letters put in, left out, replaced, or swapped with the next one. Yields
        all that are so near, and some others; with their numbers of documents.
        """
        for run in self._runs:
            part = self._texts.beginning(run, start)
            longer = np.abs(self._lengths(part) - len(word))
            # One replaced is two that differ; one more or less is one.
            near = (longer <= edits) & (self._differing(word, part) + longer <= 2 * edits)
            yield from self._at(np.flatnonzero(near) + part.start)

    def near_share(self, word: str, share: float) -> list[str]:
        """Return words of which at most a ``share`` of the letters of both are not in the other.

        All of them, and some others.
        """
        part = range(len(self))
        # A little more, since such shares are not exact in binary.
        most = share * (self._lengths(part) + len(word)) + 1e-6
        near = np.flatnonzero(self._differing(word, part) <= most)
        return [word for word, _ in self._at(near)]

    def _lengths(self, part: range) -> _Array:
        starts = self._texts.starts
        return starts[part.start + 1 : part.stop + 1] - starts[part.start : part.stop]

    def _differing(self, word: str, part: range) -> _Array:
        """Return how many letters at least come in one of two words alone, for each word."""
        own = _Texts([word]).letters()[0]
        return _ones(self._letters[part.start : part.stop] ^ own)

    def _at(self, places: _Array) -> Iterator[tuple[str, int]]:
        return zip(self._texts.at(places), self._counts[places].tolist(), strict=True)


class Spellings:
    """Folded words that are mostly written with other letters, and how."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        """Take every word as it is written, with its number of documents."""
        best: dict[str, tuple[int, str]] = {}
        for word, folded in zip(counts, _folded(counts), strict=True):
            # Of two that are equally common, the one with its dots and hamzas.
            if word != folded and counts[word] >= counts.get(folded, 0):
                rank = (counts[word], word)
                best[folded] = max(best.get(folded, rank), rank)
        self._texts = _Texts([best[folded][1] for folded in sorted(best)])

    def __len__(self) -> int:
        return len(self._texts.starts) - 1

    def get(self, folded: str) -> str | None:
        """Return how a folded word is mostly written, ``None`` where it is as it is folded."""
        places = range(len(self))
        at = bisect_left(places, folded, key=lambda place: fold_arabic(self._texts.word(place)))
        found = self._texts.word(at) if at < len(self) else ""
        return found if fold_arabic(found) == folded else None


class _Texts:
    """Words behind each other in one string."""

    def __init__(self, words: Sequence[str]) -> None:
        self.starts = np.zeros(len(words) + 1, dtype=np.int32)
        np.cumsum(np.fromiter(map(len, words), np.int32, len(words)), out=self.starts[1:])
        self._joined = "".join(words)

    def word(self, place: int) -> str:
        return self._joined[self.starts[place] : self.starts[place + 1]]

    def at(self, places: _Array) -> list[str]:
        """Return the words at these places."""
        joined = self._joined
        pairs = zip(self.starts[places].tolist(), self.starts[places + 1].tolist(), strict=True)
        return [joined[start:end] for start, end in pairs]

    def beginning(self, run: range, start: str) -> range:
        """Return where in ``run``, whose words are in order, those with this beginning are."""
        size = len(start)
        low = bisect_left(run, start, key=lambda place: self.word(place)[:size])
        high = bisect_right(run, start, key=lambda place: self.word(place)[:size])
        return range(run.start + low, run.start + high)

    def letters(self) -> _Array:
        """Return for each word its letters as bits: those it has, then those it has evenly often.

        A letter more or less changes one bit; so two words differ in at least as
        many letters as their numbers in bits.
        """
        codes = np.frombuffer(self._joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        if not len(codes):
            return np.zeros(len(self.starts) - 1, dtype=np.uint64)
        skipped = np.where(codes > _TATWEEL, np.uint32(_SKIPPED), np.uint32(0))
        bits = np.left_shift(np.uint32(1), (codes - skipped) & _BITS)
        present = np.bitwise_or.reduceat(bits, self.starts[:-1])
        even = present & ~np.bitwise_xor.reduceat(bits, self.starts[:-1])
        found: _Array = present | even.astype(np.uint64) << np.uint64(32)
        return found


def _folded(words: Iterable[str]) -> list[str]:
    """Return each word in folded letters; together, which is quicker. No word has a line break."""
    return fold_arabic("".join(f"{word}\n" for word in words)).split("\n")[:-1]


def _ones(numbers: _Array) -> _Array:
    """Return how many bits of each number are set."""
    if hasattr(np, "bitwise_count"):  # from NumPy 2 on
        counted: _Array = np.bitwise_count(numbers)
        return counted
    bits = np.unpackbits(numbers.view(np.uint8).reshape(-1, 8), axis=1)
    summed: _Array = bits.sum(axis=1, dtype=np.uint8)
    return summed
