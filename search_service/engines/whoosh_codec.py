"""Whoosh's third codec with inverted lists as arrays.

Whoosh keeps segments, deletions, stored fields and columns; the inverted lists
of a segment lie in one array file that is searched in place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import FieldWriter, TermsReader
from whoosh.codec.whoosh3 import W3Codec

from search_service.engines.array_file import ArrayFileReader, ArrayFileWriter, narrowest
from search_service.engines.postings import EMPTY, FieldLists, Postings

__all__ = ["ArrayCodec", "ArrayFieldWriter", "ArrayTermsReader"]

_EXTENSION = ".inv"


class ArrayCodec(W3Codec):  # type: ignore[misc]  # whoosh has no types for its codecs
    """Writes and reads inverted lists as arrays. Pickled with every segment: has no state."""

    def field_writer(self, storage: Any, segment: Any) -> ArrayFieldWriter:
        """Return the writer of a new segment's inverted lists."""
        return ArrayFieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        """Return the reader of a segment's terms and lists."""
        return ArrayTermsReader(Path(storage.folder) / segment.make_filename(_EXTENSION))


class ArrayFieldWriter(FieldWriter):  # type: ignore[misc]  # whoosh has no types here
    """Writes the inverted lists of a segment: those that ``lists`` holds when it is flushed."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._file = segment.create_file(storage, _EXTENSION)
        self.is_closed = False
        self.lists: Mapping[str, FieldLists] = {}

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:
        """Write all lists. ``items``, Whoosh's own pool, is empty: nothing is put there."""
        writer = ArrayFileWriter(self._file)
        for field, lists in self.lists.items():
            ends = np.cumsum([0, *map(len, lists.terms)])
            writer.add(f"{field}/terms", np.frombuffer(b"".join(lists.terms), np.uint8))
            writer.add(f"{field}/ends", narrowest(ends))
            writer.add(f"{field}/entries", narrowest(lists.entries))
            writer.add(f"{field}/tokens", narrowest(lists.tokens))
            writer.add(f"{field}/docs", narrowest(lists.docs))
            writer.add(f"{field}/freqs", narrowest(lists.freqs))
            writer.add(f"{field}/positions", narrowest(lists.positions))
        writer.finish()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self.is_closed = True


class _Terms(Sequence[bytes]):
    """The sorted terms of a field, cut out of one run of bytes as they are asked for."""

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[Any]) -> None:
        # Views of plain memory: single items of NumPy arrays are slow to read.
        self._text = memoryview(text)
        self._ends = memoryview(ends)

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


class ArrayTermsReader(TermsReader):  # type: ignore[misc]  # whoosh has no types here
    """Reads the inverted lists of a segment in place."""

    def __init__(self, path: Path) -> None:
        self._arrays = ArrayFileReader(path)
        self._fields: dict[str, FieldLists] = {}

    def lists(self, field: str) -> FieldLists:
        """Return all lists of a field, as views of the file; raises ``KeyError``."""
        if field not in self._fields:
            get = self._arrays.get
            terms = _Terms(get(f"{field}/terms"), get(f"{field}/ends"))
            parts = (get(f"{field}/{name}") for name in FieldLists._fields[1:])
            self._fields[field] = FieldLists(terms, *parts)
        return self._fields[field]

    def arrays(self, field: str, term: str) -> Postings:
        """Return a term's posting list; an unknown term has an empty one."""
        lists = self.lists(field)
        wanted = term.encode("utf-8", "surrogatepass")
        number = bisect_left(lists.terms, wanted)
        if number == len(lists.terms) or lists.terms[number] != wanted:
            return EMPTY
        return _postings(lists, number)

    def field_terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield (term, document frequency) of the terms that begin with ``prefix``, in order."""
        lists = self.lists(field)
        start = prefix.encode("utf-8", "surrogatepass")
        for number in range(bisect_left(lists.terms, start), len(lists.terms)):
            term = lists.terms[number]
            if not term.startswith(start):
                return
            frequency = int(lists.entries[number + 1]) - int(lists.entries[number])
            yield term.decode("utf-8", "surrogatepass"), frequency

    def indexed_field_names(self) -> tuple[str, ...]:
        """Return no names: Whoosh's own merging has nothing to copy from here."""
        return ()

    def close(self) -> None:
        """Let go of the file; it is unmapped when the last array is gone."""
        self._fields.clear()


def _postings(lists: FieldLists, number: int) -> Postings:
    entries = slice(int(lists.entries[number]), int(lists.entries[number + 1]))
    positions = EMPTY.positions
    if len(lists.tokens):
        positions = lists.positions[int(lists.tokens[number]) : int(lists.tokens[number + 1])]
    return Postings(lists.docs[entries], lists.freqs[entries], positions)
