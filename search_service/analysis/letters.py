"""Named letters and the tables that fold one spelling of a letter into another.

Names and groups come from PyArabic where it has them; what it lacks (Persian
and Quranic letters, presentation forms, digits of three scripts) is named
here. Ranges and categories follow the Unicode Character Database.
"""

from __future__ import annotations

import re
import unicodedata

from pyarabic import araby

__all__ = [
    "ARABIC",
    "CONTROLS",
    "DIGITS",
    "FOLD_LETTERS",
    "MARKS",
    "PRESTRIP",
    "STRIP",
    "character_class",
    "to_ascii_digits",
]

ALEF_WASLA = "\N{ARABIC LETTER ALEF WASLA}"
FARSI_YEH = "\N{ARABIC LETTER FARSI YEH}"
YEH_BARREE = "\N{ARABIC LETTER YEH BARREE}"
HEH_DOACHASHMEE = "\N{ARABIC LETTER HEH DOACHASHMEE}"
HEH_GOAL = "\N{ARABIC LETTER HEH GOAL}"
AE = "\N{ARABIC LETTER AE}"
HEH_WITH_YEH = "\N{ARABIC LETTER HEH WITH YEH ABOVE}"
HEH_GOAL_HAMZA = "\N{ARABIC LETTER HEH GOAL WITH HAMZA ABOVE}"
YEH_BARREE_HAMZA = "\N{ARABIC LETTER YEH BARREE WITH HAMZA ABOVE}"
KEHEH = "\N{ARABIC LETTER KEHEH}"
SWASH_KAF = "\N{ARABIC LETTER SWASH KAF}"
GAF = "\N{ARABIC LETTER GAF}"
PEH = "\N{ARABIC LETTER PEH}"
TCHEH = "\N{ARABIC LETTER TCHEH}"
JEH = "\N{ARABIC LETTER JEH}"
VEH = "\N{ARABIC LETTER VEH}"
QAF_THREE_DOTS = "\N{ARABIC LETTER QAF WITH THREE DOTS ABOVE}"

_ARABIC_BLOCKS = (
    (0x0600, 0x06FF),
    (0x0750, 0x077F),
    (0x0870, 0x08FF),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFF),
)
# Presentation forms of lone marks are letters to Unicode, but marks to a reader.
_MARK_FORMS = range(0xFE70, 0xFE80)


def _arabic(categories: str) -> str:
    return "".join(
        chr(code)
        for first, last in _ARABIC_BLOCKS
        for code in range(first, last + 1)
        if unicodedata.category(chr(code))[0] in categories
    )


_FORMS_OF_MARKS = "".join(map(chr, _MARK_FORMS))

#: Every Arabic letter, presentation forms and tatweel included.
ARABIC = "".join(letter for letter in _arabic("L") if letter not in _FORMS_OF_MARKS)

#: Everything written above, below or around letters: harakat, Quranic signs, combining accents.
MARKS = _arabic("M") + _FORMS_OF_MARKS + "".join(map(chr, range(0x0300, 0x0370)))

#: Invisible characters that steer direction and joining; they never end a word.
CONTROLS = "".join(
    chr(code)
    for first, last in (
        (0x00AD, 0x00AD),
        (0x061C, 0x061C),
        (0x180E, 0x180E),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2064),
        (0x2066, 0x2069),
        (0xFEFF, 0xFEFF),
    )
    for code in range(first, last + 1)
)

_ARABIC_INDIC = "".join(map(chr, range(0x0660, 0x066A)))
_PERSIAN = "".join(map(chr, range(0x06F0, 0x06FA)))

#: The digits in which numbers are written in Arabic text, three times 0 to 9.
DIGITS = "0123456789" + _ARABIC_INDIC + _PERSIAN

_TO_ASCII = str.maketrans(_ARABIC_INDIC + _PERSIAN, "0123456789" * 2)


def to_ascii_digits(text: str) -> str:
    """Return ``text`` with Arabic-Indic and Persian digits as 0 to 9.

    >>> to_ascii_digits("٢٠١٤ و ۱۹۹۵")
    '2014 و 1995'
    """
    return text.translate(_TO_ASCII)


#: Translation table that leaves letters alone: no marks, no tatweel, no controls.
STRIP = {ord(sign): None for sign in MARKS + CONTROLS + araby.TATWEEL}

#: Translation table to apply before composing: what would keep a letter from its own hamza,
#: and mark forms, which Unicode takes apart into a space and a mark.
PRESTRIP = {ord(sign): None for sign in _FORMS_OF_MARKS + CONTROLS + araby.TATWEEL}

#: Translation table that joins the spellings of one letter (after :data:`STRIP`).
FOLD_LETTERS = str.maketrans(
    {
        # One sound, four seats: people leave them out when typing.
        araby.ALEF_MADDA: araby.ALEF,
        araby.ALEF_HAMZA_ABOVE: araby.ALEF,
        araby.ALEF_HAMZA_BELOW: araby.ALEF,
        ALEF_WASLA: araby.ALEF,
        # شؤون and شئون are one word in two countries' spelling; so all seats become bare hamza.
        araby.WAW_HAMZA: araby.HAMZA,
        araby.YEH_HAMZA: araby.HAMZA,
        # على is written علي in Egypt; Persian keyboards give a third letter.
        araby.ALEF_MAKSURA: araby.YEH,
        FARSI_YEH: araby.YEH,
        YEH_BARREE: araby.YEH,
        YEH_BARREE_HAMZA: araby.YEH,
        # مدرسة is often typed مدرسه; Persian and Urdu have more forms of heh.
        araby.TEH_MARBUTA: araby.HEH,
        HEH_DOACHASHMEE: araby.HEH,
        HEH_GOAL: araby.HEH,
        AE: araby.HEH,
        HEH_WITH_YEH: araby.HEH,
        HEH_GOAL_HAMZA: araby.HEH,
        KEHEH: araby.KAF,
        SWASH_KAF: araby.KAF,
        # Letters for foreign sounds: a name is as often written with the plain one.
        GAF: araby.KAF,
        PEH: araby.BEH,
        TCHEH: araby.JEEM,
        JEH: araby.ZAIN,
        VEH: araby.FEH,
        QAF_THREE_DOTS: araby.QAF,
    }
)


def character_class(characters: str) -> str:
    """Return ``characters`` as the inside of a regular expression's ``[...]``, as ranges."""
    codes = sorted(set(map(ord, characters)))
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(
        re.escape(chr(a)) if a == b else f"{re.escape(chr(a))}-{re.escape(chr(b))}"
        for a, b in ranges
    )
