"""Resolved nodes put together: all of them, any of them, none of them."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.query import resolved as r
from search_service.schema import Tier

__all__ = ["all_of", "any_of", "simplest", "without_root"]


def all_of(found: Sequence[r.Node]) -> r.Node | None:
    """Return what every node of a list matches; what only excludes is excluded from the rest."""
    if len(found) < 2:
        return found[0] if found else None
    wanted: list[r.Node] = []
    excluded: list[r.Node] = []
    for node in found:
        if isinstance(node, r.Bool) and not node.should and not node.must:
            excluded += node.must_not
        else:
            wanted.append(node)
    return r.Bool(must=tuple(wanted), must_not=tuple(excluded))


def any_of(found: Sequence[r.Node]) -> r.Node | None:
    """Return what at least one node of a list matches."""
    return found[0] if len(found) == 1 else r.Bool(should=tuple(found)) if found else None


def simplest(node: r.Bool) -> r.Node | None:
    """Return the same without a list around a single clause; ``None`` where there is no clause."""
    if node.must_not:
        return node
    clauses = node.must + node.should
    return clauses[0] if len(clauses) == 1 else node if clauses else None


def without_root(node: r.Node) -> r.Node:
    """Return what is to be excluded without its widest tier.

    Who searches for الجامعة -الجامع means the university and not the mosque;
    by their root, one word would exclude the other. A relative too many among
    the results is seen; one too few is not.
    """
    if not isinstance(node, r.Bool):
        return node
    should = tuple(without_root(child) for child in node.should if not _is_root(child))
    return r.Bool(should, tuple(map(without_root, node.must)), node.must_not)


def _is_root(node: r.Node) -> bool:
    return isinstance(node, r.Term) and node.tier is Tier.ROOT
