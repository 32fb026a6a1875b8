"""What is known of whole words beyond their forms: stop words, and other names of a thing."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Literal, NamedTuple, TypeAlias

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.compounds import begins_compound, compounds
from search_service.analysis.folding import fold
from search_service.analysis.tables import read_table
from search_service.analysis.token import Forms
from search_service.schema import Tier

__all__ = [
    "Alternative",
    "Expansion",
    "Kind",
    "Pair",
    "Variants",
    "alternative",
    "load_stop_words",
    "load_variants",
    "parse_variants",
]


#: Why a name is searched besides a word: it is the same in other letters, or another word, or
#: likely the same with another particle.
Kind: TypeAlias = Literal["spelling", "synonym", "particle"]


@functools.cache
def load_stop_words() -> frozenset[str]:
    """Return the folded forms of function and question words, which carry no weight in ranking."""
    return frozenset(fold(row[0]) for row in read_table("stopwords.tsv", 3))


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another spelling or name: one term per word, all of one tier.

    ``written`` is the name as its table has it, ``kind`` why it is searched.
    Two that search for the same are equal, however they are written.
    """

    tier: Tier
    terms: tuple[str, ...]
    written: str = field(default="", compare=False)
    kind: Kind = field(default="spelling", compare=False)


class Expansion(NamedTuple):
    """Words ``start`` to ``end`` (half-open) of a sequence, and what else they are called."""

    start: int
    end: int
    alternatives: tuple[Alternative, ...]


#: Who searches for the first means the second as well.
Pair: TypeAlias = tuple[Alternative, Alternative]

_Others: TypeAlias = "defaultdict[tuple[str, ...], list[Alternative]]"


class Variants:
    """What words and names are called besides, found by their stems or as they are written."""

    def __init__(self, pairs: Iterable[Pair] = ()) -> None:
        self._pairs = tuple(pairs)
        self._written: _Others = defaultdict(list)
        self._stems: _Others = defaultdict(list)
        for one, other in self._pairs:
            if one != other:
                others = self._written if one.tier is Tier.EXACT else self._stems
                others[one.terms].append(other)
        self._begins: dict[str, int] = {}
        for terms in (*self._written, *self._stems):
            for term in terms[:1]:
                self._begins[term] = max(len(terms), self._begins.get(term, 2))

    def __bool__(self) -> bool:
        """Whether anything is searched besides what was typed."""
        return bool(self._pairs)

    def with_pairs(self, pairs: Iterable[Pair]) -> Variants:
        """Return these and, behind them, ``pairs``."""
        return Variants((*self._pairs, *pairs))

    def reach(self, word: Forms) -> int:
        """Return how many words a name that begins with ``word`` has at most; 0 if none does."""
        begins = self._begins
        if word.exact in begins or word.stem in begins:
            return max(begins.get(word.exact, 0), begins.get(word.stem, 0))
        # A rule takes one word or two.
        return 2 if self._pairs and begins_compound(word) else 0

    def expansions(self, words: Sequence[Forms]) -> Iterator[Expansion]:
        """Yield every run of ``words`` that has other names, longer runs first at each place."""
        for start in range(len(words)):
            for end in range(min(start + self.reach(words[start]), len(words)), start, -1):
                found = self.of(words[start:end])
                if found:
                    yield Expansion(start, end, found)

    def of(self, words: Sequence[Forms]) -> tuple[Alternative, ...]:
        """Return what ``words``, all of them together, are called besides."""
        found = [
            *self._written.get(tuple(forms.exact for forms in words), ()),
            *self._stems.get(tuple(forms.stem for forms in words), ()),
        ]
        if self._pairs:
            found += [Alternative(Tier.STEM, *name) for name in compounds(words)]
        return tuple(dict.fromkeys(found))


def parse_variants(rows: Iterable[Sequence[str]], analyzer: Analyzer) -> Variants:
    """Build the groups of a table whose first column is ``spelling | spelling | …``.

    A spelling with a leading ``=`` counts only as written: آب the month is not
    أب the father, though both fold to one.
    """
    groups = (
        [alternative(spelling, analyzer, "spelling") for spelling in row[0].split("|")]
        for row in rows
    )
    return Variants(pair for group in groups for pair in permutations(group, 2))


def alternative(spelling: str, analyzer: Analyzer, kind: Kind) -> Alternative:
    """Return a member of a table; one of signs alone has no terms."""
    spelling = spelling.strip()
    tier = Tier.EXACT if spelling.startswith("=") else Tier.STEM
    terms = tuple(token.forms.of(tier) for token in analyzer.analyze(spelling))
    return Alternative(tier, terms, spelling.removeprefix("=").strip(), kind)


@functools.cache
def load_variants() -> Variants:
    """Return the packaged groups of spellings, read once for the process."""
    return parse_variants(read_table("variants.tsv", 2), Analyzer())
