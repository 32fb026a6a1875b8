"""Words, phrases and runs of words as leaves: tiers, variants, stop words, weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from search_service.analysis.token import Forms
from search_service.analysis.words import Alternative, Expansion, load_stop_words, load_variants
from search_service.query import resolved as r
from search_service.ranking import TIER_WEIGHTS, TITLE_WEIGHTS, VARIANT_WEIGHT
from search_service.schema import Tier

__all__ = ["Unit", "phrase_node", "sequence_nodes", "tells", "word_node"]

Unit = tuple[Forms, ...]

# Ways to say a phrase that are tried; more than this many months in one phrase nobody quotes.
_MAX_REWORDINGS = 12


def word_node(word: Forms, fields: tuple[str, ...], weight: float) -> r.Bool:
    """Return one word: its term in every tier, weighted, and once more in the title."""
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
    words: Sequence[Forms], fields: tuple[str, ...], slop: int, weight: float
) -> r.Node | None:
    """Return words in order: in folded spelling and by stems, and with other names in place.

    A single word is taken in folded spelling alone: who quotes a word wants
    that word, not its family.
    """
    if len(words) < 2:
        full = weight * (TIER_WEIGHTS[Tier.FOLDED] + TIER_WEIGHTS[Tier.STEM])
        leaves: list[r.Node] = [r.Term(fields, Tier.FOLDED, w.folded, full) for w in words]
    else:
        leaves = [
            *_in_order(words, fields, slop, weight),
            *_rewordings(words, fields, slop, weight),
        ]
    return r.Bool(should=tuple(leaves)) if leaves else None


def _in_order(
    words: Sequence[Forms], fields: tuple[str, ...], slop: int, weight: float
) -> Iterator[r.Phrase]:
    for tier in (Tier.FOLDED, Tier.STEM):
        slots = tuple((word.of(tier),) for word in words)
        yield r.Phrase(fields, tier, slots, slop, weight * TIER_WEIGHTS[tier])


def _rewordings(
    words: Sequence[Forms], fields: tuple[str, ...], slop: int, weight: float
) -> Iterator[r.Node]:
    for other in dict.fromkeys(islice(_reworded(words), _MAX_REWORDINGS)):
        yield _alternative(other, fields, slop, weight)


def _reworded(words: Sequence[Forms]) -> Iterator[Alternative]:
    for found in load_variants().expansions(words):
        for other in found.alternatives:
            before = (w.of(other.tier) for w in words[: found.start])
            behind = (w.of(other.tier) for w in words[found.end :])
            yield Alternative(other.tier, (*before, *other.terms, *behind))


def _alternative(
    other: Alternative, fields: tuple[str, ...], slop: int, weight: float
) -> r.Term | r.Phrase:
    part = weight * VARIANT_WEIGHT
    if len(other.terms) == 1:
        return r.Term(fields, other.tier, other.terms[0], part)
    return r.Phrase(fields, other.tier, tuple((term,) for term in other.terms), slop, part)


def tells(unit: Unit) -> bool:
    """Whether a word or name says what is looked for; stop words (في، ماذا) do not."""
    return len(unit) > 1 or unit[0].folded not in load_stop_words()


def sequence_nodes(
    units: Sequence[Unit], fields: tuple[str, ...], weight: float, *, every: bool
) -> Iterator[r.Node]:
    """Yield the nodes of words that stand side by side, one per word or name.

    With ``every``, all nodes are going to be required: then two words that
    have one name in common (كانون الثاني) make one node, so that the other name
    satisfies both.
    """
    position = 0
    while position < len(units):
        taken = _run_of_words(units, position)
        found = _longest(taken, len(units[position]))
        size = found.end if found else 1
        yield _unit_node(units[position : position + size], found, fields, weight, every=every)
        position += size


def _run_of_words(units: Sequence[Unit], start: int) -> list[Forms]:
    run = []
    for unit in units[start : start + 4]:
        if len(unit) > 1:
            break
        run.append(unit[0])
    return run


def _longest(words: Sequence[Forms], size: int) -> Expansion | None:
    if size > 1 or not words:
        return None
    return next((one for one in load_variants().expansions(words) if one.start == 0), None)


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
        for unit in units
    ]
    if len(nodes) == 1:
        return r.Bool(should=(*nodes[0].should, *alternatives))
    together = r.Bool(must=tuple(nodes)) if every else r.Bool(should=tuple(nodes))
    return r.Bool(should=(together, *alternatives))
