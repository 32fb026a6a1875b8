"""Words typed with vowel marks: what may not contradict them, what agrees with them.

The hidden field ``marks`` tells of each document how its vocalised words are
read (``analysis/vocalisation.py``). A typed word excludes documents that read
its letters otherwise and hold no other word of its stem; ``=`` demands one that
reads them so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from search_service.analysis.token import Forms
from search_service.analysis.vocalisation import SEPARATOR, agreement, typed_term
from search_service.query import resolved as r
from search_service.query.expansion import Vocabulary
from search_service.ranking import AGREEMENT_WEIGHT
from search_service.schema import MARKS, Tier

__all__ = ["Conditions", "VocalisedForms", "conditions", "demanded", "guarded", "vocalised"]

# A stem of fully vocalised books has a few hundred readings; where there are more, marks are
# left aside, for with a part of them a document could be excluded by mistake.
_MAX_READINGS = 1000


class VocalisedForms(Forms):
    """The forms of a word that was typed with marks; as a tuple, equal to those without.

    ``typed`` is what :func:`~search_service.analysis.vocalisation.marked` gives
    for the word, ``known`` the readings of its stem in the index.
    """

    typed: str
    known: tuple[str, ...]

    def agreeing(self) -> tuple[str, ...]:
        """Return the readings that say the same as the typed word."""
        return self._compared(True, exact=False)

    def contradicting(self) -> tuple[str, ...]:
        """Return the readings that say something else of the same letters."""
        return self._compared(False, exact=False)

    def exactly(self) -> tuple[str, ...]:
        """Return the readings of the same letters that agree to the last mark."""
        return self._compared(True, exact=True)

    def _compared(self, wanted: bool, *, exact: bool) -> tuple[str, ...]:
        return tuple(
            term
            for term in self.known
            if agreement(self.typed, _reading(term), exact=exact) is wanted
        )


def _reading(term: str) -> str:
    return term.partition(SEPARATOR)[2]


def vocalised(
    typed: str, forms: Forms, vocabulary: Vocabulary, *, exact: bool = False
) -> VocalisedForms:
    """Return the forms of a word typed with the marks ``typed``, with its readings in the index.

    ``exact`` asks for readings of the same letters alone.
    """
    start = f"{forms.stem}{SEPARATOR}" + (f"{forms.exact}{SEPARATOR}" if exact else "")
    known = tuple(islice((term for term, _ in vocabulary(MARKS, None, start)), _MAX_READINGS + 1))
    found = VocalisedForms(*forms)
    found.typed, found.known = typed, known if len(known) <= _MAX_READINGS else ()
    return found


def guarded(node: r.Bool, words: Iterable[Forms], fields: tuple[str, ...], weight: float) -> r.Bool:
    """Return a node that looks for ``words`` without documents that contradict their marks.

    Agreement adds to the score of what is found. A node without marks is returned as it is.
    """
    excluded: list[r.Node] = []
    favoured: list[r.Node] = []
    for word in words:
        if not isinstance(word, VocalisedForms):
            continue
        contradicting, agreeing = word.contradicting(), word.agreeing()
        if contradicting:
            # Any other word of the stem may be what is looked for: it says nothing against it.
            others = tuple(term for term in word.known if term not in contradicting)
            excluded.append(r.Bool(must=(_any(contradicting),), must_not=(_any(others),)))
        if agreeing:
            part = r.Term(fields, Tier.STEM, word.stem, weight * AGREEMENT_WEIGHT)
            favoured.append(r.Bool(must=(_any(agreeing), part)))
    if not excluded and not favoured:
        return node
    return r.Bool(must=(node,), should=tuple(favoured), must_not=tuple(excluded))


def demanded(node: r.Node, words: Iterable[Forms]) -> r.Node:
    """Return what matches ``node`` and reads every one of ``words`` exactly as it was typed."""
    marked = [word.exactly() for word in words if isinstance(word, VocalisedForms)]
    if not all(marked):
        return r.NoDocs()
    return r.Bool(must=(node, *map(_any, marked))) if marked else node


def _any(terms: Sequence[str]) -> r.Bool | r.NoDocs:
    if not terms:
        return r.NoDocs()
    return r.Bool(should=tuple(r.KeywordTerm(MARKS, term) for term in terms))


def _readings(node: r.Node) -> frozenset[str]:
    """Return the terms of a node that :func:`_any` made; any other has none."""
    terms = node.should if isinstance(node, r.Bool) and not node.must and not node.must_not else ()
    found = [t.value for t in terms if isinstance(t, r.KeywordTerm) and t.field == MARKS]
    return frozenset(found) if len(found) == len(terms) else frozenset()


Place: TypeAlias = tuple[str, Tier, str]


@dataclass(frozen=True, slots=True)
class _Condition:
    """What the reading of a word must be, or not be, to be what a leaf looks for."""

    forbidden: frozenset[str] = frozenset()
    required: tuple[frozenset[str], ...] = ()

    def allows(self, term: str) -> bool:
        start = term.rpartition(SEPARATOR)[0] + SEPARATOR
        asked = (one for one in self.required if next(iter(one)).startswith(start))
        return term not in self.forbidden and all(term in one for one in asked)


_FREE = _Condition()


class Conditions:
    """Tells which occurrences of a term are not what a query looks for."""

    def __init__(self, by_place: Mapping[Place, Sequence[_Condition]]) -> None:
        self._by_place = by_place

    def forbid(self, field: str, tier: Tier, word: str, forms: Forms) -> bool:
        """Whether an occurrence, as ``word`` is written there, contradicts all that ask for it."""
        asked = self._by_place.get((field, tier, forms.of(tier)))
        if not asked:
            return False
        reading = typed_term(word, forms.exact) or forms.exact + SEPARATOR
        term = f"{forms.stem}{SEPARATOR}{reading}"
        return not any(condition.allows(term) for condition in asked)


def conditions(query: r.Node) -> Conditions:
    """Return the conditions of a resolved query's terms; a term that is free anywhere has none."""
    by_place: defaultdict[Place, list[_Condition]] = defaultdict(list)
    for place, condition in _walk(query, _FREE):
        by_place[place].append(condition)
    return Conditions({place: found for place, found in by_place.items() if _FREE not in found})


def _walk(node: r.Node, outer: _Condition) -> Iterator[tuple[Place, _Condition]]:
    if isinstance(node, r.Bool):
        inner = _narrowed(node, outer)
        for child in node.must + node.should:
            yield from _walk(child, inner)
    elif isinstance(node, r.Term):
        yield from (((field, node.tier, node.term), outer) for field in node.fields)
    elif isinstance(node, r.Phrase):
        terms = {term for slot in node.slots for term in slot}
        yield from (((f, node.tier, term), outer) for f in node.fields for term in terms)


def _narrowed(node: r.Bool, outer: _Condition) -> _Condition:
    guards = (
        child for child in node.must_not if isinstance(child, r.Bool) and len(child.must) == 1
    )
    forbidden = outer.forbidden.union(*(_readings(guard.must[0]) for guard in guards))
    required = tuple(filter(None, map(_readings, node.must)))
    return _Condition(forbidden, (*outer.required, *required)) if forbidden or required else outer
