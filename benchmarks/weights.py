"""Choosing the ranking weights on some collections, and checking them on others.

    python benchmarks/weights.py --choose FOLDER [FOLDER] --check FOLDER

Every FOLDER is a test collection (corpus.jsonl, queries.jsonl, qrels.tsv).
The weights begin at plain values, which favour no part of the score. Then one
weight after the other takes the value of its row in ``GRID`` that gives the
highest mean nDCG@10 over the ``--choose`` collections, until a whole round
changes nothing. The ``--check`` collections are measured once before and once
after: no choice depends on them.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from search_service import ranking
from search_service.evaluation import Collection, means, measure, read_collection
from search_service.schema import Tier
from search_service.service import SearchService

Weights: TypeAlias = Mapping[str, float]
Measured: TypeAlias = tuple[Collection, str]  # and the folder of its index

#: The values that are tried for each weight. Only proportions matter, so the stem's stays at .5.
#: BM25's b stays too: collections of short passages say little of how to treat long documents.
GRID: Mapping[str, Sequence[float]] = {
    "root": (0.1, 0.2, 0.3, 0.4, 0.5),
    "folded": (0.1, 0.2, 0.3, 0.4, 0.5),
    "exact": (0.0, 0.02, 0.05, 0.1, 0.2),
    "title": (0.0, 0.1, 0.2, 0.3, 0.4),
    "likeness": (0.0, 0.2, 0.4, 0.6),
    "closeness": (0.0, 0.05, 0.1, 0.2, 0.3),
    "variant": (0.25, 0.5, 0.75),
    "particle": (0.2, 0.4, 0.6),
    "k1": (0.6, 0.8, 1.0, 1.2),
}
START: Weights = {
    "root": 0.5,
    "folded": 0.5,
    "exact": 0.0,
    "title": 0.0,
    "likeness": 0.0,
    "closeness": 0.0,
    "variant": 0.5,
    "particle": 0.4,
    "k1": 1.2,
}
# A change that gains less than this is chance; so a weight stays where it was.
_LEAST_GAIN = 0.0003


def main() -> None:
    """Read the command line, choose, check, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--choose", type=Path, nargs="+", required=True, metavar="FOLDER")
    parser.add_argument("--check", type=Path, nargs="*", default=[], metavar="FOLDER")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        choose, check = (
            [_indexed(stack, folder) for folder in folders]
            for folders in (options.choose, options.check)
        )
        _report("at the start", START, [*choose, *check])
        found = climb(START, lambda weights: _mean(weights, choose))
        _report("chosen", found, [*choose, *check])


def climb(start: Weights, worth: Callable[[Weights], float]) -> Weights:
    """Return the weights after which no single change of a whole round is ``worth`` more."""
    best, most = start, worth(start)
    while True:
        before = best
        for name, values in GRID.items():
            tried = {value: worth({**best, name: value}) for value in values if value != best[name]}
            value = max(tried, key=tried.__getitem__)
            if tried[value] > most + _LEAST_GAIN:
                best, most = {**best, name: value}, tried[value]
                print(f"{name} = {value:g}: {most:.4f}", file=sys.stderr)
        if best == before:
            return best


def _indexed(stack: contextlib.ExitStack, folder: Path) -> Measured:
    collection = read_collection(folder)
    index = stack.enter_context(tempfile.TemporaryDirectory())
    with SearchService.open(index) as service:
        service.index(collection.documents)
    return collection, index


def _mean(weights: Weights, collections: Sequence[Measured]) -> float:
    return sum(_ndcg(weights, *one) for one in collections) / len(collections)


def _ndcg(weights: Weights, collection: Collection, index: str) -> float:
    _use(weights)
    # Opened anew: an engine remembers parts of scores that were made with other parameters.
    with SearchService.open(index) as service:
        run = {
            query: tuple((hit.id, hit.score) for hit in service.search(text, highlight=False))
            for query, text in collection.queries.items()
        }
    return means(measure(collection.judgements, run))["ndcg@10"]


def _use(weights: Weights) -> None:
    """Put weights in place of those in the package."""
    for tier in (Tier.EXACT, Tier.FOLDED, Tier.ROOT):
        ranking.TIER_WEIGHTS[tier] = weights[tier.value]
    ranking.TITLE_WEIGHTS[Tier.STEM] = weights["title"]
    ranking.K1 = weights["k1"]
    ranking.CLOSENESS_WEIGHT = weights["closeness"]
    ranking.LIKENESS_WEIGHT = weights["likeness"]
    ranking.NAME_WEIGHTS.update(spelling=weights["variant"], particle=weights["particle"])


def _report(what: str, weights: Weights, collections: Sequence[Measured]) -> None:
    scores = (f"{one[0].folder.name} {_ndcg(weights, *one):.4f}" for one in collections)
    print(f"{what}: {', '.join(scores)}; {dict(weights)}")


if __name__ == "__main__":
    main()
