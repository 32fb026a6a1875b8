"""The library's face: one object that indexes, searches and knows where everything lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from search_service.analysis.analyzer import Analyzer
from search_service.config import Settings
from search_service.errors import DocumentNotFound
from search_service.generations import IndexFolder
from search_service.known_words import KnownWords
from search_service.live_index import Expected, LiveIndex, Transaction
from search_service.marking import HighlightOptions
from search_service.results import IndexReport, SearchResults, Stats
from search_service.results_completion import Completion
from search_service.schema import DEFAULT_SCHEMA, Document
from search_service.search_request import SearchRequest
from search_service.searching import run_search
from search_service.sources import DEFAULT_EXCLUDE
from search_service.state import state_fingerprint
from search_service.synonyms import FILE_NAME, Synonyms

if TYPE_CHECKING:
    from search_service.indexing import IndexRun, Progress

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

    def __init__(
        self, live: LiveIndex, analyzer: Analyzer, settings: Settings, synonyms: Synonyms
    ) -> None:
        """Not for callers: see :meth:`open`."""
        self._live = live
        self._analyzer = analyzer
        self._settings = settings
        self._synonyms = synonyms
        self._schema = DEFAULT_SCHEMA
        self._known_words = KnownWords(self._schema, analyzer)

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
        expected = Expected(
            DEFAULT_SCHEMA,
            analyzer.fingerprint(),
            settings.engine,
            engine,
            settings.writer_memory,
        )
        folder = IndexFolder(Path(index_dir or settings.index_dir))
        live = LiveIndex(folder, expected, settings.lock_timeout)
        if not rebuild:
            live.create_if_missing()
            live.current()
        synonyms = Synonyms(settings.synonyms or folder.path / FILE_NAME, analyzer)
        return cls(live, analyzer, settings, synonyms)

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

    def reindex(
        self,
        *,
        engine: str | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> IndexReport:
        """Make the index anew from the documents that it holds, without the files they are from.

        For another ``engine``, or after a change of rules and word lists: the
        index may be opened with ``rebuild``. The engine stays what it is unless
        one is named here or on opening. The present index serves until the new
        one is complete, and what is known of files stays known.

        Raises :class:`~search_service.errors.EngineError` where there is no
        index, or its documents cannot be read.
        """
        # Here, as in what follows: a search needs none of it, and it takes time to load.
        from search_service.rewriting import rewrite

        with self._live.rewriting(engine) as (work, stored):
            analysis = (self._schema, self._analyzer, self._settings.processes)
            report = rewrite(stored.all_documents(), analysis, work.writer, progress)
            self._live.publish(work, work.meta, changed=True)
        return report

    def search(
        self,
        query: str,
        *,
        size: int = 10,
        page: int = 1,
        match: Literal["any", "all"] = "any",
        strict: bool = False,
        explain: bool = False,
        highlight: bool | HighlightOptions = True,
        exact: bool = False,
        facets: Sequence[str] = (),
        filters: Sequence[str] = (),
        sort: str = "relevance",
    ) -> SearchResults:
        """Return a page of results, best first; ``docs/query-language.md`` tells what to type.

        ``size`` is 1 to 100, ``page`` counts from 1; a page past the end is
        empty. ``match="all"`` asks for every word, ``exact`` for these words
        without other spellings, names and synonyms. ``facets`` are counted out
        of ``tags``, ``source``, ``language`` and ``year``; ``filters`` hold
        conditions on fields, all of which a document must meet, and change no
        score; ``sort`` is ``relevance``, ``date`` or ``id``, with ``-`` in front
        the other way round. What is wrong with a query
        is in the results' warnings, or with ``strict`` raised as
        :class:`~search_service.errors.QuerySyntaxError`. Raises ``ValueError``
        for what is out of range or unknown, and
        :class:`~search_service.errors.FilterError` for a filter that is wrong.
        """
        request = SearchRequest(
            query,
            size,
            page,
            match,
            strict,
            explain,
            highlight,
            exact,
            tuple(facets) if not isinstance(facets, str) else facets,
            tuple(filters) if not isinstance(filters, str) else filters,
            sort,
        )
        meta, engine = self._live.current()
        words, labels = self._known_words.of(meta, engine)
        variants = self._synonyms.variants()
        return run_search(
            request,
            engine,
            self._analyzer,
            self._settings,
            words,
            labels=labels,
            variants=variants,
        )

    def get(self, document_id: str) -> Document:
        """Return a document; raises :class:`~search_service.errors.DocumentNotFound`."""
        _, engine = self._live.current()
        found = engine.fetch([document_id])[0]
        if found is None:
            raise DocumentNotFound(document_id)
        return found

    def suggest(self, text: str, size: int = 8) -> tuple[Completion, ...]:
        """Return what may be meant by what was typed so far, up to ``size`` (1 to 20).

        First the text with its last word completed from the words of the
        documents, one form of each stem, the commonest first; then titles that
        have all that was typed. Any text will do; one that ends with no word
        brings titles alone. Raises ``ValueError`` for a size out of range.
        """
        from search_service.completing import complete

        meta, engine = self._live.current()
        words, _ = self._known_words.of(meta, engine)
        return complete(text, size, engine, self._analyzer, words)

    def similar(self, document_id: str, size: int = 5) -> SearchResults:
        """Return the documents most like one, up to ``size`` (1 to 100), best first.

        ``query`` of the results has the words that tell most of the document,
        which the others share. Raises :class:`~search_service.errors.DocumentNotFound`,
        and ``ValueError`` for a size out of range.
        """
        from search_service.similarity import similar_documents

        _, engine = self._live.current()
        document = engine.fetch([document_id])[0]
        if document is None:
            raise DocumentNotFound(document_id)
        return similar_documents(document, size, engine, self._analyzer)

    def delete(self, document_ids: Iterable[str]) -> int:
        """Remove documents and return how many there were; unknown ids are passed over."""
        with self._live.writing(full=False) as work:
            run = self._new_run(work)
            wanted = dict.fromkeys(document_ids)
            found = [i for i in wanted if work.engine.fetch([i], bodies=False)[0] is not None]
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
            synonyms=self._synonyms.groups(),
            problems=self.problems(),
        )

    def analyze(self, text: str) -> list[dict[str, Any]]:
        """Return every word of ``text`` with its terms and each step to them, as JSON objects."""
        return self._analyzer.explain(text)

    def check_ready(self) -> None:
        """Return if the index can answer; raises the error that a search would raise."""
        self._live.current()

    def prepare(self, wait: float = 0.0) -> None:
        """Load now what the first searches would wait for, as servers do.

        The words that misspelt ones may be meant for are read in a thread, of
        every later commit too; for the first ones, this waits up to ``wait``
        seconds. Raises what a search would raise.
        """
        self.search("كتاب", size=1)
        self._known_words.read_ahead(*self._live.current()).join(wait)

    def fingerprint(self) -> str:
        """Return a short text that changes whenever the same search may be answered otherwise.

        Covers the index with its last commit, synonyms, settings and the version
        of this program. Raises what a search would raise.
        """
        meta, _ = self._live.current()
        return state_fingerprint(meta, self._synonyms.fingerprint(), self._settings)

    def problems(self) -> tuple[str, ...]:
        """Return what is amiss though searches are answered, such as a broken synonyms table."""
        problem = self._synonyms.problem()
        return () if problem is None else (problem,)

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
        from search_service.indexing import IndexRun

        return IndexRun(
            self._schema, self._analyzer, work.writer, work.manifest, self._settings.processes
        )
