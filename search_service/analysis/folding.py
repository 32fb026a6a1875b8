"""One word in one spelling: the exact and the folded tier, and the scripts beside Arabic."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from search_service.analysis.letters import (
    FOLD_LETTERS,
    PRESTRIP,
    STRIP,
    character_class,
    to_ascii_digits,
)

__all__ = [
    "exact_form",
    "fold",
    "fold_arabic",
    "fold_latin",
    "forms_of_all",
    "number_form",
    "spellings",
]

_POSSESSIVE = re.compile(r"['’]s?(?=\s|$)|['’]")
# Folded letter -> all letters that fold to it, itself first.
_SPELLINGS = {
    folded: folded + "".join(chr(code) for code, other in FOLD_LETTERS.items() if other == folded)
    for folded in FOLD_LETTERS.values()
}
_FOLDS = re.compile(f"[{character_class(''.join(map(chr, FOLD_LETTERS)))}]").search
_NOT_DIGIT = re.compile(r"\D+")


def exact_form(word: str) -> str:
    """Return ``word`` as written, without marks, tatweel and invisible characters.

    Presentation forms become the letters that they show, and Latin letters
    small ones. May be empty, or hold spaces where one character shows several
    words (ﷺ).

    >>> exact_form("كِتـــابٌ"), exact_form("ﻛﺘﺎﺏ"), exact_form("Reuters")
    ('كتاب', 'كتاب', 'reuters')
    """
    # Composing comes first: alef and a combining hamza are one letter, not a letter and a mark.
    composed = unicodedata.normalize("NFKC", word.translate(PRESTRIP))
    # Small letters before marks go: the small letter of İ has a mark.
    return composed.lower().translate(STRIP)


def fold_arabic(exact: str) -> str:
    """Return an exact form with the spellings of each letter joined; itself if it has one already.

    >>> fold_arabic("مسؤول") == fold_arabic("مسئول"), fold_arabic("مدرسة")
    (True, 'مدرسه')
    """
    # Two words of three have nothing to join, and looking takes a quarter of the time.
    return exact.translate(FOLD_LETTERS) if _FOLDS(exact) else exact


def spellings(folded: str) -> Iterator[str]:
    """Yield every way to write Arabic letters that fold to these; many, so ask for few letters.

    >>> sorted(spellings("سي"))
    ['سى', 'سي', 'سی', 'سے', 'سۓ']
    """
    return map("".join, product(*(_SPELLINGS.get(letter, letter) for letter in folded)))


def fold_latin(exact: str) -> str:
    """Return an exact form without accents and without the English possessive.

    >>> fold_latin("café"), fold_latin("iraq's")
    ('cafe', 'iraq')
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", exact) if not unicodedata.combining(c))
    return _POSSESSIVE.sub("", unicodedata.normalize("NFC", plain)) or exact


def number_form(number: str) -> str:
    """Return a number in ASCII digits, without group separators and leading zeros.

    >>> number_form("٥٬٢٠٠"), number_form("5,200"), number_form("٣٫٥"), number_form("06")
    ('5200', '5200', '3.5', '6')
    """
    ascii_digits = to_ascii_digits(number).replace("٫", ".")
    whole, point, fraction = ascii_digits.partition(".")
    return (_NOT_DIGIT.sub("", whole).lstrip("0") or "0") + point + fraction


def fold(word: str) -> str:
    """Return the folded form of a word in any script; folding twice changes nothing.

    >>> fold("الأميركيّة")
    'الاميركيه'
    """
    return fold_latin(fold_arabic(to_ascii_digits(exact_form(word))))


def forms_of_all(words: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the exact and the folded form of every word: all in one, a tenth of the time.

    >>> forms_of_all(["مدرسةٌ", "Café"])
    {'مدرسةٌ': ('مدرسة', 'مدرسه'), 'Café': ('café', 'cafe')}
    """
    distinct = list(dict.fromkeys(words))
    composed = unicodedata.normalize("NFKC", _replaced("\n".join(distinct), PRESTRIP))
    exact = _replaced(composed.lower(), STRIP)
    arabic = _replaced(to_ascii_digits(exact), FOLD_LETTERS)
    decomposed = unicodedata.normalize("NFD", arabic)
    marks = {ord(sign): None for sign in set(decomposed) if unicodedata.combining(sign)}
    plain = unicodedata.normalize("NFC", _replaced(decomposed, marks))
    columns = [text.split("\n") for text in (exact, arabic, _POSSESSIVE.sub("", plain))]
    if any(len(column) != len(distinct) for column in columns):  # one holds a line break itself
        return {word: (exact_form(word), fold(word)) for word in distinct}
    # Where folding leaves nothing, a word keeps its letters: see fold_latin.
    lines = zip(distinct, *columns, strict=True)
    return {word: (first, last or middle) for word, first, middle, last in lines}


def _replaced(text: str, table: Mapping[int, str | None]) -> str:
    """Return ``text.translate(table)``, for a long text of few letters and a table without chains.

    No letter of the table may be what another one is replaced with.
    """
    for letter in set(text).intersection(map(chr, table)):
        text = text.replace(letter, table[ord(letter)] or "")
    return text
