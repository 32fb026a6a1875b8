"""The pieces of a text that show its matches best."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from search_service.schema import Tier

__all__ = [
    "MANY",
    "MAX_SNIPPETS",
    "SNIPPET_LENGTH",
    "WORTH",
    "WORTH_AGAIN",
    "Match",
    "Piece",
    "beginning",
    "best_pieces",
    "padded",
]

#: In code points. Long enough for a sentence, short enough that three fit on a phone.
SNIPPET_LENGTH = 220
MAX_SNIPPETS = 3

#: Of more matches than this, the first run with all words will do: the densest takes long to find.
MANY = 5_000

# How far from its end a piece may be cut to end with a whole word.
_NEAR = 30

#: What a match is worth when the best piece is chosen; whole numbers add up without rounding.
WORTH = {Tier.EXACT: 100, Tier.FOLDED: 100, Tier.STEM: 80, Tier.ROOT: 30}
#: Divides the worth of a word that an earlier piece shows.
WORTH_AGAIN = 5

Piece = tuple[int, int]


class Match(NamedTuple):
    """One matched word: its range, its tier, and its root, which tells words of one family."""

    start: int
    end: int
    tier: Tier
    root: str


def beginning(text: str, length: int = SNIPPET_LENGTH) -> Piece:
    """Return the first piece of a text that has no match; it is empty if the text is blank."""
    start = len(text) - len(text.lstrip())
    return padded(text, (start, start), (start, len(text)), (), length)


def best_pieces(
    text: str,
    matches: Sequence[Match],
    length: int = SNIPPET_LENGTH,
    count: int = MAX_SNIPPETS,
) -> list[Piece]:
    """Return up to ``count`` pieces around the most telling matches, in reading order.

    ``matches`` are in order. Pieces do not overlap. A run of matches that fits
    a piece is worth the sum over its different words; a word that an earlier
    piece has shown already is worth little.
    """
    chosen: list[Piece] = []
    shown: set[str] = set()
    free = list(matches)
    while free and len(chosen) < count:
        run = _best_run(free, shown, chosen, length)
        lowest = max((end for _, end in chosen if end <= run[0]), default=0)
        highest = min((start for start, _ in chosen if start >= run[1]), default=len(text))
        start, end = padded(text, run, (lowest, highest), matches, length)
        shown.update(m.root for m in free if start <= m.start and m.end <= end)
        free = [m for m in free if m.end <= start or end <= m.start]
        chosen.append((start, end))
    return sorted(chosen)


def _best_run(
    free: Sequence[Match], shown: set[str], chosen: Sequence[Piece], length: int
) -> Piece:
    """Return the range of the run of matches that is worth most, of equal ones the first."""
    worths = [(match.root, _value(match, shown)) for match in free]
    most_words = _worth_of_words(worths)
    enough = most_words if len(free) > MANY else math.inf
    best, most, behind = (free[0].start, free[0].end), -1, 0
    for first, match in enumerate(free):
        before, reach = behind, _reach(match, chosen, length)
        behind = max(behind, first + 1)
        while behind < len(free) and free[behind].end <= reach:
            behind += 1
        # A part of the run before this one is worth less; and no run has more than all words.
        if behind > before and most_words + behind - first > most:
            words = _worth_of_words(worths[first:behind])
            total = words + behind - first
            if total > most:
                best, most = (match.start, free[behind - 1].end), total
                if words >= enough:
                    break
        if behind == len(free):
            break
    return best


def _reach(first: Match, chosen: Iterable[Piece], length: int) -> int:
    """Return where a run that begins with ``first`` ends at the latest: no piece is within it."""
    reach = first.start + length
    for start, _ in chosen:
        if first.end <= start < reach:
            reach = start
    return reach


def _value(match: Match, shown: set[str]) -> int:
    value = WORTH[match.tier]
    return value // WORTH_AGAIN if match.root in shown else value


def _worth_of_words(worths: Iterable[tuple[str, int]]) -> int:
    """Return what the words of matches are worth, each once, by its best match."""
    best: dict[str, int] = {}
    for root, value in worths:
        if value > best.get(root, 0):
            best[root] = value
    return sum(best.values())


def padded(
    text: str,
    run: Piece,
    limits: Piece,
    matches: Iterable[Match],
    length: int = SNIPPET_LENGTH,
) -> Piece:
    """Return a run of matches with text around it, cut between words where there is white space."""
    first, last = run
    lowest, highest = limits
    spare = max(length - (last - first), 0)
    start = max(first - spare // 3, lowest)
    end = min(max(last, start + length), highest)
    if start > 0 and not text[start - 1].isspace():
        near = range(start, min(first, start + _NEAR))
        start = next((i + 1 for i in near if text[i].isspace()), start)
    if end < len(text) and not text[end].isspace():
        near = range(end, max(last, end - _NEAR), -1)
        end = next((i for i in near if text[i].isspace()), end)
    for begin, stop, _, _ in matches:
        # Without white space a cut may fall into a match; half a word is no match.
        if begin < start < stop:
            start = stop
        elif begin < end < stop:
            end = begin
    # White space at the ends says nothing.
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
