"""A bounded memory of what was looked up, for look-ups that many searches make again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Remembered"]

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Remembers values up to a limit; then what was not asked for lately is forgotten.

    ``size`` tells how much a value counts; all that is held stays below ``limit``
    and one value more. There are two dictionaries, which costs less than
    keeping book of every use: when the newer one is half of the limit, it
    becomes the older one, and what is asked for again comes forward.

    Used by several threads: one may lose another's entry, which costs time, no more.
    """

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self._half = limit // 2
        self._size = size
        self._held = 0
        self._newer: dict[Key, Value] = {}
        self._older: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """Return what was remembered under a key, ``None`` if nothing is."""
        found = self._newer.get(key)
        if found is None:
            found = self._older.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Key, value: Value) -> None:
        """Remember a value."""
        if self._held >= self._half:
            self._older, self._newer, self._held = self._newer, {}, 0
        self._newer[key] = value
        self._held += self._size(value)
