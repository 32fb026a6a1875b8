"""What is known of whole words beyond their forms: stop words, and other names of a thing."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.folding import fold
from search_service.analysis.tables import read_table
from search_service.analysis.token import Forms
from search_service.schema import Tier

__all__ = [
    "Alternative",
    "Expansion",
    "Variants",
    "load_stop_words",
    "load_variants",
    "parse_variants",
]


@functools.cache
def load_stop_words() -> frozenset[str]:
    """Return the folded forms of function and question words, which carry no weight in ranking."""
    return frozenset(fold(row[0]) for row in read_table("stopwords.tsv", 3))


class Alternative(NamedTuple):
    """Another spelling or name: one term per word, all of one tier."""

    tier: Tier
    terms: tuple[str, ...]


class Expansion(NamedTuple):
    """Words ``start`` to ``end`` (half-open) of a sequence, and what else they are called."""

    start: int
    end: int
    alternatives: tuple[Alternative, ...]


class Variants:
    """Groups of interchangeable spellings and names, found by their words' stems."""

    def __init__(self, groups: Iterable[Sequence[Alternative]]) -> None:
        self._others: defaultdict[Alternative, list[Alternative]] = defaultdict(list)
        for group in groups:
            for member in group:
                self._others[member] += [other for other in group if other != member]
        self._longest = max((len(member.terms) for member in self._others), default=0)

    def expansions(self, words: Sequence[Forms]) -> Iterator[Expansion]:
        """Yield every run of ``words`` that has other names, longer runs first at each place."""
        for start in range(len(words)):
            for end in range(min(start + self._longest, len(words)), start, -1):
                found = self._of(words[start:end])
                if found:
                    yield Expansion(start, end, found)

    def _of(self, words: Sequence[Forms]) -> tuple[Alternative, ...]:
        keys = (
            Alternative(tier, tuple(forms.of(tier) for forms in words))
            for tier in (Tier.EXACT, Tier.STEM)
        )
        found = (other for key in keys for other in self._others.get(key, ()))
        return tuple(dict.fromkeys(found))


def parse_variants(rows: Iterable[Sequence[str]], analyzer: Analyzer) -> Variants:
    """Build the groups of a table whose first column is ``spelling | spelling | …``.

    A spelling with a leading ``=`` counts only as written: آب the month is not
    أب the father, though both fold to one.
    """
    return Variants(
        [_alternative(spelling.strip(), analyzer) for spelling in row[0].split("|")] for row in rows
    )


def _alternative(spelling: str, analyzer: Analyzer) -> Alternative:
    tier = Tier.EXACT if spelling.startswith("=") else Tier.STEM
    return Alternative(tier, tuple(token.forms.of(tier) for token in analyzer.analyze(spelling)))


@functools.cache
def load_variants() -> Variants:
    """Return the packaged groups of spellings, read once for the process."""
    return parse_variants(read_table("variants.tsv", 2), Analyzer())
