"""Words with what was made of them, as many as there is room for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

__all__ = ["Remembered"]

V = TypeVar("V")

# Longer ones are no words but files without spaces.
_LONGEST = 256


class Remembered(dict[str, V]):
    """Word -> what ``make`` made of it; when it is full, words not asked for lately go.

    ``words`` of them are kept at hand, up to twice as many in all.

    A dictionary with ``__missing__`` costs one look-up per known word, which
    no bookkeeping of recent use would. Instead there are two of them: a full
    one steps back, and what is asked for again comes forward.
    """

    def __init__(self, make: Callable[[str], V], words: int) -> None:
        super().__init__()
        self._make = make
        self._words = words
        self._older: dict[str, V] = {}

    def __missing__(self, word: str) -> V:
        if len(self) >= self._words:
            self._older = dict(self)
            self.clear()
        made = self._older.get(word)
        if made is None:
            made = self._make(word)
        if len(word) <= _LONGEST:
            self[self.key(word, made)] = made
        return made

    def key(self, word: str, made: V) -> str:
        """Return ``word`` or an equal string that is part of what was made, to keep one copy."""
        return word
