"""Documents to indexed documents, in order: in this process, or for much text in several.

Text goes to the other processes in batches and comes back as numbers of words,
each distinct word with its terms once, when it first comes. Only a few batches are under
way at a time: who reads faster than is analysed has to wait.
"""

from __future__ import annotations

import pickle
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, NamedTuple

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.numbering import TextNumberer
from search_service.analysis.vocalisation import document_terms
from search_service.engines.port import IndexedDocument
from search_service.marking import LONG
from search_service.processes import ProcessPool, processors, serve
from search_service.schema import MARKS, Document, FieldKind, Schema, Tier
from search_service.terms import NumberedTerms, WordTable

__all__ = ["Analysis", "indexed_document", "work"]

# In code points. Below, starting processes would take as long as they save.
_ENOUGH = 2_000_000
_BATCH = 400_000

# Words that each process remembers (see Analyzer): fewer than usual, as there may be several.
_WORDS = 3 << 15

# What goes to other processes as it is.
_SENT = ("id", "title", "body", "url", "date", "language", "tags")

_Terms = Callable[[str], Mapping[Tier, Sequence[str]]]


def indexed_document(
    document: Document, schema: Schema, analyzer: Analyzer, terms: _Terms | None = None
) -> IndexedDocument:
    """Return a document with its terms, as engines take it.

    ``terms`` may be a faster way to what :meth:`Analyzer.terms` returns.
    """
    sources = {f.name: getattr(document, f.source) for f in schema.of_kind(FieldKind.TEXT)}
    analysed = {name: (terms or analyzer.terms)(text) for name, text in sources.items()}
    keywords = {
        field.name: tuple(filter(None, map(analyzer.keyword, _values(document, field.source))))
        for field in schema.of_kind(FieldKind.KEYWORD)
        if not field.hidden
    }
    if schema.get(MARKS):
        texts = tuple(sources.values())
        keywords[MARKS] = document_terms(texts, tuple(analysed.values()), analyzer)
    long = {name: text for name, text in sources.items() if len(text) >= LONG}
    return IndexedDocument(document, analysed, keywords, _readings(long, analyzer) if long else {})


def _readings(texts: Mapping[str, str], analyzer: Analyzer) -> dict[str, bytes]:
    # Only here, since they load NumPy.
    from search_service.reading import read  # noqa: PLC0415
    from search_service.stored_reading import packed  # noqa: PLC0415

    return {name: packed(read(text, analyzer), text) for name, text in texts.items()}


def _values(document: Document, source: str) -> tuple[str, ...]:
    value = getattr(document, source)
    return value if isinstance(value, tuple) else (value,) if value else ()


