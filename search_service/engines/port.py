"""The port: everything that the service asks of an engine.

Terms cross this line, text does not. Every engine gets the same terms and so
finds the same documents; scores may differ in scale, clear orders may not.
A failure is an :class:`~search_service.errors.EngineError`, never an empty result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from search_service.query.resolved import Node
from search_service.schema import Document, Schema, Tier

__all__ = ["Engine", "EngineFactory", "EngineStats", "Hits", "IndexedDocument", "Sort", "Writer"]

TierTerms = Mapping[Tier, Sequence[str]]


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document with its terms: field -> tier -> one term per position.

    Positions count from 0; every tier of a field has the same length, which is
    the field's length in tokens. Tokens with the same exact term have the same
    terms in all tiers. No phrase asks for the root tier, whose positions need
    not be kept. ``keywords`` maps each keyword field to the document's values
    as terms. ``readings`` are bytes kept for long texts, by field, which engines
    give back as they are.
    """

    document: Document
    terms: Mapping[str, TierTerms]
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    readings: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sort:
    """An order by a date or id field, rising unless ``descending``.

    Documents without a date come last both ways; what ties is ordered by score
    (falling), then id (rising).
    """

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """``total`` matching documents, and the asked-for slice as (id, score), first to last.

    ``facets`` tells how many matching documents have each value: for a keyword
    field by term, for a date field by year ("2020"). No value has none.
    """

    total: int
    page: tuple[tuple[str, float], ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EngineStats:
    """How much an engine holds: documents, tokens per text field, bytes on disk."""

    documents: int
    tokens: Mapping[str, int]
    bytes: int


class Writer(Protocol):
    """One transaction. Nothing is seen by readers before :meth:`commit` returns.

    If :meth:`add` or :meth:`commit` fails, the transaction is over and the
    index as it was before.
    """

    #: Whether it is quicker with terms that come as :class:`~search_service.terms.JoinedTerms`
    #: than with :class:`~search_service.terms.NumberedTerms`. It takes any.
    joins: bool

    def add(self, document: IndexedDocument) -> None:
        """Add a document; one with the same id, stored or added before, is replaced."""

    def delete(self, document_id: str) -> None:
        """Remove a document; an unknown id is no error."""

    def commit(self) -> None:
        """Make all changes durable and visible, in one step."""

    def rollback(self) -> None:
        """Drop all changes since the writer was made; does nothing after the end."""


class Engine(Protocol):
    """An open index. Safe to search from several threads at once."""

    def writer(self) -> Writer:
        """Begin a transaction. The caller sees to it that there is one at a time."""

    def refresh(self) -> None:
        """Show what was committed since the engine was opened or last refreshed."""

    def search(
        self,
        query: Node,
        offset: int,
        limit: int,
        sort: Sort | None = None,
        facets: Sequence[str] = (),
    ) -> Hits:
        """Return the matching documents, ordered by ``sort`` or score (falling), then id (rising).

        Values are counted for each field in ``facets``, over all that match.
        Raises ``ValueError`` for a field that cannot serve so.
        """

    def score(self, query: Node, ids: Sequence[str]) -> list[float | None]:
        """Return each document's score, ``None`` where it does not match or is unknown."""

    def fetch(self, ids: Sequence[str], *, bodies: bool = True) -> list[Document | None]:
        """Return the stored documents in the order of ``ids``, ``None`` for an unknown id.

        Where nobody asks for ``bodies``, documents may come with an empty one.
        """

    def readings(self, document_id: str) -> Mapping[str, bytes]:
        """Return what is kept for a document's long texts, by field; empty for an unknown id."""

    def all_documents(self) -> Iterator[Document]:
        """Yield every stored document of one commit, in any order, one at a time."""

    def vocabulary(
        self, field: str, tier: Tier | None, prefix: str = ""
    ) -> Iterator[tuple[str, int]]:
        """Yield (term, number of documents with it) in code point order.

        ``None`` is the tier of keyword fields; raises ``ValueError`` for others.
        """

    def frequency(self, fields: tuple[str, ...], tier: Tier, term: str) -> int:
        """Return how many documents have a term in any of some text fields."""

    def stats(self) -> EngineStats:
        """Count what the index holds."""

    def close(self) -> None:
        """Release files. A closed engine is not used again."""


class EngineFactory(Protocol):
    """Opens the index in ``directory``, creating an empty one where there is none."""

    def __call__(self, directory: Path, schema: Schema) -> Engine:
        """Raise :class:`~search_service.errors.EngineError` where the index cannot be read."""
