"""Raw text into words: where they begin and end, nothing more.

Marks, tatweel and invisible characters belong to the words that they stand in,
so splitting the raw text gives the words that splitting folded text would,
and offsets need no mapping back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from search_service.analysis.letters import ARABIC, CONTROLS, DIGITS, MARKS, character_class

__all__ = ["EDGES", "PARTS", "WORD", "is_arabic", "is_number", "is_plain", "spans"]

_ARABIC = character_class(ARABIC)
_SIGNS = character_class(MARKS)
_CONTROLS = character_class(CONTROLS)
_DIGITS = character_class(DIGITS)
# 5,200 and 5٬200 and 5،200; a group has exactly three digits, so "40,22" stays two numbers.
_GROUP = "[,٬،'’]"
_POINT = "[.٫]"

_ARABIC_WORD = f"[{_ARABIC}{_SIGNS}]+(?:[{_CONTROLS}]+[{_ARABIC}{_SIGNS}]+)*"
_NUMBER = (
    f"(?:[{_DIGITS}]{{1,3}}(?:{_GROUP}[{_DIGITS}]{{3}})+(?![{_DIGITS}])|[{_DIGITS}]+)"
    f"(?:{_POINT}[{_DIGITS}]+)?"
)
_OTHER_LETTERS = rf"[^\W_{_DIGITS}{_ARABIC}]"
# Apostrophes stay inside Latin words: Iraq's, O'Brien.
_OTHER_WORD = (
    rf"{_OTHER_LETTERS}+(?:[{_CONTROLS}{_SIGNS}'’]+{_OTHER_LETTERS}+)*[{character_class(MARKS)}]*"
)

#: Matches the words of a raw text one after the other.
WORD = re.compile(f"{_ARABIC_WORD}|{_NUMBER}|{_OTHER_WORD}")

#: Cuts a raw text into what stands before its first word, the word, what stands behind it, and so
#: on: every second part is a word, and all parts together are the text.
PARTS = re.compile(f"({WORD.pattern})").split

#: Signs that words often touch, and with which no word begins or ends.
EDGES = "،؛؟.,:;!?…«»“”\"'’()[]{}-–—/\n\r\t"

_IS_NUMBER = re.compile(f"[{_DIGITS}]").match
# The bare letters of the Arabic alphabet, from hamza to yeh, without the tatweel between them.
_IS_PLAIN = re.compile("[ء-غف-ي]+").fullmatch
_IS_ARABIC = re.compile(f"[{_ARABIC}{_SIGNS}]").match


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every word, in code points; stray marks count as words here.

    >>> text = "قال: «وصلنا»"
    >>> [text[start:end] for start, end in spans(text)]
    ['قال', 'وصلنا']
    """
    for match in WORD.finditer(text):
        yield match.span()


def is_number(word: str) -> bool:
    """Tell whether a word that :func:`spans` found is a number."""
    return _IS_NUMBER(word) is not None


def is_arabic(word: str) -> bool:
    """Tell whether a word that :func:`spans` found is written in Arabic letters."""
    return _IS_ARABIC(word) is not None


def is_plain(word: str) -> bool:
    """Tell whether a word holds nothing but the alphabet, so that its exact form is itself."""
    return _IS_PLAIN(word) is not None
