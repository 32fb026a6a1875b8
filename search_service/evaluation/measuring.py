"""One evaluation: a collection into a temporary index, all its queries through it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from search_service.config import Settings
from search_service.evaluation.collection import Collection
from search_service.evaluation.metrics import PerQuery, means, measure
from search_service.evaluation.runs import Run
from search_service.service import SearchService

__all__ = ["DEPTH", "Evaluation", "evaluate", "indexed"]

#: Hits per query that are looked at, and the size of the page that is asked for.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well the queries of a collection were answered.

    ``empty`` counts queries without any hit, ``per_query`` has the metrics of each.
    """

    engine: str
    documents: int
    ms_per_query: float
    run: Run
    per_query: PerQuery

    @property
    def queries(self) -> int:
        """How many queries were asked."""
        return len(self.run)

    @property
    def empty(self) -> int:
        """How many queries found nothing."""
        return sum(not hits for hits in self.run.values())

    def to_json(self) -> dict[str, Any]:
        """Return the evaluation as a JSON object, without what concerns single queries."""
        return {
            "engine": self.engine,
            "documents": self.documents,
            "queries": self.queries,
            **{name: round(mean, 6) for name, mean in means(self.per_query).items()},
            "empty": self.empty,
            "ms_per_query": round(self.ms_per_query, 3),
        }


@contextmanager
def indexed(
    collection: Collection, *, engine: str | None = None, settings: Settings | None = None
) -> Iterator[SearchService]:
    """Index the documents in a temporary folder, which is gone at the end of the block."""
    with (
        tempfile.TemporaryDirectory(prefix="search-service-") as folder,
        SearchService.open(folder, engine=engine, settings=settings) as service,
    ):
        service.index(collection.documents)
        yield service


def evaluate(collection: Collection, service: SearchService) -> Evaluation:
    """Search for every judged query and measure what comes back.

    Raises :class:`~search_service.errors.MissingPackage` without ir-measures.
    """
    stats = service.stats()
    run: dict[str, tuple[tuple[str, float], ...]] = {}
    seconds = 0.0
    for query, text in collection.queries.items():
        started = time.perf_counter()
        hits = service.search(text, size=DEPTH, highlight=False).hits
        seconds += time.perf_counter() - started
        run[query] = tuple((hit.id, hit.score) for hit in hits)
    return Evaluation(
        engine=stats.engine,
        documents=stats.documents,
        ms_per_query=1000 * seconds / len(run),
        run=run,
        per_query=measure(collection.judgements, run),
    )
