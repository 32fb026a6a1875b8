"""What is kept for a document's long texts, field by field, as one piece of bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping

__all__ = ["joined_readings", "split_readings"]

_SIZE = struct.Struct("<I")


def joined_readings(readings: Mapping[str, bytes]) -> bytes:
    """Return readings as one piece, nothing for none.

    The piece begins with the length of a list in JSON, which has the name and
    length of each reading; the readings follow.
    """
    if not readings:
        return b""
    names = json.dumps([(name, len(content)) for name, content in readings.items()]).encode()
    return b"".join((_SIZE.pack(len(names)), names, *readings.values()))


def split_readings(piece: bytes) -> dict[str, bytes]:
    """Return what :func:`joined_readings` was given; none where the piece is damaged.

    >>> split_readings(joined_readings({"body": b"12", "title": b"3"}))
    {'body': b'12', 'title': b'3'}
    """
    if not piece:
        return {}
    try:
        end = _SIZE.size + _SIZE.unpack_from(piece)[0]
        readings = {}
        for name, length in json.loads(piece[_SIZE.size : end]):
            readings[str(name)] = piece[end : end + length]
            end += length
    except (struct.error, ValueError, TypeError):
        return {}
    return readings
