"""A tree back to a query string that reads as this tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

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
    Term,
    Wildcard,
)
from search_service.query.parser import parse_lenient

__all__ = ["printed", "without_spans"]

# How tightly a node holds together; a looser one inside a tighter one needs parentheses.
_CLAUSES, _OR, _AND, _NOT, _SINGLE = range(5)

_SPECIAL = re.compile(r'[\\()+\-:*?~^="“”„‟″«»‹›]')
_SPECIAL_IN_PATTERN = re.compile(r'[\\()+\-:~^="“”„‟″«»‹›]')


def printed(node: Node) -> str | None:
    """Return a query string that is read as ``node``, spans aside, without any warning.

    ``None`` where there is none: no query searches for the bare word AND behind
    a sign, for example.

    >>> from search_service.query.parser import parse
    >>> printed(parse("title:(سوق  ميناء)^2.0 -«باب»"))
    '(title:سوق title:ميناء)^2 -"باب"'
    """
    text = _text(node, _CLAUSES)
    if text is None:
        return None
    again, warnings = parse_lenient(text)
    return text if not warnings and without_spans(again) == without_spans(node) else None


def without_spans(node: Node) -> Node:
    """Return ``node`` with empty spans all through: equal for queries that say the same."""
    changes: dict[str, Any] = {"span": (0, 0)}
    match node:
        case And(children) | Or(children):
            changes["children"] = tuple(map(without_spans, children))
        case Not(child) | Boost(child):
            changes["child"] = without_spans(child)
        case Bool():
            for name in ("should", "must", "must_not"):
                changes[name] = tuple(map(without_spans, getattr(node, name)))
    return replace(node, **changes)


def _text(node: Node, level: int) -> str | None:
    """Return ``node`` as text, in parentheses if it holds together less tightly than ``level``."""
    match node:
        case Bool():
            return _enclosed(_clauses(node), _CLAUSES, level)
        case Or(children):
            return _enclosed(_joined(" OR ", (_text(c, _AND) for c in children)), _OR, level)
        case And(children):
            return _enclosed(_joined(" AND ", (_text(c, _NOT) for c in children)), _AND, level)
        case Not(child):
            return _enclosed(_after("NOT ", _text(child, _SINGLE)), _NOT, level)
        case Boost(child, factor):
            inner = _text(child, _SINGLE)
            # A boost of a boost, or "-" before one, is read the same only in parentheses.
            inner = _enclosed(inner, _CLAUSES, _SINGLE) if isinstance(child, Boost) else inner
            return None if inner is None else f"{inner}^{_decimal(factor)}"
        case _:
            return _leaf(node)


def _enclosed(text: str | None, own: int, level: int) -> str | None:
    return text if text is None or own >= level else f"({text})"


def _joined(separator: str, parts: Iterable[str | None]) -> str | None:
    found = list(parts)
    texts = [part for part in found if part is not None]
    return separator.join(texts) if len(texts) == len(found) else None


def _after(sign: str, text: str | None) -> str | None:
    return None if text is None else sign + text


def _clauses(node: Bool) -> str | None:
    """Return clauses in the order in which they were typed."""
    signed = [
        *((clause, "") for clause in node.should),
        *((clause, "+") for clause in node.must),
        *((clause, "-") for clause in node.must_not),
    ]
    signed.sort(key=lambda pair: pair[0].span)
    return _joined(
        " ", (_after(sign, _text(node, _SINGLE if sign else _OR)) for node, sign in signed)
    )


def _decimal(factor: float) -> str:
    """Return a number without an exponent, which the query language does not know."""
    return format(Decimal(repr(factor)), "f").removesuffix(".0")


def _leaf(node: Node) -> str | None:
    """Return a word or phrase as plainly as it is still read as itself."""
    wanted = without_spans(node)
    for text in _spellings(node):
        again, warnings = parse_lenient(text)
        if not warnings and without_spans(again) == wanted:
            return text
    return None


def _spellings(node: Node) -> list[str]:
    name = getattr(node, "field", None)
    field = f"{name}:" if name else ""
    match node:
        case Term(text):
            found = [text, _escaped(text)]
        case Exact(text):
            found = [f"={text}", f'="{text}"', f'="{_escaped(text)}"']
        case Phrase(text, slop=slop):
            behind = f"~{slop}" if slop else ""
            found = [f'"{text}"{behind}', f'"{_escaped(text)}"{behind}']
        case Prefix(text):
            found = [f"{text}*", f"{_escaped(text, _SPECIAL_IN_PATTERN)}*"]
        case Wildcard(text):
            found = [text, _escaped(text, _SPECIAL_IN_PATTERN)]
        case Fuzzy(text, distance=distance):
            found = [f"{text}~{distance}", f"{_escaped(text)}~{distance}"]
        case Range(low, high):
            found = [f"{low}..{high}", f"{_escaped(low)}..{_escaped(high)}"]
        case MatchAll():
            found = ["*"]
        case _:
            found = []
    return [field + text for text in found]


def _escaped(text: str, special: re.Pattern[str] = _SPECIAL) -> str:
    return special.sub(r"\\\g<0>", text)
