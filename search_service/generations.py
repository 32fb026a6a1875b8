"""The index folder: its description, its generations, its lock.

    index/
        meta.json          what the index is; names the generation that serves
        lock, writer.json  who writes now
        gen-000001/        one generation: the engine's files and the manifest

A generation is made beside the one that serves and takes over when
``meta.json`` is replaced, which is one atomic step.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import os
import shlex
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search_service.disk import with_advice
from search_service.errors import EngineError, IndexLocked
from search_service.manifest import Manifest

__all__ = ["FORMAT", "IndexFolder", "Meta", "disk_errors", "now"]

#: Raised when the layout of the folder changes, so that old indexes are told apart.
FORMAT = 6


def now() -> str:
    """Return the current time in UTC, ISO 8601, to the second."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Meta:
    """What an index is and when it was made; ``commit`` counts commits of all generations."""

    format: int
    engine: str
    schema: str
    analyzer: str
    generation: int
    commit: int
    documents: int
    created: str
    updated: str
    sources: tuple[str, ...] = ()


@contextlib.contextmanager
def disk_errors(folder: Path | None = None) -> Iterator[None]:
    """Turn what the disk refuses into an error of ours; ``folder`` is where the index lies."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        index = f"the index in {folder}" if folder else "the index"
        told = f"{index} could not be read or written: {error}; what was committed before stays"
        raise EngineError(with_advice(told, error, folder)) from error


class IndexFolder:
    """One index folder on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._meta_path = path / "meta.json"

    def generation(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self.path / f"gen-{number:06d}"

    def copy_manifest(self, one: int, other: int) -> None:
        """Give one generation's knowledge of files and documents to another, which has none."""
        folders = (self.generation(one), self.generation(other))
        with (
            contextlib.closing(Manifest(folders[0])) as known,
            contextlib.closing(Manifest(folders[1])) as new,
        ):
            known.copy_to(new)

    def stamp(self) -> tuple[int, int] | None:
        """Return something that changes with every commit; ``None`` where there is no index."""
        try:
            status = self._meta_path.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def read(self) -> Meta | None:
        """Return the description, ``None`` where there is no index yet.

        Raises :class:`~search_service.errors.EngineError` where it is broken.
        """
        try:
            return _meta(json.loads(self._meta_path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except OSError as error:
            told = f"{self._meta_path} cannot be read: {error}"
            raise EngineError(with_advice(told, error, self.path)) from error
        except (ValueError, RecursionError) as error:
            where = ("--index-dir", os.fspath(self.path))
            raise EngineError(
                f"{self._meta_path} is broken ({error}); index again from the files: "
                f"{shlex.join(('search-service', 'index', '--full', *where))} PATH..."
            ) from error

    def write(self, meta: Meta) -> None:
        """Replace the description in one step; it is on disk when this returns."""
        draft = self._meta_path.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(dataclasses.asdict(meta), file, ensure_ascii=False, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._meta_path)
        _sync_folder(self.path)

    def newest_generation(self) -> int:
        """Return the highest number of a generation that lies here, 0 where there is none."""
        names = (folder.name.removeprefix("gen-") for folder in self.path.glob("gen-*"))
        return max((int(name) for name in names if name.isdecimal()), default=0)

    def remove_generations(self, *, keep: int | None) -> None:
        """Delete every generation but one; what a reader has open stays readable to it."""
        kept = None if keep is None else self.generation(keep)
        for folder in self.path.glob("gen-*"):
            if folder != kept:
                shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """Hold the folder for writing.

        Waits up to ``timeout`` seconds, then raises
        :class:`~search_service.errors.IndexLocked`, which says who holds it.
        """
        # Here, because searches do without it.
        from filelock import FileLock, Timeout

        lock = FileLock(self.path / "lock")
        holder = self.path / "writer.json"
        try:
            with disk_errors(self.path):
                self.path.mkdir(parents=True, exist_ok=True)
                lock.acquire(timeout=timeout)
        except EngineError as error:
            if not isinstance(error.__cause__, Timeout):
                raise
            raise IndexLocked(
                f"another writer holds the index in {self.path}: {_who(holder)}; "
                f"waited {timeout:g} s"
            ) from None
        try:
            with disk_errors(self.path):
                holder.write_text(json.dumps(_myself()), encoding="utf-8")
            yield
        finally:
            with contextlib.suppress(OSError):
                holder.unlink(missing_ok=True)
            lock.release()


def _meta(stored: object) -> Meta:
    """Return a description as it was read; raises ``ValueError`` where it is none."""
    if not isinstance(stored, dict) or not isinstance(stored.get("format"), int):
        raise ValueError("it does not name its format")
    blank = Meta(stored["format"], "", "", "", 0, 0, 0, "", "")
    # Of another format, only what is needed to say so is asked for.
    needed = {} if stored["format"] != FORMAT else dataclasses.asdict(blank)
    parts: dict[str, Any] = {}
    for name, value in dataclasses.asdict(blank).items():
        if name in needed and name not in stored and name != "sources":
            raise ValueError(f"{name!r} is missing")
        found = stored.get(name, value)
        parts[name] = tuple(map(str, found)) if isinstance(found, list) else found
        if type(parts[name]) is not type(value):
            raise ValueError(f"{name!r} is {found!r}")
    return Meta(**parts)


def _myself() -> dict[str, str | int]:
    import socket

    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": " ".join(sys.argv)[:200],
        "since": now(),
    }


def _who(holder: Path) -> str:
    try:
        found = json.loads(holder.read_text(encoding="utf-8"))
        return "process {pid} on {host} ({command}), since {since}".format(**found)
    except (OSError, ValueError, KeyError, TypeError):
        return "it did not say who it is"


def _sync_folder(path: Path) -> None:
    # A renamed file is durable only when its folder is; not every system can sync folders.
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
