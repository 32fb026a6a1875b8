"""One transaction on a Whoosh index: the writing side of the Whoosh engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import TOC, clean_files
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search_service.disk import with_advice
from search_service.engines.kept_readings import joined_readings
from search_service.engines.new_places import NewPlaces
from search_service.engines.port import IndexedDocument
from search_service.engines.whoosh_codec import ArrayCodec
from search_service.engines.whoosh_content import SegmentContent
from search_service.engines.whoosh_segment import SegmentView
from search_service.errors import EngineError
from search_service.schema import Schema

__all__ = ["WhooshWriter", "segments_to_merge"]

# More segments than this and the smallest are merged: each one costs a search a few look-ups.
_MAX_SEGMENTS = 8

# A segment with as many tokens or documents is full: larger ones make searches hardly faster and
# merging slower.
_FULL = 32_000_000
_FULL_DOCUMENTS = 1 << 18

_NUMBER_BITS = 32


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
        self.content = self._new_content()
        self.full: list[Any] = []

    def add_indexed(self, document: IndexedDocument) -> tuple[Any, int]:
        """Add a document; return its segment and its number there."""
        place = self.newsegment, self.docnum
        stored = document.document.to_text()
        self.content.add(self.docnum, document)
        # Nothing is kept where there is no long text, not even that there is none.
        self.add_document(document=stored, readings=joined_readings(document.readings) or None)
        self.begin_another_if_full()
        return place

    def begin_another_if_full(self) -> None:
        """Write the new segment and begin another one if it has become large."""
        if self.content.tokens < _FULL and self.content.documents < _FULL_DOCUMENTS:
            return
        self.full.append(self._finalize_segment())
        self.newsegment = self.codec.new_segment(self.storage, self.indexname)
        self.perdocwriter = self.codec.per_document_writer(self.storage, self.newsegment)
        self.fieldwriter = self.codec.field_writer(self.storage, self.newsegment)
        self.content = self._new_content()
        self.docnum = 0
        self._added = False

    def _new_content(self) -> SegmentContent:
        return SegmentContent(self._array_schema, Path(self.storage.folder))

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

    joins = False

    def __init__(self, index: Any, schema: Schema, committed: Callable[[], None]) -> None:
        self.views: Mapping[str, SegmentView] = {}
        self._committed = committed
        self._writer = _SegmentsWriter(index, schema)
        # Where the new documents are: number of the segment, then number in it.
        self._new = NewPlaces()
        self._segments: list[Any] = []

    def add(self, document: IndexedDocument) -> None:
        """Add a document, in place of any with the same id.

        If this fails, the transaction is rolled back.
        """
        self.delete(document.document.id)
        try:
            segment, number = self._writer.add_indexed(document)
            if not self._segments or self._segments[-1] is not segment:
                self._segments.append(segment)
            place = len(self._segments) - 1 << _NUMBER_BITS | number
            self._new.put(document.document.id, place)
        except (OSError, sqlite3.Error) as error:
            told = self._told(error)
            self.rollback()
            raise EngineError(told) from error
        except BaseException:
            self.rollback()
            raise

    def delete(self, document_id: str) -> None:
        """Remove a document; an unknown id is no error."""
        place = self._new.take(document_id)
        if place is not None:
            segment = self._segments[place >> _NUMBER_BITS]
            segment.delete_document(place & (1 << _NUMBER_BITS) - 1)
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
            raise EngineError(self._told(error)) from error
        finally:
            self.rollback()
        self._committed()

    def rollback(self) -> None:
        """Drop all changes that are not committed."""
        self._writer.abandon()
        self._new.close()

    def _told(self, error: Exception) -> str:
        folder = Path(self._writer.storage.folder)
        told = f"the changes could not be written to {folder}: {error}"
        return with_advice(f"{told}; the index is as it was before", error, folder)

    def _merge(self, writer: _SegmentsWriter, segments: Sequence[Any]) -> list[Any]:
        """Merge segments that are worth it; return those that stay, and those written before."""
        sizes = [self._sizes(segment) for segment in segments]
        chosen = segments_to_merge(sizes)
        for number in chosen:
            if sizes[number][1]:
                reader = SegmentReader(writer.storage, writer.schema, segments[number])
                writer.add_reader(reader)
                reader.close()
                writer.begin_another_if_full()
        return [s for i, s in enumerate(segments) if i not in chosen] + writer.full

    def _sizes(self, segment: Any) -> tuple[int, int]:
        """Return the size of a segment in tokens, and that of its live documents.

        Documents that are shorter than those of a segment full of both count as if as long.
        """
        view, deleted = self.views[segment.segment_id()], set(segment.deleted_docs())
        whole, live = view.sizes(deleted)
        shortest = _FULL // _FULL_DOCUMENTS
        return max(whole, view.size * shortest), max(live, (view.size - len(deleted)) * shortest)


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
