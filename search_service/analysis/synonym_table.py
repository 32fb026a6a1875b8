"""Reading a user's table of synonyms: which words are searched besides which.

    # one group per line: each of them finds the others
    سيارة | عربة | مركبة
    كرة القدم | football
    # one way: who types the left also finds the right, not the reverse
    فاكهة => تفاح | موز

Members stand between ``|`` or tabs and may have several words; one with a
leading ``=`` counts only as written. ``#`` begins a comment, at the beginning
of a line or behind a space.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import permutations, product
from typing import NamedTuple

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.words import Alternative, Pair, alternative
from search_service.errors import AnalysisError

__all__ = ["MAX_BYTES", "SynonymTable", "parse_synonyms"]

#: Longest file. Every process that searches holds the table in memory.
MAX_BYTES = 1_048_576
MAX_GROUPS = 10_000
MAX_MEMBERS = 20
MAX_LETTERS = 100
MAX_WORDS = 8
#: Most names of one word, over all lines: each is searched whenever the word is.
MAX_OTHERS = 50
MAX_PAIRS = 200_000

_LINE_END = re.compile(r"\r\n?|\n")
_COMMENT = re.compile(r"(^|\s)#.*")
_BETWEEN = re.compile(r"[|\t]")
_SHOWN = 40


class SynonymTable(NamedTuple):
    """A table as it is searched with; ``groups`` counts its lines."""

    groups: int = 0
    pairs: tuple[Pair, ...] = ()


class _Mistake(Exception):
    """What is wrong with a line, and what to do."""


def parse_synonyms(name: str, data: bytes, analyzer: Analyzer) -> SynonymTable:
    """Return the table in a file's bytes; ``name`` is what errors call the file.

    Raises :class:`~search_service.errors.AnalysisError` with name, line,
    reason and remedy for the first thing that is wrong; nothing else, whatever
    the bytes are.
    """
    if len(data) > MAX_BYTES:
        raise AnalysisError(f"{name}: longer than {MAX_BYTES:,} bytes; leave out what is not used")
    reader = _Reader(analyzer)
    for number, line in enumerate(_LINE_END.split(_decoded(name, data)), start=1):
        wanted = _COMMENT.sub("", line).strip()
        try:
            if wanted:
                reader.add(wanted)
        except _Mistake as mistake:
            raise AnalysisError(f"{name}, line {number}: {mistake}") from None
    return SynonymTable(reader.groups, tuple(reader.pairs))


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AnalysisError(f"{name}, line {line}: not UTF-8; save the file as UTF-8") from None


class _Reader:
    """Takes lines one by one and counts what is limited over all of them."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._others: Counter[Alternative] = Counter()
        self.groups = 0
        self.pairs: list[Pair] = []

    def add(self, line: str) -> None:
        if self.groups == MAX_GROUPS:
            raise _Mistake(f"more than {MAX_GROUPS:,} groups; leave out what is not used")
        self.groups += 1
        for one, other in dict.fromkeys(self._line_pairs(line)):
            self._others[one] += 1
            if self._others[one] > MAX_OTHERS:
                raise _Mistake(
                    f"{_shown(one.written)} has more than {MAX_OTHERS} synonyms over all lines; "
                    "leave some out"
                )
            self.pairs.append((one, other))
        if len(self.pairs) > MAX_PAIRS:
            raise _Mistake(f"more than {MAX_PAIRS:,} pairs over all lines; make smaller groups")

    def _line_pairs(self, line: str) -> Iterator[Pair]:
        left, arrow, right = line.partition("=>")
        if "=>" in right:
            raise _Mistake("more than one =>; write one line for each")
        members = [self._members(side) for side in ((left, right) if arrow else (left,))]
        if not arrow and len(members[0]) < 2:
            raise _Mistake("only one member; write those that belong together as: one | other")
        both = product(*members) if arrow else permutations(members[0], 2)
        for one, other in both:
            if one != other:
                yield one, other

    def _members(self, side: str) -> Sequence[Alternative]:
        written = _BETWEEN.split(side)
        if len(written) > MAX_MEMBERS:
            raise _Mistake(f"more than {MAX_MEMBERS} members; make several lines of them")
        return [self._member(one.strip()) for one in written]

    def _member(self, written: str) -> Alternative:
        if not written:
            raise _Mistake("an empty member; remove the | or tab or => too many")
        if len(written) > MAX_LETTERS:
            raise _Mistake(
                f"{_shown(written)} has more than {MAX_LETTERS} letters; is a | or tab missing?"
            )
        found = alternative(written, self._analyzer, "synonym")
        if not found.terms:
            raise _Mistake(f"there is no word in {_shown(written)}; remove it")
        if len(found.terms) > MAX_WORDS:
            raise _Mistake(
                f"{_shown(written)} has more than {MAX_WORDS} words; is a | or tab missing?"
            )
        return found


def _shown(written: str) -> str:
    return repr(written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…")
