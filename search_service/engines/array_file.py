"""Many arrays in one file, read in place.

Each array lies at a multiple of 8 bytes; a JSON table of (name, type, offset,
length) follows, and its size as the last 8 bytes.
"""

from __future__ import annotations

import json
import mmap
import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

__all__ = ["ArrayFileReader", "ArrayFileWriter", "narrowest"]

_SIZE = struct.Struct("<Q")
_ALIGN = 8


def narrowest(values: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers from 0 up in the smallest unsigned type that holds them all."""
    highest = int(values.max()) if len(values) else 0
    return values.astype(np.min_scalar_type(highest), copy=False)


class ArrayFileWriter:
    """Writes arrays to a binary file that somebody else opened and closes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._table: list[tuple[str, str, int, int]] = []
        self._at = 0

    def add(self, name: str, values: NDArray[Any]) -> None:
        """Write an array under a name."""
        stored = values.astype(values.dtype.newbyteorder("<"), copy=False)
        self._table.append((name, stored.dtype.str, self._at, len(stored)))
        self._write(stored.tobytes())
        self._write(b"\0" * (-self._at % _ALIGN))

    def finish(self) -> None:
        """Write the table; nothing can be added after this."""
        table = json.dumps(self._table).encode()
        self._write(table + _SIZE.pack(len(table)))

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)


class ArrayFileReader:
    """Gives the arrays of a file by name, as views of the mapped file.

    Raises ``ValueError`` where the file is not one that was finished.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            (size,) = _SIZE.unpack(self._map[-_SIZE.size :])
            table = json.loads(self._map[-_SIZE.size - size : -_SIZE.size])
        except (struct.error, ValueError) as error:
            raise ValueError(f"{path} is damaged") from error
        self._arrays = {
            name: np.frombuffer(self._map, np.dtype(kind), count, offset)
            for name, kind, offset, count in table
        }

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def get(self, name: str) -> NDArray[Any]:
        """Return the array called ``name``; raises ``KeyError`` if there is none."""
        return self._arrays[name]
