"""Whoosh's third codec with everything that is searched as arrays.

Whoosh keeps segments, deletions and, in our way, stored documents; the inverted
lists and the columns of a segment lie in one array file that is searched in place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec

from search_service.engines.array_file import ArrayFileReader, ArrayFileWriter, narrowest
from search_service.engines.blocks import BlockedLists
from search_service.engines.list_pool import Lists, PooledLists, pool_of
from search_service.engines.merging import ListsWriter
from search_service.engines.pool_writer import PoolWriter
from search_service.engines.postings import EMPTY, FieldLists, Postings, memory_of, sums
from search_service.engines.remembering import Remembered
from search_service.engines.whoosh_documents import DocumentReader, DocumentWriter

__all__ = ["ArrayCodec", "ArrayReader", "ArrayWriter", "Terms"]

_EXTENSION = ".inv"

# Every so many terms of a field one is kept at hand, so that looking up a term takes few steps.
_STRIDE = 32

# So many terms that were looked up are remembered, about 300 bytes each,
# and lists of so many bytes.
_KNOWN = 8192
_KNOWN_BYTES = 16 << 20

_Fields: TypeAlias = Iterable[tuple[str, Iterable[FieldLists]]]


class ArrayCodec(W3Codec):
    """Writes and reads inverted lists as arrays. Pickled with every segment: has no state."""

    # Whoosh need not read back the lengths of fields: it does not write any.
    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> ArrayWriter:
        """Return the writer of a new segment's arrays."""
        return ArrayWriter(segment.create_file(storage, _EXTENSION), Path(storage.folder))

    def per_document_writer(self, storage: Any, segment: Any) -> DocumentWriter:
        """Return the writer of a new segment's stored documents."""
        return DocumentWriter(self, storage, segment)

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentReader:
        """Return the reader of a segment's stored documents."""
        return DocumentReader(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> ArrayReader:
        """Return the reader of a segment's arrays; raises ``ValueError`` if they are damaged."""
        return ArrayReader(Path(storage.folder) / segment.make_filename(_EXTENSION))


class ArrayWriter:
    """Writes the arrays of a segment: those it holds when Whoosh tells it to write postings.

    ``lists`` is taken one field at a time, each in slices of its terms, and may
    make them as it goes; fields that share a pool follow each other. ``columns``
    have one entry per document. What has to be gathered on the way goes to
    files without names in ``folder``.
    """

    def __init__(self, file: Any, folder: Path) -> None:
        self._file = file
        self._folder = folder
        self.is_closed = False
        self.lists: _Fields = ()
        self.columns: Mapping[str, NDArray[Any]] = {}

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:
        """Write all arrays. ``items``, Whoosh's own pool, is empty: nothing is put there."""
        writer = ArrayFileWriter(self._file)
        for pool, fields in groupby(self.lists, lambda field: pool_of(field[0])):
            if pool:
                self._write_pool(writer, pool, fields)
            else:
                self._write_alone(writer, fields)
        for name, values in self.columns.items():
            writer.add(name, narrowest(values))
        writer.finish()

    def _write_pool(self, writer: ArrayFileWriter, pool: str, fields: _Fields) -> None:
        documents = max(map(len, self.columns.values()), default=0)
        with PoolWriter(writer, pool, documents, self._folder) as pooled:
            for name, slices in fields:
                pooled.field(name, slices)
            pooled.finish()

    def _write_alone(self, writer: ArrayFileWriter, fields: _Fields) -> None:
        for name, slices in fields:
            with ListsWriter(writer, name, self._folder) as field:
                for lists in slices:
                    field.add(lists)
                field.finish()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self.is_closed = True


class Terms(Sequence[bytes]):
    """The sorted terms of a field, cut out of one run of bytes as they are asked for."""

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[Any]) -> None:
        # Views of plain memory: single items of NumPy arrays are slow to read.
        self._text = text.data
        self._ends = ends.data
        self._landmarks: list[bytes] = [self[i] for i in range(0, len(self), _STRIDE)]

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(number, slice):
            low, high, step = number.indices(len(self))
            return self._cut(low, high) if step == 1 else [self[i] for i in range(low, high, step)]
        if not 0 <= number < len(self):
            raise IndexError(number)
        return bytes(self._text[self._ends[number] : self._ends[number + 1]])

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._cut(0, len(self)))

    def _cut(self, low: int, high: int) -> list[bytes]:
        """Return the terms number ``low`` to ``high`` (half-open)."""
        if low >= high:
            return []
        ends = self._ends[low : high + 1].tolist()
        start = ends[0]
        text = self._text[start : ends[-1]].tobytes()
        return [text[a - start : b - start] for a, b in pairwise(ends)]

    def texts(self, low: int, high: int) -> Iterator[str]:
        """Yield the terms number ``low`` to ``high`` (half-open) as text, decoded all at once."""
        ends = np.asarray(self._ends)[low : high + 1].astype(np.int64)
        data = np.asarray(self._text)[ends[0] : ends[-1]]
        # In UTF-8, every byte that is not 10xxxxxx begins a code point.
        begun = np.concatenate(([0], np.cumsum((data & 0xC0) != 0x80)))[ends - ends[0]].tolist()
        text = data.tobytes().decode("utf-8", "surrogatepass")
        return map(text.__getitem__, map(slice, begun, begun[1:]))

    def number(self, term: bytes) -> int | None:
        """Return the number of a term, ``None`` if it is not here: faster than :meth:`place`."""
        block = bisect_right(self._landmarks, term) - 1
        if block < 0:
            return None
        low = block * _STRIDE
        ends = self._ends[low : low + _STRIDE + 1].tolist()
        start = ends[0]
        text = self._text[start : ends[-1]].tobytes()
        # What is found may lie within another term, or across two of them.
        at = text.find(term)
        while at >= 0:
            begin, end = start + at, start + at + len(term)
            number = max(bisect_left(ends, end) - 1, 0)
            if ends[number : number + 2] == [begin, end]:
                return low + number
            at = text.find(term, at + 1)
        return None

    def place(self, term: bytes) -> int:
        """Return how many terms come before ``term``: bisection, with few calls."""
        text, ends = self._text, self._ends
        # A coarse step first, which needs no Python code for each comparison.
        block = bisect_left(self._landmarks, term)
        low = max((block - 1) * _STRIDE, 0)
        high = min(block * _STRIDE, len(ends) - 1)
        while low < high:
            middle = (low + high) // 2
            if text[ends[middle] : ends[middle + 1]].tobytes() < term:
                low = middle + 1
            else:
                high = middle
        return low


