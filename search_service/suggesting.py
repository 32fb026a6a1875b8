"""Did you mean: words that the collection hardly knows, and the known ones that they look like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.folding import fold_arabic
from search_service.analysis.spelling import spelling_cost
from search_service.analysis.token import Forms
from search_service.analysis.tokenizer import is_arabic, is_number
from search_service.analysis.words import load_stop_words
from search_service.engines.port import Engine
from search_service.query import ast
from search_service.results import Correction, Suggestion
from search_service.schema import FieldKind, Schema, Tier

__all__ = ["WordList", "did_you_mean"]

MAX_SUGGESTIONS = 3

# More doubtful words than this are another language or noise, not typing errors.
_MAX_DOUBTFUL = 4
_SHORTEST = 3
# A rare word is doubted only where a likely one is this many times as frequent.
_MUCH_COMMONER = 20
_RARE = 2
_SPACE_COST = 0.5
# Words from this length on may have two mistakes; a mistake may cost up to this on average.
_LONG = 5
_DEAREST = 0.8
_LEAST_LIKENESS = 0.72
_MOST_SIMILAR = 5


class WordList:
    """The words of one commit: folded words with their frequencies, and stems.

    Read from the index when they are first needed, since most queries need none.
    """

    def __init__(self, engine: Engine, schema: Schema) -> None:
        self._fields = tuple(field.name for field in schema.of_kind(FieldKind.TEXT))
        self._engine = engine

    @cached_property
    def _folded(self) -> dict[str, int]:
        frequencies: dict[str, int] = {}
        for field in self._fields:
            for word, frequency in self._engine.vocabulary(field, Tier.FOLDED):
                # Fields overlap, so the larger count is the safe one.
                frequencies[word] = max(frequency, frequencies.get(word, 0))
        return frequencies

    @cached_property
    def _spellings(self) -> dict[str, str]:
        """The commonest spelling of each folded word: nobody wants to be offered مكتبه."""
        found: dict[str, tuple[int, str]] = {}
        for field in self._fields:
            for word, frequency in self._engine.vocabulary(field, Tier.EXACT):
                folded = fold_arabic(word)
                found[folded] = max(found.get(folded, (0, "")), (frequency, word))
        return {folded: word for folded, (_, word) in found.items()}

    @cached_property
    def _stems(self) -> list[str]:
        found = (stem for f in self._fields for stem, _ in self._engine.vocabulary(f, Tier.STEM))
        return [stem for stem in dict.fromkeys(found) if len(stem) >= _SHORTEST]

    def frequency(self, forms: Forms) -> int:
        """Return in how many documents a word stands, in any of its forms with the same stem."""
        return max(self._first(field, forms.stem) for field in self._fields)

    def _first(self, field: str, stem: str) -> int:
        term, frequency = next(self._engine.vocabulary(field, Tier.STEM, stem), ("", 0))
        return frequency if term == stem else 0

    def similar(self, forms: Forms) -> list[tuple[str, float]]:
        """Return up to five stems that look like a word's, if few documents have the word.

        Likeness is 1 minus the share of letters to be added and dropped (indel
        distance over both lengths).
        """
        if len(forms.stem) <= _SHORTEST or not is_arabic(forms.stem):
            return []
        if self.frequency(forms) > _RARE:
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
        space may be missing.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        edits = 1 if len(word) < _LONG else 2
        near = process.extract(
            word, self._folded.keys(), scorer=OSA.distance, score_cutoff=edits, limit=50
        )
        found = [
            (cost, -self._folded[other], other)
            for other, _, _ in near
            if other != word
            and self._folded[other] >= least
            and (cost := spelling_cost(word, other)) <= _DEAREST * edits
        ]
        return [
            (cost, rank, " ".join(self._spellings.get(part, part) for part in text.split()))
            for cost, rank, text in sorted([*found, *self._split(word, least)])
        ]

    def _split(self, word: str, least: int) -> Iterator[tuple[float, int, str]]:
        for at in range(2, len(word) - 1):
            both = min(self._folded.get(part, 0) for part in (word[:at], word[at:]))
            if both >= least:
                yield _SPACE_COST, -both, f"{word[:at]} {word[at:]}"


class _Doubtful(NamedTuple):
    """A typed word, where it stands in the query, and what it may be meant for."""

    start: int
    end: int
    meant: tuple[str, ...]


def did_you_mean(
    query: str,
    node: ast.Node,
    words: WordList,
    analyzer: Analyzer,
    *,
    found: int,
    count: Callable[[str], int],
) -> tuple[Suggestion, ...]:
    """Return up to three corrected queries that find more than ``found`` documents.

    ``count`` tells how many documents a query finds.
    """
    doubtful = [one for term in _words(node) for one in _doubts(query, term, words, analyzer)]
    if not doubtful or len(doubtful) > _MAX_DOUBTFUL:
        return ()
    choices = [one.meant[: MAX_SUGGESTIONS if len(doubtful) == 1 else 1] for one in doubtful]
    suggestions = []
    for meant in product(*choices):
        corrected, corrections = _corrected(query, doubtful, meant)
        total = count(corrected)
        if total > found:
            suggestions.append(Suggestion(corrected, total, corrections))
    return tuple(suggestions)


def _words(node: ast.Node) -> Iterator[ast.Term]:
    """Yield the plain words that are searched for (not those excluded)."""
    match node:
        case ast.Term(field=None):
            yield node
        case ast.Bool(should, must):
            for child in sorted((*must, *should), key=lambda clause: clause.span):
                yield from _words(child)
        case ast.And(children) | ast.Or(children):
            for child in children:
                yield from _words(child)
        case ast.Boost(child):
            yield from _words(child)


def _doubts(query: str, term: ast.Term, words: WordList, analyzer: Analyzer) -> Iterator[_Doubtful]:
    start = query.find(term.text, *term.span)
    if start < 0:  # escaped characters: what was typed is not what is searched
        return
    for token in analyzer.analyze(term.text):
        word = token.forms.folded
        if len(word) < _SHORTEST or is_number(word) or word in load_stop_words():
            continue
        known = words.frequency(token.forms)
        if known > _RARE:
            continue
        likely = words.like(word, least=max(known * _MUCH_COMMONER, 1))
        if likely:
            # Forms of one word find the same documents; the likeliest of them is enough.
            words_meant = {_stems(text, analyzer): text for _, _, text in reversed(likely)}
            meant = tuple(text for _, _, text in likely if text in words_meant.values())
            yield _Doubtful(start + token.start, start + token.end, meant)


def _stems(text: str, analyzer: Analyzer) -> tuple[str, ...]:
    return tuple(token.forms.stem for token in analyzer.analyze(text))


def _corrected(
    query: str, doubtful: Sequence[_Doubtful], meant: Sequence[str]
) -> tuple[str, tuple[Correction, ...]]:
    corrections = []
    text, at = "", 0
    for one, new in zip(doubtful, meant, strict=True):
        corrections.append(Correction(one.start, one.end, query[one.start : one.end], new))
        text += query[at : one.start] + new
        at = one.end
    return text + query[at:], tuple(corrections)
