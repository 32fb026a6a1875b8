"""The words of a collection: how frequent one is, which look like it, how it is spelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from itertools import chain
from operator import itemgetter

from search_service.analysis.folding import fold_arabic, spellings
from search_service.analysis.spelling import confused_with, spelling_cost
from search_service.analysis.token import Forms
from search_service.analysis.tokenizer import is_arabic
from search_service.engines.port import Engine
from search_service.query import resolved as r
from search_service.schema import FieldKind, Schema, Tier

__all__ = ["RARE", "SHORTEST", "WordList"]

#: A word of so few documents may be a mistake.
RARE = 2
#: Letters that a word needs to be doubted, or offered.
SHORTEST = 3

_SPACE_COST = 0.5
# Words from this length on may have two mistakes; a mistake may cost up to this on average.
_LONG = 5
_DEAREST = 0.8
_LEAST_LIKENESS = 0.72
_MOST_SIMILAR = 5
_MOST_NEAR = 50
_ARTICLE = "ال"
# Words kept in memory, of about 100 bytes each; those of one letter may be a quarter of all.
_MOST_KEPT = 250_000
# The same, with their spellings.
_MOST_SPELLINGS = 50_000
# Counts of single terms kept: a query asks for each of its words several times.
_MOST_COUNTS = 20_000
# Lists of the commonest words with one beginning are kept where it takes long to make them.
_LONG_LIST = 500
_MOST_LISTS = 1000
# So many letters at the beginning leave few enough terms to look at, and few spellings to try.
_LOOKED_UP = 4


class WordList:
    """The words of one commit, read from the index as they are asked for.

    Most queries ask for none, and a misspelt word for those that begin as it does.
    """

    def __init__(self, engine: Engine, schema: Schema) -> None:
        self._fields = tuple(field.name for field in schema.of_kind(FieldKind.TEXT))
        self._engine = engine
        self._counts: dict[tuple[Tier, str], int] = {}
        self._begun: dict[str, dict[str, int]] = {}
        self._spelled: dict[str, dict[str, tuple[int, bool, str]]] = {}
        self._commonest: dict[tuple[str, int, tuple[str, ...]], list[tuple[str, int]]] = {}

    @cached_property
    def _stems(self) -> list[str]:
        lists = (self._engine.vocabulary(field, Tier.STEM) for field in self._fields)
        found = dict.fromkeys(map(itemgetter(0), chain.from_iterable(lists)))
        return [stem for stem in found if len(stem) >= SHORTEST]

    def frequency(self, forms: Forms) -> int:
        """Return in how many documents a word stands, in any of its forms with the same stem."""
        return self._count(Tier.STEM, forms.stem)

    def written(self, folded: str) -> int:
        """Return in how many documents a word stands as it is, in any spelling."""
        return self._count(Tier.FOLDED, folded)

    def _count(self, tier: Tier, term: str) -> int:
        known = self._counts.get((tier, term))
        if known is None:
            known = self._engine.search(r.Term(self._fields, tier, term), 0, 0).total
            if len(self._counts) >= _MOST_COUNTS:
                self._counts = {}
            self._counts[tier, term] = known
        return known

    def similar(self, forms: Forms) -> list[tuple[str, float]]:
        """Return up to five stems that look like a word's, if few documents have the word.

        Likeness is 1 minus the share of letters to be added and dropped (indel
        distance over both lengths).
        """
        if len(forms.stem) <= SHORTEST or not is_arabic(forms.stem):
            return []
        if self.frequency(forms) > RARE:
            return []
        from rapidfuzz import process  # loaded for the queries that need it
        from rapidfuzz.distance import Indel

        near = process.extract(
            forms.stem,
            self._stems,
            scorer=Indel.normalized_similarity,
            score_cutoff=_LEAST_LIKENESS,
            limit=_MOST_SIMILAR + 1,
        )
        others = [(stem, likeness) for stem, likeness, _ in near if stem != forms.stem]
        return others[:_MOST_SIMILAR]

    def like(self, word: str, least: int) -> list[tuple[float, int, str]]:
        """Return (cost, -documents, text) of what ``word`` may be meant for, the likeliest first.

        Only words that at least ``least`` documents have; two words where a
        space may be missing. ``word`` is folded, the text is as it is commonly spelled.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        edits = 1 if len(word) < _LONG else 2
        found = list(self._split(word, least))
        known: dict[str, int] = {}
        for start in _starts(word):
            known |= self._beginning(start)
        near = process.extract(
            word, known.keys(), scorer=OSA.distance, score_cutoff=edits, limit=_MOST_NEAR
        )
        for other, _, _ in near:
            cost = spelling_cost(word, other)
            if other != word and known[other] >= least and cost <= _DEAREST * edits:
                found.append((cost, -known[other], other))
        return [
            (cost, rank, " ".join(map(self.spelled, text.split())))
            for cost, rank, text in sorted(found)
        ]

    def _split(self, word: str, least: int) -> Iterator[tuple[float, int, str]]:
        for at in range(2, len(word) - 1):
            first = self.written(word[:at])
            both = min(first, self.written(word[at:])) if first >= least else 0
            if both >= least:
                yield _SPACE_COST, -both, f"{word[:at]} {word[at:]}"

    def _beginning(self, start: str) -> dict[str, int]:
        """Return the folded words with this beginning and their frequencies."""
        found = self._begun.get(start)
        if found is None:
            found = dict(self._engine.vocabulary(self._fields[0], Tier.FOLDED, start))
            for field in self._fields[1:]:
                for word, frequency in self._engine.vocabulary(field, Tier.FOLDED, start):
                    # Fields overlap, so the larger count is the safe one.
                    found[word] = max(frequency, found.get(word, 0))
            # Threads may do this at once, which costs them time and nothing else.
            if sum(map(len, list(self._begun.values()))) + len(found) > _MOST_KEPT:
                self._begun = {}
            self._begun[start] = found
        return found

    def commonest(
        self, start: str, most: int, fields: Sequence[str] = ()
    ) -> Sequence[tuple[str, int]]:
        """Return up to ``most`` folded words with this beginning, and their documents.

        The commonest first; of ``fields``, where they are given.
        """
        key = (start, most, tuple(fields) or self._fields)
        known = self._commonest.get(key)
        if known is not None:
            return known
        counts: dict[str, int] = {}
        for field in key[2]:
            for word, frequency in self._engine.vocabulary(field, Tier.FOLDED, start):
                counts[word] = max(frequency, counts.get(word, 0))
        found = nsmallest(most, counts.items(), key=lambda item: (-item[1], item[0]))
        if len(counts) > _LONG_LIST:
            if len(self._commonest) >= _MOST_LISTS:
                self._commonest = {}
            self._commonest[key] = found
        return found

    def spelled(self, folded: str) -> str:
        """Return the commonest spelling of a folded word: nobody wants to be offered مكتبه."""
        if len(folded) < _LOOKED_UP:
            counts = {word: self._count(Tier.EXACT, word) for word in spellings(folded)}
            best = max(counts, key=lambda word: (counts[word], word != folded, word))
            return best if counts[best] else folded
        known = self._spellings(folded[:_LOOKED_UP]).get(folded)
        return known[-1] if known else folded

    def _spellings(self, start: str) -> dict[str, tuple[int, bool, str]]:
        """Return the commonest spelling, the last value, of folded words with this beginning."""
        found = self._spelled.get(start)
        if found is None:
            found = {}
            for written in spellings(start):
                for field in self._fields:
                    for word, frequency in self._engine.vocabulary(field, Tier.EXACT, written):
                        folded = fold_arabic(word)
                        # Of two that are equally common, the one with its dots and hamzas.
                        rank = (frequency, word != folded, word)
                        found[folded] = max(found.get(folded, rank), rank)
            if sum(map(len, list(self._spelled.values()))) + len(found) > _MOST_SPELLINGS:
                self._spelled = {}
            self._spelled[start] = found
        return found


def _starts(word: str) -> tuple[str, ...]:
    """Return how a word may begin that ``word`` is meant for, in folded letters.

    With its first letter; with another that is taken for it; or without it,
    swapped with the next one, or with an alef before it, which is often dropped.
    """
    first, second = word[0], word[1:2]
    others = [letter + second for letter in confused_with(first)]
    others += [word[1:3], second + first, _ARTICLE[0] + first]
    return (first, *dict.fromkeys(other for other in others if other[:1] != first))
