"""Texts to numbers of words, for indexing: each distinct word is analysed and named once."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.tokenizer import WORD
from search_service.terms import NumberedTerms, WordTable

__all__ = ["TextNumberer"]

# With more words than this a new table is begun: texts have new words without end.
_WORDS = 1 << 16

# Longer ones are no words but files without spaces.
_REMEMBERED = 256


class TextNumberer:
    """Gives texts as :class:`~search_service.terms.NumberedTerms`; for one thread.

    When a table of words has become large, it begins a new one; with ``bounded``
    false, only when :meth:`table` is asked for.

    >>> numbered = TextNumberer(Analyzer()).terms("كتاب وكتاب كتاب")
    >>> list(numbered.numbers)
    [0, 1, 0]
    """

    def __init__(self, analyzer: Analyzer, *, bounded: bool = True) -> None:
        self._analyzer = analyzer
        self._bounded = bounded
        self._numbers = _Numbers(analyzer)

    def table(self) -> WordTable:
        """Return the table that the next text goes to, a new one if the last is large."""
        if len(self._numbers.words) >= _WORDS:
            self._numbers = _Numbers(self._analyzer)
        return self._numbers.words

    def terms(self, text: str) -> NumberedTerms:
        """Return what :meth:`Analyzer.terms` does, as numbers of words."""
        if self._bounded:
            self.table()
        known = self._numbers
        numbers = array("i", map(known.__getitem__, WORD.findall(text)))
        if known.several and min(numbers, default=0) < 0:
            numbers = array("i", known.spread(numbers))
        return NumberedTerms(known.words, numbers)


class _Numbers(dict[str, int]):
    """Word as written -> its number in the table, filled on demand.

    What is not exactly one word (a sign that stands for several, a lone mark)
    has a number below 0: ``several[-number - 1]`` are the numbers of its words.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self.words = WordTable()
        self.several: list[tuple[int, ...]] = []
        self._analyzer = analyzer

    def __missing__(self, written: str) -> int:
        numbers = tuple(map(self.words.add, self._analyzer.forms(written)))
        if len(numbers) == 1:
            number = numbers[0]
        else:
            self.several.append(numbers)
            number = -len(self.several)
        if len(written) <= _REMEMBERED:
            self[written] = number
        return number

    def spread(self, numbers: array[int]) -> Iterator[int]:
        """Yield the numbers with those below 0 replaced by what they stand for."""
        for number in numbers:
            if number < 0:
                yield from self.several[-number - 1]
            else:
                yield number
