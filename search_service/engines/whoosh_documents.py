"""The stored documents of a Whoosh segment: each one compressed by itself, with a dictionary.

Short texts compress badly alone. zlib does better with a dictionary, a text
whose pieces it can point to; the first documents of the segment give it. A
document is still read without any other. What is kept for its long texts
follows it as it is, and then how long that is.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import cycle
from typing import Any

from whoosh.codec.whoosh3 import W3PerDocReader, W3PerDocWriter
from whoosh.columns import Column, VarBytesColumn

__all__ = ["DocumentReader", "DocumentWriter"]

_STORED = "_stored"
_FIELD = "document"
_READINGS = "readings"

# zlib looks back no further than this. The dictionary has as much of the first documents, a share
# of each; a segment with less text than they have gets none, which would take more than it saves.
_DICTIONARY = 1 << 15
_SHARE = 8

# Higher levels take several times as long and save another twentieth.
_LEVEL = 5

# A zlib stream (RFC 1950): a head, the name of the dictionary if there is one, the compressed
# text, and a sum of the text. In bytes:
_HEAD = 2
_NAME = 4
_SUM = 4

# Bytes of a text that hold most first lines.
_LINE = 512

_SIZE = struct.Struct("<I")
_END = struct.Struct("<I4s")
_MARK = b"read"


class _DocumentsColumn(Column):
    """Stored fields by the number of the document: a text, and bytes for few of them."""

    class Writer(VarBytesColumn.Writer):
        """Keeps documents back until there are enough to learn a dictionary from."""

        def __init__(self, file: Any) -> None:
            super().__init__(file)
            self._first: list[tuple[int, bytes, bytes]] = []
            self._first_size = 0
            self._compressor: Any = None

        def add(self, number: int, fields: dict[str, Any]) -> None:
            """Add a document; numbers rise."""
            text = fields[_FIELD].encode("utf-8", "surrogatepass")
            document = number, text, fields.get(_READINGS, b"")
            if self._compressor:
                self._add(*document)
                return
            self._first.append(document)
            self._first_size += len(text)
            if self._first_size >= _SHARE * _DICTIONARY:
                self._learn()

        def _learn(self) -> None:
            """Write the dictionary and what was kept back."""
            enough = self._first_size >= _SHARE * _DICTIONARY
            dictionary = _dictionary([text for _, text, _ in self._first]) if enough else b""
            stored = zlib.compress(dictionary, 9)
            self._dbfile.write(_SIZE.pack(len(stored)) + stored)
            self._compressor = zlib.compressobj(_LEVEL, zdict=dictionary)
            for document in self._first:
                self._add(*document)
            self._first.clear()

        def _add(self, number: int, text: bytes, readings: bytes) -> None:
            # A copy has read the dictionary already.
            compressor = self._compressor.copy()
            end = readings and readings + _END.pack(len(readings), _MARK)
            super().add(number, compressor.compress(text) + compressor.flush() + end)

        def finish(self, count: int) -> None:
            """Write what is left."""
            if not self._compressor:
                self._learn()
            super().finish(count)

    class Reader(VarBytesColumn.Reader):
        """Gives the stored fields of a document by its number."""

        def __init__(self, file: Any, start: int, length: int, count: int) -> None:
            (size,) = _SIZE.unpack(file.get(start, _SIZE.size))
            head = _SIZE.size + size
            self._dictionary = zlib.decompress(file.get(start + _SIZE.size, size))
            super().__init__(file, start + head, length - head, count)

        def __getitem__(self, number: int) -> dict[str, Any]:
            """Return the fields; raises ``zlib.error`` or ``ValueError`` where it is damaged."""
            inflater, stored = self._inflater(number)
            text = inflater.decompress(stored)
            rest = inflater.unused_data
            if not inflater.eof or int.from_bytes(rest[:_SUM], "big") != zlib.adler32(text):
                raise ValueError("it is not what was stored")
            fields: dict[str, Any] = {_FIELD: text.decode("utf-8", "surrogatepass")}
            if len(rest) > _SUM:
                fields[_READINGS] = _readings(rest[_SUM:])
            return fields

        def line(self, number: int) -> str:
            """Return the first line of a document's text, of which no more is read than it takes.

            Nobody checks its sum. Raises ``zlib.error`` or ``ValueError`` where
            it is plainly damaged.
            """
            inflater, stored = self._inflater(number)
            text = inflater.decompress(stored, _LINE)
            while b"\n" not in text and inflater.unconsumed_tail:
                text += inflater.decompress(inflater.unconsumed_tail, len(text))
            line: bytes = text.partition(b"\n")[0]
            return line.decode("utf-8", "surrogatepass")

        def _inflater(self, number: int) -> tuple[Any, bytes]:
            """Return what inflates a document, and what is to be inflated."""
            # Read without its frame: zlib would add up all the dictionary to check its sum, which
            # takes as long as the rest. The sum of the text itself is checked elsewhere.
            inflater = zlib.decompressobj(-zlib.MAX_WBITS, zdict=self._dictionary)
            stored: bytes = super().__getitem__(number)
            return inflater, stored[_HEAD + (_NAME if self._dictionary else 0) :]

        def readings(self, number: int) -> bytes:
            """Return what is kept for the long texts of a document, if anything is.

            May be other bytes by chance, or where they are damaged.
            """
            return _readings(super().__getitem__(number))


def _readings(stored: bytes) -> bytes:
    if len(stored) < _END.size:
        return b""
    length, mark = _END.unpack_from(stored, len(stored) - _END.size)
    return stored[-_END.size - length : -_END.size] if mark == _MARK else b""


def _dictionary(texts: Sequence[bytes]) -> bytes:
    """Return a share of each text, from the beginning of one, further on in the next."""
    pieces = (
        text[len(text) * part // _SHARE : len(text) * (part + 1) // _SHARE]
        for text, part in zip(texts, cycle(range(_SHARE)), strict=False)
    )
    return b"".join(pieces)[-_DICTIONARY:]


class DocumentWriter(W3PerDocWriter):
    """Whoosh's writer of what belongs to single documents, with our column of stored ones."""

    def _create_column(self, name: str, column: Any) -> None:
        super()._create_column(name, _DocumentsColumn() if name == _STORED else column)


class DocumentReader(W3PerDocReader):
    """Reads what :class:`DocumentWriter` wrote."""

    def column_reader(self, name: str, column: Any) -> Any:
        """Return the reader of a column: of stored documents, always ours."""
        return super().column_reader(name, _DocumentsColumn() if name == _STORED else column)

    def stored(self) -> Any:
        """Return the JSON of the documents by number."""
        return self.column_reader(_STORED, None)
