"""A word that is still being typed: which particles it may begin with, and what comes behind.

All in folded spelling. The particles are those of the stemmer's table, but for
س before verbs, which is left on the word.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from search_service.analysis.folding import fold
from search_service.analysis.letters import STRIP
from search_service.analysis.stemmers import load_stemmer
from search_service.analysis.tables import read_table
from search_service.analysis.tokenizer import is_arabic, is_plain

__all__ = [
    "ARTICLE",
    "Beginning",
    "attached",
    "beginnings",
    "common_particles",
    "is_definite",
    "lead",
    "particles",
    "particles_and_stem",
    "typed_end",
]

ARTICLE = "ال"

_FUTURE = "س"
_AND = "و"
# ل and ال are written لل: the alef is dropped.
_FOR_THE = "لل"
# Below this, what follows a lone letter is too little to tell it from a letter of the word.
_BEHIND_LETTER = 3
# Words longer than this, with all their marks, are marked to their ends.
_LONGEST = 200
# Analyses kept, of about 300 bytes each.
_KEPT = 50_000


class Beginning(NamedTuple):
    """One way to read what was typed: ``particles`` as written, ال included, and the ``rest``.

    ``rank`` is 0 where a word may well begin so, 1 where و is taken for "and",
    and 2 where a letter may be a particle but is likelier the word's own.
    """

    particles: str
    rest: str
    rank: int


@functools.cache
def particles() -> tuple[str, ...]:
    """Return what may be written as one with the next word, in the order of the table."""
    listed = (row[0] for row in read_table("proclitics.tsv", 3))
    return tuple(particle for particle in listed if not particle.endswith(_FUTURE))


@functools.cache
def common_particles() -> tuple[str, ...]:
    """Return the particles of one letter, alone and before the article; ال is the first."""
    return (ARTICLE, *(one for one in particles() if len(lead(one)) == 1))


def is_definite(particle: str) -> bool:
    """Tell whether the article is among particles: in بال and لل it is."""
    return particle.endswith((ARTICLE, _FOR_THE))


def lead(particle: str) -> str:
    """Return particles without the article.

    >>> lead("وبال"), lead("لل"), lead("ال"), lead("و")
    ('وب', 'ل', '', 'و')
    """
    if particle.endswith(ARTICLE):
        return particle[: -len(ARTICLE)]
    return particle[:-1] if particle.endswith(_FOR_THE) else particle


def attached(before: str, word: str, *, definite: bool) -> str:
    """Return particles and a word as one, where ``definite`` tells that the word begins with ال.

    >>> attached("ل", "الأمر", definite=True), attached("ل", "ألمانيا", definite=False)
    ('للأمر', 'لألمانيا')
    """
    if definite and before.endswith("ل"):
        return before + word[1:]
    return before + word


def beginnings(typed: str) -> Sequence[Beginning]:
    """Return the ways to read a folded part of a word, the likeliest first; none of nothing.

    >>> [(one.particles, one.rest) for one in beginnings("الامر")]
    [('', 'الامر'), ('ال', 'امر')]
    """
    found = [Beginning("", typed, 0)] if typed else []
    if is_arabic(typed):
        for particle in particles():
            rest = typed[len(particle) :]
            if typed.startswith(particle) and rest:
                found += _with(particle, rest)
    return sorted(found, key=lambda one: one.rank)


def _with(particle: str, rest: str) -> Sequence[Beginning]:
    if is_definite(particle):
        return [Beginning(particle, rest, 0)]
    if len(rest) < _BEHIND_LETTER:
        return []
    return [Beginning(particle, rest, 1 if particle == _AND else 2)]


@functools.lru_cache(_KEPT)
def particles_and_stem(word: str) -> tuple[str, str]:
    """Return the particles that a folded Arabic word begins with, and its stem.

    >>> particles_and_stem("وبالكتاب")
    ('وبال', 'كتاب')
    """
    parts = load_stemmer().analyse(word)
    return parts.prefix.removesuffix(_FUTURE), load_stemmer().stem_of(parts)


def typed_end(written: str, letters: int) -> int:
    """Return how much of a written word its first ``letters`` folded letters are.

    Marks behind a letter belong to it.

    >>> typed_end("كِتَاب", 2), typed_end("ﻻعب", 2), typed_end("Café", 9)
    (4, 1, 4)
    """
    if is_plain(written):
        return min(letters, len(written))
    end = 0
    while end < len(written) and len(fold(written[: min(end, _LONGEST)])) < letters:
        end += 1
    while end < len(written) and ord(written[end]) in STRIP:
        end += 1
    return end
