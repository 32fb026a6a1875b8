"""The index that serves: opened, followed as writers replace it, and written to."""

from __future__ import annotations

import os
import shlex
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from search_service.engines import load_engine
from search_service.engines.port import Engine, Writer
from search_service.errors import EngineError, IndexMismatch, SearchServiceError
from search_service.generations import FORMAT, IndexFolder, Meta, disk_errors, now
from search_service.manifest import Manifest
from search_service.schema import Schema

__all__ = ["Expected", "LiveIndex", "Transaction"]

# A generation may be replaced while it is being opened; hardly as often as this in a row.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Expected:
    """What this program makes indexes with.

    ``engine`` is what a new index is made with; ``asked_engine`` what an
    existing one must have been made with, where the caller named one.
    """

    schema: Schema
    analyzer: str
    engine: str
    asked_engine: str | None = None

    def new_meta(self, known: Meta | None) -> Meta:
        """Return the description of the generation after ``known``."""
        created = now()
        return Meta(
            format=FORMAT,
            engine=self.asked_engine or self.engine,
            schema=self.schema.fingerprint(),
            analyzer=self.analyzer,
            generation=known.generation + 1 if known else 1,
            commit=known.commit if known else 0,
            documents=0,
            created=created,
            updated=created,
        )


class _Opened(NamedTuple):
    stamp: tuple[int, int] | None
    meta: Meta
    engine: Engine


class Transaction(NamedTuple):
    """What a writer works on until it leaves the ``with`` block."""

    meta: Meta
    engine: Engine
    writer: Writer
    manifest: Manifest


