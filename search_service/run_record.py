"""What one run of indexing did to which document, kept on disk while the run lasts."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from search_service.sqlite_text import sqlite_text

__all__ = ["Counts", "RunRecord"]

# ``before`` is the hash that a document had before the run, NULL where there was none.
_TABLE = """
CREATE TEMP TABLE run (
    id TEXT PRIMARY KEY, before TEXT, there INTEGER NOT NULL
) WITHOUT ROWID
"""
_SET = """
INSERT INTO run VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET there = excluded.there
"""
_CONFIRM = """
INSERT OR IGNORE INTO run SELECT id, hash, 1 FROM documents WHERE root = ? AND file = ?
"""
_COUNT = """
SELECT
    count(*) FILTER (WHERE there AND before IS NULL),
    count(*) FILTER (WHERE there AND before != hash),
    count(*) FILTER (WHERE there AND before = hash),
    count(*) FILTER (WHERE NOT there AND before IS NOT NULL)
FROM run LEFT JOIN documents USING (id)
"""


class Counts(NamedTuple):
    """How many documents a run added, updated, left as they were, and removed."""

    added: int
    updated: int
    unchanged: int
    removed: int


class RunRecord:
    """A temporary table beside the ``documents`` of a manifest; gone when that is closed.

    A run may touch any number of documents, so what it did is not kept in memory.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute(_TABLE)

    def has(self, document_id: str) -> bool:
        """Tell whether the run has written a document, or found it unchanged."""
        query = "SELECT there FROM run WHERE id = ?"
        row = self._connection.execute(query, (sqlite_text(document_id),)).fetchone()
        return bool(row and row[0])

    def write(self, document_id: str, before: str | None) -> None:
        """Remember that a document is as it should be; ``before`` counts at the first time."""
        self._connection.execute(_SET, (sqlite_text(document_id), before, True))

    def remove(self, document_id: str, before: str) -> None:
        """Remember that a document was removed; ``before`` counts at the first time."""
        self._connection.execute(_SET, (sqlite_text(document_id), before, False))

    def confirm(self, root: str, file: str) -> int:
        """Remember that all documents of a file are as they should be; return how many are new."""
        return self._connection.execute(_CONFIRM, (sqlite_text(root), sqlite_text(file))).rowcount

    def counts(self) -> Counts:
        """Count what was done, each document once, by how it was before and is now."""
        return Counts(*self._connection.execute(_COUNT).fetchone())
