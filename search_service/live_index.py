"""The index that serves: opened, followed as writers replace it, and written to."""

from __future__ import annotations

import os
import shlex
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from search_service.config import ENGINES
from search_service.disk import advice
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
    ``writer_memory`` is what a writer may keep before it writes, in MB.
    """

    schema: Schema
    analyzer: str
    engine: str
    asked_engine: str | None = None
    writer_memory: int | None = None

    def new_meta(self, known: Meta | None, engine: str | None = None) -> Meta:
        """Return the description of the generation after ``known``, made with ``engine``."""
        created = now()
        return Meta(
            format=FORMAT,
            engine=engine or self.asked_engine or self.engine,
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
        with self._locked(full=full) as known:
            if full:
                with (
                    self._new_generation(known, self._expected.new_meta(known)) as (meta, engine),
                    self._open(meta, engine) as work,
                ):
                    yield work
            else:
                meta, engine = self.current()
                # What a run left behind that was killed while it made a new generation.
                self._folder.remove_generations(keep=meta.generation)
                with self._open(meta, engine) as work:
                    yield work

    @contextmanager
    def rewriting(self, engine: str | None) -> Iterator[tuple[Transaction, Engine]]:
        """Give a transaction on a new generation, and the engine that holds the present documents.

        The new generation is made with ``engine``, else the one asked for on
        opening, else the present one. Its manifest is that of the present
        generation: the same files were read. The caller calls :meth:`publish`.
        """
        # Before anything is made or waited for.
        load_engine(engine or self._expected.asked_engine or self._expected.engine)
        with self._folder.lock(self._lock_timeout):
            known = self._folder.read()
            if known is None:
                raise EngineError(
                    f"there is no index in {self._folder.path} to take documents from"
                )
            self._check(known, ("format", "schema"))
            meta = self._expected.new_meta(
                known, engine or self._expected.asked_engine or known.engine
            )
            stored = self._open_generation(known)
            try:
                with self._new_generation(known, replace(meta, sources=known.sources)) as new:
                    with disk_errors(self._folder.path):
                        self._folder.copy_manifest(known.generation, meta.generation)
                    with self._open(*new) as work:
                        yield work, stored
            finally:
                stored.close()
            # Who asked for another engine on opening has this one now.
            if self._expected.asked_engine:
                self._expected = replace(self._expected, asked_engine=meta.engine)

    def publish(self, work: Transaction, meta: Meta, *, changed: bool) -> None:
        """Commit a transaction and make it what readers see; ``meta`` may name new sources."""
        with disk_errors(self._folder.path):
            if changed:
                with work.manifest.room():
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
    def _locked(self, *, full: bool = False) -> Iterator[Meta]:
        """Hold the lock; give the description of the index, which is made if there is none.

        With ``full``, a broken one does not matter: all is made anew.
        """
        if full or self._folder.stamp() is None:
            # Before anything is made or waited for.
            load_engine(self._expected.asked_engine or self._expected.engine)
        with self._folder.lock(self._lock_timeout):
            try:
                known = self._folder.read()
            except EngineError:
                if not full:
                    raise
                known = self._unknown()
            yield known or self._create()

    def _unknown(self) -> Meta:
        """Return a description of what lies there, for a new generation to follow."""
        return replace(self._expected.new_meta(None), generation=self._folder.newest_generation())

    def _create(self) -> Meta:
        meta = self._expected.new_meta(None)
        with disk_errors(self._folder.path):
            # Without a description, nobody knows what is in a generation.
            self._folder.remove_generations(keep=None)
            folder = self._folder.generation(meta.generation)
            folder.mkdir(parents=True)
            self._load(meta, folder).close()
            self._folder.write(meta)
        return meta

    @contextmanager
    def _new_generation(self, known: Meta, meta: Meta) -> Iterator[tuple[Meta, Engine]]:
        folder = self._folder.generation(meta.generation)
        with disk_errors(self._folder.path):
            self._folder.remove_generations(keep=known.generation)
        engine = None
        try:
            with disk_errors(self._folder.path):
                folder.mkdir(parents=True)
                engine = self._load(meta, folder)
            yield meta, engine
        finally:
            serving = self._serving(known)
            if engine is not None and serving != meta.generation:
                engine.close()
            self._folder.remove_generations(keep=serving)

    def _serving(self, known: Meta) -> int:
        """Return the generation that serves now: a new one if it was published, else the old."""
        with suppress(EngineError):
            return (self._folder.read() or known).generation
        return known.generation

    @contextmanager
    def _open(self, meta: Meta, engine: Engine) -> Iterator[Transaction]:
        with disk_errors(self._folder.path):
            manifest = Manifest(self._folder.generation(meta.generation))
        try:
            with disk_errors(self._folder.path):
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
                f"make it again: {self._rebuild_command(None)}"
            )
        self._check(meta)
        if self._opened and _same_generation(self._opened.meta, meta):
            with self._damage(meta):
                self._opened.engine.refresh()
            return meta, self._opened.engine
        return meta, self._open_generation(meta)

    def _open_generation(self, meta: Meta) -> Engine:
        folder = self._folder.generation(meta.generation)
        if not folder.is_dir():
            raise EngineError(
                f"{folder} is missing; rebuild the index: {self._rebuild_command(meta)}"
            )
        with self._damage(meta), disk_errors(self._folder.path):
            return self._load(meta, folder)

    @contextmanager
    def _damage(self, meta: Meta) -> Iterator[None]:
        """Let an error of an engine say how to make an index anew whose files are damaged."""
        try:
            yield
        except EngineError as error:
            if type(error) is not EngineError or _is_refused(error):
                raise
            raise EngineError(
                f"{error}. If files are damaged, make the index anew: {self._rebuild_command(meta)}"
            ) from error

    def _load(self, meta: Meta, folder: Path) -> Engine:
        factory = load_engine(meta.engine, writer_memory=self._expected.writer_memory)
        return factory(folder, self._expected.schema)

    def _check(
        self, meta: Meta, parts: Sequence[str] = ("format", "engine", "schema", "analyzer")
    ) -> None:
        """Raise :class:`~search_service.errors.IndexMismatch` where ``parts`` are not ours."""
        expected = self._expected
        wanted = {
            "format": (meta.format, FORMAT),
            "engine": (meta.engine, expected.asked_engine or meta.engine),
            "schema": (meta.schema, expected.schema.fingerprint()),
            "analyzer": (meta.analyzer, expected.analyzer),
        }
        for part in parts:
            found, needed = wanted[part]
            if found != needed:
                raise IndexMismatch(
                    f"the index in {self._folder.path} was made with {part} {found!r}, this "
                    f"program has {needed!r}; rebuild it: {self._rebuild_command(meta, part)}"
                )

    def _rebuild_command(self, meta: Meta | None, part: str = "") -> str:
        """Return the command that makes the index anew because of ``part`` of its description."""
        words = ["search-service", "index"]
        asked = self._expected.asked_engine or self._unusual(meta)
        stored = meta is not None and meta.engine in ENGINES and part in ("engine", "analyzer")
        words += ["--from-index"] if stored else ["--full"]
        words += ["--engine", asked] if asked else []
        words += ["--index-dir", os.fspath(self._folder.path)]
        if not stored:
            words += (meta.sources if meta else ()) or ("PATH...",)
        return shlex.join(words)

    def _unusual(self, meta: Meta | None) -> str | None:
        """Return the engine of an index where a command that names none would take another."""
        known = meta is not None and meta.engine in ENGINES
        return meta.engine if meta and known and meta.engine != self._expected.engine else None


def _is_refused(error: EngineError) -> bool:
    # Files that the system lets nobody read are not damaged; the message says what to do.
    return error.__cause__ is not None and bool(advice(error.__cause__))


def _same_generation(one: Meta, other: Meta) -> bool:
    # An index that was deleted and made again counts its generations from 1 again.
    return (one.generation, one.created) == (other.generation, other.created)
