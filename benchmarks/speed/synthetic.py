"""Passages for whoever has no collection: pieces of the sample documents, and invented words.

The pieces give common words and what stands beside what; the invented words
give a vocabulary that grows with the collection, as in real ones, where every
second word stands in one document only. Figures measured on it compare
contestants with each other, not with figures on real text.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate, count
from pathlib import Path

from passages import Passage

__all__ = ["synthetic_passages"]

_SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"

# Of a hundred words, how many are invented, and from how many they are drawn.
_INVENTED = 20
_VOCABULARY = 50_000

_WORDS = 160


def synthetic_passages(seed: int = 1) -> Iterator[Passage]:
    """Yield passages without end, the same ones for the same ``seed``."""
    draw = random.Random(seed)
    texts = [path.read_text(encoding="utf-8").split() for path in sorted(_SEEDS.glob("*/*.md"))]
    words = [_invented(draw) for _ in range(_VOCABULARY)]
    # Zipf's law: the word of rank n is drawn as often as 1 / n.
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in count():
        text = _piece(draw, texts)
        for place in draw.sample(range(len(text)), len(text) * _INVENTED // 100):
            text[place] = draw.choices(words, cum_weights=weights)[0]
        yield Passage(str(number), " ".join(text[:5]), " ".join(text[5:]))


def _piece(draw: random.Random, texts: list[list[str]]) -> list[str]:
    """Return stretches of five to fifteen words from anywhere, one after the other."""
    words: list[str] = []
    while len(words) < _WORDS:
        text = draw.choice(texts)
        length = draw.randint(5, 15)
        start = draw.randrange(max(1, len(text) - length))
        words += text[start : start + length]
    return words


def _invented(draw: random.Random) -> str:
    return "".join(draw.choices(_LETTERS, k=draw.randint(3, 7)))
