"""The words of a document in the tantivy fields that they go to (``tantivy_fields`` says why)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from tantivy import Document, PreTokenizedString, Token

from search_service.engines.port import IndexedDocument
from search_service.engines.tantivy_fields import FILLER, Layout, storable
from search_service.schema import Tier

__all__ = ["Joined", "add_texts", "joined"]

#: Makes one text of terms.
Joined: TypeAlias = Callable[[Sequence[str]], str]

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
    for tier in Tier:
        # The terms of a tier are made anew whenever they are asked for.
        terms = {name: document.terms[name][tier] for name in layout.texts}
        if tier is Tier.EXACT:
            for name, each in terms.items():
                content.add_unsigned(layout.length(name), len(each))
        texts = {name: join(each) for name, each in terms.items()}
        if len(texts) > 1:
            _add_all(content, layout.all_texts(tier), tier, [*texts.values()][::-1])
        if layout.pair:
            short, long = layout.pair
            del texts[long]
            _add_shared(content, layout.text((long,), tier) or "", terms[short], terms[long], join)
        for name, text in texts.items():
            if text:
                content.add_text(layout.text((name,), tier) or "", text)


def _add_all(content: Document, field: str, tier: Tier, texts: Sequence[str]) -> None:
    # The long text first: numbers of places stay small. Every document has as many gaps, so that
    # they are no part of what makes one longer than another.
    for number, text in enumerate(texts):
        if number and tier is not Tier.ROOT:
            content.add_pre_tokenized_text(field, _GAP)
        if text:
            content.add_text(field, text)


def _add_shared(
    content: Document, field: str, short: Sequence[str], long: Sequence[str], join: Joined
) -> None:
    """Add those terms of the long field that the short one has too, at their places."""
    wanted = set(short)
    tokens = [Token(join((term,)), at, 0, 1) for at, term in enumerate(long) if term in wanted]
    if tokens:
        content.add_pre_tokenized_text(field, PreTokenizedString("", tokens))
