"""Words with what was made of them, as many as there is room for."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["RememberedForms"]

# Longer ones are no words but files without spaces.
_LONGEST = 256


class RememberedForms(dict[str, tuple[str, ...]]):
    """Word -> forms, filled on demand; when it is full, words not asked for lately go.

    ``words`` of about 300 bytes are kept at hand, up to twice as many in all.

    The value is mostly the forms of one word. What is not one word, but a sign
    that stands for several or a piece of text, has the forms of one word after
    those of the other.

    A dictionary with ``__missing__`` costs one look-up per known word, which
    no bookkeeping of recent use would. Instead there are two of them: a full
    one steps back, and what is asked for again comes forward.
    """

    def __init__(self, make: Callable[[str], tuple[str, ...]], words: int) -> None:
        super().__init__()
        self._make = make
        self._words = words
        self._older: dict[str, tuple[str, ...]] = {}

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= self._words:
            self._older = dict(self)
            self.clear()
        forms = self._older.get(word) or self._make(word)
        if len(word) <= _LONGEST:
            # Most words are their own exact form, of which one copy is enough.
            self[forms[0] if forms and forms[0] == word else word] = forms
        return forms
