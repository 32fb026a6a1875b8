"""The default engine: Whoosh's segments, searched as arrays.

Whoosh keeps segments, deletions, stored fields and columns and makes commits
atomic; posting lists, scoring and phrases are arrays (``whoosh_codec``,
``evaluate``). An index directory is pickled in part, so open only what this
program wrote.
"""

from __future__ import annotations

import heapq
import json
import threading
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import columns, fields
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Existence
from whoosh.index import FileIndex, IndexError as WhooshIndexError

from search_service.engines.evaluate import Matches, evaluate
from search_service.engines.port import EngineStats, Hits
from search_service.engines.whoosh_segment import SegmentView, length_column, tier_field
from search_service.engines.whoosh_writer import WhooshWriter
from search_service.errors import EngineError
from search_service.query.resolved import Node
from search_service.ranking import rounded
from search_service.schema import Document, FieldKind, Schema, Tier

__all__ = ["WhooshEngine", "open_engine"]


class _Inverted(fields.FieldType):  # type: ignore[misc]  # whoosh's base class has no types
    """A field that Whoosh only needs to know by name: its lists are written by the codec."""

    indexed = False
    stored = False

    def __init__(self) -> None:
        self.format = Existence()


def _whoosh_schema(schema: Schema) -> fields.Schema:
    described: dict[str, Any] = {"document": fields.STORED()}
    for field in schema.of_kind(FieldKind.TEXT):
        described[length_column(field.name)] = fields.COLUMN(columns.NumericColumn("I"))
        for tier in Tier:
            described[tier_field(field.name, tier)] = _Inverted()
    for field in schema.of_kind(FieldKind.KEYWORD):
        described[field.name] = _Inverted()
    for field in schema.of_kind(FieldKind.DATE):
        described[field.name] = fields.COLUMN(columns.NumericColumn("I"))
    # Hits are ordered by id where scores are equal, so ids must be at hand without stored fields.
    described["id"] = _IdField()
    return fields.Schema(**described)


class _IdField(_Inverted):
    column_type = columns.VarBytesColumn()

    def to_column_value(self, value: bytes) -> bytes:
        return value


class _Snapshot:
    """The segments of one commit, and what scoring needs to know of them together."""

    def __init__(self, views: Sequence[tuple[Any, SegmentView]]) -> None:
        self.keys = [key for key, _ in views]
        self.views = [view for _, view in views]
        self.documents = sum(int(view.live.sum()) for view in self.views)
        self._lengths: dict[tuple[str, ...], float] = {}

    def average_length(self, fields: tuple[str, ...]) -> float:
        if fields not in self._lengths:
            total = sum(view.total_length(fields) for view in self.views)
            self._lengths[fields] = max(total / max(self.documents, 1), 1.0)
        return self._lengths[fields]

    def frequency(self, fields: tuple[str, ...], tier: Tier, term: str) -> int:
        found = 0
        for view in self.views:
            lists = [view.postings(field, tier, term).docs for field in fields]
            filled = [docs for docs in lists if len(docs)]
            found += len(filled[0]) if len(filled) == 1 else len(np.unique(np.concatenate(lists)))
        return found


