"""Bytes to text: which encoding it is, and never a silently replaced character."""

from __future__ import annotations

import codecs
import re

__all__ = ["BadEncodingError", "decode", "is_damaged_utf8", "is_utf16"]

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What a page may declare: byte encodings that are a superset of ASCII. Declared
# UTF-8 and UTF-16 are not believed, they were tried before the declaration.
_BYTE_ENCODINGS = re.compile(r"(cp|iso8859|mac|koi8|gb|big5|euc|shift_jis)")

_ARABIC = ("cp1256", "iso8859_6")

# Letters of Arabic news text, the most frequent first.
_RANKS = {letter: rank for rank, letter in enumerate("الينموترةبعدهفسقكحأجىشصطإخذضئزثءغآظؤ")}
_NO_RANK = 60
# Windows-1256 is the commoner by far: ISO-8859-6 has to read clearly better.
_CLEARLY = 0.85


class BadEncodingError(ValueError):
    """Bytes that are no text; ``line`` is where, if that is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(f"bad encoding: {reason}")
        self.line = line


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of a whole file, without its byte order mark.

    Tried in turn: a byte order mark, UTF-8, UTF-16 without a mark, the
    ``declared`` encoding, and last Windows-1256 or ISO-8859-6, whichever reads
    like Arabic. Raises :class:`BadEncodingError` where none fits.
    """
    text = _decode(data, declared)
    if "\0" in text:
        raise BadEncodingError("holds NUL characters", text.count("\n", 0, text.index("\0")) + 1)
    return text


def _decode(data: bytes, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    # Arabic in UTF-16 is made of bytes below 128, so it is valid UTF-8 as well.
    if order := _utf16_order(data):
        return _strictly(data, order)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if is_damaged_utf8(data):
            return _strictly(data, "utf-8")
    return _declared(data, declared) or _guessed(data)


def is_utf16(sample: bytes) -> bool:
    """Tell whether a file that begins with ``sample`` is UTF-16 or UTF-32."""
    marked = any(sample.startswith(mark) for mark, _ in _MARKS[1:])
    return marked or _utf16_order(sample) is not None


def is_damaged_utf8(data: bytes) -> bool:
    """Tell whether ``data``, which is not valid UTF-8, was meant to be.

    Windows-1256 gives a letter to every byte and would read such a file as
    nonsense, so it has to be refused before that is tried.
    """
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(not character.isascii() for character in text) - bad > bad


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.upper().removesuffix("-SIG")
        # A newline is no single byte in UTF-16, so there only the byte is told.
        line = data.count(b"\n", 0, error.start) + 1 if name == "UTF-8" else None
        raise BadEncodingError(f"broken {name} at byte {error.start}", line) from error


def _utf16_order(data: bytes) -> str | None:
    """Return the UTF-16 codec if every other byte is mostly 0 (ASCII) or 6 (Arabic)."""
    for start, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = data[start::2]
        if high and 2 * (high.count(0) + high.count(6)) > len(high):
            # Zeroes all over are a binary file; it is refused for its NULs.
            low = data[1 - start :: 2]
            return codec if 2 * low.count(0) < len(low) else None
    return None


def _declared(data: bytes, declared: str | None) -> str | None:
    try:
        name = codecs.lookup(declared or "").name
        # What says Latin-1 is Windows-1252, on the Web and in practice.
        name = "cp1252" if name == "iso8859-1" else name
        return data.decode(name) if _BYTE_ENCODINGS.match(name) else None
    except (LookupError, ValueError):  # an unknown name, or bytes that it does not fit
        return None


def _guessed(data: bytes) -> str:
    # Imported here: only files in old encodings need it.
    from charset_normalizer import from_bytes

    if from_bytes(data, cp_isolation=list(_ARABIC)).best() is None:
        raise BadEncodingError("neither UTF-8, UTF-16, Windows-1256 nor ISO-8859-6")
    return data.decode("iso8859_6" if _is_iso(data) else "cp1256")


def _is_iso(data: bytes) -> bool:
    """Tell ISO-8859-6 from Windows-1256 by how common the letters are that it gives.

    charset-normalizer knows which bytes are text, but of texts under some 20
    letters in ISO-8859-6 it takes nine in ten for Windows-1256. Bytes 80-9F are
    letters and quotes in Windows-1256, and nothing in ISO-8859-6.
    """
    try:
        iso = data.decode("iso8859_6")
    except UnicodeDecodeError:
        return False
    if re.search(rb"[\x80-\x9f]", data):
        return False
    return _rarity(iso) < _CLEARLY * _rarity(data.decode("cp1256"))


def _rarity(text: str) -> float:
    ranks = [_RANKS.get(c, _NO_RANK) for c in text if c.isalpha() and not c.isascii()]
    return sum(ranks) / max(1, len(ranks))
