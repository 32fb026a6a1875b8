"""Memory that is free, but held by the C library: given back while much is written."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

__all__ = ["give_back"]


def give_back() -> None:
    """Give freed memory back to the system, where the C library is one that can (glibc).

    Texts are made in one thread and freed in one of tantivy's. What is freed
    so stays in pieces between others, and a process grows though it holds no more.
    """
    trim = _trim()
    if trim:
        trim(0)


@cache
def _trim() -> Callable[[int], object] | None:
    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # another C library; on Windows there is no None
        return None
    return trim
