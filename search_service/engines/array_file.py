"""Many arrays in one file, read in place.

Each array lies at a multiple of 8 bytes; a JSON table of (name, type, offset,
length) follows, then the table's size (8 bytes) and a mark (8 bytes) that only
a finished file has.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

__all__ = ["ArrayFileReader", "ArrayFileWriter", "Spool", "narrowest"]

_END = struct.Struct("<Q8s")
_MARK = b"arrays1\n"
_ALIGN = 8

# An array that grows stays in memory up to this many bytes.
_SMALL = 1 << 16


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

    def add_spooled(self, name: str, values: Spool) -> None:
        """Write a grown array under a name, piece by piece, and close it."""
        self._table.append((name, values.kind.newbyteorder("<").str, self._at, values.count))
        for piece in values.pieces():
            stored = piece.astype(piece.dtype.newbyteorder("<"), copy=False)
            self._write(stored.view(np.uint8).data, stored.nbytes)
        values.close()
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


class Spool:
    """An array of whole numbers from 0 up that grows on disk.

    Its file in ``folder`` has no name, or loses it when the process ends, so
    that nothing is left behind. Each piece is kept in the narrowest type that
    holds it; ``kind`` is the one that holds them all.
    """

    def __init__(self, folder: Path) -> None:
        self._file = SpooledTemporaryFile(_SMALL, dir=str(folder))  # noqa: SIM115 - see close
        self._pieces: list[tuple[np.dtype[Any], int]] = []

    @property
    def count(self) -> int:
        """The number of values."""
        return sum(count for _, count in self._pieces)

    @property
    def kind(self) -> np.dtype[Any]:
        """The narrowest type that holds all values."""
        return max((kind for kind, _ in self._pieces), key=_width, default=np.dtype(np.uint8))

    def append(self, values: NDArray[Any]) -> None:
        """Add values at the end."""
        if len(values):
            narrow = np.ascontiguousarray(narrowest(values))
            self._file.write(narrow.view(np.uint8).data)
            self._pieces.append((narrow.dtype, len(narrow)))

    def pieces(self) -> Iterator[NDArray[Any]]:
        """Yield all values in order, a piece at a time."""
        kind = self.kind
        self._file.seek(0)
        for written, count in self._pieces:
            piece = self._file.read(count * written.itemsize)
            yield np.frombuffer(piece, written).astype(kind, copy=False)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _width(kind: np.dtype[Any]) -> int:
    return kind.itemsize


class ArrayFileReader:
    """Gives the arrays of a file by name, as read-only views of the mapped file.

    ``source`` is its path, or the file itself where it is open. The file stays
    readable while an array of it is in use, even if it is closed or deleted.
    Raises ``ValueError`` where the file is not one that was finished.
    """

    def __init__(self, source: Path | BinaryIO) -> None:
        try:
            content = self._content = _mapped(source)
            self._arrays = {
                name: np.frombuffer(content, np.dtype(kind), count, offset)
                for name, kind, offset, count in _table(content)
            }
        except (struct.error, ValueError, TypeError) as error:
            raise ValueError(f"{source} is damaged: {error}") from error

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def get(self, name: str) -> NDArray[Any]:
        """Return the array called ``name``, with the type it was added with.

        Raises ``KeyError`` if there is none.
        """
        values = self._arrays[name]
        return values.astype(values.dtype.newbyteorder("="), copy=False)

    def let_go(self) -> None:
        """Give back the memory of what was read so far; it is read again where it is used."""
        # Mapped pages count as this process's memory until somebody else needs the room.
        if hasattr(self._content, "madvise"):
            self._content.madvise(mmap.MADV_DONTNEED)


def _mapped(source: Path | BinaryIO) -> mmap.mmap:
    if isinstance(source, Path):
        with source.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)


def _table(content: mmap.mmap) -> Any:
    size, mark = _END.unpack(content[-_END.size :])
    if mark != _MARK:
        raise ValueError("it was not written to its end")
    return json.loads(content[-_END.size - size : -_END.size])
