"""Stems of words in Latin letters, by Snowball's English stemmer."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

__all__ = ["english_stem"]

_local = threading.local()


@functools.lru_cache(maxsize=65536)
def english_stem(folded: str) -> str:
    """Return the Snowball English stem of a folded Latin word, never empty.

    >>> english_stem("soldiers")
    'soldier'
    """
    # One stemmer a thread: PyStemmer's objects keep a cache and must not be shared.
    stem = getattr(_local, "stem", None)
    if stem is None:
        stem = _local.stem = _make_stemmer()
    stemmed: str = stem(folded)
    return stemmed or folded


def _make_stemmer() -> Callable[[str], str]:
    stem: Callable[[str], str]
    try:
        from Stemmer import Stemmer

        stem = Stemmer("english").stemWord
    except ImportError:  # no wheel and no compiler: the same algorithm in Python
        import snowballstemmer

        stem = snowballstemmer.stemmer("english").stemWord
    return stem
