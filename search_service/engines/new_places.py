"""Where the documents of one transaction are: kept on disk, as there may be any number of them."""

from __future__ import annotations

import sqlite3

from search_service.id_filter import IdFilter

__all__ = ["NewPlaces"]


class NewPlaces:
    """Maps ids to whole numbers in a temporary file, which is gone when it is closed.

    Raises ``sqlite3.Error`` where the temporary folder's disk refuses.
    """

    def __init__(self) -> None:
        # No name: SQLite makes a file of its own as soon as there is much to keep. A writer may
        # be closed by another thread than the one that began it.
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._file.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE places (id BLOB PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID"
        )
        self._ids = IdFilter()

    def put(self, document_id: str, place: int) -> None:
        """Remember where a document is."""
        self._ids.add(document_id)
        self._file.execute("REPLACE INTO places VALUES (?, ?)", (_key(document_id), place))

    def take(self, document_id: str) -> int | None:
        """Forget where a document is, and return it; ``None`` where it was not put."""
        if not self._ids.may_have(document_id):
            return None
        key = (_key(document_id),)
        found = self._file.execute("SELECT place FROM places WHERE id = ?", key).fetchone()
        if found is None:
            return None
        self._file.execute("DELETE FROM places WHERE id = ?", key)
        place: int = found[0]
        return place

    def close(self) -> None:
        """Remove the file; nothing can be put or taken any more."""
        self._file.close()


def _key(document_id: str) -> bytes:
    # Unlike text, it keeps lone surrogates apart from what they are written as.
    return document_id.encode("utf-8", "surrogatepass")
