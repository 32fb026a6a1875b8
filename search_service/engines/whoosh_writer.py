"""One transaction on a Whoosh index: the writing side of the Whoosh engine."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC, clean_files
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search_service.engines.port import IndexedDocument
from search_service.engines.postings import FieldLists, Inverter, merge
from search_service.engines.whoosh_codec import ArrayCodec, ArrayReader
from search_service.engines.whoosh_segment import ID, SegmentView, length_column, tier_field
from search_service.errors import EngineError
from search_service.schema import FieldKind, Schema, Tier

__all__ = ["WhooshWriter", "segments_to_merge"]

# More segments than this and the smallest are merged: each one costs a search a few look-ups.
_MAX_SEGMENTS = 8

# A segment with as many tokens is full. This bounds the memory that a transaction needs, to
# about a gigabyte: until they are written, tokens take 16 bytes, and some more to sort them.
_FULL = 8_000_000


class _Content:
    """What a new segment will hold, as arrays: documents that are added, and segments merged."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        # Root forms serve ranking alone: no phrase asks for them, so they need no positions.
        text = {
            tier_field(field.name, tier): Inverter(positions=tier is not Tier.ROOT)
            for field in schema.of_kind(FieldKind.TEXT)
            for tier in Tier
        }
        keywords = {f.name: Inverter(positions=False) for f in schema.of_kind(FieldKind.KEYWORD)}
        self._inverters = {ID: Inverter(positions=False), **keywords, **text}
        lengths = [length_column(field.name) for field in schema.of_kind(FieldKind.TEXT)]
        days = [field.name for field in schema.of_kind(FieldKind.DATE)]
        self._columns = {name: array("I") for name in (*lengths, *days)}
        self._merged: list[tuple[ArrayReader, NDArray[np.bool_], NDArray[np.uint32]]] = []
        self.tokens = 0

    def add(self, number: int, document: IndexedDocument) -> None:
        """Add a document's terms and values; numbers rise by one."""
        entry = document.document
        for field in self._schema.of_kind(FieldKind.TEXT):
            tiers = document.terms[field.name]
            for tier in Tier:
                self._inverters[tier_field(field.name, tier)].add(number, tiers[tier])
            length = len(tiers[Tier.EXACT])
            self._columns[length_column(field.name)].append(length)
            self.tokens += length
        for field in self._schema.of_kind(FieldKind.KEYWORD):
            values = document.keywords.get(field.name, ())
            self._inverters[field.name].add(number, tuple(dict.fromkeys(values)))
        for field in self._schema.of_kind(FieldKind.DATE):
            day = getattr(entry, field.source)
            self._columns[field.name].append(day.toordinal() if day else 0)
        self._inverters[ID].add(number, (entry.id,))

    def take(
        self, arrays: ArrayReader, alive: NDArray[np.bool_], numbers: NDArray[np.uint32]
    ) -> None:
        """Take over the documents of a segment that are ``alive``, under new ``numbers``."""
        self._merged.append((arrays, alive, numbers))
        for field in self._schema.of_kind(FieldKind.TEXT):
            self.tokens += int(arrays.column(length_column(field.name))[alive].sum())

    def lists(self) -> Iterator[tuple[str, FieldLists]]:
        """Yield each field's lists, and forget what they were made from."""
        for name in list(self._inverters):
            lists = self._inverters.pop(name).lists()
            if self._merged:
                parts = [a.lists(name).only(alive, numbers) for a, alive, numbers in self._merged]
                lists = merge([lists, *parts])
            yield name, lists

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return each column, one entry per document."""
        return {
            name: np.concatenate(
                [np.array(new, np.uint32), *(a.column(name)[alive] for a, alive, _ in self._merged)]
            )
            for name, new in self._columns.items()
        }


class _SegmentsWriter(SegmentWriter):
    """Whoosh's writer, with arrays in place of its pool of single postings.

    Writes more than one segment where one would get too large.
    """

    def __init__(self, index: Any, schema: Schema) -> None:
        try:
            super().__init__(index, codec=ArrayCodec(), compound=False)
        except OSError:
            if self.writelock:
                self.writelock.release()
            raise
        self._array_schema = schema
        self.content = _Content(schema)
        self.full: list[Any] = []

    def add_indexed(self, document: IndexedDocument) -> tuple[Any, int]:
        """Add a document; return its segment and its number there."""
        place = self.newsegment, self.docnum
        stored = json.dumps(document.document.to_json(), ensure_ascii=False, default=str)
        self.content.add(self.docnum, document)
        self.add_document(document=stored)
        self.begin_another_if_full()
        return place

    def begin_another_if_full(self) -> None:
        """Write the new segment and begin another one if it has become large."""
        if self.content.tokens < _FULL:
            return
        self.full.append(self._finalize_segment())
        self.newsegment = self.codec.new_segment(self.storage, self.indexname)
        self.perdocwriter = self.codec.per_document_writer(self.storage, self.newsegment)
        self.fieldwriter = self.codec.field_writer(self.storage, self.newsegment)
        self.content = _Content(self._array_schema)
        self.docnum = 0
        self._added = False

    def add_postings_to_pool(
        self, reader: Any, startdoc: int, docmap: dict[int, int] | None
    ) -> None:
        """Take over the arrays of a segment that is merged into the new one."""
        numbers = np.arange(startdoc, startdoc + reader.doc_count_all(), dtype=np.uint32)
        alive = np.ones(len(numbers), np.bool_)
        if docmap is not None:
            old = np.fromiter(docmap, np.int64, len(docmap))
            alive[:] = False
            alive[old] = True
            numbers[old] = np.fromiter(docmap.values(), np.uint32, len(docmap))
        arrays = self.codec.terms_reader(reader.storage(), reader.segment())
        self.content.take(arrays, alive, numbers)

    def _flush_segment(self) -> None:
        self.fieldwriter.lists = self.content.lists()
        self.fieldwriter.columns = self.content.columns()
        super()._flush_segment()

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        # The table must not name what a power failure could still take away.
        for segment in segments:
            if segment is self.newsegment or segment in self.full:
                for name in segment.list_files(self.storage):
                    self.storage.sync(name)
        super()._commit_toc(segments)

    def _cleanup_on_error(self) -> None:
        """Let go of everything: open files, files that no commit names, the lock."""
        with suppress(Exception):
            self._close_segment()
        with suppress(Exception):
            table = TOC.read(self.storage, self.indexname, schema=self.schema)
            clean_files(self.storage, self.indexname, table.generation, table.segments)
            for name in self.storage:
                if name.startswith(f"_{self.indexname}_{self.generation}.toc."):
                    self.storage.delete_file(name)
        super()._cleanup_on_error()

    def abandon(self) -> None:
        """Drop everything, unless the writer is done already."""
        if not self.is_closed:
            self._cleanup_on_error()


class WhooshWriter:
    """Adds and deletes documents; nothing is seen before :meth:`commit`.

    ``views`` are the committed segments by name, ``committed`` is called when
    there is a new commit.
    """

    def __init__(self, index: Any, schema: Schema, committed: Callable[[], None]) -> None:
        self.views: Mapping[str, SegmentView] = {}
        self._committed = committed
        self._writer = _SegmentsWriter(index, schema)
        self._new: dict[str, tuple[Any, int]] = {}

    def add(self, document: IndexedDocument) -> None:
        """Add a document, in place of any with the same id.

        If this fails, the transaction is rolled back.
        """
        self.delete(document.document.id)
        try:
            self._new[document.document.id] = self._writer.add_indexed(document)
        except OSError as error:
            self.rollback()
            raise EngineError(f"the changes could not be written: {error}") from error
        except BaseException:
            self.rollback()
            raise

    def delete(self, document_id: str) -> None:
        """Remove a document; an unknown id is no error."""
        if document_id in self._new:
            segment, number = self._new.pop(document_id)
            segment.delete_document(number)
        for segment in self._writer.segments:
            stored = self.views[segment.segment_id()].number(document_id)
            if stored is not None:
                segment.delete_document(stored)

    def commit(self) -> None:
        """Write the new segment and then the table of segments, which makes it count.

        Raises :class:`~search_service.errors.EngineError` where the disk
        refuses; the last commit still stands, and another writer may try.
        """
        try:
            self._writer.commit(mergetype=self._merge)
        except OSError as error:
            raise EngineError(
                f"the changes could not be written: {error}; the index is as it was before"
            ) from error
        finally:
            self._writer.abandon()
        self._committed()

    def rollback(self) -> None:
        """Drop all changes that are not committed."""
        self._writer.abandon()

    def _merge(self, writer: _SegmentsWriter, segments: Sequence[Any]) -> list[Any]:
        """Merge segments that are worth it; return those that stay, and those written before."""
        sizes = [self.views[s.segment_id()].sizes(s.deleted_docs()) for s in segments]
        chosen = segments_to_merge(sizes)
        for number in chosen:
            if sizes[number][1]:
                reader = SegmentReader(writer.storage, writer.schema, segments[number])
                writer.add_reader(reader)
                reader.close()
                writer.begin_another_if_full()
        return [s for i, s in enumerate(segments) if i not in chosen] + writer.full


def segments_to_merge(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Return which segments are worth merging, given the tokens and the live tokens of each.

    A segment that is half deleted always is; of too many that are not full,
    the smaller half.
    """
    wasteful = [i for i, (size, live) in enumerate(sizes) if live * 2 <= size]
    growing = [i for i, (_, live) in enumerate(sizes) if live * 2 < _FULL and i not in wasteful]
    if len(growing) <= _MAX_SEGMENTS:
        return wasteful
    growing.sort(key=lambda i: sizes[i])
    return sorted([*wasteful, *growing[: len(growing) // 2]])
