"""Many arrays in one file, read in place.

Each array lies at a multiple of 8 bytes; a JSON table of (name, type, offset,
length) follows, then the table's size (8 bytes) and a mark (8 bytes) that only
a finished file has.
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

_END = struct.Struct("<Q8s")
_MARK = b"arrays1\n"
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
        """Write an array of one dimension, of numbers or truth values, under a name."""
        stored = values.astype(values.dtype.newbyteorder("<"), order="C", copy=False)
        self._table.append((name, stored.dtype.str, self._at, len(stored)))
        self._write(stored.view(np.uint8).data, stored.nbytes)
        padding = -self._at % _ALIGN
        self._write(b"\0" * padding, padding)

    def finish(self) -> None:
        """Write the table; nothing can be added after this."""
        table = json.dumps(self._table).encode()
        end = table + _END.pack(len(table), _MARK)
        self._write(end, len(end))

    def _write(self, data: bytes | memoryview, size: int) -> None:
        self._file.write(data)
        self._at += size


class ArrayFileReader:
    """Gives the arrays of a file by name, as read-only views of the mapped file.

    The file stays readable while an array of it is in use, even if it is
    deleted. Raises ``ValueError`` where the file is not one that was finished.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._arrays = {
                name: np.frombuffer(content, np.dtype(kind), count, offset)
                for name, kind, offset, count in _table(content)
            }
        except (struct.error, ValueError, TypeError) as error:
            raise ValueError(f"{path} is damaged: {error}") from error

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def get(self, name: str) -> NDArray[Any]:
        """Return the array called ``name``, with the type it was added with.

        Raises ``KeyError`` if there is none.
        """
        values = self._arrays[name]
        return values.astype(values.dtype.newbyteorder("="), copy=False)


def _table(content: mmap.mmap) -> Any:
    size, mark = _END.unpack(content[-_END.size :])
    if mark != _MARK:
        raise ValueError("it was not written to its end")
    return json.loads(content[-_END.size - size : -_END.size])