class WhooshEngine:
    """See :class:`~search_service.engines.port.Engine`."""

    def __init__(self, directory: Path, schema: Schema) -> None:
        self._schema = schema
        self._directory = directory
        self._lock = threading.Lock()
        self._storage = FileStorage(str(directory))
        try:
            directory.mkdir(parents=True, exist_ok=True)
            if not any(directory.glob("_MAIN_*.toc")):
                FileIndex.create(self._storage, _whoosh_schema(schema), "MAIN")
            self._index = FileIndex(self._storage)
        except (OSError, WhooshIndexError) as error:
            raise EngineError(f"cannot open the index in {directory}: {error}") from error
        self._snapshot = _Snapshot([])
        self.refresh()

    def writer(self) -> WhooshWriter:
        """Begin a transaction."""
        self.refresh()
        return WhooshWriter(self._index, self._schema, self._snapshot.views, self.refresh)

    def refresh(self) -> None:
        """Open the segments of the newest commit; those already open are used again."""
        with self._lock:
            try:
                self._snapshot = self._newest(dict(zip(self._snapshot.keys, self._snapshot.views, strict=True)))
            except (OSError, WhooshIndexError) as error:
                raise EngineError(f"cannot read the index in {self._directory}: {error}") from error

    def _newest(self, opened: dict[Any, SegmentView]) -> _Snapshot:
        schema = self._index.schema
        views = []
        for segment in self._segments():
            key = (segment.segment_id(), frozenset(segment.deleted_docs()))
            views.append((key, opened.get(key) or SegmentView(self._storage, schema, segment)))
        return _Snapshot(views)

    def _segments(self) -> list[Any]:
        # Whoosh's own way to list the segments of the newest table of contents.
        reader = self._index.reader()
        try:
            segments: list[Any] = [leaf.segment() for leaf, _ in reader.leaf_readers()]
            return [segment for segment in segments if segment is not None]
        finally:
            reader.close()

    def search(self, query: Node, offset: int, limit: int) -> Hits:
        """Return the matching documents, best first."""
        snapshot = self._snapshot
        total = 0
        best: list[tuple[float, str]] = []
        for view in snapshot.views:
            matches = evaluate(query, view, snapshot)
            total += len(matches.docs)
            best += _best(matches, view, offset + limit)
        ordered = heapq.nsmallest(offset + limit, best)[offset:]
        return Hits(total, tuple((document_id, -score) for score, document_id in ordered))

    def score(self, query: Node, ids: Sequence[str]) -> list[float | None]:
        """Return the score of each document, ``None`` where it does not match."""
        snapshot = self._snapshot
        scores: dict[str, float] = {}
        for view in snapshot.views:
            numbers = {i: number for i in ids if (number := view.number(i)) is not None}
            if numbers:
                matches = evaluate(query, view, snapshot)
                found = dict(zip(matches.docs.tolist(), matches.scores.tolist(), strict=True))
                scores |= {i: rounded(found[n]) for i, n in numbers.items() if n in found}
        return [scores.get(document_id) for document_id in ids]

    def fetch(self, ids: Sequence[str]) -> list[Document | None]:
        """Return the stored documents."""
        return [self._fetch(document_id) for document_id in ids]

    def _fetch(self, document_id: str) -> Document | None:
        for view in self._snapshot.views:
            number = view.number(document_id)
            if number is not None:
                return Document.from_json(json.loads(view.stored(number)))
        return None

    def vocabulary(self, field: str, tier: Tier, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield (term, document frequency) in code point order."""
        lists = [view.vocabulary(field, tier, prefix) for view in self._snapshot.views]
        for term, entries in groupby(heapq.merge(*lists), key=lambda entry: entry[0]):
            yield term, sum(frequency for _, frequency in entries)

    def stats(self) -> EngineStats:
        """Count documents, tokens and bytes."""
        views = self._snapshot.views
        tokens = {
            field.name: int(sum(view.total_length((field.name,)) for view in views))
            for field in self._schema.of_kind(FieldKind.TEXT)
        }
        size = sum(path.stat().st_size for path in self._directory.iterdir() if path.is_file())
        return EngineStats(self._snapshot.documents, tokens, size)

    def close(self) -> None:
        """Close all files."""
        with self._lock:
            for view in self._snapshot.views:
                view.close()
            self._snapshot = _Snapshot([])


def _best(matches: Matches, view: SegmentView, count: int) -> list[tuple[float, str]]:
    """Return the best ``count`` of a segment as (-score, id), so that sorting gives the order."""
    docs, scores = matches
    if len(docs) > count > 0:
        # All that tie with the last one stay in: their ids decide, not their numbers.
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        keep = scores >= least - 1e-6
        docs, scores = docs[keep], scores[keep]
    ids = view.ids
    pairs = zip(docs.tolist(), scores.tolist(), strict=True)
    return [(-rounded(score), ids[doc]) for doc, score in pairs]


def open_engine(directory: Path, schema: Schema) -> WhooshEngine:
    """Open the Whoosh index in ``directory``, making an empty one where there is none.

    Raises :class:`~search_service.errors.EngineError` where it cannot be read.
    """
    return WhooshEngine(directory, schema)
