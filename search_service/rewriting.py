"""One run of making an index anew from the documents that it holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from search_service.analysing import Analysis
from search_service.analysis.analyzer import Analyzer
from search_service.engines.port import Writer
from search_service.generations import disk_errors
from search_service.indexing import Progress
from search_service.results import IndexReport
from search_service.schema import Document, Schema

__all__ = ["rewrite"]

# Documents between two calls of ``progress``.
_STEP = 1000


def rewrite(
    documents: Iterable[Document],
    analysis: tuple[Schema, Analyzer, int],
    writer: Writer,
    progress: Callable[[Progress], None] | None = None,
) -> IndexReport:
    """Write documents with the terms of today; the caller commits.

    ``analysis`` is by which schema, which analyzer and how many processes
    (see :class:`~search_service.analysing.Analysis`). ``progress`` is told of
    documents alone, since no file is read.
    """
    started = time.perf_counter()
    schema, analyzer, processes = analysis
    count = 0
    analyses = Analysis(schema, analyzer, writer.add, processes, joins=writer.joins)
    with disk_errors(), analyses as run:
        for document in documents:
            if progress and count % _STEP == 0:
                progress(Progress(0, 0, count, ""))
            run.put(document)
            count += 1
    if progress:
        progress(Progress(0, 0, count, ""))
    seconds = round(time.perf_counter() - started, 3)
    return IndexReport(0, count, 0, 0, count, seconds)
