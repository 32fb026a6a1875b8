"""Files to documents: one reader per format, found by suffix.

A bad file or record is a :class:`~search_service.errors.SourceError` among the
results, never the end of the run::

    for file in find_files(["seeds"]):
        for result in [file] if isinstance(file, SourceError) else read_documents(file):
            ...  # a Document or a SourceError
"""

from __future__ import annotations

from search_service.sources.documents import READERS, read_documents
from search_service.sources.source_file import SourceFile
from search_service.sources.walk import DEFAULT_EXCLUDE, FileWalk, file_hash, find_files

__all__ = [
    "DEFAULT_EXCLUDE",
    "READERS",
    "FileWalk",
    "SourceFile",
    "file_hash",
    "find_files",
    "read_documents",
]
