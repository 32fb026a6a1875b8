"""The query as an engine gets it: fields, tiers, terms and weights, no text and no syntax.

An engine needs to understand these six nodes and nothing else. Scores add up:
a document's score is the sum over all matching leaves that are not below
``must_not``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from search_service.schema import Tier

__all__ = [
    "AllDocs",
    "Bool",
    "KeywordTerm",
    "NoDocs",
    "Node",
    "Phrase",
    "RangeTerm",
    "Term",
    "leaves",
    "to_json",
]


@dataclass(frozen=True, slots=True)
class Term:
    """Documents with ``term`` in one tier of text fields; scored by BM25 times ``weight``.

    Several fields count as one: their frequencies and lengths are added
    (BM25F with equal field weights: Robertson, Zaragoza and Taylor 2004). A
    weight of 0 makes the term matter for matching alone.
    """

    fields: tuple[str, ...]
    tier: Tier
    term: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents where the slots follow each other in one tier of one of the fields.

    Each slot holds one or more alternative terms. The slots stand in order,
    with at most ``slop`` other positions between them in all. The phrase
    frequency is the number of positions from which the slots can be passed
    so, added over the fields. Scored as a term is, by that frequency; the idf
    is the sum over the slots of the idf of each slot's most frequent
    alternative.
    """

    fields: tuple[str, ...]
    tier: Tier
    slots: tuple[tuple[str, ...], ...]
    slop: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class KeywordTerm:
    """Documents with this term in a keyword or id field; each scores ``weight``.

    A filter weighs nothing, so that it never changes a score.
    """

    field: str
    value: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class RangeTerm:
    """Documents whose date lies in ``low`` to ``high``, both included; ``None`` is open.

    Documents without a date never match. Scores nothing.
    """

    field: str
    low: date | None
    high: date | None


@dataclass(frozen=True, slots=True)
class AllDocs:
    """Every document; scores nothing."""


@dataclass(frozen=True, slots=True)
class NoDocs:
    """No document: what is left of a clause that cannot match."""


@dataclass(frozen=True, slots=True)
class Bool:
    """All of ``must``, none of ``must_not``; with no ``must``, at least one of ``should``.

    A node with neither ``must`` nor ``should`` matches every document that
    ``must_not`` leaves.
    """

    should: tuple[Node, ...] = ()
    must: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()


Leaf: TypeAlias = Term | Phrase | KeywordTerm | RangeTerm | AllDocs | NoDocs
Node: TypeAlias = Leaf | Bool


def leaves(node: Node, *, scoring: bool = False) -> Iterator[Leaf]:
    """Yield every leaf below ``node`` in order; ``scoring`` leaves out those below ``must_not``."""
    if not isinstance(node, Bool):
        yield node
        return
    children = node.must + node.should
    for child in children if scoring else children + node.must_not:
        yield from leaves(child, scoring=scoring)


def to_json(node: Node) -> dict[str, Any]:
    """Return a resolved query as a JSON object: ``type`` and the node's own attributes."""
    described: dict[str, Any] = {"type": type(node).__name__}
    for attribute in dataclasses.fields(node):
        value = getattr(node, attribute.name)
        if isinstance(node, Bool):
            if value:
                described[attribute.name] = [to_json(child) for child in value]
        else:
            described[attribute.name] = _plain(value)
    return described


def _plain(value: Any) -> Any:
    """Return an attribute as JSON would give it back: lists, plain strings."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Tier):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
