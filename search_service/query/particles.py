"""Particles written as one with a name that no word list knows: لغوتيريش is غوتيريش with ل.

When a text is indexed, an unknown word keeps a lone ب, ل, ك or ف, since a wrong
cut is worse than a missed one. A query can do better: it asks the collection
itself which of the two it knows. All that is found so weighs less than another
spelling, for it stays a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from search_service.analysis.stemmers import load_stemmer
from search_service.analysis.token import Forms
from search_service.analysis.tokenizer import is_arabic
from search_service.analysis.words import Alternative, Expansion
from search_service.query.units import Unit
from search_service.schema import Tier

__all__ = ["Frequency", "with_or_without_particle", "with_particles"]

#: In how many documents a stem stands.
Frequency: TypeAlias = Callable[[str], int]

# Those that the stemmer leaves on an unknown word; و and chains with it it takes off itself.
_PARTICLES = ("ب", "ل", "ك", "ف")
# Below this, letters after a particle are too few to tell a name by.
_SHORTEST = 3
_SHORTEST_WORD = 4
# So few documents may have a form by chance; a word of more is a word of its own.
_FEW = 2
_MUCH_BETTER = 5
# Each word costs up to ten look-ups; names are rarely more.
_MAX_WORDS = 20
# Words of queries that are remembered as known or unknown, of about 150 bytes each.
_REMEMBERED = 20_000


def with_or_without_particle(word: Forms, frequency: Frequency) -> tuple[str, ...]:
    """Return the stems that ``word`` has in a collection with another particle, or with none.

    None for a word that the lexicon knows: وائل, بلال and باريس keep their
    first letters, and so does every word of the collection that it knows.
    """
    stem = word.stem
    if len(word.folded) < _SHORTEST_WORD or len(stem) < _SHORTEST or not is_arabic(stem):
        return ()
    if _is_known(word.folded):
        return ()
    own = frequency(stem)
    return (*_with(word, own, frequency), *_without(stem, own, frequency))


@lru_cache(_REMEMBERED)
def _is_known(folded: str) -> bool:
    return load_stemmer().analyse(folded).known


def _with(word: Forms, own: int, frequency: Frequency) -> Iterator[str]:
    forms = [one + word.stem for one in _PARTICLES if not _is_known(one + word.folded)]
    counts = {form: frequency(form) for form in forms if not _is_known(form)}
    found = [form for form, count in counts.items() if count]
    for form in found:
        # برونو is no رونو with ب where it is the commoner; with ل and ب both, it is a name.
        if counts[form] <= max(own, _FEW) or len(found) > 1:
            yield form


def _without(stem: str, own: int, frequency: Frequency) -> Iterator[str]:
    rest = stem[1:]
    if stem[0] not in _PARTICLES or len(rest) < _SHORTEST or own > _FEW:
        return
    if frequency(rest) > max(own * _MUCH_BETTER - 1, 0):
        yield rest


def with_particles(
    names: Iterable[Expansion], units: Sequence[Unit], frequency: Frequency
) -> list[Expansion]:
    """Return ``names``, and what single words of ``units`` are with or without a particle."""
    found = {expansion.start: expansion for expansion in names}
    inside = {i for one in found.values() if one.end - one.start > 1 for i in range(*one[:2])}
    single = [i for i, unit in enumerate(units) if len(unit) == 1 and i not in inside]
    for i in single[:_MAX_WORDS]:
        stems = with_or_without_particle(units[i][0], frequency)
        known = found[i].alternatives if i in found else ()
        # Its other spellings are looked for as well, and counted once.
        new = [_alternative(stem) for stem in stems]
        if new:
            found[i] = Expansion(i, i + 1, (*known, *(one for one in new if one not in known)))
    return [found[i] for i in sorted(found)]


def _alternative(stem: str) -> Alternative:
    return Alternative(Tier.STEM, (stem,), stem, "particle")
