"""The words of a document in the tantivy fields that they go to (``tantivy_fields`` says why)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from tantivy import Document, PreTokenizedString, Token

from search_service.engines.port import IndexedDocument
from search_service.engines.tantivy_fields import FILLER, Layout, storable
from search_service.schema import Tier
from search_service.terms import joined

__all__ = ["Join", "add_texts", "places", "shared_terms", "taken"]

#: Makes one text of a tier's terms.
Join: TypeAlias = Callable[[Mapping[Tier, Sequence[str]], Tier], str]

# Of terms times letters: from here on, all terms are looked at once.
_MUCH = 1_000_000

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
    for tier in Tier:
        texts = {name: join(document.terms[name], tier) for name in layout.texts}
        if tier is Tier.EXACT:
            for name, text in texts.items():
                content.add_unsigned(layout.length(name), text.count(" ") + 1 if text else 0)
        if len(texts) > 1:
            _add_all(content, layout.all_texts(tier), tier, [*texts.values()][::-1])
        if layout.pair:
            short, long = layout.pair
            name = layout.text((long,), tier) or ""
            _add_shared(content, name, tier, texts[short], texts.pop(long))
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


def _add_shared(content: Document, field: str, tier: Tier, short: str, long: str) -> None:
    """Add those terms of the long text that the short one has too, at their places."""
    shared = shared_terms(short, long)
    if not shared:
        return
    if tier is Tier.ROOT or not _may_hold_phrase(short, shared):
        # No phrase asks for places, and without them it is a third of the work.
        content.add_text(field, " ".join(shared))
    else:
        tokens = [Token(term, at, 0, 1) for term, at in places(shared, long)]
        content.add_pre_tokenized_text(field, PreTokenizedString("", tokens))


def _may_hold_phrase(short: str, shared: Sequence[str]) -> bool:
    """Tell whether a phrase of two words or more may stand in both texts."""
    return len(shared) > 1 or short.split(" ").count(shared[0]) > 1


def shared_terms(short: str, long: str) -> list[str]:
    """Return the terms that stand in both texts, each once."""
    wanted = dict.fromkeys(short.split(" ")) if short else {}
    if len(wanted) * len(long) > _MUCH:
        return list(wanted.keys() & set(long.split(" ")))
    # Looking for a few terms is quicker than taking a text apart. Most are not there, and hardly
    # one of those within a longer word either.
    there = [term for term in wanted if term in long]
    if not there:
        return there
    spaced = f" {long} "
    return [term for term in there if f" {term} " in spaced]


def places(terms: Sequence[str], long: str) -> Iterator[tuple[str, int]]:
    """Yield each of the terms wherever it stands in a text, with its place there."""
    if len(terms) * len(long) > _MUCH:
        wanted = frozenset(terms)
        yield from ((term, at) for at, term in enumerate(long.split(" ")) if term in wanted)
        return
    spaced = f" {long} "
    for term in terms:
        needle = f" {term} "
        place = before = 0
        while (at := spaced.find(needle, before)) >= 0:
            place += spaced.count(" ", before, at)
            yield term, place
            before, place = at + 1, place + 1
