"""Readings of long texts as bytes, made at indexing, so that a search need not read the texts.

zlib's format, its own checksum included, around a head (the version of this
layout; of the text its length in code points and the CRC-32 of its UTF-16; the
numbers of tokens and of kinds) and four arrays of little-endian numbers: per
token the distance from the end of the one before and its kind, 0 where a kind
comes for the first time; per kind its length in code points and the hashes of
its terms, each tier's combined with those of the tier before by XOR, since many
words are alike in both. For Arabic prose that is about a third of the text's
bytes.
"""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_service.reading import Ints, Reading
from search_service.schema import Tier

__all__ = ["packed", "unpacked"]

_VERSION = 1
_HEAD = struct.Struct("<5I")
# Higher levels take twice as long and save a twentieth.
_LEVEL = 1


def packed(reading: Reading, text: str) -> bytes:
    """Return the reading of ``text`` as bytes; the same on every machine."""
    kinds = reading.kinds + 1
    kinds[reading.firsts] = 0
    lengths = reading.ends - reading.starts
    # Below 0 where several tokens stand for one sign.
    gaps = np.diff(reading.ends, prepend=0) - lengths
    hashes = reading.hashes.copy()
    hashes[1:] ^= reading.hashes[:-1]
    head = _HEAD.pack(_VERSION, len(text), _checksum(text), len(kinds), hashes.shape[1])
    numbers = map(_planes, (gaps, kinds, lengths[reading.firsts]))
    return zlib.compress(b"".join((head, *numbers, hashes.astype("<u2").tobytes())), _LEVEL)


def unpacked(stored: bytes, text: str) -> Reading | None:
    """Return what :func:`packed` was given; ``None`` where it is damaged or of another text."""
    try:
        return _unpacked(zlib.decompress(stored), text)
    except (zlib.error, struct.error, ValueError, IndexError):
        return None


def _unpacked(content: bytes, text: str) -> Reading | None:
    version, length, checksum, tokens, count = _HEAD.unpack_from(content)
    if (version, length) != (_VERSION, len(text)) or checksum != _checksum(text):
        return None
    ends = np.cumsum([_HEAD.size, 4 * tokens, 4 * tokens, 4 * count, 2 * len(Tier) * count])
    if ends[-1] != len(content):
        return None
    parts = [content[start:end] for start, end in pairwise(ends)]
    gaps, kinds, lengths = map(_numbers, parts[:3])
    new = kinds == 0
    kinds -= 1
    kinds[new] = np.arange(count)
    hashes = np.frombuffer(parts[3], "<u2").reshape(len(Tier), count).astype(np.uint16)
    for row in range(1, len(Tier)):
        hashes[row] ^= hashes[row - 1]
    long = lengths[kinds]
    stops = np.cumsum(gaps + long, dtype=np.int32)
    starts = stops - long
    # Tokens may share a range; they never go back.
    back = np.diff(starts, prepend=0) < 0
    if np.any(kinds < 0) or np.any(lengths < 1) or np.any(back) or np.any(stops > length):
        return None
    return Reading(starts, stops, kinds, hashes)


def _checksum(text: str) -> int:
    # Python has the letters of most languages in this form already.
    return zlib.crc32(text.encode("utf-16-le", "surrogatepass"))


def _planes(numbers: Ints) -> bytes:
    """Return numbers as bytes, all lowest ones first: the others are mostly alike."""
    planes: bytes = numbers.astype("<i4").view(np.uint8).reshape(-1, 4).T.tobytes()
    return planes


def _numbers(planes: bytes) -> NDArray[np.int32]:
    parts = np.frombuffer(planes, np.uint8).reshape(4, -1).astype(np.int32)
    found: NDArray[np.int32] = parts[0] | parts[1] << 8 | parts[2] << 16 | parts[3] << 24
    return found
