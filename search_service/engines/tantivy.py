"""The engine for large collections: tantivy's segments, searched by tantivy.

Everything is a tantivy index of its own kind: terms as they come, separated by
spaces (``tantivy_fields``), and queries built from its own (``tantivy_queries``).
tantivy syncs files and folder before a commit counts, and removes files that
no commit needs.

What it does in its own way: BM25 has a k1 of 1.2; lengths above 40 tokens are
kept to about one part in eight; deleted documents count in how rare a word is
until their segment is merged.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import tantivy

from search_service.config import MOST_MEMORY, Settings
from search_service.engines.field_kinds import check_facets, check_keyword, sort_kind
from search_service.engines.kept_readings import split_readings
from search_service.engines.port import EngineStats, Hits, Sort
from search_service.engines.tantivy_errors import failures
from search_service.engines.tantivy_fields import Layout, register_tokenizers
from search_service.engines.tantivy_snapshot import Snapshot
from search_service.engines.tantivy_writer import TantivyWriter
from search_service.errors import EngineError, IndexLocked
from search_service.query.resolved import Node
from search_service.schema import Document, Schema, Tier

__all__ = ["TantivyEngine", "open_engine"]

_LIST = "meta.json"
_SEGMENT_FILES = ("*.store", "*.term", "*.idx")

# Bytes of documents that are packed together, and unpacked to read one of them. With 16 KB, as
# tantivy has it, reading one takes more than twice as long, and the index is only 3 % smaller.
_BLOCK = 1024

# A thread of tantivy's works with at least 15 MB, and each one leaves segments of its own, which
# every search goes through: memory makes them larger before it makes them more.
_LEAST_MEMORY = 15
_MEMORY_PER_THREAD = 400
_MAX_THREADS = 4


class TantivyEngine:
    """See :class:`~search_service.engines.port.Engine`."""

    def __init__(self, directory: Path, schema: Schema, writer_memory: int) -> None:
        self._directory = directory
        self._schema = schema
        self._layout = Layout(schema)
        self._writer_memory = writer_memory
        self._lock = threading.Lock()
        with failures("cannot open the index in", directory):
            self._index = self._open_index()
        self._snapshot: Snapshot | None = self._newest()

    def _open_index(self) -> tantivy.Index:
        self._directory.mkdir(parents=True, exist_ok=True)
        new = not (self._directory / _LIST).exists()
        if new and any(any(self._directory.glob(pattern)) for pattern in _SEGMENT_FILES):
            raise FileNotFoundError("segments are there, but no list of them")
        index = tantivy.Index(self._layout.tantivy, os.fspath(self._directory))
        if new:
            self._pack_in_small_blocks()
            index = tantivy.Index(self._layout.tantivy, os.fspath(self._directory))
        register_tokenizers(index)
        # A commit is shown by refresh(), not whenever tantivy happens to notice it.
        index.config_reader("manual")
        return index

    def _pack_in_small_blocks(self) -> None:
        # A setting of every index of tantivy's, which its Python package has no argument for.
        listing = self._list()
        settings = listing.get("index_settings", {})
        if "docstore_blocksize" in settings:
            settings["docstore_blocksize"] = _BLOCK
            # So small blocks are packed sooner than they are handed over to another thread.
            settings["docstore_compress_dedicated_thread"] = False
            path = self._directory / _LIST
            changed = path.with_suffix(".new")
            changed.write_text(json.dumps(listing), encoding="utf-8")
            changed.replace(path)

    def writer(self) -> TantivyWriter:
        """Begin a transaction.

        Raises :class:`~search_service.errors.IndexLocked` while there is another.
        """
        try:
            with failures("cannot write to the index in", self._directory):
                writer = self._index.writer(*_shares(self._writer_memory))
                # Read behind the lock: nobody else commits any more.
                empty = not self._list()["segments"]
        except EngineError as error:
            if "LockBusy" in str(error):
                raise IndexLocked(f"another writer holds the index in {self._directory}") from error
            raise
        return TantivyWriter(writer, self._layout, self.refresh, self._directory, empty=empty)

    def refresh(self) -> None:
        """Show the newest commit."""
        with self._lock:
            self._snapshot = self._newest(self._opened)

    def _newest(self, opened: Snapshot | None = None) -> Snapshot:
        """Return the newest commit; the one that is ``opened`` if it still is."""
        with failures("cannot read the index in", self._directory):
            before = self._list()
            if opened and opened.listing == before:
                return opened
            self._index.reload()
            searcher = self._index.searcher()
            # Another writer may have committed in between; then nobody knows which list it was.
            listing = before if self._list() == before else None
            return Snapshot(searcher, self._layout, listing)

    def _list(self) -> Any:
        return json.loads((self._directory / _LIST).read_text(encoding="utf-8"))

    @property
    def _opened(self) -> Snapshot:
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
        if sort:
            sort_kind(self._schema, sort)
        check_facets(self._schema, facets)
        with self._searching():
            return self._opened.search(query, offset, limit, sort, facets)

    def score(self, query: Node, ids: Sequence[str]) -> list[float | None]:
        """Return the score of each document, ``None`` where it does not match."""
        with self._searching():
            return self._opened.score(query, ids)

    def fetch(self, ids: Sequence[str], *, bodies: bool = True) -> list[Document | None]:
        """Return the stored documents, without their bodies where nobody asks for them."""
        snapshot = self._opened
        with self._searching():
            return [snapshot.fetch(document_id, bodies=bodies) for document_id in ids]

    def readings(self, document_id: str) -> Mapping[str, bytes]:
        """Return what is kept for a document's long texts."""
        with self._searching():
            return split_readings(self._opened.readings(document_id))

    def all_documents(self) -> Iterator[Document]:
        """Yield every stored document of this commit."""
        with self._searching():
            yield from self._opened.all_documents()

    def vocabulary(
        self, field: str, tier: Tier | None, prefix: str = ""
    ) -> Iterator[tuple[str, int]]:
        """Yield (term, document frequency) in code point order."""
        if tier is None:
            check_keyword(self._schema, field)
        with self._searching():
            yield from self._opened.vocabulary(field, tier, prefix)

    def frequency(self, fields: tuple[str, ...], tier: Tier, term: str) -> int:
        """Return how many documents have a term in any of some text fields."""
        with self._searching():
            return self._opened.frequency(fields, tier, term)

    def stats(self) -> EngineStats:
        """Count documents, tokens and bytes."""
        snapshot = self._opened
        with self._searching():
            return EngineStats(snapshot.documents, snapshot.tokens(), _size(self._directory))

    def close(self) -> None:
        """Let go of the index; a search that is under way ends well."""
        with self._lock:
            self._snapshot = None

    def _searching(self) -> Any:
        return failures("cannot search the index in", self._directory)


def _shares(megabytes: int) -> tuple[int, int]:
    """Return the bytes that a writer may keep and the threads that share them.

    >>> _shares(800), _shares(1)
    ((800000000, 2), (15000000, 1))
    """
    threads = max(1, min(_MAX_THREADS, megabytes // _MEMORY_PER_THREAD))
    return min(max(megabytes, _LEAST_MEMORY), MOST_MEMORY) * 1_000_000, threads


def _size(directory: Path) -> int:
    total = 0
    for path in directory.iterdir():
        with suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def open_engine(
    directory: Path, schema: Schema, writer_memory: int = Settings().writer_memory
) -> TantivyEngine:
    """Open the tantivy index in ``directory``, making an empty one where there is none.

    A writer keeps up to ``writer_memory`` MB before it writes a segment. Raises
    :class:`~search_service.errors.EngineError` where the index cannot be read.
    """
    return TantivyEngine(directory, schema, writer_memory)
