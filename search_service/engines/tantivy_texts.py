"""The words of a document in the tantivy fields that they go to (``tantivy_fields`` says why)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import TypeAlias

from tantivy import Document, PreTokenizedString, Token

from search_service.engines.port import IndexedDocument
from search_service.engines.tantivy_fields import APART, FILLER, Layout, storable
from search_service.schema import Tier

__all__ = ["Joined", "add_texts", "joined"]

#: Makes one text of terms.
Joined: TypeAlias = Callable[[Sequence[str]], str]

# tantivy keeps lengths above 40 tokens to one part in eight; below, a title would be felt.
_LONG = 40
_PART = 8

# No phrase reaches from one field into the next: none may have more than 1000 words between.
_GAP = PreTokenizedString(FILLER, [Token(FILLER, 1000, 0, 1)])


def joined(terms: Sequence[str]) -> str:
    """Return terms as one text that tantivy can take.

    Raises ``ValueError`` later, when it is added, for a lone surrogate in it.
    """
    text = " ".join(terms)
    return storable(text) if FILLER in text else text


def add_texts(content: Document, document: IndexedDocument, layout: Layout, join: Joined) -> None:
    """Add the terms of ``document`` to ``content``, and how many there are."""
    # The terms of a tier are looked up anew whenever they are asked for.
    terms = {name: document.terms[name][Tier.EXACT] for name in layout.texts}
    for name, each in terms.items():
        content.add_unsigned(layout.length(name), len(each))
    apart = not (layout.pair and _are_short_and_long(*map(len, terms.values())))
    if apart:
        content.add_text(APART, APART)
    for tier in Tier:
        if tier is not Tier.EXACT:
            terms = {name: document.terms[name][tier] for name in layout.texts}
        texts = [join(each) for each in terms.values()]
        if len(texts) > 1:
            _add_all(content, layout.all_texts(tier), tier, reversed(texts))
        if layout.pair:
            short, long = terms.values()
            shared = _shared(short, long, join)
            if shared:
                content.add_text(layout.shared(tier), " ".join(shared.values()))
            if not apart:
                texts[1] = " ".join(map(shared.get, long, repeat(FILLER)))
        _add_each(content, layout, tier, texts)


def _add_each(content: Document, layout: Layout, tier: Tier, texts: Iterable[str]) -> None:
    for name, text in zip(layout.texts, texts, strict=True):
        if text:
            content.add_text(layout.text((name,), tier) or "", text)


def _are_short_and_long(short: int, long: int) -> bool:
    return long >= _LONG and short * _PART <= long


def _add_all(content: Document, field: str, tier: Tier, texts: Iterable[str]) -> None:
    # The long text first: numbers of places stay small. Every document has as many gaps, so that
    # they are no part of what makes one longer than another.
    for number, text in enumerate(texts):
        if number and tier is not Tier.ROOT:
            content.add_pre_tokenized_text(field, _GAP)
        if text:
            content.add_text(field, text)


def _shared(short: Sequence[str], long: Sequence[str], join: Joined) -> dict[str, str]:
    """Return the terms that two fields share, and how they are stored."""
    return {term: join((term,)) for term in set(short).intersection(long)}
