"""One transaction on a tantivy index."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import tantivy

from search_service.engines.compact_text import packed
from search_service.engines.freed_memory import give_back
from search_service.engines.kept_readings import joined_readings
from search_service.engines.port import IndexedDocument
from search_service.engines.tantivy_errors import failures
from search_service.engines.tantivy_fields import (
    DOCUMENT,
    ID,
    ID_LENGTH,
    ID_PIECES,
    Layout,
    key,
    pieces,
    storable,
)
from search_service.engines.tantivy_texts import Join, add_texts, taken
from search_service.errors import EngineError
from search_service.id_filter import IdFilter
from search_service.terms import joined

__all__ = ["TantivyWriter"]

_log = logging.getLogger(__name__)

_FAILED = "the changes could not be written to"
_AS_BEFORE = "the index is as it was before"

# Documents from one look for freed memory to the next, which takes some milliseconds.
_BETWEEN = 4000


class TantivyWriter:
    """Adds and deletes documents; nothing is seen before :meth:`commit`.

    ``committed`` is called when there is a new commit. ``empty`` tells whether
    the index holds nothing yet, deleted documents included.
    """

    joins = True

    def __init__(
        self,
        writer: tantivy.IndexWriter,
        layout: Layout,
        committed: Callable[[], None],
        directory: Path,
        *,
        empty: bool,
    ) -> None:
        self._writer: tantivy.IndexWriter | None = writer
        self._layout = layout
        self._committed = committed
        self._directory = directory
        self._added = 0
        # Each deletion takes memory until the commit, and a look at every segment.
        self._ids = IdFilter() if empty else None

    def add(self, document: IndexedDocument) -> None:
        """Add a document, in place of any with the same id.

        If this fails, the transaction is rolled back.
        """
        try:
            with failures(_FAILED, self._directory, _AS_BEFORE):
                content = self._content(document)
                if self._ids is None or not self._ids.add(document.document.id):
                    self._open.delete_documents_by_term(ID, key(document.document.id))
                self._open.add_document(content)
        except BaseException:
            self.rollback()
            raise
        self._added += 1
        if self._added % _BETWEEN == 0:
            give_back()

    def delete(self, document_id: str) -> None:
        """Remove a document; an unknown id is no error."""
        with failures(_FAILED, self._directory, _AS_BEFORE):
            self._open.delete_documents_by_term(ID, key(document_id))

    def commit(self) -> None:
        """Write everything to disk, and then the list of segments, which makes it count.

        Returns when merging has ended and old files are gone. Raises
        :class:`~search_service.errors.EngineError` where the disk refuses; the
        last commit still stands, and another writer may try.
        """
        try:
            with failures(_FAILED, self._directory, _AS_BEFORE):
                self._open.commit()
        except BaseException:
            self.rollback()
            raise
        writer, self._writer = self._open, None
        # The commit stands, also where merging fails: then there are only more segments.
        try:
            with failures("segments were not merged in", self._directory, "the commit stands"):
                writer.wait_merging_threads()
        except EngineError as error:
            _log.warning("%s", error)
        self._committed()

    def rollback(self) -> None:
        """Drop all changes that are not committed; does nothing after the end."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        # After a failure tantivy may refuse this too; nothing of it is committed all the same.
        with suppress(EngineError), failures(_FAILED, self._directory):
            writer.rollback()
            writer.garbage_collect_files()
            writer.wait_merging_threads()

    @property
    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise EngineError("the transaction is over")
        return self._writer

    def _content(self, document: IndexedDocument) -> tantivy.Document:
        try:
            return self._filled(document, taken)
        except ValueError:  # a lone surrogate somewhere, which is rare
            return self._filled(document, lambda terms, tier: storable(joined(terms, tier)))

    def _filled(self, document: IndexedDocument, join: Join) -> tantivy.Document:
        content = tantivy.Document()
        self._add_values(content, document)
        add_texts(content, document, self._layout, join)
        return content

    def _add_values(self, content: tantivy.Document, document: IndexedDocument) -> None:
        entry, layout = document.document, self._layout
        # Each part by itself: one is read without the other, and may hold letters that are rare.
        content.add_bytes(DOCUMENT, b"\n".join(map(packed, entry.to_text().split("\n", 1))))
        if document.readings:
            content.add_bytes(DOCUMENT, joined_readings(document.readings))
        content.add_text(ID, key(entry.id))
        length, numbers = pieces(entry.id)
        content.add_unsigned(ID_LENGTH, length)
        for name, number in zip(ID_PIECES, numbers, strict=False):
            content.add_unsigned(name, number)
        for name in layout.keywords:
            for value in dict.fromkeys(document.keywords.get(name, ())):
                content.add_text(layout.keyword(name), key(value))
        for name in layout.dates:
            field = layout.schema.get(name)
            day = getattr(entry, field.source) if field else None
            if day:
                content.add_unsigned(layout.day(name), day.toordinal())
                content.add_text(layout.year(name), f"{day.year:04}")
