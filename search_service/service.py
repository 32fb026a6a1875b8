"""The library's face: one object that indexes, searches and knows where everything lies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from search_service.analysis.analyzer import Analyzer
from search_service.config import Settings
from search_service.engines import load_engine
from search_service.engines.port import Engine
from search_service.errors import DocumentNotFound, EngineError, IndexMismatch
from search_service.generations import FORMAT, IndexFolder, Meta, now
from search_service.indexing import IndexRun, Progress
from search_service.manifest import Manifest
from search_service.results import IndexReport, SearchResults, Stats
from search_service.schema import DEFAULT_SCHEMA, Document
from search_service.searching import SearchRequest, run_search
from search_service.sources import DEFAULT_EXCLUDE

__all__ = ["SearchService"]


class SearchService:
    """An index of documents: opened with :meth:`open`, used from any number of threads.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with SearchService.open(folder.name) as service:
    ...     report = service.index([Document(id="1", title="خبر", body="وصل القطار إلى المدينة")])
    ...     results = service.search("قطار")
    >>> report.added, results.total, results.hits[0].snippets[0].html
    (1, 1, 'وصل <mark>القطار</mark> إلى المدينة')
    >>> folder.cleanup()
    """

    def __init__(self, folder: IndexFolder, settings: Settings, engine: str | None) -> None:
        """Not for callers: see :meth:`open`."""
        self._folder = folder
        self._settings = settings
        self._asked_engine = engine
        self._schema = DEFAULT_SCHEMA
        self._analyzer = Analyzer()
        self._reopening = threading.Lock()
        self._opened: tuple[tuple[int, int] | None, Meta, Engine] | None = None

    @classmethod
    def open(
        cls,
        index_dir: str | Path | None = None,
        *,
        engine: str | None = None,
        settings: Settings | None = None,
        rebuild: bool = False,
    ) -> SearchService:
        """Open the index in ``index_dir`` (default ``index``), creating an empty one if missing.

        ``engine`` names the engine of a new index and must agree with that of
        an existing one. With ``rebuild``, an index that no longer fits may be
        opened, for :meth:`index` or :meth:`index_paths` with ``full=True``.

        Raises :class:`~search_service.errors.IndexMismatch` (its message is the
        command that mends it), :class:`~search_service.errors.EngineUnavailable`
        or :class:`~search_service.errors.EngineError`.
        """
        settings = settings or Settings()
        service = cls(IndexFolder(Path(index_dir or settings.index_dir)), settings, engine)
        if not rebuild:
            service._current()
        return service

    def __enter__(self) -> SearchService:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the index; the service is not used again."""
        with self._reopening:
            if self._opened:
                self._opened[2].close()
                self._opened = None

    def index(self, documents: Iterable[Document], *, full: bool = False) -> IndexReport:
        """Add documents, replacing those with the same ids; unchanged ones are not written again.

        With ``full``, the index holds these documents and no others
        afterwards. Either all changes are seen at once, or none.

        Raises :class:`~search_service.errors.IndexLocked` if another writer is
        at work for too long, and :class:`~search_service.errors.EngineError`.
        """
        return self._run(lambda run: run.documents(documents), full)

    def index_paths(
        self,
        paths: Sequence[str | Path],
        *,
        full: bool = False,
        mapping: Mapping[str, str] | None = None,
        exclude: Sequence[str] = DEFAULT_EXCLUDE,
        progress: Callable[[Progress], None] | None = None,
    ) -> IndexReport:
        """Index the files below ``paths``; a file that did not change is not read again.

        Documents of files that have vanished from a folder in ``paths`` are
        removed. ``mapping`` names, per field of a document, what it is called
        in records (``{"body": "النص"}``). Files and records that cannot be
        read are in the report's problems; the rest is indexed.
        """
        given = [Path(path) for path in paths]
        sources = tuple(str(path) for path in given)
        return self._run(lambda run: run.files(given, mapping, exclude, progress), full, sources)

    def search(
        self,
        query: str,
        *,
        size: int = 10,
        page: int = 1,
        match: Literal["any", "all"] = "any",
        strict: bool = False,
        explain: bool = False,
        highlight: bool = True,
    ) -> SearchResults:
        """Return a page of results, best first; the query language is in ``docs/query-language.md``.

        ``size`` is 1 to 100, ``page`` counts from 1; a page past the end is
        empty. ``match="all"`` asks for every word. What is wrong with a query
        is in the results' warnings, or with ``strict`` raised as
        :class:`~search_service.errors.QuerySyntaxError`. Raises ``ValueError``
        for a size, page or match out of range.
        """
        request = SearchRequest(query, size, page, match, strict, explain, highlight)
        _, engine = self._current()
        return run_search(request, engine, self._schema, self._analyzer, self._settings)

    def get(self, document_id: str) -> Document:
        """Return a document; raises :class:`~search_service.errors.DocumentNotFound`."""
        _, engine = self._current()
        found = engine.fetch([document_id])[0]
        if found is None:
            raise DocumentNotFound(document_id)
        return found

    def delete(self, document_ids: Iterable[str]) -> int:
        """Remove documents and return how many there were; unknown ids are passed over."""
        with self._writing(full=False) as (folder, engine, meta):
            found = [i for i in dict.fromkeys(document_ids) if engine.fetch([i])[0] is not None]
            manifest, writer = Manifest(folder), engine.writer()
            try:
                for document_id in found:
                    writer.delete(document_id)
                    manifest.remove_document(document_id)
                writer.commit()
                manifest.commit()
            finally:
                manifest.close()
            self._publish(meta, engine)
        return len(found)

    def stats(self) -> Stats:
        """Return what the index is and how much it holds."""
        meta, engine = self._current()
        counted = engine.stats()
        return Stats(
            engine=meta.engine,
            format=meta.format,
            generation=meta.generation,
            documents=counted.documents,
            tokens=counted.tokens,
            bytes=counted.bytes,
            created=meta.created,
            updated=meta.updated,
            analyzer=meta.analyzer,
            schema=meta.schema,
        )

    def analyze(self, text: str) -> list[dict[str, Any]]:
        """Return every word of ``text`` with its terms and each step to them, as JSON objects."""
        return self._analyzer.explain(text)

    def check_ready(self) -> None:
        """Return if the index can answer; raises the error that a search would raise."""
        self._current()

    def _run(
        self, fill: Callable[[IndexRun], None], full: bool, sources: tuple[str, ...] = ()
    ) -> IndexReport:
        with self._writing(full=full) as (folder, engine, meta):
            manifest, writer = Manifest(folder), engine.writer()
            run = IndexRun(self._schema, self._analyzer, writer, manifest)
            try:
                fill(run)
                writer.commit()
                manifest.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                manifest.close()
            known = () if full else meta.sources
            meta = replace(meta, sources=tuple(dict.fromkeys((*known, *sources))))
            self._publish(meta, engine)
            return run.report(engine.stats().documents)

    @contextmanager
    def _writing(self, *, full: bool) -> Iterator[tuple[Path, Engine, Meta]]:
        """Hold the lock and give the generation to write to, its engine and its description."""
        with self._folder.lock(self._settings.lock_timeout), _disk_errors():
            known = self._folder.read()
            if not full:
                meta, engine = self._current(known)
                yield self._folder.generation(meta.generation), engine, meta
                return
            meta = self._new_meta(known)
            folder = self._folder.generation(meta.generation)
            self._folder.remove_generations(known.generation if known else 0)
            folder.mkdir(parents=True)
            engine = load_engine(meta.engine)(folder, self._schema)
            yield folder, engine, meta
            self._folder.remove_generations(meta.generation)

    def _new_meta(self, known: Meta | None) -> Meta:
        created = now()
        return Meta(
            format=FORMAT,
            engine=self._asked_engine or self._settings.engine,
            schema=self._schema.fingerprint(),
            analyzer=self._analyzer.fingerprint(),
            generation=known.generation + 1 if known else 1,
            commit=known.commit if known else 0,
            documents=0,
            created=created,
            updated=created,
        )

    def _publish(self, meta: Meta, engine: Engine) -> None:
        meta = replace(
            meta, commit=meta.commit + 1, documents=engine.stats().documents, updated=now()
        )
        self._folder.write(meta)
        with self._reopening:
            self._opened = (self._folder.stamp(), meta, engine)

    def _current(self, known: Meta | None = None) -> tuple[Meta, Engine]:
        """Return the newest commit's description and engine, reopened if it changed."""
        stamp = self._folder.stamp()
        opened = self._opened
        if opened and stamp is not None and opened[0] == stamp:
            return opened[1], opened[2]
        with self._reopening:
            return self._reopen()

    def _reopen(self) -> tuple[Meta, Engine]:
        stamp, meta = self._folder.stamp(), self._folder.read()
        if meta is None:
            meta = self._new_meta(None)
            engine = self._engine(meta)
            with _disk_errors():
                self._folder.write(meta)
            stamp = self._folder.stamp()
        else:
            self._check(meta)
            engine = self._engine(meta)
        self._opened = (stamp, meta, engine)
        return meta, engine

    def _engine(self, meta: Meta) -> Engine:
        if self._opened and self._opened[1].generation == meta.generation:
            engine = self._opened[2]
            engine.refresh()
            return engine
        folder = self._folder.generation(meta.generation)
        with _disk_errors():
            return load_engine(meta.engine)(folder, self._schema)

    def _check(self, meta: Meta) -> None:
        wanted = {
            "format": (meta.format, FORMAT),
            "engine": (meta.engine, self._asked_engine or meta.engine),
            "schema": (meta.schema, self._schema.fingerprint()),
            "analyzer": (meta.analyzer, self._analyzer.fingerprint()),
        }
        for part, (found, needed) in wanted.items():
            if found != needed:
                paths = " ".join(meta.sources) or "PATH..."
                engine = f" --engine {self._asked_engine}" if self._asked_engine else ""
                raise IndexMismatch(
                    f"the index in {self._folder.path} was made with {part} {found!r}, "
                    f"this program has {needed!r}; rebuild it: search-service index --full"
                    f"{engine} --index-dir {self._folder.path} {paths}"
                )


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Turn what the disk refuses into an error of ours; what served before goes on serving."""
    try:
        yield
    except OSError as error:
        raise EngineError(
            f"the index could not be written: {error}; what was there before is unchanged"
        ) from error
