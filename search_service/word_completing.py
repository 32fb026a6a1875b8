"""The last word of what was typed, completed from the words of the collection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from search_service.analysis.beginnings import (
    ARTICLE,
    Beginning,
    attached,
    beginnings,
    common_particles,
    is_definite,
    lead,
    particles_and_stem,
    typed_end,
)
from search_service.analysis.english import english_stem
from search_service.analysis.folding import fold
from search_service.analysis.token import Forms
from search_service.analysis.tokenizer import is_arabic, is_number
from search_service.analysis.words import load_stop_words
from search_service.engines.port import Engine
from search_service.query import resolved as r
from search_service.results_completion import Completion, joined, marked_html
from search_service.schema import DEFAULT_SCHEMA, FieldKind, Tier
from search_service.word_list import WordList

__all__ = ["Typed", "WrittenWord", "complete_word", "written_words"]

_FIELDS = tuple(field.name for field in DEFAULT_SCHEMA.of_kind(FieldKind.TEXT))
# Words looked at that begin with what was typed.
_MOST_WORDS = 100
# Of more words than this, those that have only been written with particles are not missed.
_ENOUGH = 40
# Stems counted for each that is shown; behind other words, common ones are less surely meant.
_COUNTED = 2
_COUNTED_BEHIND = 5


class Typed(NamedTuple):
    """What was typed: ``text[start:]`` is the last word if it may go on, ``word`` its folded form.

    ``word`` is empty where the text does not end with a word. ``earlier`` are
    the words before it that are searched for.
    """

    text: str
    start: int
    word: str
    earlier: tuple[Forms, ...]


class WrittenWord(NamedTuple):
    """A folded word of the collection, its documents, and the particles before what was typed."""

    word: str
    frequency: int
    particles: str


class _Candidate(NamedTuple):
    """A stem whose forms begin as was typed."""

    stem: str
    beginning: Beginning
    forms: Sequence[WrittenWord]


def written_words(
    beginning: Beginning, words: WordList, fields: Sequence[str] = ()
) -> Iterator[tuple[str, WrittenWord]]:
    """Yield the collection's words that begin with ``beginning.rest``, with their stems.

    Those with particles before it as well, if there are few without; not those in
    which the letters of ``rest`` are particles themselves.
    """
    rest, found = beginning.rest, 0
    if not is_arabic(rest):
        for word, frequency in words.commonest(rest, _MOST_WORDS, fields):
            stem = word if is_number(word) else english_stem(word)
            yield stem, WrittenWord(word, frequency, "")
        return
    for before in ("", *common_particles()):
        missed = before in ("", ARTICLE) or found <= _ENOUGH
        if not missed or (before and rest.startswith(ARTICLE)):
            return
        for word, frequency in words.commonest(before + rest, _MOST_WORDS, fields):
            cut, stem = particles_and_stem(word)
            # Of العراق, the letters ا and ال are a beginning too.
            if cut == before or (cut == ARTICLE and ARTICLE.startswith(rest) and not before):
                found += before in ("", ARTICLE)
                yield stem, WrittenWord(word, frequency, before)


def complete_word(typed: Typed, engine: Engine, words: WordList, *, most: int) -> list[Completion]:
    """Return up to ``most`` completions of the last word.

    One for each stem, in the form that most documents have; first those found
    in most documents together with the earlier words.
    """
    shown: list[Completion] = []
    seen: set[str] = set()
    for rank, same in groupby(beginnings(typed.word), key=attrgetter("rank")):
        # A letter of the word is taken for a particle only where it makes sense of it.
        if len(shown) >= most or (shown and rank > 1):
            break
        found = [one for one in _candidates(same, words) if one.stem not in seen]
        seen.update(one.stem for one in found)
        for count, one in _counted(found, typed.earlier, engine, most)[: most - len(shown)]:
            shown.append(_completion(typed, one, count, words))
    return shown


def _candidates(same: Iterable[Beginning], words: WordList) -> Iterator[_Candidate]:
    stop_words = load_stop_words()
    found: defaultdict[str, dict[Beginning, list[WrittenWord]]] = defaultdict(dict)
    for beginning in same:
        for stem, word in written_words(beginning, words):
            if word.word not in stop_words and stem not in stop_words:
                found[stem].setdefault(beginning, []).append(word)
    for stem, ways in found.items():
        # A word with ال is found with the article typed, and as letters of its own.
        beginning = max(ways, key=lambda way: len(way.particles))
        yield _Candidate(stem, beginning, ways[beginning])


def _counted(
    found: Sequence[_Candidate], earlier: Sequence[Forms], engine: Engine, most: int
) -> list[tuple[int, _Candidate]]:
    """Return the likeliest candidates with the documents that each finds, most first."""
    before = tuple(
        r.Term(_FIELDS, Tier.STEM, forms.stem)
        for forms in earlier
        if forms.folded not in load_stop_words()
    )
    looked_at = (_COUNTED_BEHIND if before else _COUNTED) * most
    likely = nlargest(
        looked_at,
        found,
        key=lambda one: (_fits(one), sum(f.frequency for f in one.forms), one.stem),
    )
    counts = _counts(likely, before, engine) if before else {}
    if not any(counts.values()):
        counts = _counts(likely, (), engine)
    ordered = sorted(likely, key=lambda one: (not _fits(one), -counts[one.stem], one.stem))
    return [(counts[one.stem], one) for one in ordered if counts[one.stem]]


def _counts(
    candidates: Iterable[_Candidate], before: tuple[r.Term, ...], engine: Engine
) -> Mapping[str, int]:
    stems = [one.stem for one in candidates]
    queries = (r.Bool(must=(r.Term(_FIELDS, Tier.STEM, stem), *before)) for stem in stems)
    return {
        stem: engine.search(query, 0, 0).total for stem, query in zip(stems, queries, strict=True)
    }


def _completion(typed: Typed, one: _Candidate, count: int, words: WordList) -> Completion:
    form = _shown(one)
    base = words.spelled(form.word)[len(form.particles) :]
    definite = is_definite(form.particles)
    before = lead(one.beginning.particles)
    word = attached(before, (ARTICLE if definite else "") + base, definite=definite)
    if fold(word).startswith(typed.word):
        ranges = [(0, typed_end(word, len(typed.word)))]
    else:
        # The article stands there, and was not typed; or the other way round.
        own = len(word) - len(base)
        ranges = [(0, len(before)), (own, own + len(one.beginning.rest))]
    start = typed.start
    whole = typed.text[:start] + word
    marks = joined([(0, start), *((start + first, start + last) for first, last in ranges)])
    return Completion(whole, "word", marks, marked_html(whole, marks), count)


def _fits(one: _Candidate) -> bool:
    """Tell whether some form has the article, where it was typed."""
    typed = one.beginning.particles
    return not is_definite(typed) or any(is_definite(form.particles) for form in one.forms)


def _shown(one: _Candidate) -> WrittenWord:
    """Return the form to show: of those that fit behind what was typed, the commonest."""
    typed = one.beginning.particles
    definite = is_definite(typed)

    def fitness(form: WrittenWord) -> tuple[bool, int, bool, bool, int, str]:
        same = is_definite(form.particles) == definite
        fits = same if typed else True
        return fits, form.frequency, same, not lead(form.particles), -len(form.word), form.word

    return max(one.forms, key=fitness)
