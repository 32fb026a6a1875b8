"""Documents to indexed documents, in order: in this process, or for much text in several.

Text goes to the other processes in batches (``batches``). Only a few are under
way at a time: who reads faster than is analysed has to wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.joining import TextJoiner
from search_service.analysis.numbering import TextNumberer
from search_service.batches import Answer, Answers, indexed_document, request, work
from search_service.engines.port import IndexedDocument, TierTerms
from search_service.processes import ProcessPool, processors
from search_service.schema import Document, Schema

__all__ = ["Analysis"]

# In code points. Who has put so much is likely to put more; to start a process takes as long as to
# analyse three times as much, and this one goes on meanwhile.
_ENOUGH = 300_000
_BATCH = 150_000

# Words that this process remembers, those that queries ask for not counted.
_WORDS = 1 << 18


class Analysis:
    """Takes documents with :meth:`put` and gives them to ``add`` with their terms, in order.

    A context manager: at its end, all that was put has been added. ``processes``
    is how many may be used, 1 for none but this one, 0 for one per processor.
    This one counts, since reading and writing keep it busy as well. ``joins`` is
    that of the :class:`~search_service.engines.port.Writer` that they are added to.
    """

    def __init__(
        self,
        schema: Schema,
        analyzer: Analyzer,
        add: Callable[[IndexedDocument], None],
        processes: int = 1,
        *,
        joins: bool = False,
    ) -> None:
        self._schema = schema
        self._analyzer = analyzer
        self._joins = joins
        self._add = add
        self._processes = processes or processors()
        self._terms = self._new_terms()
        self._pool: ProcessPool[Answer] | None = None
        self._seen = 0
        self._batch: list[Document] = []
        self._batch_size = 0
        self._under_way: deque[tuple[list[Document], Future[Answer]]] = deque()

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
            self._add(indexed_document(document, self._schema, self._analyzer, self._terms))
            return
        self._batch.append(document)
        self._batch_size += size
        if self._batch_size >= _BATCH:
            self._send(pool)

    def _new_terms(self) -> Callable[[str], TierTerms]:
        # Where other processes are going to do the work, the words of the beginning are forgotten.
        analyzer = self._analyzer if self._processes < 2 else Analyzer()
        if self._joins:
            return TextJoiner(analyzer, _WORDS).terms
        return TextNumberer(analyzer).terms

    def _ready_pool(self, size: int) -> ProcessPool[Answer] | None:
        """Return other processes if they are ready; start them when there is enough to do."""
        if self._processes < 2:
            return None
        self._seen += size
        if self._pool is None:
            if self._seen >= _ENOUGH:
                others = self._processes - 1
                self._pool = ProcessPool(work.__module__, work.__name__, others, Answers)
            return None
        # While they start, and if they cannot, this process goes on by itself.
        return self._pool if self._under_way or self._batch or self._pool.ready else None

    def _send(self, pool: ProcessPool[Answer]) -> None:
        asked = request(self._schema, self._batch, joins=self._joins)
        self._under_way.append((self._batch, pool.submit(asked)))
        self._batch, self._batch_size = [], 0
        # The words that this process met before the others were ready take memory for nothing.
        self._terms = self._new_terms()
        if len(self._under_way) > 2 * self._processes:
            self._take()

    def _take(self) -> None:
        documents, answer = self._under_way.popleft()
        for document in answer.result().indexed(documents, self._schema):
            self._add(document)

    def _finish(self) -> None:
        if self._batch and self._pool:
            self._send(self._pool)
        while self._under_way:
            self._take()
