"""Prefixes, wildcards and fuzzy words as the index terms that they stand for, never too many."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator
from heapq import nlargest
from itertools import islice
from typing import NamedTuple, Protocol

from search_service.schema import Tier

__all__ = ["Expanded", "Vocabulary", "expand_fuzzy", "expand_prefix", "expand_wildcard"]

# Index terms looked at for one word; bounds the time that ``ا*`` takes on a large index.
_MAX_SCANNED = 100_000


class Vocabulary(Protocol):
    """The index's terms."""

    def __call__(self, field: str, tier: Tier, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield (term, document frequency) of the terms that begin with ``prefix``, in order."""


class Expanded(NamedTuple):
    """The terms that a pattern stands for, and whether there were more."""

    terms: tuple[str, ...]
    cut: bool


def expand_prefix(prefix: str, terms: Iterable[tuple[str, int]], most: int) -> Expanded:
    """Return the ``most`` commonest of ``terms`` that begin with ``prefix``."""
    return _commonest(terms, lambda term: term.startswith(prefix), most)


def expand_wildcard(pattern: str, terms: Iterable[tuple[str, int]], most: int) -> Expanded:
    """Return the ``most`` commonest of ``terms`` of the shape ``pattern`` (``*`` and ``?``)."""
    # fnmatch makes expressions that never backtrack over a star; [ is no class here.
    matches = re.compile(fnmatch.translate(pattern.replace("[", "[[]"))).match
    return _commonest(terms, lambda term: matches(term) is not None, most)


def expand_fuzzy(word: str, distance: int, terms: Iterable[tuple[str, int]], most: int) -> Expanded:
    """Return the ``most`` commonest of ``terms`` within ``distance`` edits of ``word``.

    An edit adds, drops or changes a letter, or swaps two neighbours (optimal
    string alignment distance).
    """
    from rapidfuzz.distance import OSA  # loaded for the queries that need it

    def near(term: str) -> bool:
        return bool(OSA.distance(word, term, score_cutoff=distance) <= distance)

    return _commonest(terms, near, most)


def _commonest(
    terms: Iterable[tuple[str, int]], matches: Callable[[str], bool], most: int
) -> Expanded:
    scanned = islice(terms, _MAX_SCANNED + 1)
    seen = 0
    found: list[tuple[int, str]] = []
    for term, frequency in scanned:
        seen += 1
        if matches(term):
            found.append((frequency, term))
    best = nlargest(most, found, key=lambda entry: entry[0])
    return Expanded(tuple(term for _, term in best), len(found) > most or seen > _MAX_SCANNED)
