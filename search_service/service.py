"""The library's face: one object that indexes, searches and knows where everything lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from search_service.analysis.analyzer import Analyzer
from search_service.config import Settings
from search_service.engines.port import Engine
from search_service.errors import DocumentNotFound
from search_service.generations import IndexFolder, Meta
from search_service.indexing import IndexRun, Progress
from search_service.live_index import Expected, LiveIndex, Transaction
from search_service.results import IndexReport, SearchResults, Stats
from search_service.schema import DEFAULT_SCHEMA, Document
from search_service.searching import SearchRequest, run_search
from search_service.sources import DEFAULT_EXCLUDE
from search_service.suggesting import WordList

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

    def __init__(self, live: LiveIndex, analyzer: Analyzer, settings: Settings) -> None:
        """Not for callers: see :meth:`open`."""
        self._live = live
        self._analyzer = analyzer
        self._settings = settings
        self._schema = DEFAULT_SCHEMA
        self._known_words: tuple[tuple[str, int], WordList] | None = None

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
        analyzer = Analyzer()
        expected = Expected(DEFAULT_SCHEMA, analyzer.fingerprint(), settings.engine, engine)
        folder = IndexFolder(Path(index_dir or settings.index_dir))
        live = LiveIndex(folder, expected, settings.lock_timeout)
        if not rebuild:
            live.create_if_missing()
            live.current()
        return cls(live, analyzer, settings)

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
        self._live.close()

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
        # Absolute, so that the command that rebuilds the index works from any folder.
        sources = tuple(str(path.absolute()) for path in given)
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
        """Return a page of results, best first; ``docs/query-language.md`` tells what to type.

        ``size`` is 1 to 100, ``page`` counts from 1; a page past the end is
        empty. ``match="all"`` asks for every word. What is wrong with a query
        is in the results' warnings, or with ``strict`` raised as
        :class:`~search_service.errors.QuerySyntaxError`. Raises ``ValueError``
        for a size, page or match out of range.
        """
        request = SearchRequest(query, size, page, match, strict, explain, highlight)
        meta, engine = self._live.current()
        words = self._words(meta, engine)
        return run_search(request, engine, self._analyzer, self._settings, words)

    def get(self, document_id: str) -> Document:
        """Return a document; raises :class:`~search_service.errors.DocumentNotFound`."""
        _, engine = self._live.current()
        found = engine.fetch([document_id])[0]
        if found is None:
            raise DocumentNotFound(document_id)
        return found

    def delete(self, document_ids: Iterable[str]) -> int:
        """Remove documents and return how many there were; unknown ids are passed over."""
        with self._live.writing(full=False) as work:
            run = self._new_run(work)
            wanted = dict.fromkeys(document_ids)
            found = [i for i in wanted if work.engine.fetch([i])[0] is not None]
            for document_id in found:
                run.remove(document_id)
            self._live.publish(work, work.meta, changed=run.changed)
        return len(found)

    def stats(self) -> Stats:
        """Return what the index is and how much it holds."""
        meta, engine = self._live.current()
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
        self._live.current()

    def _words(self, meta: Meta, engine: Engine) -> WordList:
        """Return the words of a commit, the same object as long as there is no newer commit."""
        key = (meta.created, meta.commit)
        known = self._known_words
        if known is None or known[0] != key:
            known = self._known_words = (key, WordList(engine, self._schema))
        return known[1]

    def _run(
        self, fill: Callable[[IndexRun], None], full: bool, sources: tuple[str, ...] = ()
    ) -> IndexReport:
        with self._live.writing(full=full) as work:
            run = self._new_run(work)
            fill(run)
            known = dict.fromkeys((*work.meta.sources, *sources))
            meta = replace(work.meta, sources=tuple(known))
            self._live.publish(work, meta, changed=run.changed)
            return run.report(work.engine.stats().documents)

    def _new_run(self, work: Transaction) -> IndexRun:
        return IndexRun(self._schema, self._analyzer, work.writer, work.manifest)
