r"""A query string to its tree: syntax only, neither schema nor analyzer.

==========================  ================================================
``كتاب``                    Term; ``Covid-19``, ``10:30``, ``http://x.y`` too
``"حزب الله"``, ``«...»``   Phrase; ``"..."~3`` lets 3 other words between
``=كتاب``, ``="حزب الله"``  Exact
``كتا*``, ``م?ت*ب``         Prefix, Wildcard; a ``?`` that ends a word asks
``اقتاد~1``                 Fuzzy, 1 or 2 edits; ``~`` is ``~1``
``+must -must_not``         Bool; the sign stands directly before its clause
``a AND b``, ``OR, NOT``    And, Or, Not; upper case only
``(a b)``, ``a^2``          a group; Boost
``title:كتاب``              a field: also ``title:"..."``, ``title:(...)``
``date:2020..2021``         Range; either end may be left out
``*``                       MatchAll
``\``                       makes a text of the special character behind it
==========================  ================================================

Precedence: NOT binds tighter than AND, AND tighter than OR, OR tighter than
standing side by side: ``a b AND c`` is *should a, should (b AND c)*. Beside
other clauses ``NOT a`` means ``-a``; beside AND or OR ``-a`` means ``NOT a``
and ``+a`` means ``a``. Two NOTs cancel.

A quotation mark opens a phrase only before the first letter of a word
(``Covid-19″`` is a word), and a field name is followed by a colon and directly
by its value (``قال: نعم`` is text).

The codes of warnings, all of them errors to ``parse``: ``unbalanced-quote``,
``unbalanced-parenthesis``, ``too-deep``, ``lone-operator``, ``empty-phrase``,
``empty-group``, ``number-out-of-range``, ``ignored-suffix``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from search_service.errors import QuerySyntaxError
from search_service.query.ast import And, Bool, MatchAll, Node, Not, Or, QueryWarning, Span, Term
from search_service.query.leaves import boosted, edited, ignored, leaf
from search_service.query.lexer import (
    INVISIBLE,
    Kind,
    Token,
    balanced,
    is_plain,
    tokenize,
    warning,
)

__all__ = ["MAX_WARNINGS", "parse", "parse_lenient"]

_WORD = re.compile(r"\S+")

MAX_WARNINGS = 50
"""More help nobody, and a query of 100,000 parentheses would give as many."""


def parse(query: str) -> Node:
    """Return the tree of ``query``; raise QuerySyntaxError at the first thing wrong with it.

    >>> parse("title:كتاب")
    Term(text='كتاب', span=(0, 10), field='title')
    >>> parse('كتاب "حزب الله')
    Traceback (most recent call last):
    search_service.errors.QuerySyntaxError: a quotation mark without its partner (characters 5 to 6)
    """
    node, warnings = parse_lenient(query)
    if warnings:
        raise QuerySyntaxError(warnings[0].message, warnings[0].span)
    return node


def parse_lenient(query: str) -> tuple[Node, tuple[QueryWarning, ...]]:
    """Return the tree of any string, and what in it could not be taken as it was typed.

    Never raises, and takes time in proportion to the length. The warnings come in the order
    of their place; a query of which nothing is left is MatchAll, as an empty one is.

    >>> parse_lenient("كتاب AND")[0]
    Term(text='كتاب', span=(0, 4), field=None)
    >>> [(warning.code, warning.span) for warning in parse_lenient("كتاب AND")[1]]
    [('lone-operator', (5, 8))]
    """
    if is_plain(query) and (terms := _plain_words(query)):
        return terms, ()
    warnings: list[QueryWarning] = []
    tokens = balanced(tokenize(query, warnings), warnings)
    node = _Parser(tokens, warnings).clauses(None) or MatchAll((0, len(query)))
    warnings.sort(key=lambda found: found.span)
    return node, tuple(warnings[:MAX_WARNINGS])


def _plain_words(query: str) -> Node | None:
    """Return what the long way returns too, in a tenth of the time; None if there is no word."""
    terms = tuple([Term(word.group(), word.span()) for word in _WORD.finditer(query)])
    if len(terms) < 2:
        return terms[0] if terms else None
    return Bool(terms, (), (), (terms[0].span[0], terms[-1].span[1]))


class _Operand(NamedTuple):
    """A node, the sign before it, and its span with sign and parentheses."""

    node: Node
    sign: str
    span: Span


_END = Token(Kind.END, "", 0, 0, False)
_ENDS = (Kind.CLOSE, Kind.END)
_WORDS = (Kind.WORD, Kind.QUOTED)
_VALUES = (*_WORDS, Kind.OPEN, Kind.FIELD, Kind.EQUALS)


class _Parser:
    """Recursive descent; how deep it goes is bounded by ``balanced``."""

    def __init__(self, tokens: list[Token], warnings: list[QueryWarning]) -> None:
        self.tokens = [*tokens, _END, _END]  # so that peeking never falls off
        self.warnings = warnings
        self.index = 0

    def peek(self, ahead: int = 0) -> Token:
        return self.tokens[self.index + ahead]

    def next(self) -> Token:
        self.index += 1
        return self.tokens[self.index - 1]

    def clauses(self, field: str | None) -> Node | None:
        """Read up to the closing parenthesis or the end; None if there is nothing."""
        found: list[_Operand] = []
        while self.peek().kind not in _ENDS:
            if clause := self.disjunction(field):
                found.append(clause)
        if not found or (len(found) == 1 and not found[0].sign):
            return found[0].node if found else None
        return _bool(found)

    def disjunction(self, field: str | None) -> _Operand | None:
        found = [self.conjunction(field)]
        while self.joiner("OR"):
            found.append(self.conjunction(field))
        return _joined(Or, found)

    def conjunction(self, field: str | None) -> _Operand | None:
        found = [self.operand(field)]
        while self.joiner("AND"):
            found.append(self.operand(field))
        return _joined(And, found)

    def joiner(self, name: str) -> bool:
        """Read this operator if it is next; True if it has something to join."""
        if self.peek()[:2] != (Kind.OPERATOR, name):
            return False
        return self.is_joining(self.next())

    def is_joining(self, operator: Token) -> bool:
        """Warn unless an operand is behind ``operator``, which was just read."""
        behind = self.peek()
        if behind.kind not in (*_ENDS, Kind.OPERATOR) or behind[:2] == (Kind.OPERATOR, "NOT"):
            return True
        self.warn("lone-operator", f"{operator.text} has nothing to join", operator)
        return False

    def operand(self, field: str | None) -> _Operand | None:
        """Read ``NOT -primary``, as much of it as there is."""
        start, negations = self.peek().start, 0
        while self.peek().kind is Kind.OPERATOR:
            token = self.next()
            if token.text != "NOT":
                self.warn("lone-operator", f"{token.text} has nothing to join", token)
                return None
            if not self.is_joining(token):
                return None
            negations += 1
        sign = self.prefix(Kind.SIGN, _VALUES) or ""
        node = self.primary(field)
        if node is None:
            return None
        span = (start, self.tokens[self.index - 1].end)
        if negations == 0:
            return _Operand(node, sign, span)
        odd = (negations + (sign == "-")) % 2
        return _Operand(Not(node, span) if odd else node, "", span)

    def prefix(self, kind: Kind, values: tuple[Kind, ...]) -> str | None:
        """Read a token of this kind if a value is directly behind it; return its text."""
        if self.peek().kind is not kind:
            return None
        value = self.peek(1)
        return self.next().text if value.glued and value.kind in values else None

    def primary(self, field: str | None) -> Node | None:
        """Read a word, phrase or group, with its field and what hangs on it."""
        start = self.peek().start
        field = self.prefix(Kind.FIELD, _VALUES) or field
        grouped = self.peek().kind is Kind.OPEN
        node = self.group(field) if grouped else self.leaf(field, start)
        edits, boost = self.suffixes()
        if node and edits and not grouped:
            node = edited(node, edits, self.warnings)
        elif edits:
            self.warnings.append(ignored(edits))
        return boosted(node, boost, start, self.warnings) if node and boost else node

    def group(self, field: str | None) -> Node | None:
        opening = self.next()
        node = self.clauses(field)
        closing = self.next()
        if node is None:
            whole = opening._replace(end=closing.end)
            self.warn("empty-group", "parentheses without words", whole)
        return node

    def leaf(self, field: str | None, start: int) -> Node | None:
        exact = self.prefix(Kind.EQUALS, _WORDS) is not None
        token = self.next()
        if token.kind is Kind.SUFFIX:  # the parenthesis that it hung on was left out
            self.warnings.append(ignored(token))
            return None
        if token.kind is Kind.QUOTED and not _VISIBLE.search(token.text):
            self.warn("empty-phrase", "a phrase without words", token)
            return None
        return leaf(token, start, field, exact)

    def suffixes(self) -> tuple[Token | None, Token | None]:
        """Read what hangs on a word, phrase or group: the ``~`` and the ``^``."""
        found: dict[str, Token] = {}
        while self.peek().kind is Kind.SUFFIX:
            token = self.next()
            if found.setdefault(token.text[0], token) is not token:
                self.warnings.append(ignored(token))
        return found.get("~"), found.get("^")

    def warn(self, code: str, message: str, token: Token) -> None:
        self.warnings.append(warning(code, message, token))


_VISIBLE = re.compile(rf"[^\s{INVISIBLE}]")


def _bool(clauses: list[_Operand]) -> Bool:
    should: list[Node] = []
    must: list[Node] = []
    must_not: list[Node] = []
    for node, sign, _ in clauses:
        if sign:
            (must if sign == "+" else must_not).append(node)
        elif isinstance(node, Not):
            must_not.append(node.child)
        else:
            should.append(node)
    span = (clauses[0].span[0], clauses[-1].span[1])
    return Bool(tuple(should), tuple(must), tuple(must_not), span)


def _joined(kind: type[And] | type[Or], found: list[_Operand | None]) -> _Operand | None:
    operands = [operand for operand in found if operand]
    if len(operands) < 2:
        return operands[0] if operands else None
    children = tuple(Not(node, span) if sign == "-" else node for node, sign, span in operands)
    span = (operands[0].span[0], operands[-1].span[1])
    return _Operand(kind(children, span), "", span)
