"""Measuring how well the service ranks, on collections whose relevant documents are known.

A collection is a folder as BEIR distributes them (Thakur et al. 2021):
documents, queries, and judgements of which document answers which query.

    collection = read_collection(folder)
    with indexed(collection) as service:
        evaluation = evaluate(collection, service)
"""

from __future__ import annotations

from search_service.evaluation.collection import Collection, read_collection
from search_service.evaluation.comparing import (
    METRIC,
    Comparison,
    Difference,
    Standing,
    Terms,
    compare,
    explain,
)
from search_service.evaluation.measuring import Evaluation, evaluate, indexed
from search_service.evaluation.metrics import METRICS, means, measure, require_measures
from search_service.evaluation.runs import Run, read_run, write_run

__all__ = [
    "METRIC",
    "METRICS",
    "Collection",
    "Comparison",
    "Difference",
    "Evaluation",
    "Run",
    "Standing",
    "Terms",
    "compare",
    "evaluate",
    "explain",
    "indexed",
    "means",
    "measure",
    "read_collection",
    "read_run",
    "require_measures",
    "write_run",
]
