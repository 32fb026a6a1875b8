"""Did you mean: words that the collection hardly knows, and the known ones that they look like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise, product
from typing import NamedTuple, TypeAlias

from search_service.advice import Correction, Suggestion
from search_service.analysis.analyzer import Analyzer
from search_service.analysis.keyboard import typed_in_other_layout
from search_service.analysis.token import Token
from search_service.analysis.tokenizer import is_arabic, is_number
from search_service.analysis.words import load_stop_words
from search_service.query import ast
from search_service.query.parser import parse_lenient
from search_service.word_list import RARE, SHORTEST, WordList

__all__ = ["did_you_mean"]

MAX_SUGGESTIONS = 3

# More doubtful words than this are another language or noise, not typing errors.
_MAX_DOUBTFUL = 4
# Words and pairs of a long query that are looked at: a pasted page has no typing errors to find.
_MAX_LOOKED_AT = 30
# A rare word is doubted only where a likely one is this many times as frequent.
_MUCH_COMMONER = 20

# Codes of warnings about a ``~`` or ``^`` behind a word.
_PASSED_OVER = ("ignored-suffix", "number-out-of-range")

_Word: TypeAlias = ast.Term | ast.Fuzzy | ast.Prefix


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
    count: Callable[..., int],
) -> tuple[Suggestion, ...]:
    """Return up to three corrected queries that find more than ``found`` documents.

    ``count`` tells how many documents a query finds.
    """
    terms = list(islice(_words(node), _MAX_LOOKED_AT))
    if all(_is_well_known(term, words, analyzer) for term in terms):
        return ()
    doubts = _Doubts(query, words, analyzer)
    doubtful = [one for term in terms for one in doubts.of(term, count)]
    joined = [one for pair in pairwise(terms) for one in doubts.of_pair(*pair)]
    if not (doubtful or joined) or len(doubtful) > _MAX_DOUBTFUL:
        return ()
    suggestions = []
    for readings, meant in islice(_choices(doubtful, joined), MAX_SUGGESTIONS):
        corrected, corrections = _corrected(query, readings, meant)
        total = count(query=corrected)
        if total > found and not _damaged(query, corrected):
            suggestions.append(Suggestion(corrected, total, corrections))
    return tuple(suggestions)


def _is_well_known(term: _Word, words: WordList, analyzer: Analyzer) -> bool:
    """Tell whether the collection has all of a typed word too often to doubt it, as of most."""
    if not isinstance(term, ast.Term):
        return False
    tokens = analyzer.analyze(term.text)
    return bool(tokens) and all(words.frequency(token.forms) > RARE for token in tokens)


def _choices(
    doubtful: Sequence[_Doubtful], joined: Sequence[_Doubtful]
) -> Iterator[tuple[Sequence[_Doubtful], Sequence[str]]]:
    """Yield what may be corrected together, the likeliest first."""
    together: list[_Doubtful] = []
    for pair in joined:
        if not together or pair.start >= together[-1].end:
            together.append(pair)
    if together:
        others = [
            one
            for one in doubtful
            if all(one.end <= pair.start or pair.end <= one.start for pair in together)
        ]
        every = sorted((*together, *others))
        yield every, [one.meant[0] for one in every]
    if doubtful:
        several = len(doubtful) > 1
        for meant in product(*(one.meant[: 1 if several else None] for one in doubtful)):
            yield doubtful, meant


def _damaged(query: str, corrected: str) -> bool:
    """Tell whether a correction makes something of the query unreadable that was readable."""
    before, after = (
        Counter(warning.code for warning in parse_lenient(text)[1]) for text in (query, corrected)
    )
    return bool(after - before)


def _words(node: ast.Node) -> Iterator[_Word]:
    """Yield the words that are searched for (not those excluded), in order."""
    match node:
        case ast.Term(field=None) | ast.Fuzzy(field=None) | ast.Prefix(field=None):
            yield node
        case ast.Bool(should, must):
            for child in sorted((*must, *should), key=lambda clause: clause.span):
                yield from _words(child)
        case ast.And(children) | ast.Or(children):
            for child in children:
                yield from _words(child)
        case ast.Boost(child):
            yield from _words(child)


class _Doubts:
    """What in one query may be mistyped."""

    def __init__(self, query: str, words: WordList, analyzer: Analyzer) -> None:
        self._query = query
        self._words = words
        self._analyzer = analyzer
        # Each word is looked at alone and beside its neighbours.
        self._tokens = lru_cache(_MAX_LOOKED_AT)(analyzer.analyze)

    def of(self, term: _Word, count: Callable[..., int]) -> Iterator[_Doubtful]:
        """Yield the parts of a typed word that the collection hardly knows."""
        start = self._query.find(term.text, *term.span)
        if start < 0:  # escaped characters: what was typed is not what is searched
            return
        tokens = self._tokens(term.text)
        if not isinstance(term, ast.Term):
            yield from self._of_pattern(term, tokens, count)
            return
        if other := self._other_layout(term.text, tokens):
            yield _Doubtful(start, self._end(start + len(term.text)), other)
            return
        for token in tokens:
            known = self._words.frequency(token.forms)
            if self._is_doubtful(token) and known <= RARE:
                meant = self._meant(token, least=max(known * _MUCH_COMMONER, 1))
                last = token.end == len(term.text)
                end = self._end(start + token.end) if last else start + token.end
                if meant:
                    yield _Doubtful(start + token.start, end, meant)

    def of_pair(self, one: _Word, other: _Word) -> Iterator[_Doubtful]:
        """Yield two words that are one with a space in it, at least one of them unknown."""
        start, end = one.span[0], other.span[1]
        plain = isinstance(one, ast.Term) and isinstance(other, ast.Term)
        # With a field, a sign or an escape among them, more stands there than the two words.
        if not plain or self._query[start:end].split() != [one.text, other.text]:
            return
        parts = [*self._tokens(one.text), *self._tokens(other.text)]
        if len(parts) != 2 or all(self._words.frequency(part.forms) for part in parts):
            return
        whole = self._analyzer.analyze(one.text + other.text)
        if len(whole) != 1 or not is_arabic(whole[0].forms.folded):
            return
        joined = whole[0].forms.folded
        if self._words.written(joined):
            yield _Doubtful(start, self._end(end), (self._words.spelled(joined),))

    def _of_pattern(
        self, term: ast.Fuzzy | ast.Prefix, tokens: Sequence[Token], count: Callable[..., int]
    ) -> Iterator[_Doubtful]:
        """Yield a word with ``~`` or ``*`` that finds nothing, to be replaced with its sign."""
        if len(tokens) != 1 or not self._is_doubtful(tokens[0]):
            return
        if count(query=self._query[slice(*term.span)]):
            return
        if meant := self._meant(tokens[0], least=1):
            yield _Doubtful(term.span[0], self._end(term.span[1]), meant)

    def _end(self, end: int) -> int:
        """Return where a word ends, with what hangs on it and is passed over (``~0``)."""
        for warning in parse_lenient(self._query)[1]:
            if warning.span[0] == end and warning.code in _PASSED_OVER:
                end = warning.span[1]
        return end

    def _is_doubtful(self, token: Token) -> bool:
        word = token.forms.folded
        return len(word) >= SHORTEST and not is_number(word) and word not in load_stop_words()

    def _meant(self, token: Token, least: int) -> tuple[str, ...]:
        # Forms of one word find the same documents; the likeliest of them is enough.
        by_stems: dict[tuple[str, ...], str] = {}
        for text in self._words.like(token.forms.folded, least):
            by_stems.setdefault(self._stems(text), text)
            if len(by_stems) == MAX_SUGGESTIONS:
                break
        return tuple(by_stems.values())

    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(token.forms.stem for token in self._analyzer.analyze(text))

    def _other_layout(self, text: str, tokens: Sequence[Token]) -> tuple[str, ...]:
        """Return what the keys for an unknown word type in the other layout, if that is known."""
        if len(text) < SHORTEST or any(self._words.frequency(token.forms) for token in tokens):
            return ()
        return tuple(reading for reading in typed_in_other_layout(text) if self._is_known(reading))

    def _is_known(self, reading: str) -> bool:
        found = self._analyzer.analyze(reading)
        return len(found) == 1 and self._words.frequency(found[0].forms) > 0


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
