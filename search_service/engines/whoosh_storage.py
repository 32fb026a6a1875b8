"""Whoosh's files in a directory, opened in a way that suits many readers and sudden ends."""

from __future__ import annotations

import mmap
import os
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

__all__ = ["MappedStorage"]


class _MappedFile(StructFile):
    """A file in memory. :meth:`get` moves no file position, so that threads can share it."""

    def __init__(self, content: Any, name: str) -> None:
        super().__init__(content, name=name)
        self._content = content if isinstance(content, mmap.mmap) else content.getvalue()

    def get(self, position: int, length: int) -> bytes:
        part: bytes = self._content[position : position + length]
        return part


class MappedStorage(FileStorage):
    """Maps the files that it opens: they stay readable when a later commit deletes them.

    What is renamed, as Whoosh does to publish a commit, is on disk for good.
    """

    def open_file(self, name: str, **_: Any) -> StructFile:
        """Open a file for reading."""
        with Path(self.folder, name).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            # Nothing cannot be mapped.
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else BytesIO()
        return _MappedFile(content, name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file that is wholly on disk before it gets its new name."""
        self.sync(oldname)
        super().rename_file(oldname, newname, safe)
        # A name is durable only when its folder is; not every system can sync folders.
        with suppress(OSError):
            _sync(Path(self.folder), os.O_RDONLY)

    def sync(self, name: str) -> None:
        """Return when a file is on disk."""
        _sync(Path(self.folder, name), os.O_RDWR)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
