"""Whoosh's third codec with everything that is searched as arrays.

Whoosh keeps segments, deletions and stored documents; the inverted lists and
the columns of a segment lie in one array file that is searched in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec

from search_service.engines.array_file import ArrayFileReader, ArrayFileWriter, narrowest
from search_service.engines.postings import EMPTY, FieldLists, Postings

__all__ = ["ArrayCodec", "ArrayReader", "ArrayWriter", "Terms"]

_EXTENSION = ".inv"


class ArrayCodec(W3Codec):
    """Writes and reads inverted lists as arrays. Pickled with every segment: has no state."""

    # Whoosh need not read back the lengths of fields: it does not write any.
    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> ArrayWriter:
        """Return the writer of a new segment's arrays."""
        return ArrayWriter(segment.create_file(storage, _EXTENSION))

    def terms_reader(self, storage: Any, segment: Any) -> ArrayReader:
        """Return the reader of a segment's arrays; raises ``ValueError`` if they are damaged."""
        return ArrayReader(Path(storage.folder) / segment.make_filename(_EXTENSION))


class ArrayWriter:
    """Writes the arrays of a segment: those it holds when Whoosh tells it to write postings.

    ``lists`` is taken one field at a time, and may make them as it goes;
    ``columns`` have one entry per document.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        self.is_closed = False
        self.lists: Iterable[tuple[str, FieldLists]] = ()
        self.columns: Mapping[str, NDArray[Any]] = {}

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:
        """Write all arrays. ``items``, Whoosh's own pool, is empty: nothing is put there."""
        writer = ArrayFileWriter(self._file)
        for field, lists in self.lists:
            ends = np.cumsum([0, *map(len, lists.terms)])
            writer.add(f"{field}/terms", np.frombuffer(b"".join(lists.terms), np.uint8))
            writer.add(f"{field}/ends", narrowest(ends))
            for name, values in list(lists._asdict().items())[1:]:
                writer.add(f"{field}/{name}", narrowest(values))
        for name, values in self.columns.items():
            writer.add(name, narrowest(values))
        writer.finish()

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

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        return bytes(self._text[self._ends[number] : self._ends[number + 1]])

    def __iter__(self) -> Iterator[bytes]:
        text, ends = self._text.tobytes(), self._ends.tolist()
        return map(text.__getitem__, map(slice, ends, ends[1:]))

    def place(self, term: bytes) -> int:
        """Return how many terms come before ``term``: bisection, with few calls."""
        text, ends = self._text, self._ends
        low, high = 0, len(ends) - 1
        while low < high:
            middle = (low + high) // 2
            if text[ends[middle] : ends[middle + 1]].tobytes() < term:
                low = middle + 1
            else:
                high = middle
        return low


class ArrayReader:
    """Reads the arrays of a segment in place."""

    def __init__(self, path: Path) -> None:
        self._arrays = ArrayFileReader(path)
        self._terms: dict[str, Terms] = {}
        self._lists: dict[str, FieldLists] = {}

    def column(self, name: str) -> NDArray[np.unsignedinteger[Any]]:
        """Return a column, one entry per document; raises ``KeyError``."""
        return self._arrays.get(name)

    def lists(self, field: str) -> FieldLists:
        """Return all lists of a field, as views of the file; raises ``KeyError``."""
        found = self._lists.get(field)
        if found is None:
            parts = (self._arrays.get(f"{field}/{name}") for name in FieldLists._fields[1:])
            found = self._lists[field] = FieldLists(self.terms(field), *parts)
        return found

    def terms(self, field: str) -> Terms:
        """Return the terms of a field; raises ``KeyError``."""
        found = self._terms.get(field)
        if found is None:
            text, ends = self._arrays.get(f"{field}/terms"), self._arrays.get(f"{field}/ends")
            found = self._terms[field] = Terms(text, ends)
        return found

    def postings(self, field: str, term: str) -> Postings:
        """Return a term's posting list; an unknown term has an empty one."""
        terms = self.terms(field)
        wanted = term.encode("utf-8", "surrogatepass")
        number = terms.place(wanted)
        if number == len(terms) or terms[number] != wanted:
            return EMPTY
        return self.lists(field).postings(number)

    def vocabulary(
        self, field: str, prefix: str, live: NDArray[np.bool_]
    ) -> Iterator[tuple[str, int]]:
        """Yield (term, number of its ``live`` documents) where there are any, in order.

        ``prefix`` is what the terms begin with; ``live`` has one entry per document.
        """
        terms, lists = self.terms(field), self.lists(field)
        start = prefix.encode("utf-8", "surrogatepass")
        low = terms.place(start)
        high = terms.place(start + b"\xff")  # no UTF-8 text has this byte
        bounds = lists.entries[low : high + 1].astype(np.int64)
        alive = live[lists.docs[bounds[0] : bounds[-1]]]
        kept = np.concatenate(([0], np.cumsum(alive)))[bounds - bounds[0]]
        for number, frequency in enumerate(np.diff(kept).tolist(), low):
            if frequency:
                yield terms[number].decode("utf-8", "surrogatepass"), frequency

    def indexed_field_names(self) -> tuple[str, ...]:
        """Return no names: Whoosh's own merging has nothing to copy from here."""
        return ()

    def close(self) -> None:
        """Do nothing: the file is unmapped when its last array is gone."""