class Analysis:
    """Takes documents with :meth:`put` and gives them to ``add`` with their terms, in order.

    A context manager: at its end, all that was put has been added. ``processes``
    is how many may be used, 1 for none but this one, 0 for one per processor.
    This one counts, since reading and writing keep it busy as well.
    """

    def __init__(
        self,
        schema: Schema,
        analyzer: Analyzer,
        add: Callable[[IndexedDocument], None],
        processes: int = 1,
    ) -> None:
        self._schema = schema
        self._analyzer = analyzer
        self._numberer = TextNumberer(analyzer)
        self._add = add
        self._processes = processes or processors()
        self._pool: ProcessPool[_Answer] | None = None
        self._seen = 0
        self._batch: list[Document] = []
        self._batch_size = 0
        self._under_way: deque[tuple[list[Document], Future[_Answer]]] = deque()

    def __enter__(self) -> Analysis:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            if self._pool:
                self._pool.close()
                self._pool = None

    def put(self, document: Document) -> None:
        """Take a document; whatever ``add`` raises may come now or with a later one.

        Raises :class:`~search_service.errors.EngineError` where another process fails.
        """
        size = len(document.title) + len(document.body)
        pool = self._ready_pool(size)
        if pool is None:
            terms = self._numberer.terms
            self._add(indexed_document(document, self._schema, self._analyzer, terms))
            return
        self._batch.append(document)
        self._batch_size += size
        if self._batch_size >= _BATCH:
            self._send(pool)

    def _ready_pool(self, size: int) -> ProcessPool[_Answer] | None:
        """Return other processes if they are ready; start them when there is enough to do."""
        if self._processes < 2:
            return None
        self._seen += size
        if self._pool is None:
            if self._seen >= _ENOUGH:
                others = self._processes - 1
                self._pool = ProcessPool(__name__, work.__name__, others, _Answers)
            return None
        # While they start, and if they cannot, this process goes on by itself.
        return self._pool if self._under_way or self._batch or self._pool.ready else None

    def _send(self, pool: ProcessPool[_Answer]) -> None:
        self._under_way.append((self._batch, pool.submit(_request(self._schema, self._batch))))
        self._batch, self._batch_size = [], 0
        # The words that this process met before the others were ready take memory for nothing.
        self._numberer = TextNumberer(self._analyzer)
        if len(self._under_way) > 2 * self._processes:
            self._take()

    def _take(self) -> None:
        documents, answer = self._under_way.popleft()
        for document in _unpacked(documents, answer.result(), self._schema):
            self._add(document)

    def _finish(self) -> None:
        if self._batch and self._pool:
            self._send(self._pool)
        while self._under_way:
            self._take()


def _request(schema: Schema, documents: Sequence[Document]) -> bytes:
    return pickle.dumps((schema, [_searched(document) for document in documents]))


def _searched(document: Document) -> dict[str, Any]:
    """Return what is searched of a document; its metadata may hold what cannot be sent."""
    parts = {name: getattr(document, name) for name in _SENT}
    source = document.metadata.get("source")
    return {**parts, "metadata": {"source": source}} if isinstance(source, str) else parts


class _Answer(NamedTuple):
    """Per document of a batch: the numbers of its texts' words in ``words``, keywords, readings."""

    words: WordTable
    parts: Sequence[tuple[Sequence[bytes], Mapping[str, tuple[str, ...]], Mapping[str, bytes]]]


class _Answers:
    """Takes the answers of one process, and keeps the table of words that it has sent."""

    def __init__(self) -> None:
        self._words = WordTable()

    def __call__(self, answer: bytes) -> _Answer:
        begin, packed, parts = pickle.loads(answer)  # noqa: S301 - from a process of ours
        if not begin:
            # The one before stays with the texts that it belongs to.
            self._words = WordTable()
        self._words.extend(packed)
        return _Answer(self._words, parts)


def _unpacked(
    documents: Sequence[Document], answer: _Answer, schema: Schema
) -> Sequence[IndexedDocument]:
    words, parts = answer
    names = [field.name for field in schema.of_kind(FieldKind.TEXT)]
    return [
        IndexedDocument(
            document,
            {n: NumberedTerms(words, array("i", t)) for n, t in zip(names, texts, strict=True)},
            keywords,
            readings,
        )
        for document, (texts, keywords, readings) in zip(documents, parts, strict=True)
    ]


def work() -> None:
    """Analyse batches until there are no more: what another process does."""
    analyzer = Analyzer(_WORDS)
    numberer = TextNumberer(analyzer, bounded=False)

    def answer(request: bytes) -> bytes:
        schema, sent = pickle.loads(request)  # noqa: S301 - from the process that started this
        words = numberer.table()
        begin = len(words)
        found = []
        for parts in sent:
            indexed = indexed_document(Document(**parts), schema, analyzer, numberer.terms)
            texts = [terms.numbers.tobytes() for terms in _numbered(indexed)]
            found.append((texts, indexed.keywords, indexed.readings))
        return pickle.dumps((begin, words.packed(begin), found))

    serve(answer)


def _numbered(indexed: IndexedDocument) -> Iterator[NumberedTerms]:
    return (terms for terms in indexed.terms.values() if isinstance(terms, NumberedTerms))
