"""What a query that finds nothing may be relaxed to: less strict trees, nearest first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple, TypeAlias

from search_service.advice import Reason
from search_service.analysis.folding import fold
from search_service.analysis.words import load_stop_words
from search_service.query.ast import (
    And,
    Bool,
    Boost,
    Exact,
    Fuzzy,
    MatchAll,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Span,
    Term,
    Wildcard,
)
from search_service.query.leaves import MAX_DISTANCE
from search_service.query.printing import printed, without_spans
from search_service.schema import FieldKind, Schema

__all__ = ["MAX_LEAVES", "Form", "Word", "forms", "words"]

#: Longer queries are a pasted text; of those, only whether any word would do is asked.
MAX_LEAVES = 30

# "a b" with up to this many other words between is still about a b.
_NEAR = 5
_MAX_FILTERS = 4
_MAX_WORDS = 10
_MAX_PATTERNS = 3
_SHORTEST_PREFIX = 3

Leaf: TypeAlias = Term | Exact | Phrase | Prefix | Wildcard | Fuzzy | Range | MatchAll
_Change: TypeAlias = Callable[[Leaf], Node | None]


class Form(NamedTuple):
    """A less strict query, the ``match`` to search it with, and which strictness it gives up."""

    reason: Reason
    query: str
    match: str


class Word(NamedTuple):
    """A word as a query of its own, and where it was typed (code points, half-open)."""

    query: str
    span: Span
    leaf: Leaf


def words(query: str, node: Node, schema: Schema) -> list[Word]:
    """Return up to ten words that are searched for, those of phrases one by one.

    Stop words, filters and what is excluded are left out; so is a word that
    comes again, and all words of a query of more than ``MAX_LEAVES``.
    """
    leaves = _leaves(node)
    if len(leaves) > MAX_LEAVES:
        return []
    found: dict[str, Word] = {}
    patterns = 0
    plain = [leaf for leaf in leaves if not _is_filter(leaf, schema)]
    for leaf in chain.from_iterable(_split(query, one) for one in plain):
        patterns += isinstance(leaf, Prefix | Wildcard | Fuzzy)
        if patterns <= _MAX_PATTERNS and (text := printed(leaf)):
            found.setdefault(text, Word(text, leaf.span, leaf))
    return list(found.values())[:_MAX_WORDS]


def forms(
    query: str, node: Node, match: str, schema: Schema, unknown: Collection[Leaf] = ()
) -> Iterator[Form]:
    """Yield less strict forms of a query, each once, in the order of ``Reason``.

    ``match`` is what the query was searched with, ``unknown`` are those of its
    :func:`words` that no document has. What is yielded may find nothing either.
    """
    seen = {(without_spans(node), match)}
    if len(_leaves(node)) > MAX_LEAVES:
        if match == "all":
            yield Form(Reason.ANY_WORD, query, "any")
        return
    for reason, tree, other in _Relaxing(node, match, schema, unknown).trees():
        if tree is None or all(isinstance(leaf, MatchAll) for leaf in _leaves(tree)):
            continue
        key = (without_spans(tree), other)
        if key not in seen and (text := printed(tree)):
            seen.add(key)
            yield Form(reason, text, other)


class _Relaxing:
    """The trees that one query may be relaxed to."""

    def __init__(
        self, node: Node, match: str, schema: Schema, unknown: Collection[Leaf] = ()
    ) -> None:
        self._node = node
        self._match = match
        self._schema = schema
        self._filters = [leaf for leaf in _leaves(node) if _is_filter(leaf, schema)]
        self._unknown = {without_spans(leaf) for leaf in unknown}

    def trees(self) -> Iterator[tuple[Reason, Node | None, str]]:
        node, match = self._node, self._match
        yield Reason.NEAR, self._words(node, _nearer), match
        yield Reason.NOT_EXACT, self._words(node, _not_exact), match
        if len(self._unknown) <= _MAX_PATTERNS:
            yield Reason.LONGER_WORDS, self._words(node, self._longer), match
        yield Reason.MORE_EDITS, self._words(node, _more_edits), match
        yield Reason.WITHOUT_FIELD, self._words(node, _without_field), match
        yield Reason.WITHOUT_EXCLUDED, _without_excluded(node), match
        for one in self._filters[:_MAX_FILTERS]:
            yield Reason.WITHOUT_FILTER, _changed(node, _without([one])), match
        yield Reason.WITHOUT_FILTERS, _changed(node, _without(self._filters)), match
        unquoted = self._words(node, _unquoted)
        if unquoted and without_spans(unquoted) != without_spans(node):
            yield Reason.WITHOUT_QUOTES, unquoted, "all"
            yield Reason.WITHOUT_QUOTES, unquoted, match
        yield Reason.ANY_WORD, _any(node), "any"
        yield Reason.TOGETHER, self._together(), "any"

    def _together(self) -> Node | None:
        node = _changed(self._node, _without(self._filters))
        for change in (_not_exact, _without_field, _unquoted):
            node = self._words(node, change) if node else None
        node = _without_excluded(node) if node else None
        return _any(node) if node else None

    def _words(self, node: Node, change: _Change) -> Node | None:
        """Return ``node`` with its words and phrases changed, and its filters as they are."""
        return _changed(node, lambda leaf: leaf if _is_filter(leaf, self._schema) else change(leaf))

    def _longer(self, leaf: Leaf) -> Node:
        unknown = isinstance(leaf, Term) and without_spans(leaf) in self._unknown
        if isinstance(leaf, Term) and unknown and len(leaf.text) >= _SHORTEST_PREFIX:
            return Prefix(leaf.text, leaf.span, leaf.field)
        return leaf


def _is_filter(leaf: Leaf, schema: Schema) -> bool:
    """Tell whether a leaf asks for a whole value, such as a tag or a day."""
    name = None if isinstance(leaf, MatchAll) else leaf.field
    known = next((field for field in schema.visible if name in (field.name, field.source)), None)
    if name is None or known is None or known.kind is FieldKind.TEXT:
        return False
    if isinstance(leaf, Range):
        return known.kind is FieldKind.DATE
    return isinstance(leaf, Term | Exact | Phrase)


def _leaves(node: Node) -> list[Leaf]:
    """Return the words, phrases and filters that are searched for, not those excluded."""
    found: list[Leaf] = []

    def note(leaf: Leaf) -> Node:
        found.append(leaf)
        return leaf

    _changed(node, note)
    return sorted(found, key=lambda leaf: leaf.span)


def _changed(node: Node, change: _Change) -> Node | None:
    """Return ``node`` with every leaf changed but those excluded; ``None`` if none is left."""
    match node:
        case Bool():
            should, must = _all_changed(node.should, change), _all_changed(node.must, change)
            should = tuple(_side_by_side(should))
            return _clauses(replace(node, should=should, must=must))
        case And(children) | Or(children):
            kept = _all_changed(children, change)
            if all(isinstance(child, Not) for child in kept):
                return None
            return replace(node, children=kept) if len(kept) > 1 else kept[0]
        case Boost(child):
            inner = _changed(child, change)
            return replace(node, child=inner) if inner else None
        case Not():
            return node
        case _:
            return change(node)


def _all_changed(nodes: Iterable[Node], change: _Change) -> tuple[Node, ...]:
    return tuple(found for node in nodes if (found := _changed(node, change)) is not None)


def _side_by_side(clauses: Iterable[Node]) -> Iterator[Node]:
    """Yield clauses, words without their quotes one by one: ``a "b c"`` becomes ``a b c``."""
    for clause in clauses:
        # Only words out of one phrase have one span together.
        if isinstance(clause, Bool) and {part.span for part in clause.should} == {clause.span}:
            yield from clause.should
        else:
            yield clause


def _clauses(node: Bool) -> Node | None:
    """Return the node of these clauses as the parser makes it; ``None`` if they only exclude."""
    if not node.must and not node.should:
        return None
    if len(node.should) == 1 and not node.must and not node.must_not:
        return node.should[0]
    # Beside other clauses, the parser reads NOT a as -a.
    excluded = tuple(clause.child for clause in node.should if isinstance(clause, Not))
    should = tuple(clause for clause in node.should if not isinstance(clause, Not))
    return replace(node, should=should, must_not=node.must_not + excluded)


def _any(node: Node) -> Node:
    """Return ``node`` with any of the words where it asked for all."""
    match node:
        case And(children):
            wanted = tuple(_any(child) for child in children if not isinstance(child, Not))
            excluded = tuple(child.child for child in children if isinstance(child, Not))
            return _clauses(Bool(wanted, (), excluded, node.span)) or node
        case Or(children):
            return replace(node, children=tuple(map(_any, children)))
        case Bool(should, must):
            return _clauses(replace(node, should=tuple(map(_any, should + must)), must=())) or node
        case Boost(child):
            return replace(node, child=_any(child))
        case _:
            return node


def _without_excluded(node: Node) -> Node | None:
    match node:
        case And(children) | Or(children):
            kept = [part for child in children if (part := _without_excluded(child))]
            if len(kept) > 1:
                return replace(node, children=tuple(kept))
            return kept[0] if kept else None
        case Bool():
            should = tuple(part for child in node.should if (part := _without_excluded(child)))
            must = tuple(part for child in node.must if (part := _without_excluded(child)))
            return _clauses(replace(node, should=should, must=must, must_not=()))
        case Boost(child):
            inner = _without_excluded(child)
            return replace(node, child=inner) if inner else None
        case Not():
            return None
        case _:
            return node


def _without(unwanted: Iterable[Leaf]) -> _Change:
    gone = set(unwanted)
    return lambda leaf: None if leaf in gone else leaf


def _without_field(leaf: Leaf) -> Node:
    # A range is one only in a field.
    return leaf if isinstance(leaf, MatchAll | Range) else replace(leaf, field=None)


def _nearer(leaf: Leaf) -> Node:
    several = isinstance(leaf, Phrase) and not leaf.slop and len(leaf.text.split()) > 1
    return replace(leaf, slop=_NEAR) if several and isinstance(leaf, Phrase) else leaf


def _not_exact(leaf: Leaf) -> Node:
    if not isinstance(leaf, Exact):
        return leaf
    kind = Phrase if len(leaf.text.split()) > 1 else Term
    return kind(leaf.text, leaf.span, leaf.field)


def _more_edits(leaf: Leaf) -> Node:
    return replace(leaf, distance=MAX_DISTANCE) if isinstance(leaf, Fuzzy) else leaf


def _unquoted(leaf: Leaf) -> Node:
    """Return the words of a phrase side by side; a tag of two words keeps its quotes."""
    if not isinstance(leaf, Phrase):
        return leaf
    parts = tuple(Term(text, leaf.span, leaf.field) for text in leaf.text.split())
    return parts[0] if len(parts) == 1 else Bool(parts, (), (), leaf.span)


def _split(query: str, leaf: Leaf) -> Iterator[Leaf]:
    """Yield the words of a leaf, each where it stands in the query."""
    if isinstance(leaf, Range | MatchAll):
        return
    texts = leaf.text.split() if isinstance(leaf, Phrase | Exact) else [leaf.text]
    at = leaf.span[0]
    for text in texts:
        if fold(text) in load_stop_words():
            continue
        start = query.find(text, at, leaf.span[1])
        span = (start, start + len(text)) if start >= 0 else leaf.span
        at = span[1] if start >= 0 else at
        one = Term(text, span, leaf.field) if isinstance(leaf, Phrase) else leaf
        yield replace(one, text=text, span=span)
