"""What puts matching documents in a better order without finding any more of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

from search_service import ranking
from search_service.analysis.token import Forms
from search_service.query import resolved as r
from search_service.query.resolver import Resolution, Words
from search_service.schema import Tier

__all__ = ["Similar", "boosted"]

#: Gives the stems that look like a word's and how alike they are (0 to 1), if the word is rare.
Similar = Callable[[Forms], Sequence[tuple[str, float]]]

# Pairs and look-alikes are for sentences; a pasted page has words enough to be told by.
_MAX_PAIRS = 20
_MAX_LOOKED_UP = 20


def boosted(resolution: Resolution, similar: Similar) -> r.Node:
    """Return the query with more for documents that have its words close together, or words alike.

    Matches what ``resolution.query`` matches, no more and no less.
    """
    extra: tuple[r.Node, ...] = (
        *islice(_pairs(resolution.runs), _MAX_PAIRS),
        *_look_alikes(resolution.runs, similar),
    )
    return r.Bool(should=extra, must=(resolution.query,)) if extra else resolution.query


def _pairs(runs: Sequence[Words]) -> Iterator[r.Phrase]:
    """Yield words that follow each other in the query as phrases of two."""
    for run in runs:
        words = [unit[-1].stem for unit in run.units]
        for one, other in pairwise(words):
            weight = run.weight * ranking.CLOSENESS_WEIGHT
            yield r.Phrase(run.fields, Tier.STEM, ((one,), (other,)), 1, weight)


def _look_alikes(runs: Sequence[Words], similar: Similar) -> Iterator[r.Term]:
    words = ((run, unit[0]) for run in runs for unit in run.units if len(unit) == 1)
    for run, word in islice(words, _MAX_LOOKED_UP):
        for stem, likeness in similar(word):
            weight = run.weight * ranking.LIKENESS_WEIGHT * likeness
            yield r.Term(run.fields, Tier.STEM, stem, round(weight, 6))
