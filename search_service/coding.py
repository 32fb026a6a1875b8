"""Terms in one byte per letter, for engines that keep them as UTF-8.

UTF-8 has one byte for each sign of ASCII and two for each Arabic letter, and
terms are hardly anything but Arabic letters. So letters and signs change
places: what is looked up, compared and sent between processes is half as long,
and Python, too, handles strings of ASCII faster than any others.
"""

from __future__ import annotations

from codecs import charmap_build, charmap_decode, charmap_encode

__all__ = ["coded", "decoded"]

# U+0621 to U+063A and U+0641 to U+064A are the letters of Arabic, the others those that Persian,
# Urdu and Egyptian spellings add. What gives way to them is rare in terms: capitals, which stand
# only in words as they are written, and signs that are no space, digit or part of a number.
_LETTERS = "".join(map(chr, (*range(0x621, 0x63B), *range(0x641, 0x64B)))) + "پچڤژکگھی"
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + '!"#$%&()*+/:;<=>?@'
_CODES = str.maketrans(_LETTERS + _SIGNS, _SIGNS + _LETTERS)

# The same for what becomes, or is, nothing but ASCII: nearly all terms, in a third of the time.
_OF_ASCII = "".join(map(chr, range(128))).translate(_CODES)
_TO_ASCII = charmap_build(_OF_ASCII)


def coded(text: str) -> str:
    """Return terms, with spaces between them or not, with one sign of ASCII for each letter.

    Code point by code point: what begins with a term begins with its code.
    The order of terms is another one.

    >>> coded("كتاب").isascii(), decoded(coded("كتاب Web"))
    (True, 'كتاب Web')
    """
    try:
        return charmap_encode(text, "strict", _TO_ASCII)[0].decode("ascii")
    except UnicodeEncodeError:
        return text.translate(_CODES)


def decoded(text: str) -> str:
    """Return what :func:`coded` was given: places are changed back by changing them again."""
    try:
        return charmap_decode(text.encode("ascii"), "strict", _OF_ASCII)[0]
    except UnicodeEncodeError:
        return text.translate(_CODES)
