"""Very many matches in one long text, as arrays.

The rules are those of ``highlight`` and ``passages``, where they are easier to
read; this is for texts where a step of Python per match would take too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_service.passages import (
    MANY,
    MAX_SNIPPETS,
    SNIPPET_LENGTH,
    WORTH,
    WORTH_AGAIN,
    Match,
    Piece,
    padded,
)
from search_service.reading import Ints
from search_service.schema import Tier

__all__ = ["ManyMatches", "phrase_tokens"]

_TIERS = tuple(Tier)
_WORTHS = np.array([WORTH[tier] for tier in _TIERS])
_Bools = NDArray[np.bool_]


def phrase_tokens(slots: Sequence[Ints], slop: int) -> Ints:
    """Return the tokens that stand where a phrase does, ``slots`` being those of its words.

    From each token of the first slot, the path goes to the next token of each
    later slot; it counts if it leaves out at most ``slop`` tokens.
    """
    path = [slots[0]]
    for later in slots[1:]:
        places = np.searchsorted(later, path[-1] + 1)
        # Who starts behind one that gets no further gets no further either.
        reached = int(np.searchsorted(places, len(later)))
        path = [*(step[:reached] for step in path), later[places[:reached]]]
    close = path[-1] - path[0] - (len(slots) - 1) <= slop
    # NumPy's unique() loads a part of it that nothing else here needs, which takes a while.
    tokens = np.sort(np.concatenate([step[close] for step in path]))
    return tokens[np.diff(tokens, prepend=-1) > 0]


@dataclass(frozen=True)
class ManyMatches:
    """Matches in the order of the text: their ranges, the numbers of their tiers, their roots.

    ``roots`` are numbers in ``names``.
    """

    starts: Ints
    ends: Ints
    tiers: Ints
    roots: Ints
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.starts)

    def between(self, start: int, end: int) -> list[Match]:
        """Return the matches that lie in a range."""
        low = int(np.searchsorted(self.starts, start, "left"))
        high = int(np.searchsorted(self.ends, end, "right"))
        return self._listed(low, high)

    def _touching(self, start: int, end: int) -> list[Match]:
        low = int(np.searchsorted(self.ends, start, "right"))
        high = int(np.searchsorted(self.starts, end, "left"))
        return self._listed(low, high)

    def _listed(self, low: int, high: int) -> list[Match]:
        rows = zip(*(part[low:high].tolist() for part in self._parts()), strict=True)
        return [Match(a, b, _TIERS[tier], self.names[root]) for a, b, tier, root in rows]

    def best_pieces(
        self, text: str, length: int = SNIPPET_LENGTH, count: int = MAX_SNIPPETS
    ) -> list[Piece]:
        """Return what :func:`~search_service.passages.best_pieces` does."""
        chosen: list[Piece] = []
        shown = np.zeros(len(self.names), np.bool_)
        while len(chosen) < count:
            free = self._only(self._outside(chosen))
            if not len(free):
                break
            run = free._best_run(shown, chosen, length)
            lowest = max((end for _, end in chosen if end <= run[0]), default=0)
            highest = min((start for start, _ in chosen if start >= run[1]), default=len(text))
            # No piece reaches further, so that no other match can be cut.
            near = self._touching(run[0] - length, run[1] + length)
            piece = padded(text, run, (lowest, highest), near, length)
            shown[free.roots[(free.starts >= piece[0]) & (free.ends <= piece[1])]] = True
            chosen.append(piece)
        return sorted(chosen)

    def _parts(self) -> tuple[Ints, Ints, Ints, Ints]:
        return self.starts, self.ends, self.tiers, self.roots

    def _outside(self, pieces: Sequence[Piece]) -> _Bools:
        free = np.ones(len(self), np.bool_)
        for start, end in pieces:
            free &= ~((self.starts < end) & (start < self.ends))
        return free

    def _only(self, keep: _Bools) -> ManyMatches:
        starts, ends, tiers, roots = (part[keep] for part in self._parts())
        return ManyMatches(starts, ends, tiers, roots, self.names)

    def _best_run(self, shown: _Bools, chosen: Sequence[Piece], length: int) -> Piece:
        """Return the range of the run that is worth most, of equal ones the first."""
        worths = _WORTHS[self.tiers]
        values = np.where(shown[self.roots], worths // WORTH_AGAIN, worths)
        behind = self._behind(chosen, length)
        words = self._words(values, behind)
        totals = words + behind - np.arange(len(self))
        best = int(np.argmax(totals))
        if len(self) > MANY:
            # The first run that is better than all before it and has every word will do.
            better = totals > np.concatenate(([-1], np.maximum.accumulate(totals)[:-1]))
            enough = np.flatnonzero(better & (words >= self._enough(values)))
            best = int(enough[0]) if len(enough) else best
        return int(self.starts[best]), int(self.ends[behind[best] - 1])

    def _behind(self, chosen: Sequence[Piece], length: int) -> NDArray[np.int64]:
        """Return for each match the number behind the last one of the run that it begins."""
        behind = np.searchsorted(self.ends, self.starts + length, "right")
        for start, end in chosen:
            # No run goes over a piece that is shown.
            limit = int(np.searchsorted(self.starts, end, "left"))
            behind = np.where(self.ends <= start, np.minimum(behind, limit), behind)
        found: NDArray[np.int64] = np.maximum(behind, np.arange(1, len(self) + 1))
        return found

    def _words(self, values: NDArray[Any], behind: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each run what its words are worth, each once, by its best match.

        Worth is added up level by level: a word that is worth 80 gives 30 and
        50 more. At each level, a match counts in the runs that hold it and none
        before it of the same word: those that begin behind that one.
        """
        steps = np.zeros(len(self) + 1, np.int64)
        below = 0
        # The first run that holds each match.
        first = np.searchsorted(behind, np.arange(len(self)), "right")
        for level in np.flatnonzero(np.bincount(values)).tolist():
            at = np.flatnonzero(values >= level)
            order = at[np.argsort(self.roots[at], kind="stable")]
            same = self.roots[order[1:]] == self.roots[order[:-1]]
            before = np.concatenate(([-1], np.where(same, order[:-1], -1)))
            np.add.at(steps, np.maximum(before + 1, first[order]), level - below)
            np.add.at(steps, order + 1, below - level)
            below = level
        return np.cumsum(steps[:-1])

    def _enough(self, values: NDArray[Any]) -> int:
        best = np.zeros(len(self.names), np.int64)
        np.maximum.at(best, self.roots, values)
        return int(best.sum())
