"""Words, phrases and runs of words as leaves: tiers, variants, stop words, weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from search_service.analysis.token import Forms
from search_service.analysis.words import Alternative, Expansion, load_stop_words
from search_service.query import resolved as r
from search_service.query.units import Unit
from search_service.query.vocalised import guarded
from search_service.ranking import NAME_WEIGHTS, TIER_WEIGHTS, TITLE_WEIGHTS
from search_service.schema import Tier

__all__ = ["phrase_node", "sequence_nodes", "telling", "tells", "word_node"]

# The same words come in many queries; each takes about 1 KB.
_REMEMBERED = 4_000


def word_node(word: Forms, fields: tuple[str, ...], weight: float) -> r.Bool:
    """Return one word: its term in every tier, weighted, and once more in the title."""
    if type(word) is Forms:
        return _tiers(word, fields, weight)
    # Forms of a word typed with marks hold its readings in the index, which are not to be kept.
    return guarded(_tiers(Forms(*word), fields, weight), (word,), fields, weight)


@lru_cache(_REMEMBERED)
def _tiers(word: Forms, fields: tuple[str, ...], weight: float) -> r.Bool:
    leaves: list[r.Node] = [
        r.Term(fields, tier, word.of(tier), weight * part) for tier, part in TIER_WEIGHTS.items()
    ]
    if len(fields) > 1:
        leaves += [
            r.Term(("title",), tier, word.of(tier), weight * part)
            for tier, part in TITLE_WEIGHTS.items()
        ]
    return r.Bool(should=tuple(leaves))


def phrase_node(
    words: Sequence[Forms],
    names: Sequence[Expansion],
    fields: tuple[str, ...],
    slop: int,
    weight: float,
) -> r.Node | None:
    """Return words in order: in folded spelling and by stems, and with other ``names`` in place.

    A single word is taken in folded spelling alone: who quotes a word wants
    that word, not its family.
    """
    if len(words) < 2:
        full = weight * (TIER_WEIGHTS[Tier.FOLDED] + TIER_WEIGHTS[Tier.STEM])
        leaves: list[r.Node] = [r.Term(fields, Tier.FOLDED, w.folded, full) for w in words]
        others: Iterable[r.Node] = ()
    else:
        leaves = [*_in_order(words, fields, slop, weight)]
        others = _rewordings(words, names, fields, slop, weight)
    own = guarded(r.Bool(should=tuple(leaves)), words, fields, weight)
    return r.Bool(should=(*_clauses(own), *others)) if leaves else None


def _clauses(node: r.Bool) -> tuple[r.Node, ...]:
    """Return what a node is put together from, to stand beside others; a guarded one is whole."""
    return (node,) if node.must else node.should


def _in_order(
    words: Sequence[Forms], fields: tuple[str, ...], slop: int, weight: float
) -> Iterator[r.Phrase]:
    for tier in (Tier.FOLDED, Tier.STEM):
        slots = tuple((word.of(tier),) for word in words)
        yield r.Phrase(fields, tier, slots, slop, weight * TIER_WEIGHTS[tier])


def _rewordings(
    words: Sequence[Forms],
    names: Sequence[Expansion],
    fields: tuple[str, ...],
    slop: int,
    weight: float,
) -> Iterator[r.Node]:
    for other in dict.fromkeys(_reworded(words, names)):
        yield _alternative(other, fields, slop, weight)


def _reworded(words: Sequence[Forms], names: Sequence[Expansion]) -> Iterator[Alternative]:
    for found in names:
        for other in found.alternatives:
            before = (w.of(other.tier) for w in words[: found.start])
            behind = (w.of(other.tier) for w in words[found.end :])
            yield replace(other, terms=(*before, *other.terms, *behind))


def _alternative(
    other: Alternative, fields: tuple[str, ...], slop: int, weight: float
) -> r.Term | r.Phrase:
    part = weight * NAME_WEIGHTS[other.kind]
    if len(other.terms) == 1:
        return r.Term(fields, other.tier, other.terms[0], part)
    return r.Phrase(fields, other.tier, tuple((term,) for term in other.terms), slop, part)


def tells(unit: Unit) -> bool:
    """Whether a word or name says what is looked for; stop words (في، ماذا) do not."""
    return len(unit) > 1 or unit[0].folded not in load_stop_words()


def telling(units: Sequence[Unit], names: Iterable[Expansion]) -> list[int]:
    """Return which ``units`` are no stop words, or stand inside a name: ما in ما زال."""
    return [
        position
        for start, end, _ in _runs(len(units), names)
        if any(map(tells, units[start:end]))
        for position in range(start, end)
    ]


def sequence_nodes(
    units: Sequence[Unit],
    names: Sequence[Expansion],
    fields: tuple[str, ...],
    weight: float,
    *,
    every: bool,
) -> Iterator[r.Node]:
    """Yield the nodes of words that stand side by side, one per word or name.

    ``names`` are the runs of ``units`` with other names, in order, none twice.
    With ``every``, all nodes are going to be required: then two words that
    have one name in common (كانون الثاني) make one node, so that the other name
    satisfies both.
    """
    for start, end, found in _runs(len(units), names):
        yield _unit_node(units[start:end], found, fields, weight, every=every)


def _runs(size: int, names: Iterable[Expansion]) -> Iterator[tuple[int, int, Expansion | None]]:
    """Yield start and end of every name, and of every single word between names."""
    position = 0
    for found in names:
        yield from ((i, i + 1, None) for i in range(position, found.start))
        yield found.start, found.end, found
        position = found.end
    yield from ((i, i + 1, None) for i in range(position, size))


def _unit_node(
    units: Sequence[Unit],
    found: Expansion | None,
    fields: tuple[str, ...],
    weight: float,
    *,
    every: bool,
) -> r.Node:
    alternatives: tuple[r.Node, ...] = ()
    if found:
        alternatives = tuple(_alternative(one, fields, 0, weight) for one in found.alternatives)
    nodes = [
        # Words that were typed as one (Covid-19) must stand together.
        r.Bool(should=tuple(_in_order(unit, fields, 0, weight)))
        if len(unit) > 1
        else word_node(unit[0], fields, weight)
        for unit in list(filter(tells, units)) or units
    ]
    if len(nodes) == 1:
        return r.Bool(should=(*_clauses(nodes[0]), *alternatives))
    together = r.Bool(must=tuple(nodes)) if every else r.Bool(should=tuple(nodes))
    return r.Bool(should=(together, *alternatives))
