"""The words of a document in the tantivy fields that they go to (``tantivy_fields`` says why)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from tantivy import Document, PreTokenizedString, Token

from search_service.engines.port import IndexedDocument
from search_service.engines.tantivy_fields import ELSEWHERE, FILLER, Layout, storable
from search_service.schema import Tier
from search_service.terms import joined

__all__ = ["Join", "SharedTerms", "add_texts", "taken"]

#: Makes one text of a tier's terms.
Join: TypeAlias = Callable[[Mapping[Tier, Sequence[str]], Tier], str]

# Of terms times letters: from here on, all terms are looked at once.
_MUCH = 1_000_000

_OTHER = f"{ELSEWHERE} "

# No phrase reaches from one field into the next: none may have more than 1000 words between.
_GAP = PreTokenizedString(FILLER, [Token(FILLER, 1000, 0, 1)])


def taken(terms: Mapping[Tier, Sequence[str]], tier: Tier) -> str:
    """Return the terms of a tier, coded, as one text that tantivy can take.

    Raises ``ValueError`` later, when it is added, for a lone surrogate in it.
    """
    text = joined(terms, tier)
    return storable(text) if FILLER in text else text


def add_texts(content: Document, document: IndexedDocument, layout: Layout, join: Join) -> None:
    """Add the terms of ``document`` to ``content``, and how many there are."""
    shared = SharedTerms()
    for tier, everywhere, own in layout.tiers:
        texts = [join(document.terms[name], tier) for name in layout.texts]
        if tier is Tier.EXACT:
            for length, text in zip(layout.lengths, texts, strict=True):
                content.add_unsigned(length, text.count(" ") + 1 if text else 0)
        if len(texts) > 1:
            _add_all(content, everywhere, tier, texts)
        if layout.pair:
            texts[1] = shared.text(tier, *texts)
        for name, text in zip(own, texts, strict=True):
            if text:
                content.add_text(name, text)


def _add_all(content: Document, field: str, tier: Tier, texts: Sequence[str]) -> None:
    # The long text first: numbers of places stay small. Every document has as many gaps, so that
    # they are no part of what makes one longer than another.
    gap = False
    for text in reversed(texts):
        if gap:
            content.add_pre_tokenized_text(field, _GAP)
        if text:
            content.add_text(field, text)
        gap = tier is not Tier.ROOT


class SharedTerms:
    """Finds the terms that the long text of one document shares with the short one.

    To be asked for each tier in turn, for :attr:`Tier.EXACT` first: what is shared
    as it is written is shared in every tier, and need not be looked for again.
    """

    def __init__(self) -> None:
        self._exact: Sequence[str] = ()
        self._written: Collection[str] = ()

    def text(self, tier: Tier, short: str, long: str) -> str:
        """Return the shared terms of a tier, at their places where a phrase may ask for these."""
        terms = short.split(" ") if short else []
        if tier is Tier.EXACT:
            self._exact = terms
            self._written = shared = _shared(terms, long, ())
        else:
            pairs = zip(self._exact, terms, strict=True)
            shared = _shared(terms, long, {term for exact, term in pairs if exact in self._written})
        # No phrase asks for the places of roots, nor of what cannot be a part of one in both texts.
        if tier is Tier.ROOT or not shared or (len(shared) == 1 and terms.count(shared[0]) == 1):
            return " ".join(shared)
        return _at_places(sorted(_places(shared, long)))


def _shared(terms: Sequence[str], long: str, known: Collection[str]) -> list[str]:
    """Return those of some terms that stand in a text, each once; of ``known`` ones this is known.

    >>> _shared(["سريع", "قطار", "سريع"], "وصل قطار جديد", ())
    ['قطار']
    """
    wanted = dict.fromkeys(terms)
    if len(wanted) * len(long) > _MUCH:
        return list(wanted.keys() & set(long.split(" ")))
    # Looking for a few terms is quicker than taking a text apart. Most are not there, and hardly
    # one of those within a longer word either.
    there = [term for term in wanted if term in known or term in long]
    spaced = f" {long} " if len(there) > len(known) else ""
    return [term for term in there if term in known or f" {term} " in spaced]


def _at_places(terms: Iterable[tuple[int, str]]) -> str:
    """Return a text with terms at their places, which rise, and ``ELSEWHERE`` at all others.

    >>> _at_places([(1, "قطار"), (3, "سريع")]).split(" ") == [ELSEWHERE, "قطار", ELSEWHERE, "سريع"]
    True
    """
    parts, last = [], -1
    for at, term in terms:
        parts.append(_OTHER * (at - last - 1) + term)
        last = at
    return " ".join(parts)


def _places(terms: Sequence[str], long: str) -> Iterator[tuple[int, str]]:
    """Yield each place of each of the terms in a text, with the term."""
    if len(terms) * len(long) > _MUCH:
        wanted = frozenset(terms)
        yield from ((at, term) for at, term in enumerate(long.split(" ")) if term in wanted)
        return
    spaced = f" {long} "
    for term in terms:
        needle = f" {term} "
        place = before = 0
        while (at := spaced.find(needle, before)) >= 0:
            place += spaced.count(" ", before, at)
            yield place, term
            before, place = at + 1, place + 1
