"""Names of two words that are also written as one, by rule: عبد الصبور and عبدالصبور.

The packaged table has those that everybody knows; this finds the others. A
rule only says what a name would look like the other way: one that nobody
writes is looked for in vain and does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from search_service.analysis.stemmers import load_stemmer
from search_service.analysis.token import Forms

__all__ = ["Compound", "begins_compound", "compounds"]

_PARTICLES = "(?:و|ف)?(?:ب|ل|ك)?"
# Each in folded spelling: servant of; father of and possessor of, in their three cases.
_SERVANT = "عبد"
_FATHER = ("ابو", "ابا", "ابي")
_OWNER = ("ذو", "ذا", "ذي")
_FATHERS, _OWNERS = "|".join(_FATHER), "|".join(_OWNER)
_FIRST = re.compile(f"{_PARTICLES}({_SERVANT}|{_FATHERS}|{_OWNERS})")
_JOINED = re.compile(f"{_PARTICLES}(?:({_SERVANT})(ال.{{2,}})|({_OWNERS})(ال.{{3,}}))")
# Where a word list knows the word, it is no name: أبيات are verses, not Abu and something.
_JOINED_UNKNOWN = re.compile(f"{_PARTICLES}(?:({_FATHERS})(.{{3,}})|(.{{2,}})(الدين|الله))")
_ANY = re.compile("|".join(rule.pattern for rule in (_FIRST, _JOINED, _JOINED_UNKNOWN)))


class Compound(NamedTuple):
    """A name written the other way: its stems, one per word, and the whole as it is written."""

    stems: tuple[str, ...]
    written: str


def begins_compound(word: Forms) -> bool:
    """Tell whether :func:`compounds` may yield anything for ``word``, alone or with the next."""
    return _ANY.fullmatch(word.folded) is not None


def compounds(words: Sequence[Forms]) -> Iterator[Compound]:
    """Yield what one word would be as two, or two words as one, if a rule says they may be."""
    if len(words) == 1:
        parts = _split(words[0].folded)
        if parts:
            yield _compound(*parts)
    elif len(words) == 2:
        yield from map(_compound_of, _other_ways(words[0].folded, words[1].folded))


def _compound(*parts: str) -> Compound:
    return Compound(tuple(map(load_stemmer().stem, parts)), " ".join(parts))


def _compound_of(written: str) -> Compound:
    return _compound(*written.split())


def _split(word: str) -> tuple[str, ...]:
    fit = _JOINED.fullmatch(word)
    if fit is None:
        fit = _JOINED_UNKNOWN.fullmatch(word)
        # Asked of few words, since it takes longest.
        if fit and load_stemmer().analyse(word).known:
            return ()
    return tuple(filter(None, fit.groups())) if fit else ()


def _other_ways(one: str, other: str) -> Iterator[str]:
    fit = _FIRST.fullmatch(one)
    if fit is None or len(other) < 3:
        return
    first = fit[1]
    cases = next((all_three for all_three in (_FATHER, _OWNER) if first in all_three), ())
    if first in _FATHER or other.startswith("ال"):
        yield (cases[0] if cases else first) + other
        # The longer name hides what أبو alone is written as besides.
        yield from (f"{case} {other}" for case in cases if case != first)
