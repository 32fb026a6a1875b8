"""Stems of words in Latin letters, by Snowball's English stemmer."""

from __future__ import annotations

import functools
import threading

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


def _make_stemmer():  # type: ignore[no-untyped-def]  # the two libraries have no types
    try:
        from Stemmer import Stemmer
    except ImportError:  # no wheel and no compiler: the same algorithm in Python
        import snowballstemmer

        return snowballstemmer.stemmer("english").stemWord
    return Stemmer("english").stemWord