class ArrayReader:
    """Reads the arrays of a segment in place; ``source`` as for :class:`ArrayFileReader`."""

    def __init__(self, source: Path | BinaryIO) -> None:
        self._arrays = ArrayFileReader(source)
        self._terms: dict[str, Terms] = {}
        self._lists: dict[str, FieldLists] = {}
        self._pooled: dict[str, PooledLists] = {}
        self._numbers: Remembered[tuple[str, str], int] = Remembered(_KNOWN, lambda _: 1)
        self._known: Remembered[tuple[str, int], Postings] = Remembered(_KNOWN_BYTES, memory_of)

    def column(self, name: str) -> NDArray[np.unsignedinteger[Any]]:
        """Return a column, one entry per document; raises ``KeyError``."""
        return self._arrays.get(name)

    def lists(self, field: str) -> FieldLists:
        """Return all lists of a field that shares none, as views of the file.

        Raises ``KeyError``.
        """
        found = self._lists.get(field)
        if found is None:
            found = self._lists[field] = self._stored_lists(field, self.terms(field))
        return found

    def any_lists(self, field: str) -> Lists:
        """Return all lists of a field, whether it shares them or not; raises ``KeyError``."""
        found = self._pooled.get(field)
        if found is None:
            if f"{field}/lists" not in self._arrays:
                return self.lists(field)
            numbers = self._arrays.get(f"{field}/lists")
            positional = bool(self._arrays.get(f"{field}/positional")[0])
            pool = self._pool(pool_of(field))
            found = PooledLists(self.terms(field), numbers, pool, positional)
            self._pooled[field] = found
        return found

    def _pool(self, name: str) -> FieldLists | BlockedLists:
        stored = self._stored_lists(name, ())
        blocks = int(self._arrays.get(f"{name}/blocks")[0])
        return stored if blocks == 1 else BlockedLists.of(stored, blocks)

    def _stored_lists(self, name: str, terms: Sequence[bytes]) -> FieldLists:
        parts = (self._arrays.get(f"{name}/{part}") for part in FieldLists._fields[1:])
        return FieldLists(terms, *parts)

    def terms(self, field: str) -> Terms:
        """Return the terms of a field; raises ``KeyError``."""
        found = self._terms.get(field)
        if found is None:
            text, ends = self._arrays.get(f"{field}/terms"), self._arrays.get(f"{field}/ends")
            found = self._terms[field] = Terms(text, ends)
        return found

    def postings(self, field: str, term: str) -> Postings:
        """Return a term's posting list; an unknown term has an empty one."""
        number = self.list_number(field, term)
        if number < 0:
            return EMPTY
        key = field, number
        found = self._known.get(key)
        if found is None:
            found = self.any_lists(field).kept(number)
            self._known.put(key, found)
        return found

    def list_number(self, field: str, term: str) -> int:
        """Return the number of a term's list; of an unknown one it is below 0.

        Fields that share a pool have the same list where they have the same number.
        """
        key = field, term
        found = self._numbers.get(key)
        if found is None:
            number = self.terms(field).number(term.encode("utf-8", "surrogatepass"))
            found = -1 if number is None else self.any_lists(field).list_of(number)
            self._numbers.put(key, found)
        return found

    def vocabulary(
        self, field: str, prefix: str, live: NDArray[np.bool_]
    ) -> Iterator[tuple[str, int]]:
        """Return (term, number of its ``live`` documents) where there are any, in order.

        ``prefix`` is what the terms begin with; ``live`` has one entry per document.
        """
        terms, lists = self.terms(field), self.any_lists(field)
        start = prefix.encode("utf-8", "surrogatepass")
        low = terms.place(start)
        high = terms.place(start + b"\xff")  # no UTF-8 text has this byte
        counts = lists.sizes(low, high)
        if not live.all():
            alive = live[lists.documents(low, high)]
            counts = np.diff(sums(alive)[sums(counts)])
        found = zip(terms.texts(low, high), counts.tolist(), strict=True)
        return filter(itemgetter(1), found)

    def let_go(self) -> None:
        """Give back the memory of what was read so far."""
        self._arrays.let_go()

    def indexed_field_names(self) -> tuple[str, ...]:
        """Return no names: Whoosh's own merging has nothing to copy from here."""
        return ()

    def close(self) -> None:
        """Do nothing: the file is unmapped when its last array is gone."""
