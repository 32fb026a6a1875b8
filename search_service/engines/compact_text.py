"""Texts in one byte per letter, for engines that keep whole documents.

UTF-8 takes two bytes for an Arabic letter, and stored documents are a large part
of an index. What has none but the letters and signs of Arabic texts, as nearly
all have, is kept in half of that, which is also read sooner.
"""

from __future__ import annotations

from codecs import charmap_build, charmap_decode, charmap_encode

__all__ = ["packed", "unpacked"]

_ASCII = "".join(map(chr, range(0x80)))
_LETTERS = "".join(map(chr, (*range(0x621, 0x63B), *range(0x640, 0x653), 0x670)))
_DIGITS = "".join(map(chr, (*range(0x660, 0x66C), *range(0x6F0, 0x6FA))))
# Of Persian, Urdu, Kurdish and Maghreb spellings.
_OTHER_LETTERS = "پچژڤکگڭڨڧڢڪھہیےۀۆە"
_SIGNS = "،؛؟«»‹›“”‘’–—…•·°×÷©®€£\u00a0\u200c\u200d\u200e\u200fﷺ﴾﴿"
_LATIN = "éèêàâäçîôöü"

# Byte -> letter. Indexes are kept so: a table with a letter in another place is another format.
_TABLE = _ASCII + _LETTERS + _DIGITS + _OTHER_LETTERS + _SIGNS + _LATIN
_CODES = charmap_build(_TABLE)

# Begins what is kept so; no text begins so in UTF-8.
_COMPACT = b"\xff"


def packed(text: str) -> bytes:
    r"""Return a text as bytes; a line break, and no other letter, is a byte 10.

    >>> len(packed("كتاب")), len("كتاب".encode()), unpacked(packed("كتاب 書 \ud800"))
    (5, 8, 'كتاب 書 \ud800')
    """
    try:
        return _COMPACT + charmap_encode(text, "strict", _CODES)[0]
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def unpacked(stored: bytes) -> str:
    """Return the text that :func:`packed` was given."""
    if stored[:1] == _COMPACT:
        return charmap_decode(stored[1:], "strict", _TABLE)[0]
    return stored.decode("utf-8", "surrogatepass")
