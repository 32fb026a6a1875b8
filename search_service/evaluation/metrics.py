"""Metrics of rankings, computed by ir-measures as trec_eval does.

- nDCG@10 (Järvelin and Kekäläinen 2002), with the score itself as the gain and
  not two to its power: a document judged 2 is worth two that are judged 1.
- The reciprocal rank of the first relevant document, 0 below rank 10.
- Whether the first document is relevant.
- How many of the relevant documents are among the first hundred.

A document is relevant from score 1 on.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from search_service.errors import MissingPackage
from search_service.evaluation.collection import Judgements
from search_service.evaluation.runs import Run

__all__ = ["METRICS", "PerQuery", "means", "measure", "require_measures"]

#: Our name of each metric, and the measure of ir-measures with its cutoff.
METRICS = {
    "ndcg@10": ("nDCG", 10),
    "mrr@10": ("RR", 10),
    "p@1": ("P", 1),
    "recall@100": ("R", 100),
}

#: By metric: query to value.
PerQuery = Mapping[str, Mapping[str, float]]


def require_measures() -> ModuleType:
    """Return ir-measures; raises :class:`~search_service.errors.MissingPackage` without it."""
    try:
        import ir_measures
    except ModuleNotFoundError as error:
        raise MissingPackage(
            f"evaluating needs the package {error.name!r}, which is not installed: "
            "pip install 'search-service[evaluation]'"
        ) from error
    return ir_measures


def measure(judgements: Judgements, run: Run) -> PerQuery:
    """Return every metric of every judged query, 0 where nothing was found."""
    ir_measures = require_measures()
    # Not parsed from "nDCG@10": the parser needs parts of `ast` that Python 3.14 has not.
    names = {getattr(ir_measures, theirs) @ at: name for name, (theirs, at) in METRICS.items()}
    values = {name: dict.fromkeys(judgements, 0.0) for name in METRICS}
    judged = {query: dict(scores) for query, scores in judgements.items()}
    for found in ir_measures.iter_calc(list(names), judged, _by_rank(run, judgements)):
        values[names[found.measure]][found.query_id] = float(found.value)
    return values


def means(values: PerQuery) -> dict[str, float]:
    """Return the mean of each metric over all queries."""
    return {name: sum(each.values()) / len(each) for name, each in values.items()}


def _by_rank(run: Run, judgements: Judgements) -> dict[str, dict[str, int]]:
    """Return scores that fall with every rank: equal ones would be put in an order of their own."""
    return {
        query: {document: -rank for rank, (document, _) in enumerate(hits)}
        for query, hits in run.items()
        if query in judgements and hits
    }
