"""Two runs side by side: which queries went better, which worse, and because of which words."""

from __future__ import annotations

import math
from collections.abc import Collection as Ids
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from search_service.evaluation.collection import Collection
from search_service.evaluation.measuring import DEPTH, Evaluation
from search_service.evaluation.metrics import PerQuery, measure
from search_service.evaluation.runs import Run, rank_of
from search_service.schema import Tier
from search_service.service import SearchService

__all__ = ["METRIC", "Comparison", "Difference", "Standing", "Terms", "compare", "explain"]

#: The metric that decides; it looks at so many first documents.
METRIC, _CUTOFF = "ndcg@10", 10

# Pages that are turned in search of a document that is to be explained.
_MOST_PAGES = 10

#: By tier, strictest first: the terms that matched, and what each added to the score.
Terms = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Standing:
    """The rank of one document, from 1, now and in the earlier run; ``None`` is "not found"."""

    document: str
    rank: int | None
    before: int | None

    def to_json(self) -> dict[str, Any]:
        """Return the standing as a JSON object."""
        return {"document": self.document, "rank": self.rank, "before": self.before}


@dataclass(frozen=True, slots=True)
class Difference:
    """One query that is answered better or worse than before.

    ``first_rank`` and ``first_before`` are the ranks of the first relevant
    document. ``relevant`` is the one that made most of the difference, and
    ``above`` the document right before it in the run that lost (the first one,
    where that run did not find it).
    """

    query: str
    text: str
    value: float
    before: float
    first_rank: int | None
    first_before: int | None
    relevant: Standing
    above: Standing | None

    @property
    def change(self) -> float:
        """What nDCG@10 has gained; negative where it has lost."""
        return self.value - self.before

    def to_json(self) -> dict[str, Any]:
        """Return the difference as a JSON object."""
        return {
            "query": self.query,
            "text": self.text,
            METRIC: {"now": round(self.value, 6), "before": round(self.before, 6)},
            "first_relevant": {"rank": self.first_rank, "before": self.first_before},
            "relevant": self.relevant.to_json(),
            "above": self.above.to_json() if self.above else None,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The queries that were won and lost, greatest differences first, and the earlier metrics."""

    won: tuple[Difference, ...]
    lost: tuple[Difference, ...]
    before: PerQuery


def compare(collection: Collection, evaluation: Evaluation, run: Run) -> Comparison:
    """Compare an evaluation with an earlier run of the same collection, by nDCG@10."""
    before = measure(collection.judgements, run)
    new, old = evaluation.per_query[METRIC], before[METRIC]
    found = [
        _difference(collection, query, (evaluation.run, new[query]), (run, old[query]))
        for query in collection.queries
        if not math.isclose(new[query], old[query], abs_tol=1e-9)
    ]
    found.sort(key=lambda difference: -abs(difference.change))
    return Comparison(
        won=tuple(d for d in found if d.change > 0),
        lost=tuple(d for d in found if d.change < 0),
        before=before,
    )


def explain(service: SearchService, text: str, ids: Ids[str]) -> dict[str, Terms]:
    """Return, for those of the documents that the query finds, the terms that matched."""
    found: dict[str, Terms] = {}
    for page in range(1, _MOST_PAGES + 1):
        hits = service.search(text, size=DEPTH, page=page, highlight=False, explain=True).hits
        found |= {hit.id: _by_tier(hit.explanation or {}) for hit in hits if hit.id in ids}
        if len(hits) < DEPTH or len(found) == len(set(ids)):
            break
    return found


def _difference(
    collection: Collection, query: str, new: tuple[Run, float], old: tuple[Run, float]
) -> Difference:
    (run, value), (run_before, before) = new, old
    winner, loser = (run, run_before) if value > before else (run_before, run)
    relevant = {d: score for d, score in collection.judgements[query].items() if score > 0}

    def gained(document: str) -> float:
        better, worse = rank_of(winner, query, document), rank_of(loser, query, document)
        return relevant[document] * (_discount(better) - _discount(worse))

    def standing(document: str) -> Standing:
        return Standing(
            document, rank_of(run, query, document), rank_of(run_before, query, document)
        )

    decisive = max(relevant, key=gained)
    above = _above(loser, query, decisive)
    return Difference(
        query=query,
        text=collection.queries[query],
        value=value,
        before=before,
        first_rank=_first(run, query, relevant),
        first_before=_first(run_before, query, relevant),
        relevant=standing(decisive),
        above=standing(above) if above is not None else None,
    )


def _discount(rank: int | None) -> float:
    return 1 / math.log2(rank + 1) if rank is not None and rank <= _CUTOFF else 0.0


def _first(run: Run, query: str, relevant: Ids[str]) -> int | None:
    ranks = (
        rank for rank, (document, _) in enumerate(run.get(query, ()), 1) if document in relevant
    )
    return next(ranks, None)


def _above(run: Run, query: str, document: str) -> str | None:
    hits, rank = run.get(query, ()), rank_of(run, query, document)
    if rank is None:
        return hits[0][0] if hits else None
    return hits[rank - 2][0] if rank > 1 else None


def _by_tier(explanation: Mapping[str, float]) -> Terms:
    """Return the parts of an explanation ("fields.tier:term") by tier, the fields added up."""
    tiers: dict[str, dict[str, float]] = {}
    for tier, term, score in _parts(explanation):
        terms = tiers.setdefault(tier, {})
        terms[term] = terms.get(term, 0.0) + score
    return {
        tier.value: dict(sorted(tiers[tier.value].items(), key=lambda part: -part[1]))
        for tier in Tier
        if tier.value in tiers
    }


def _parts(explanation: Mapping[str, float]) -> Iterator[tuple[str, str, float]]:
    for name, score in explanation.items():
        tier, _, term = name.partition(".")[2].partition(":")
        yield tier, term, score
