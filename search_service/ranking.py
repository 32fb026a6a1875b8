"""Scores as pure functions of numbers, and the weights of fields and tiers.

The functions take floats or NumPy arrays alike.

``benchmarks/weights.py`` chose K1 and the weights of tiers, titles, spellings,
particles, closeness and likeness on arcd and fatwa-semeval15, and checked them
on xquad-ar (docs/quality.md). Nothing there tells of synonyms, vowel marks and
patterns: their weights, and B, are set by the reasons given beside them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

from search_service.schema import Tier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Number = TypeVar("Number", float, NDArray[np.float64])

__all__ = [
    "AGREEMENT_WEIGHT",
    "CLOSENESS_WEIGHT",
    "EXPANSION_WEIGHT",
    "K1",
    "LIKENESS_WEIGHT",
    "NAME_WEIGHTS",
    "TIER_WEIGHTS",
    "TITLE_WEIGHTS",
    "B",
    "bm25",
    "idf",
    "length_norm",
    "rounded",
    "saturation",
]

#: Term frequency saturation and length normalisation: Robertson and Zaragoza, "The Probabilistic
#: Relevance Framework" (2009), section 3. A little less weight on repetition than the usual 1.2,
#: because every word is counted in several tiers already. B is the usual one: collections of short
#: passages, which the other weights were chosen on, say little of long documents.
K1 = 0.8
B = 0.75

#: A word as written says more than its family, but the family finds more; the sum ranks best.
#: For the exact tier .05 was chosen; .07 is as good on average and keeps close calls in sight.
TIER_WEIGHTS = {Tier.EXACT: 0.07, Tier.FOLDED: 0.3, Tier.STEM: 0.5, Tier.ROOT: 0.5}

#: Added for a word of the title, which tells more of what a document is about; no exact
#: tier here, so that a title in other spelling is worth the same.
TITLE_WEIGHTS = {Tier.STEM: 0.3}

#: What else is searched for a word, by what makes it one; each weighs less than the word itself.
#: A spelling or name is the same word (أميركي for أمريكي). A synonym of the user's table is near in
#: meaning, not the same, and named for all queries alike: so that what was typed comes first.
#: A particle that may be the name's own first letter (لغوتيريش for غوتيريش) is a guess.
NAME_WEIGHTS = {"spelling": 0.25, "synonym": 0.15, "particle": 0.4}

#: A word typed with vowel marks, in a document that has it with the same ones: as much as its
#: stem once more, so that certain readings come before possible ones. A second word of the query
#: is worth more than twice as much, in all its tiers.
AGREEMENT_WEIGHT = 0.5

#: Each word that a prefix, wildcard or fuzzy word stands for.
EXPANSION_WEIGHT = 0.5

#: Two words of a query that follow each other in a document too, with one word between at most:
#: enough to put the document that says it first, too little to outweigh another word found.
CLOSENESS_WEIGHT = 0.1

#: A word that only looks like a rare word of the query, times how alike they are (0 to 1). It
#: puts documents that match anyway in order: where a word was mistyped, or has a form that no
#: rule knows, one with something like it is the likelier.
LIKENESS_WEIGHT = 0.4


def idf(documents: int, frequency: int) -> float:
    """Return the inverse document frequency of a term, always above 0.

    ``documents`` is the number of documents, ``frequency`` how many have the
    term. Lucene's form of Robertson's and Spärck Jones's weight.
    """
    return math.log1p((documents - frequency + 0.5) / (frequency + 0.5))


def length_norm(length: Number, average: float) -> Number:
    """Return how much a field's length counts in BM25: the frequency at which a term is worth half.

    ``length`` is the field's length in tokens, ``average`` the mean length over all documents.
    """
    return K1 * (1.0 - B + B * length / average)


def saturation(tf: Number, norm: Number) -> Number:
    """Return the term frequency part of BM25, between 0 and 1 (without the factor k1 + 1).

    ``tf`` counts the term in the field, whose :func:`length_norm` is ``norm``. The
    factor k1 + 1 is left out, as in Lucene: it changes no order.
    """
    return tf / (tf + norm)


def bm25(tf: Number, length: Number, average: float) -> Number:
    """Return the :func:`saturation` of a term that stands ``tf`` times in a field.

    ``length`` and ``average`` are those of :func:`length_norm`.
    """
    return saturation(tf, length_norm(length, average))


def rounded(score: float) -> float:
    """Return a score without the digits in which two ways of adding the same parts differ.

    Ties must be ties on every engine and in every order of segments, so that
    the id decides.
    """
    return round(score, 6)
