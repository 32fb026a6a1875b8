"""What went into a generation: files and documents with hashes, so that only changes are read.

Committed after the engine's own commit: after a crash between the two, the
next run takes the same documents for changed and writes them once more, which
does no harm.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from search_service.id_filter import IdFilter
from search_service.run_record import RunRecord
from search_service.sqlite_text import sqlite_text

__all__ = ["FileKey", "KnownDocument", "Manifest"]

_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    root TEXT NOT NULL, file TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (root, file)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL, root TEXT NOT NULL, file TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS documents_of_file ON documents (root, file);
"""


# Besides the manifest's own growth, for the description of the index and what folders need.
_LITTLE = 1 << 16


class FileKey(NamedTuple):
    """A file by its root and its path from there; both empty for documents without a file."""

    root: str
    file: str


class KnownDocument(NamedTuple):
    """A document that the index holds: the hash of its content, and the file it came from."""

    hash: str
    key: FileKey


class Manifest:
    """An SQLite file of one generation. Used by one writer at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._connection = sqlite3.connect(folder / "manifest.sqlite")
        try:
            self._connection.executescript(_TABLES)
            #: What the run that holds this manifest did.
            self.run = RunRecord(self._connection)
            # Without any document before, nearly all that come are new.
            empty = self._row("SELECT 1 FROM documents") is None
            self._ids = IdFilter() if empty else None
        except sqlite3.Error:
            self._connection.close()
            raise

    def file_hash(self, key: FileKey) -> str | None:
        """Return the hash that a file had when it was last read, ``None`` if it never was."""
        row = self._row("SELECT hash FROM files WHERE root = ? AND file = ?", *key)
        return row[0] if row else None

    def files(self, root: str) -> Iterator[FileKey]:
        """Yield every file below a root that documents came from."""
        query = (
            "SELECT root, file FROM files WHERE root = ?1 "
            "UNION SELECT root, file FROM documents WHERE root = ?1"
        )
        rows = self._connection.execute(query, (sqlite_text(root),)).fetchall()
        yield from (FileKey(*row) for row in rows)

    def set_file(self, key: FileKey, content_hash: str | None) -> None:
        """Remember a file as read with this content; ``None`` forgets it."""
        if content_hash is None:
            self._run("DELETE FROM files WHERE root = ? AND file = ?", *key)
        else:
            self._run("REPLACE INTO files VALUES (?, ?, ?)", *key, content_hash)

    def document(self, document_id: str) -> KnownDocument | None:
        """Return what is known of a document, ``None`` if there is none with this id."""
        if self._ids and not self._ids.may_have(document_id):
            return None
        row = self._row("SELECT hash, root, file FROM documents WHERE id = ?", document_id)
        return KnownDocument(row[0], FileKey(row[1], row[2])) if row else None

    def documents(self, key: FileKey) -> set[str]:
        """Return the ids of the documents that came from a file."""
        query = "SELECT id FROM documents WHERE root = ? AND file = ?"
        return {row[0] for row in self._connection.execute(query, tuple(map(sqlite_text, key)))}

    def set_document(self, document_id: str, content_hash: str, key: FileKey) -> None:
        """Remember a document."""
        if self._ids:
            self._ids.add(document_id)
        self._run("REPLACE INTO documents VALUES (?, ?, ?, ?)", document_id, content_hash, *key)

    def remove_document(self, document_id: str) -> None:
        """Forget a document."""
        self._run("DELETE FROM documents WHERE id = ?", document_id)

    def copy_to(self, other: Manifest) -> None:
        """Make ``other`` know, durably, what this one knows."""
        self._connection.backup(other._connection)
        other._ids = None

    @contextmanager
    def room(self) -> Iterator[None]:
        """Hold room on the disk, for the length of the block, for what a commit writes.

        So a disk is found to be full before the engine commits, not between
        its commit and this one.
        """
        held = self.folder / "room"
        try:
            with held.open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, self._growth() + _LITTLE)
            yield
        finally:
            held.unlink(missing_ok=True)

    def _growth(self) -> int:
        pages, size = (
            int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "page_size")
        )
        return max(0, pages * size - (self.folder / "manifest.sqlite").stat().st_size)

    def commit(self) -> None:
        """Make all changes durable."""
        self._connection.commit()

    def close(self) -> None:
        """Close the file; what was not committed is dropped."""
        self._connection.close()

    def _row(self, query: str, *values: str) -> tuple[str, ...] | None:
        with closing(self._connection.execute(query, tuple(map(sqlite_text, values)))) as cursor:
            found: tuple[str, ...] | None = cursor.fetchone()
        return found

    def _run(self, query: str, *values: str) -> None:
        self._connection.execute(query, tuple(map(sqlite_text, values)))
