"""The terms of texts in the two ways in which engines take them fastest.

A plain sequence of terms per tier names every word four times over. As numbers
of words, with each distinct word's terms once, they are smaller and are inverted
without a look at the single word. As one text per tier they are what an engine
that splits texts itself asks for, in codes of one byte per letter; other processes can make it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, pairwise
from operator import itemgetter

from search_service.coding import coded, decoded
from search_service.schema import Tier

__all__ = ["JoinedTerms", "NumberedTerms", "WordTable", "beside", "joined"]

_COLUMNS = {tier: number for number, tier in enumerate(Tier)}


class WordTable:
    """Words by number, from 0 on; it grows at its end, and what is in it stays.

    ``columns`` holds the words' terms, one list per tier in the order of tiers.
    """

    def __init__(self) -> None:
        self.columns: tuple[list[str], ...] = tuple([] for _ in Tier)

    def __len__(self) -> int:
        return len(self.columns[0])

    def add(self, terms: Sequence[str]) -> int:
        """Add a word with its term in each tier; return its number."""
        for column, term in zip(self.columns, terms, strict=True):
            column.append(term)
        return len(self.columns[0]) - 1

    def packed(self, begin: int) -> str:
        """Return the words from number ``begin`` on as one text, for :meth:`extend` elsewhere.

        One line per word and tier, empty where the term is that of the tier before.
        """
        columns = [column[begin:] for column in self.columns]
        lines = columns[:1]
        for before, column in pairwise(columns):
            lines.append([t if t != b else "" for b, t in zip(before, column, strict=True)])
        # No term holds a line break.
        return "\n".join(chain.from_iterable(lines))

    def extend(self, packed: str) -> None:
        """Add the words that :meth:`packed` gave, one string for terms that are equal."""
        lines = packed.split("\n") if packed else []
        count = len(lines) // len(self.columns)
        before: list[str] = []
        for number, column in enumerate(self.columns):
            part = lines[number * count : (number + 1) * count]
            before = [t or b for t, b in zip(part, before, strict=True)] if number else part
            column.extend(before)


class NumberedTerms(Mapping[Tier, Sequence[str]]):
    """The terms of one text per tier, made when they are asked for.

    ``numbers`` are those of its words in ``words``, in order.
    """

    __slots__ = ("numbers", "words")

    def __init__(self, words: WordTable, numbers: array[int]) -> None:
        self.words = words
        self.numbers = numbers

    def __getitem__(self, tier: Tier) -> tuple[str, ...]:
        column = self.words.columns[_COLUMNS[tier]]
        if len(self.numbers) < 2:
            return tuple([column[number] for number in self.numbers])
        terms: tuple[str, ...] = itemgetter(*self.numbers)(column)
        return terms

    def __iter__(self) -> Iterator[Tier]:
        return iter(Tier)

    def __len__(self) -> int:
        return len(_COLUMNS)


class JoinedTerms(Mapping[Tier, Sequence[str]]):
    """The terms of one text per tier, kept as one text for each tier, with spaces between them.

    ``texts`` are in the order of tiers and :func:`~search_service.coding.coded`.

    >>> texts = ("وصلت القطارات", "وصلت القطارات", "وصل قطار", "وصل قطر")
    >>> JoinedTerms([coded(text) for text in texts])[Tier.STEM]
    ('وصل', 'قطار')
    """

    __slots__ = ("texts",)

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    def __getitem__(self, tier: Tier) -> tuple[str, ...]:
        text = decoded(self.texts[_COLUMNS[tier]])
        return tuple(text.split(" ")) if text else ()

    def __iter__(self) -> Iterator[Tier]:
        return iter(Tier)

    def __len__(self) -> int:
        return len(_COLUMNS)


def joined(terms: Mapping[Tier, Sequence[str]], tier: Tier) -> str:
    """Return the terms of a tier, coded, with spaces between them; no term has one.

    >>> decoded(joined({Tier.STEM: ("وصل", "قطار")}, Tier.STEM))
    'وصل قطار'
    """
    if isinstance(terms, JoinedTerms):
        return terms.texts[_COLUMNS[tier]]
    return coded(" ".join(terms[tier]))


def beside(
    terms: Mapping[Tier, Sequence[str]], tier: Tier, wanted: AbstractSet[str], other: Tier
) -> Iterator[tuple[str, str]]:
    """Yield each ``wanted`` term of ``tier`` wherever it stands, with the term of ``other`` there.

    >>> stems = {Tier.STEM: ("وصل", "قطار"), Tier.EXACT: ("وصلت", "القطارات")}
    >>> list(beside(stems, Tier.STEM, {"قطار"}, Tier.EXACT))
    [('قطار', 'القطارات')]
    """
    if isinstance(terms, JoinedTerms):
        # Decoding what is asked for takes less than decoding the texts.
        names = {coded(term): term for term in wanted}
        texts = (terms.texts[_COLUMNS[each]].split(" ") for each in (tier, other))
        pairs = zip(*texts, strict=True)
        yield from ((names[one], decoded(two)) for one, two in pairs if one in names)
    else:
        pairs = zip(terms[tier], terms[other], strict=True)
        yield from (pair for pair in pairs if pair[0] in wanted)
