"""From paths to the files in them that can be read."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from search_service.errors import SourceError
from search_service.sources.documents import READERS
from search_service.sources.reading import os_reason
from search_service.sources.source_file import SourceFile, shown, suffix_of

__all__ = ["DEFAULT_EXCLUDE", "FileWalk", "file_hash", "find_files"]

DEFAULT_EXCLUDE = ("README", "README.*")

_BLOCK = 1024 * 1024


def find_files(paths: Iterable[str | Path], exclude: Sequence[str] = DEFAULT_EXCLUDE) -> FileWalk:
    """Return the files under ``paths`` (files or folders), in a stable order.

    ``exclude`` are globs for the name of a file or for its path from the given
    folder. A file that was itself given is never excluded.
    """
    return FileWalk(paths, exclude)


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 of the file's bytes, in hexadecimal.

    Raises :class:`~search_service.errors.SourceError` if it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with Path(path).open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise SourceError(shown(path), os_reason(error)) from error
    return digest.hexdigest()


class FileWalk(Iterator["SourceFile | SourceError"]):
    """An iterator over files, with an error in place of each that cannot be used.

    Folders are walked in the order of names, through links too, but each real
    folder and file once. Hidden files are passed over. ``ignored`` counts the
    files of unknown formats passed so far.
    """

    def __init__(self, paths: Iterable[str | Path], exclude: Sequence[str]) -> None:
        self.ignored = 0
        self._exclude = tuple(exclude)
        self._seen: set[str] = set()
        self._found = self._walk(paths)

    def __next__(self) -> SourceFile | SourceError:
        return next(self._found)

    def _walk(self, paths: Iterable[str | Path]) -> Iterator[SourceFile | SourceError]:
        for path in map(Path, paths):
            try:
                is_folder = stat.S_ISDIR(path.stat().st_mode)
            except (OSError, ValueError) as error:  # ValueError: a NUL in the path
                yield _error(path, error)
                continue
            if is_folder:
                yield from self._folder(path)
            else:
                yield from self._file(SourceFile(path, path.parent, path.name))

    def _folder(self, root: Path) -> Iterator[SourceFile | SourceError]:
        # A stack instead of recursion: folders may be nested deeper than calls.
        waiting = [(SourceFile(root, root, ""), os.path.realpath(root))]
        while waiting:
            entry, real = waiting.pop()
            try:
                is_folder = stat.S_ISDIR(entry.path.stat().st_mode)
                if is_folder and (entry.path == root or not self._known(entry.path)):
                    waiting += reversed(self._children(entry, real))
                    continue
            except OSError as error:
                if self._known(entry.path) or not _is_link(entry.path):
                    yield _error(entry.path, error)
                else:
                    self.ignored += 1  # a dead link to who knows what
                continue
            if is_folder:
                yield entry.error("is a directory, not a file")
            elif not self._excluded(entry):
                yield from self._file(entry, real)

    def _children(self, folder: SourceFile, real: str) -> list[tuple[SourceFile, str]]:
        """Return what is in a folder, in order, each with its real path.

        Nothing if the folder, whose real path is given, was walked before.
        """
        if self._was_seen(real):
            return []
        prefix = f"{folder.id}/" if folder.id else ""
        names = sorted(entry.name for entry in folder.path.iterdir())
        return [
            (SourceFile(path, folder.root, prefix + path.name), _real(path, real))
            for path in (folder.path / name for name in names if not name.startswith("."))
        ]

    def _file(self, file: SourceFile, real: str = "") -> Iterator[SourceFile | SourceError]:
        """Yield a file, or what is wrong with it; without its real path, it was asked for."""
        if not self._known(file.path):
            if not real:
                yield file.error(f"unknown suffix {file.suffix!r} (known: {', '.join(READERS)})")
            else:
                self.ignored += 1
        elif not file.path.is_file():
            # Reading a pipe or a device might never end.
            yield file.error("is not a regular file")
        elif shown(file.id) != file.id:
            yield file.error("has a name that is not UTF-8: rename it")
        elif not self._was_seen(real or os.path.realpath(file.path)):
            yield file

    def _known(self, path: Path) -> bool:
        return suffix_of(path) in READERS

    def _excluded(self, file: SourceFile) -> bool:
        names = (file.path.name, file.id)
        return any(fnmatchcase(name, glob) for name in names for glob in self._exclude)

    def _was_seen(self, real: str) -> bool:
        if real in self._seen:
            return True
        self._seen.add(real)
        return False


def _real(path: Path, parent: str) -> str:
    """Return the real path of what lies in a folder with the real path ``parent``."""
    # To ask the system about every part of a path takes long in deep folders.
    return os.path.realpath(path) if _is_link(path) else str(Path(parent, path.name))


def _is_link(path: Path) -> bool:
    return os.path.islink(path)  # noqa: PTH114 - a Path raises where a folder may not be entered


def _error(path: Path, error: OSError | ValueError) -> SourceError:
    reason = os_reason(error) if isinstance(error, OSError) else str(error)
    return SourceError(shown(path), reason)
