"""The words of a collection: how frequent one is, which look like it, how it is spelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from typing import TYPE_CHECKING, TypeVar

from search_service.analysis.folding import spellings
from search_service.analysis.spelling import confused_with, spelling_cost
from search_service.analysis.token import Forms
from search_service.analysis.tokenizer import is_arabic
from search_service.engines.port import Engine
from search_service.schema import FieldKind, Schema, Tier

if TYPE_CHECKING:
    from search_service.word_shelf import Shelf, Spellings

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
# Words kept in memory, of about 30 bytes each; those of one letter may be a quarter of all.
_MOST_KEPT = 1_000_000
# Folded letters, those that most words of a text begin with first.
_LETTERS = "وابلمفتيكسنعهرشحقجدخطصغزثذضظء"
# Counts of single terms kept: a query asks for each of its words several times.
_MOST_COUNTS = 20_000
# Lists of the commonest words with one beginning are kept where it takes long to make them.
_LONG_LIST = 500
_MOST_LISTS = 1000
# So many letters at the beginning leave few enough terms to look at, and few spellings to try.
_LOOKED_UP = 4

_Kept = TypeVar("_Kept", "Shelf", "Spellings")


class WordList:
    """The words of one commit, read from the index as they are asked for, or ahead.

    Most queries ask for none, and a misspelt word for those that begin as it does.
    Threads may read the same words at once, which costs them time and nothing else.
    """

    def __init__(self, engine: Engine, schema: Schema) -> None:
        self._fields = tuple(field.name for field in schema.of_kind(FieldKind.TEXT))
        self._engine = engine
        self._counts: dict[tuple[Tier, str, tuple[str, ...]], int] = {}
        self._begun: dict[str, Shelf] = {}
        self._spelled: dict[str, Spellings] = {}
        self._retired = False
        self._commonest: dict[tuple[str, int, tuple[str, ...]], list[tuple[str, int]]] = {}

    def prepare(self) -> None:
        """Read ahead what misspelt words need, which takes a second for 250,000 words.

        Not more than is kept; of words in other scripts nothing. Raises
        :class:`~search_service.errors.EngineError` where the index cannot be read.
        """
        import rapidfuzz.distance
        import rapidfuzz.process  # noqa: F401 - loaded here, so that no search waits for it

        _ = self._stems
        for letter in _LETTERS:
            if self._retired or self._kept() > _MOST_KEPT * 3 // 4:
                return
            self._beginning(letter)
            self._spellings(letter)

    def retire(self) -> None:
        """Stop reading ahead: there is a newer commit."""
        self._retired = True

    def _kept(self) -> int:
        words = sum(map(len, self._begun.copy().values()))
        return words + sum(map(len, self._spelled.copy().values()))

    @cached_property
    def _stems(self) -> Shelf:
        from search_service.word_shelf import Shelf  # and NumPy, for the queries that need it

        first, *others = self._runs(Tier.STEM, "")
        runs = ({s: n for s, n in run.items() if len(s) >= SHORTEST} for run in (first, *others))
        return Shelf(list(runs))

    def _runs(self, tier: Tier, start: str) -> list[dict[str, int]]:
        """Return the terms with this beginning and their documents: for each field its new ones.

        Fields overlap, so the larger count is the safe one.
        """
        lists = [dict(self._engine.vocabulary(field, tier, start)) for field in self._fields]
        for at, counts in enumerate(lists):
            for earlier in lists[:at]:
                for term in earlier.keys() & counts.keys():
                    earlier[term] = max(earlier[term], counts.pop(term))
        return lists

    def frequency(self, forms: Forms) -> int:
        """Return in how many documents a word stands, in any of its forms with the same stem."""
        return self._count(Tier.STEM, forms.stem)

    def written(self, folded: str) -> int:
        """Return in how many documents a word stands as it is, in any spelling."""
        return self._count(Tier.FOLDED, folded)

    def most_in_one(self, fields: Sequence[str], stem: str) -> int:
        """Return in how many documents a stem stands, in that of ``fields`` that has it most."""
        # Most that are asked for stand nowhere, which is one question for all fields.
        if not self._count(Tier.STEM, stem):
            return 0
        return max(self._count(Tier.STEM, stem, (field,)) for field in fields)

    def _count(self, tier: Tier, term: str, fields: tuple[str, ...] = ()) -> int:
        known = self._counts.get((tier, term, fields))
        if known is None:
            known = self._engine.frequency(fields or self._fields, tier, term)
            if len(self._counts) >= _MOST_COUNTS:
                self._counts = {}
            self._counts[tier, term, fields] = known
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
            self._stems.near_share(forms.stem, 1 - _LEAST_LIKENESS),
            scorer=Indel.normalized_similarity,
            score_cutoff=_LEAST_LIKENESS,
            limit=_MOST_SIMILAR + 1,
        )
        others = [(stem, likeness) for stem, likeness, _ in near if stem != forms.stem]
        return others[:_MOST_SIMILAR]

    def like(self, word: str, least: int) -> Iterator[str]:
        """Yield what ``word`` may be meant for, the likeliest first.

        Only words that at least ``least`` documents have; two words where a
        space may be missing. ``word`` is folded, the text is as it is commonly spelled.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        edits = 1 if len(word) < _LONG else 2
        found = list(self._split(word, least))
        known: dict[str, int] = {}
        for start in _starts(word):
            known.update(self._beginning(start[:1], start).near_edits(word, edits, start))
        near = process.extract(
            word, known.keys(), scorer=OSA.distance, score_cutoff=edits, limit=_MOST_NEAR
        )
        for other, _, _ in near:
            if other != word and known[other] >= least:
                cost = spelling_cost(word, other)
                if cost <= _DEAREST * edits:
                    found.append((cost, -known[other], other))
        for _, _, text in sorted(found):
            yield " ".join(map(self.spelled, text.split()))

    def _split(self, word: str, least: int) -> Iterator[tuple[float, int, str]]:
        for at in range(2, len(word) - 1):
            first = self.written(word[:at])
            both = min(first, self.written(word[at:])) if first >= least else 0
            if both >= least:
                yield _SPACE_COST, -both, f"{word[:at]} {word[at:]}"

    def _beginning(self, *starts: str) -> Shelf:
        """Return the folded words with one of these beginnings, which are each other's."""
        for start in starts:
            if start in self._begun:
                return self._begun[start]
        from search_service.word_shelf import Shelf

        shelf = Shelf(self._runs(Tier.FOLDED, starts[-1]))
        return self._keep(self._begun, starts[-1], shelf)

    def _keep(self, shelves: dict[str, _Kept], start: str, shelf: _Kept) -> _Kept:
        if self._kept() + len(shelf) > _MOST_KEPT:
            self._begun.clear()
            self._spelled.clear()
        shelves[start] = shelf
        return shelf

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
        start = folded[:_LOOKED_UP]
        return self._spellings(start[:1], start).get(folded) or folded

    def _spellings(self, *starts: str) -> Spellings:
        """Return how folded words with one of these beginnings, each other's, are written."""
        for start in starts:
            if start in self._spelled:
                return self._spelled[start]
        from search_service.word_shelf import Spellings

        counts: dict[str, int] = {}
        for written in spellings(starts[-1]):
            for run in self._runs(Tier.EXACT, written):
                counts |= run
        return self._keep(self._spelled, starts[-1], Spellings(counts))


def _starts(word: str) -> tuple[str, ...]:
    """Return how a word may begin that ``word`` is meant for, in folded letters.

    With its first letter; with another that is taken for it; or without it,
    swapped with the next one, or with an alef before it, which is often dropped.
    """
    first, second = word[0], word[1:2]
    others = [letter + second for letter in confused_with(first)]
    others += [word[1:3], second + first, _ARTICLE[0] + first]
    return (first, *dict.fromkeys(other for other in others if other[:1] != first))
