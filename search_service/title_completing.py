"""Titles that have every word typed so far, the last one perhaps not whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.beginnings import Beginning, beginnings, typed_end
from search_service.analysis.token import Token
from search_service.engines.port import Engine
from search_service.query import resolved as r
from search_service.results_completion import Completion, joined, marked_html
from search_service.schema import Tier
from search_service.word_completing import Typed, written_words
from search_service.word_list import WordList

__all__ = ["complete_titles"]

_TITLE = ("title",)
# Words that the last one may become; the commonest in titles.
_MOST_WORDS = 50
# Titles fetched for each that is shown: those that begin as was typed come first.
_FETCHED = 2


class _Place(NamedTuple):
    """Where in a folded word the typed part stands: from code point ``start`` to ``end``."""

    start: int
    end: int


def complete_titles(
    typed: Typed, engine: Engine, analyzer: Analyzer, words: WordList, *, most: int
) -> list[Completion]:
    """Return up to ``most`` titles with the earlier words and one that begins as the last one does.

    Best match first, those that begin with what was typed before others. With
    nothing typed last, the titles that have the words; without any, none.
    """
    endings = _endings(typed.word, words)
    if not (endings if typed.word else typed.earlier):
        return []
    stems = dict.fromkeys(forms.stem for forms in typed.earlier)
    must: list[r.Node] = [r.Term(_TITLE, Tier.STEM, stem) for stem in stems]
    if endings:
        must.append(r.Bool(should=tuple(r.Term(_TITLE, Tier.FOLDED, word) for word in endings)))
    hits = engine.search(r.Bool(must=tuple(must)), 0, most * _FETCHED)
    found: dict[str, Completion] = {}
    for document in engine.fetch([document_id for document_id, _ in hits.page], bodies=False):
        if document is not None and document.title not in found:
            tokens = analyzer.analyze(document.title)
            marks = joined(_ranges(document.title, tokens, stems, endings))
            html = marked_html(document.title, marks)
            found[document.title] = Completion(document.title, "title", marks, html, 1, document.id)
    return sorted(found.values(), key=_begins_otherwise)[:most]


def _begins_otherwise(title: Completion) -> bool:
    return not title.marks or title.text[: title.marks[0][0]].strip() != ""


def _endings(typed: str, words: WordList) -> dict[str, _Place]:
    """Return what the word may become, with the place of what was typed in it."""
    for _, same in groupby(beginnings(typed), key=attrgetter("rank")):
        found = {
            word.word: (word.frequency, _place(word.word, word.particles, beginning, typed))
            for beginning in same
            for _, word in written_words(beginning, words, _TITLE)
        }
        if found:
            likely = nlargest(_MOST_WORDS, found, key=lambda word: (found[word][0], word))
            return {word: found[word][1] for word in likely}
    return {}


def _place(word: str, particles: str, beginning: Beginning, typed: str) -> _Place:
    if word.startswith(typed):
        return _Place(0, len(typed))
    return _Place(len(particles), len(particles) + len(beginning.rest))


def _ranges(
    title: str,
    tokens: Sequence[Token],
    stems: Mapping[str, None],
    endings: Mapping[str, _Place],
) -> Iterator[tuple[int, int]]:
    """Yield what was typed of a title: whole words, and the beginnings of others."""
    for token in tokens:
        if token.forms.stem in stems:
            yield token.start, token.end
        elif place := endings.get(token.forms.folded):
            written = title[token.start : token.end]
            # A sign for several words has no place for one of them.
            first = typed_end(written, place.start) if place.start else 0
            yield token.start + first, token.start + typed_end(written, place.end)
