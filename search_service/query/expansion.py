"""Prefixes, wildcards and fuzzy words as the index terms that they stand for, never too many."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from heapq import nsmallest
from typing import NamedTuple, Protocol

from search_service.analysis.token import MAX_TERM_LENGTH
from search_service.query import ast
from search_service.schema import Tier

__all__ = [
    "Expanded",
    "Pattern",
    "Vocabulary",
    "expand",
    "fuzzy_pattern",
    "pattern_of",
    "prefix_pattern",
    "wildcard_pattern",
]

# Index terms looked at for one word; bounds the time that ``ا*`` takes on a large index.
_MAX_SCANNED = 100_000


class Vocabulary(Protocol):
    """The index's terms."""

    def __call__(
        self, field: str, tier: Tier | None, prefix: str = ""
    ) -> Iterator[tuple[str, int]]:
        """Yield (term, document frequency) of the terms that begin with ``prefix``, in order.

        ``None`` is the tier of keyword fields.
        """


class Pattern(NamedTuple):
    """What a word with ``*``, ``?`` or ``~`` stands for.

    ``start`` is how every term that fits begins. ``distance`` tells how far a
    term is from what was typed, 0 being nearest, and ``None`` that it does not fit.
    """

    start: str
    distance: Callable[[str], int | None]


class Expanded(NamedTuple):
    """The terms that a pattern stands for, and whether there were more."""

    terms: tuple[str, ...]
    cut: bool


def pattern_of(
    node: ast.Prefix | ast.Wildcard | ast.Fuzzy, normalize: Callable[[str], str]
) -> Pattern | None:
    """Return what a word of a query stands for, ``None`` where no term can fit."""
    match node:
        case ast.Prefix(text):
            return prefix_pattern(normalize(text))
        case ast.Wildcard(text):
            pieces = re.split(r"([*?])", text)
            return wildcard_pattern("".join(p if p in "*?" else normalize(p) for p in pieces))
        case ast.Fuzzy(text, distance=distance):
            return fuzzy_pattern(normalize(text), distance)


def prefix_pattern(prefix: str) -> Pattern | None:
    """Return the pattern of all terms that begin with ``prefix``, the whole word nearest."""
    if not prefix:
        return None
    return Pattern(prefix, lambda term: int(term != prefix) if term.startswith(prefix) else None)


def wildcard_pattern(shape: str) -> Pattern | None:
    """Return the pattern of all terms of a shape: ``*`` is any run of letters, ``?`` one letter."""
    letters = len(shape) - shape.count("*")
    if not shape or letters > MAX_TERM_LENGTH:
        # No term is so long; compiling what nothing fits would only take time.
        return None
    # fnmatch makes expressions that never backtrack over a star; [ is no class here.
    fits = re.compile(fnmatch.translate(shape.replace("[", "[[]"))).match
    return Pattern(re.split(r"[*?]", shape)[0], lambda term: 0 if fits(term) else None)


def fuzzy_pattern(word: str, distance: int) -> Pattern | None:
    """Return the pattern of all terms within ``distance`` edits of ``word``.

    An edit adds, drops or changes a letter, or swaps two neighbours (optimal
    string alignment distance).
    """
    from rapidfuzz.distance import OSA  # loaded for the queries that need it

    def edits(term: str) -> int | None:
        found = OSA.distance(word, term, score_cutoff=distance)
        return found if found <= distance else None

    # People rarely mistake the first letter, and it saves most of the vocabulary.
    return Pattern(word[0], edits) if word else None


def expand(
    pattern: Pattern, vocabularies: Iterable[Iterable[tuple[str, int]]], most: int
) -> Expanded:
    """Return the ``most`` terms nearest to a pattern, of equally near ones the commonest.

    ``vocabularies`` are one field's (term, frequency) each; a term of several
    fields counts once, with its frequencies together.
    """
    cut = False
    frequencies: Counter[str] = Counter()
    distances: dict[str, int] = {}
    for terms in vocabularies:
        for scanned, (term, frequency) in enumerate(terms):
            if scanned == _MAX_SCANNED:
                cut = True
                break
            distance = pattern.distance(term)
            if distance is not None:
                distances[term] = distance
                frequencies[term] += frequency
    best = nsmallest(most, distances, key=lambda term: (distances[term], -frequencies[term], term))
    return Expanded(tuple(best), cut or len(distances) > most)
