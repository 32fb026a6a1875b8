"""The default engine: Whoosh's segments, searched as arrays.

Whoosh keeps segments, deletions and stored documents and makes commits atomic;
posting lists, scoring and phrases are arrays (``whoosh_codec``, ``evaluate``).
An index directory is pickled in part, so open only what this program wrote.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields
from whoosh.index import TOC, FileIndex, LockError

from search_service.disk import with_advice
from search_service.engines.evaluate import evaluate
from search_service.engines.field_kinds import check_facets, check_keyword, sort_kind
from search_service.engines.kept_readings import split_readings
from search_service.engines.port import EngineStats, Hits, Sort
from search_service.engines.remembering import Remembered
from search_service.engines.whoosh_segment import Place, SegmentFiles, SegmentView, rounded_all
from search_service.engines.whoosh_storage import MappedStorage
from search_service.engines.whoosh_writer import WhooshWriter
from search_service.errors import EngineError, IndexLocked
from search_service.query.resolved import Node
from search_service.schema import Document, FieldKind, Schema, Tier

__all__ = ["WhooshEngine", "open_engine"]

_NAME = "MAIN"

# Whoosh itself keeps documents alone; all that is searched goes by the codec.
_STORED = fields.Schema(document=fields.STORED(), readings=fields.STORED())

# In how many documents a term is, is remembered of so many terms.
_FREQUENCIES = 20_000

# A commit elsewhere may remove files between seeing them and opening them.
_TRIES, _PAUSE = 10, 0.02


class _Snapshot:
    """The segments of one commit, and what scoring needs to know of them together."""

    def __init__(self, views: dict[str, SegmentView]) -> None:
        self.by_name = views
        self.views = tuple(views.values())
        self.documents = sum(int(view.live.sum()) for view in self.views)
        self._averages: dict[tuple[str, ...], float] = {}
        self._frequencies: Remembered[tuple[tuple[str, ...], Tier, str], int] = Remembered(
            _FREQUENCIES, lambda _: 1
        )

    def average_length(self, fields: tuple[str, ...]) -> float:
        if fields not in self._averages:
            total = sum(view.total_length(fields) for view in self.views)
            self._averages[fields] = total / max(self.documents, 1)
        return self._averages[fields]

    def frequency(self, fields: tuple[str, ...], tier: Tier, term: str) -> int:
        key = fields, tier, term
        found = self._frequencies.get(key)
        if found is None:
            found = sum(len(view.term(fields, tier, term).docs) for view in self.views)
            self._frequencies.put(key, found)
        return found


class WhooshEngine:
    """See :class:`~search_service.engines.port.Engine`."""

    def __init__(self, directory: Path, schema: Schema) -> None:
        self._schema = schema
        self._directory = directory
        self._lock = threading.Lock()
        self._storage = MappedStorage(str(directory))
        self._snapshot: _Snapshot | None = _Snapshot({})
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            told = f"cannot open the index in {directory}: {error}"
            raise EngineError(with_advice(told, error, directory)) from error
        self.refresh()

    def writer(self) -> WhooshWriter:
        """Begin a transaction.

        Raises :class:`~search_service.errors.IndexLocked` while there is another.
        """
        try:
            started = self._has_table()
            index = (FileIndex if started else FileIndex.create)(self._storage, _STORED, _NAME)
            writer = WhooshWriter(index, self._schema, self.refresh)
        except LockError as error:
            raise IndexLocked(f"another writer holds the index in {self._directory}") from error
        except OSError as error:
            told = f"cannot write to the index in {self._directory}: {error}"
            raise EngineError(with_advice(told, error, self._directory)) from error
        try:
            # Only now that nobody else writes, the newest commit stays the newest.
            self.refresh()
            writer.views = self._opened.by_name
        except EngineError:
            writer.rollback()
            raise
        return writer

    def refresh(self) -> None:
        """Open the segments of the newest commit; those already open are used again."""
        with self._lock:
            opened = self._opened
            try:
                self._snapshot = _patiently(lambda: self._newest(opened.by_name))
            except Exception as error:  # unpickling damaged bytes raises anything
                told = f"cannot read the index in {self._directory}: {error}"
                raise EngineError(with_advice(told, error, self._directory)) from error

    def _newest(self, opened: dict[str, SegmentView]) -> _Snapshot:
        views = {}
        for segment in self._segments():
            name, deleted = segment.segment_id(), frozenset(segment.deleted_docs())
            view = opened.get(name)
            if view is None:
                view = SegmentView(SegmentFiles(self._storage, self._schema, segment), deleted)
            elif view.deleted != deleted:
                view = SegmentView(view.files, deleted)
            views[name] = view
        return _Snapshot(views)

    def _segments(self) -> list[Any]:
        if self._has_table():
            segments: list[Any] = TOC.read(self._storage, _NAME, schema=_STORED).segments
            return segments
        if any(self._directory.glob(f"{_NAME}_*.*")):
            raise FileNotFoundError("segments are there, but no table of them")
        return []

    def _has_table(self) -> bool:
        return any(self._directory.glob(f"_{_NAME}_*.toc"))

    @property
    def _opened(self) -> _Snapshot:
        if self._snapshot is None:
            raise EngineError(f"the index in {self._directory} is closed")
        return self._snapshot

    def search(
        self,
        query: Node,
        offset: int,
        limit: int,
        sort: Sort | None = None,
        facets: Sequence[str] = (),
    ) -> Hits:
        """Return the matching documents, best first or sorted, and count values."""
        check_facets(self._schema, facets)
        by_id = sort if sort and sort_kind(self._schema, sort) is FieldKind.ID else None
        snapshot = self._opened
        total = 0
        best: list[Place] = []
        counts: dict[str, Counter[str]] = {name: Counter() for name in facets}
        for view in snapshot.views:
            matches = evaluate(query, view, snapshot, None if sort else offset + limit)
            total += int(np.count_nonzero(matches.matched))
            best += view.best(matches, offset + limit, sort) if limit else ()
            for name, count in counts.items():
                count.update(view.files.values(name).counts(matches.matched.nonzero()[0]))
        best.sort()
        if by_id:
            best.sort(key=itemgetter(2), reverse=by_id.descending)
        page = tuple((document_id, -loss) for _, loss, document_id in best[offset : offset + limit])
        return Hits(total, page, counts)

    def score(self, query: Node, ids: Sequence[str]) -> list[float | None]:
        """Return the score of each document, ``None`` where it does not match."""
        snapshot = self._opened
        scores: dict[str, float] = {}
        for view in snapshot.views:
            numbers = {i: number for i in ids if (number := view.number(i)) is not None}
            if numbers:
                matches = evaluate(query, view, snapshot)
                every = rounded_all(matches.scores[list(numbers.values())]).tolist()
                scores |= {
                    i: score
                    for (i, number), score in zip(numbers.items(), every, strict=True)
                    if matches.matched[number]
                }
        return [scores.get(document_id) for document_id in ids]

    def fetch(self, ids: Sequence[str], *, bodies: bool = True) -> list[Document | None]:
        """Return the stored documents, without their bodies where nobody asks for them."""
        views = self._opened.views
        return [self._fetch(document_id, views, bodies=bodies) for document_id in ids]

    def _fetch(
        self, document_id: str, views: Sequence[SegmentView], *, bodies: bool
    ) -> Document | None:
        for view in views:
            number = view.number(document_id)
            if number is not None:
                return _document(document_id, view, number, bodies=bodies)
        return None

    def readings(self, document_id: str) -> Mapping[str, bytes]:
        """Return what is kept for a document's long texts."""
        for view in self._opened.views:
            number = view.number(document_id)
            if number is not None:
                return split_readings(view.files.readings(number))
        return {}

    def all_documents(self) -> Iterator[Document]:
        """Yield every stored document of the commit that is open now."""
        views = self._opened.views
        return (_document(i, view, n) for view in views for i, n in view.numbers())

    def vocabulary(
        self, field: str, tier: Tier | None, prefix: str = ""
    ) -> Iterator[tuple[str, int]]:
        """Yield (term, document frequency) in code point order."""
        if tier is None:
            check_keyword(self._schema, field)
        lists = [view.vocabulary(field, tier, prefix) for view in self._opened.views]
        if len(lists) == 1:
            yield from lists[0]
            return
        # Faster than merging term by term: what sorted() gets is a few runs that are in order.
        frequencies = dict(lists[0]) if lists else {}
        for term, frequency in chain.from_iterable(lists[1:]):
            frequencies[term] = frequencies.get(term, 0) + frequency
        yield from sorted(frequencies.items())

    def frequency(self, fields: tuple[str, ...], tier: Tier, term: str) -> int:
        """Return how many documents have a term in any of some text fields."""
        return self._opened.frequency(fields, tier, term)

    def stats(self) -> EngineStats:
        """Count documents, tokens and bytes."""
        snapshot = self._opened
        tokens = {
            field.name: sum(view.total_length((field.name,)) for view in snapshot.views)
            for field in self._schema.of_kind(FieldKind.TEXT)
        }
        return EngineStats(snapshot.documents, tokens, _size(self._directory))

    def close(self) -> None:
        """Let go of all files; a search that is under way ends well."""
        with self._lock:
            self._snapshot = None


def _document(document_id: str, view: SegmentView, number: int, *, bodies: bool = True) -> Document:
    try:
        if not bodies:
            return Document.from_json(Document.head(view.files.head(number)))
        return Document.from_text(view.stored(number))
    except Exception as error:  # damaged bytes raise anything
        raise EngineError(f"document {document_id!r} is damaged: {error}") from error


def _patiently(read: Any) -> Any:
    for _ in range(_TRIES - 1):
        with suppress(FileNotFoundError):
            return read()
        time.sleep(_PAUSE)
    return read()


def _size(directory: Path) -> int:
    total = 0
    for path in directory.iterdir():
        with suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def open_engine(directory: Path, schema: Schema) -> WhooshEngine:
    """Open the Whoosh index in ``directory``, making an empty one where there is none.

    Raises :class:`~search_service.errors.EngineError` where it cannot be read.
    """
    return WhooshEngine(directory, schema)
