r"""A query string cut into tokens: the first half of the parser.

One compiled pattern names every token but two: where a phrase ends depends on
how it was opened, and what ends a word (``~1``, ``^2``) is found from its back.
Everything here takes time in proportion to the length of the query.

What does not pair is mended here with a warning: an open parenthesis is closed
at the end; other marks without a partner, and what nests too deep, are left out.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from search_service.query.ast import QueryWarning

__all__ = [
    "INVISIBLE",
    "MAX_DEPTH",
    "Kind",
    "Token",
    "balanced",
    "is_plain",
    "tokenize",
    "unescape",
    "warning",
]

MAX_DEPTH = 30
"""Levels of parentheses. A level can be five nodes deep, and whoever walks the tree recurses."""

_RANGES = ((0x061C, 0x061C), (0x200B, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069), (0xFEFF, 0xFEFF))
INVISIBLE = "".join(chr(code) for low, high in _RANGES for code in range(low, high + 1))
"""Direction marks and joiners: pasted along with Arabic text, seen by nobody."""

# The marks of one family close each other in any order: typed right to left, people take either
# for the opening one. Where none of the family comes, any double mark closes a double one:
# “Covid-19″ is what word processors make of "Covid-19".
_FAMILIES = ('"', "“”„‟", "″", "«»", "‹›")
_QUOTES = "".join(_FAMILIES)
_DOUBLE = "".join(_FAMILIES[:3])
_CLOSING = {mark: (own, _DOUBLE if mark in _DOUBLE else own) for own in _FAMILIES for mark in own}

_ESCAPE = re.compile(rf"\\([\\()+\-:*?~^={_QUOTES}])")
_CLOSERS = {
    marks: re.compile(rf"{_ESCAPE.pattern}|(?P<mark>[{marks}])") for marks in (*_FAMILIES, _DOUBLE)
}
_NUMBER = r"(?:\d+(?:[.٫]\d*)?|[.٫]\d+)"  # \d and float() know ٢ as well as 2
_SUFFIX = re.compile(rf"~\d*|\^[+-]?{_NUMBER}")
_SUFFIX_BEHIND = re.compile(rf"[{INVISIBLE}]*({_SUFFIX.pattern})(?!\w)")
_SUFFIXED = re.compile(r"[^\W_]|\*")

_SYNTAX = re.compile(rf"[\\()+\-:*?~^={_QUOTES}{INVISIBLE}]|AND|OR|NOT")

_UNPAIRED_QUOTE = ("unbalanced-quote", "a quotation mark without its partner")
_UNPAIRED = ("unbalanced-parenthesis", "a parenthesis without its partner")

_OPERATOR = rf"(?P<operator> (?:AND|OR|NOT) (?=[{INVISIBLE}]*(?:[\s()]|\Z)) )"
_SIGN = rf"(?P<sign> [+-] [{INVISIBLE}]* (?=[^\s)+\-{INVISIBLE}]) )"
_FIELD = rf"""(?P<field> [^\W\d]\w* [{INVISIBLE}]* : [{INVISIBLE}]*
                         (?!//) (?=[^\s):{INVISIBLE}]) )"""
_EQUALS = rf"(?P<equals> = [{INVISIBLE}]* (?=[^\s(){INVISIBLE}]) )"
_ANYWHERE = rf"""
      (?P<end> \Z )
    | (?P<open> \( )
    | (?P<close> \) )
    | (?P<quoted> [{_QUOTES}] )
    | (?P<word> [^\w\s()\\*?{_QUOTES}]+ (?=[{_QUOTES}])   # the comma in "a b","c d"
              | (?: [^\s()\\]+ | {_ESCAPE.pattern} | \\ )+ )
"""


def _pattern(first: str) -> re.Pattern[str]:
    return re.compile(rf"[\s{INVISIBLE}]* (?: {first} | {_ANYWHERE} )", re.VERBOSE)


# Signs, field names and operators stand at the start of a clause, operators also behind a
# parenthesis; what has one of these directly before it is less free: AND in -AND is a word.
_TOKEN = _pattern(
    rf"(?<![^\s(){INVISIBLE}]) {_OPERATOR}"
    rf"| (?<![^\s({INVISIBLE}]) (?: {_SIGN} | {_FIELD} | {_EQUALS} )"
)


class Kind(Enum):
    """What a token is; the values are the names of the groups in the pattern."""

    END = "end"
    OPEN = "open"
    CLOSE = "close"
    OPERATOR = "operator"
    SIGN = "sign"
    FIELD = "field"
    EQUALS = "equals"
    QUOTED = "quoted"
    WORD = "word"
    SUFFIX = "suffix"


_TOKEN_AFTER = {
    Kind.SIGN: _pattern(f"{_FIELD} | {_EQUALS}"),
    Kind.FIELD: _pattern(_EQUALS),
    Kind.EQUALS: _pattern("(?!)"),
}


class Token(NamedTuple):
    """A piece of the query: ``text`` is still escaped, without quotation marks and colon.

    ``glued`` says that no white space stands before it.
    """

    kind: Kind
    text: str
    start: int
    end: int
    glued: bool


def is_plain(query: str) -> bool:
    """Tell whether nothing but white space has a meaning in ``query``, as in most.

    >>> is_plain("كتاب الطبخ"), is_plain("كتاب -الطبخ")
    (True, False)
    """
    return _SYNTAX.search(query) is None


def tokenize(query: str, warnings: list[QueryWarning]) -> list[Token]:
    """Return the tokens of any string; what is wrong with it is added to ``warnings``.

    >>> [token.text for token in tokenize('-title:"حزب الله"~2 كتاب^2', [])]
    ['-', 'title', 'حزب الله', '~2', 'كتاب', '^2']
    """
    lexer, position = _Lexer(query, warnings), 0
    while position >= 0:
        position = lexer.step(position)
    return lexer.tokens


def balanced(tokens: list[Token], warnings: list[QueryWarning]) -> list[Token]:
    """Return ``tokens`` with every parenthesis paired and none deeper than ``MAX_DEPTH``.

    >>> notes: list[QueryWarning] = []
    >>> "".join(token.text for token in balanced(tokenize("a) (b (c", notes), notes))
    'a(b(c))'
    """
    kept: list[Token] = []
    pending: list[Token] = []
    deepest = MAX_DEPTH
    for token in tokens:
        if token.kind is Kind.OPEN:
            pending.append(token)
            if len(pending) > deepest:
                deepest = len(tokens)  # said once
                warnings.append(warning("too-deep", "parentheses nested too deep", token))
        elif token.kind is Kind.CLOSE and not pending:
            warnings.append(warning(*_UNPAIRED, token))
            continue
        if len(pending) <= MAX_DEPTH or token.kind not in (Kind.OPEN, Kind.CLOSE):
            kept.append(token)
        if token.kind is Kind.CLOSE:
            pending.pop()
    pending = pending[:MAX_DEPTH]
    warnings.extend(warning(*_UNPAIRED, token) for token in pending)
    end = kept[-1].end if kept else 0
    return kept + [Token(Kind.CLOSE, ")", end, end, True)] * len(pending)


def warning(code: str, message: str, token: Token) -> QueryWarning:
    """Return a warning about ``token``.

    >>> warning("lone-operator", "AND has nothing to join", tokenize("a AND", [])[1]).span
    (2, 5)
    """
    return QueryWarning(code, message, (token.start, token.end))


def unescape(text: str, without: str = "") -> str:
    r"""Return ``text`` without escaping backslashes, nor what they escape if it is in ``without``.

    >>> unescape(r"1\+1 C:\dir \\")
    '1+1 C:\\dir \\'
    """
    return _ESCAPE.sub(lambda match: "" if match[1] in without else match[1], text)


class _Lexer:
    """The tokens so far, and which quotation marks are known not to come any more."""

    def __init__(self, query: str, warnings: list[QueryWarning]) -> None:
        self.query = query
        self.warnings = warnings
        self.tokens: list[Token] = []
        self.glued = True
        self.pattern = _TOKEN
        self.exhausted: set[str] = set()

    def step(self, position: int) -> int:
        """Add the next token and return where the one after it may start, -1 at the end."""
        match = self.pattern.match(self.query, position)
        if match is None or match.lastgroup == "end":  # there is a match: "word" takes what is left
            return -1
        kind = Kind(match.lastgroup)
        start, end = match.span(kind.value)
        self.glued = start == position
        self.pattern = _TOKEN_AFTER.get(kind, _TOKEN)
        if kind is Kind.QUOTED:
            return self.quoted(start)
        if kind is Kind.WORD:
            return self.word(start, end)
        text = self.query[start:end].partition(":")[0].rstrip(INVISIBLE)
        self.tokens.append(Token(kind, text, start, end, self.glued))
        return self.suffixes(end) if kind is Kind.CLOSE else end

    def quoted(self, start: int) -> int:
        """Add the phrase that opens at ``start``; a mark that is never closed is left out."""
        closing = self.closing(start)
        if closing < 0:
            self.warnings.append(QueryWarning(*_UNPAIRED_QUOTE, (start, start + 1)))
            return start + 1
        text = self.query[start + 1 : closing]
        self.tokens.append(Token(Kind.QUOTED, text, start, closing + 1, self.glued))
        return self.suffixes(closing + 1)

    def closing(self, start: int) -> int:
        """Return where the phrase that opens at ``start`` closes, or -1."""
        for marks in _CLOSING[self.query[start]]:
            if marks in self.exhausted:  # or a query of opening marks takes quadratic time
                continue
            for match in _CLOSERS[marks].finditer(self.query, start + 1):
                if match["mark"]:
                    return match.start()
            self.exhausted.add(marks)
        return -1

    def suffixes(self, position: int) -> int:
        """Add what is directly behind a quotation mark or parenthesis: ``~3``, ``^2``."""
        while match := _SUFFIX_BEHIND.match(self.query, position):
            start, position = match.span(1)
            self.tokens.append(Token(Kind.SUFFIX, match[1], start, position, True))
        return position

    def word(self, start: int, end: int) -> int:
        """Add a word, and apart from it what its last characters ask for: ``~1``, ``^2``."""
        stop = start + len(self.query[start:end].rstrip(INVISIBLE))
        cuts = _suffix_starts(self.query, start, stop)
        text = self.query[start : (cuts or [stop])[0]].rstrip(INVISIBLE)
        self.tokens.append(Token(Kind.WORD, text, start, start + len(text), self.glued))
        for cut, cut_end in zip(cuts, [*cuts[1:], stop], strict=False):
            self.tokens.append(Token(Kind.SUFFIX, self.query[cut:cut_end], cut, cut_end, True))
        return end


def _suffix_starts(query: str, start: int, end: int) -> list[int]:
    cuts: list[int] = []
    while len(cuts) < 2:  # one of each kind; looking for more takes quadratic time
        cut = max(query.rfind("~", start, end), query.rfind("^", start, end))
        if cut < 0 or not _SUFFIX.fullmatch(query, cut, end):
            break
        before = query[start:cut]
        backslashes = len(before) - len(before.rstrip("\\"))
        if backslashes % 2 or not _SUFFIXED.search(before):
            break
        cuts.insert(0, cut)
        end = cut
    return cuts