class LiveIndex:
    """One index folder and the engine of the generation that serves; safe between threads."""

    def __init__(self, folder: IndexFolder, expected: Expected, lock_timeout: float) -> None:
        self._folder = folder
        self._expected = expected
        self._lock_timeout = lock_timeout
        self._reopening = threading.Lock()
        self._opened: _Opened | None = None

    def create_if_missing(self) -> None:
        """Make an empty index where there is none."""
        if self._folder.stamp() is None:
            with self._locked():
                pass

    def current(self) -> tuple[Meta, Engine]:
        """Return the newest commit's description and engine; readers wait for no writer."""
        stamp = self._folder.stamp()
        opened = self._opened
        if opened is None or stamp is None or opened.stamp != stamp:
            with self._reopening:
                opened = self._opened = self._newest()
        return opened.meta, opened.engine

    def close(self) -> None:
        """Release the index."""
        with self._reopening:
            if self._opened:
                self._opened.engine.close()
                self._opened = None

    @contextmanager
    def writing(self, *, full: bool) -> Iterator[Transaction]:
        """Give a transaction on the generation that serves, or with ``full`` on a new one.

        The caller calls :meth:`publish` inside the block; what was written
        before an exception is dropped.
        """
        with self._locked() as known:
            if full:
                with (
                    self._new_generation(known) as (meta, engine),
                    self._open(meta, engine) as work,
                ):
                    yield work
            else:
                meta, engine = self.current()
                with self._open(meta, engine) as work:
                    yield work

    def publish(self, work: Transaction, meta: Meta, *, changed: bool) -> None:
        """Commit a transaction and make it what readers see; ``meta`` may name new sources."""
        with disk_errors():
            if changed:
                work.writer.commit()
            else:
                work.writer.rollback()
            work.manifest.commit()
            documents = work.engine.stats().documents
            meta = replace(meta, commit=meta.commit + 1, documents=documents, updated=now())
            self._folder.write(meta)
        with self._reopening:
            # Whoever still searches with the engine before this one keeps it until done.
            self._opened = _Opened(self._folder.stamp(), meta, work.engine)

    @contextmanager
    def _locked(self) -> Iterator[Meta]:
        """Hold the lock; give the description of the index, which is made if there is none."""
        with self._folder.lock(self._lock_timeout):
            yield self._folder.read() or self._create()

    def _create(self) -> Meta:
        meta = self._expected.new_meta(None)
        with disk_errors():
            # Without a description, nobody knows what is in a generation.
            self._folder.remove_generations(keep=None)
            folder = self._folder.generation(meta.generation)
            folder.mkdir(parents=True)
            load_engine(meta.engine)(folder, self._expected.schema).close()
            self._folder.write(meta)
        return meta

    @contextmanager
    def _new_generation(self, known: Meta) -> Iterator[tuple[Meta, Engine]]:
        meta = self._expected.new_meta(known)
        folder = self._folder.generation(meta.generation)
        with disk_errors():
            self._folder.remove_generations(keep=known.generation)
            folder.mkdir(parents=True)
            engine = load_engine(meta.engine)(folder, self._expected.schema)
        try:
            yield meta, engine
        finally:
            # The one that serves now: the new one if it was published, else the old one.
            serving = self._folder.read() or known
            if serving.generation != meta.generation:
                engine.close()
            self._folder.remove_generations(keep=serving.generation)

    @contextmanager
    def _open(self, meta: Meta, engine: Engine) -> Iterator[Transaction]:
        with disk_errors():
            manifest = Manifest(self._folder.generation(meta.generation))
        try:
            with disk_errors():
                writer = engine.writer()
            try:
                yield Transaction(meta, engine, writer, manifest)
            except BaseException:
                # The first error tells more than one that comes of it.
                with suppress(Exception):
                    writer.rollback()
                raise
        finally:
            manifest.close()

    def _newest(self, tries: int = _TRIES) -> _Opened:
        """Open what the description names, again if a writer replaced it meanwhile."""
        stamp = self._folder.stamp()
        try:
            meta, engine = self._open_engine()
        except SearchServiceError:
            if tries and stamp != self._folder.stamp():
                return self._newest(tries - 1)
            raise
        if tries and stamp != self._folder.stamp():
            return self._newest(tries - 1)
        return _Opened(stamp, meta, engine)

    def _open_engine(self) -> tuple[Meta, Engine]:
        meta = self._folder.read()
        if meta is None:
            raise EngineError(
                f"there is no index in {self._folder.path} any more; "
                f"make it again: {self._rebuild_command(())}"
            )
        self._check(meta)
        if self._opened and _same_generation(self._opened.meta, meta):
            self._opened.engine.refresh()
            return meta, self._opened.engine
        folder = self._folder.generation(meta.generation)
        if not folder.is_dir():
            raise EngineError(
                f"{folder} is missing; rebuild the index: {self._rebuild_command(meta.sources)}"
            )
        with disk_errors():
            return meta, load_engine(meta.engine)(folder, self._expected.schema)

    def _check(self, meta: Meta) -> None:
        expected = self._expected
        wanted = {
            "format": (meta.format, FORMAT),
            "engine": (meta.engine, expected.asked_engine or meta.engine),
            "schema": (meta.schema, expected.schema.fingerprint()),
            "analyzer": (meta.analyzer, expected.analyzer),
        }
        for part, (found, needed) in wanted.items():
            if found != needed:
                raise IndexMismatch(
                    f"the index in {self._folder.path} was made with {part} {found!r}, this "
                    f"program has {needed!r}; rebuild it: {self._rebuild_command(meta.sources)}"
                )

    def _rebuild_command(self, sources: tuple[str, ...]) -> str:
        asked = self._expected.asked_engine
        engine = ["--engine", asked] if asked else []
        folder = ["--index-dir", os.fspath(self._folder.path)]
        words = ["search-service", "index", "--full", *engine, *folder, *(sources or ("PATH...",))]
        return shlex.join(words)


def _same_generation(one: Meta, other: Meta) -> bool:
    # An index that was deleted and made again counts its generations from 1 again.
    return (one.generation, one.created) == (other.generation, other.created)
