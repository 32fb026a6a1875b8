"""One word or phrase of a query, with what hangs on it, to a node of the tree."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import replace

from search_service.query.ast import (
    Boost,
    Exact,
    Fuzzy,
    MatchAll,
    Node,
    Phrase,
    Prefix,
    QueryWarning,
    Range,
    Span,
    Term,
    Wildcard,
)
from search_service.query.lexer import INVISIBLE, Kind, Token, unescape, warning

__all__ = ["MAX_BOOST", "MAX_DISTANCE", "MAX_SLOP", "boosted", "edited", "ignored", "leaf"]

MAX_BOOST = 1000.0
MAX_DISTANCE = 2
MAX_SLOP = 1000

_TINIEST = math.ulp(0.0)  # the lowest boost: anything above zero
_LETTER = re.compile(r"[^\W_]")


def leaf(token: Token, start: int, field: str | None, exact: bool) -> Node:
    """Return the node of a word or phrase; its span begins at ``start``, where its field does.

    >>> from search_service.query.lexer import tokenize
    >>> leaf(tokenize("كتا*", [])[0], 0, None, exact=False)
    Prefix(text='كتا', span=(0, 4), field=None)
    """
    text, span = unescape(token.text), (start, token.end)
    if exact:
        return Exact(text, span, field)
    if token.kind is Kind.QUOTED:
        return Phrase(text, span, field)
    if token.kind is not Kind.WORD:  # a sign or field name whose value was left out
        return Term(text, (token.start, token.start + len(text)), field)
    shaped = _range(token.text, span, field) or _pattern(token.text, span, field)
    return shaped or Term(text, span, field)


def edited(node: Node, suffix: Token, warnings: list[QueryWarning]) -> Node:
    """Return ``node`` with ``~2`` applied: edits to a Term, slop to a Phrase, nothing to others.

    >>> from search_service.query.lexer import tokenize
    >>> edited(Term("اقتاد", (0, 5)), tokenize("اقتاد~1", [])[1], [])
    Fuzzy(text='اقتاد', span=(0, 7), field=None, distance=1)
    """
    span = (node.span[0], suffix.end)
    if isinstance(node, Phrase):
        slop = _number(suffix, 0, MAX_SLOP, warnings)
        return replace(node, slop=int(slop or 0), span=span)
    if not isinstance(node, Term):
        warnings.append(ignored(suffix))
        return node
    distance = _number(suffix, 1, MAX_DISTANCE, warnings)
    return Fuzzy(node.text, span, node.field, int(distance)) if distance else node


def boosted(node: Node, suffix: Token, start: int, warnings: list[QueryWarning]) -> Node:
    """Return ``node`` with ``^2`` applied; the span begins at ``start``.

    >>> from search_service.query.lexer import tokenize
    >>> boosted(Term("كتاب", (0, 4)), tokenize("كتاب^2", [])[1], 0, []).factor
    2.0
    """
    factor = _number(suffix, _TINIEST, MAX_BOOST, warnings)
    return Boost(node, factor, (start, max(node.span[1], suffix.end))) if factor else node


def ignored(suffix: Token) -> QueryWarning:
    """Return the warning that ``suffix`` cannot be applied.

    >>> ignored(Token(Kind.SUFFIX, "~2", 7, 9, True)).code
    'ignored-suffix'
    """
    return warning("ignored-suffix", f"{suffix.text} has no meaning here", suffix)


def _number(
    suffix: Token, lowest: float, highest: float, warnings: list[QueryWarning]
) -> float | None:
    """Return the number of ``suffix``: too high is the highest, too low is None."""
    value = float(suffix.text[1:].replace("٫", ".") or 1)
    if not lowest <= value <= highest:
        message = f"{suffix.text} is out of range"
        warnings.append(warning("number-out-of-range", message, suffix))
    return min(value, highest) if value >= lowest else None


def _range(text: str, span: Span, field: str | None) -> Range | None:
    low, dots, high = text.partition("..")
    if field is None or not dots or high.startswith(".") or not (low or high):
        return None
    return Range(unescape(low), unescape(high), span, field)


def _pattern(text: str, span: Span, field: str | None) -> Node | None:
    """Return the node of a word with ``*`` or ``?`` before its end; None of any other."""
    if not ("*" in text or "?" in text) or "://" in text:
        return None
    # No indexed word holds a star: one that is escaped can only be left out.
    shape = re.sub(r"\*+", "*", _without_ending(unescape(text, without="*?")))
    head = shape[:-1].rstrip(INVISIBLE)
    if "*" not in shape and "?" not in shape:
        return None
    if set(shape) <= {"*", "?"}:
        return MatchAll(span) if field is None else Wildcard("*", span, field)
    if not _LETTER.search(shape):
        return None
    if shape[-1] == "*" and not ("*" in head or "?" in head):
        return Prefix(head, span, field)
    return Wildcard(shape, span, field)


def _without_ending(shape: str) -> str:
    """Cut off punctuation at the end: in ``ماذا?`` and ``كتا*،`` it is no part of the pattern."""
    end = len(shape)
    while end and shape[end - 1] != "*":
        if unicodedata.category(shape[end - 1])[0] not in "PS" and shape[end - 1] not in INVISIBLE:
            break
        end -= 1
    return shape[:end]
