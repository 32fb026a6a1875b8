"""The two that are measured side by side: this service, and Whoosh as it comes.

Stock Whoosh gets the fields of ``stock_whoosh.py``. It commits once, as this
service does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from passages import Passage
from stock_whoosh import stock_schema
from whoosh.index import create_in
from whoosh.qparser.default import QueryParser
from whoosh.qparser.syntax import OrGroup

from search_service import Document, SearchService

__all__ = ["CONTESTANTS", "Contestant", "Service", "StockWhoosh"]


class Contestant(Protocol):
    """What is measured: made outside the clock, indexing and searching inside it."""

    def prepare(self, passages: Sequence[Passage]) -> None:
        """Take the passages, in whatever shape this contestant takes documents."""

    def index(self) -> None:
        """Index all passages and commit."""

    def search(self, query: str, *, highlight: bool) -> int:
        """Search, build ten hits with or without marked text, and return their number."""


class Service:
    """This service: all tiers, through the library's face."""

    def __init__(self, folder: Path) -> None:
        self._service = SearchService.open(folder)
        self._documents: list[Document] = []

    def prepare(self, passages: Sequence[Passage]) -> None:
        """Take the passages."""
        self._documents = [Document(id=p.id, title=p.title, body=p.text) for p in passages]

    def index(self) -> None:
        """Index all passages and commit."""
        report = self._service.index(self._documents)
        assert report.documents == len(self._documents), report

    def search(self, query: str, *, highlight: bool) -> int:
        """Search and return the number of hits."""
        return len(self._service.search(query, size=10, highlight=highlight))


class StockWhoosh:
    """Whoosh without anything of this project."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        schema = stock_schema()
        self._index: Any = create_in(str(folder), schema)
        self._parser = QueryParser("text", schema, group=OrGroup)
        self._searcher: Any = None
        self._documents: list[dict[str, str]] = []

    def prepare(self, passages: Sequence[Passage]) -> None:
        """Take the passages, each as one text."""
        self._documents = [
            {"id": p.id, "title": p.title, "text": f"{p.title}\n{p.text}"} for p in passages
        ]

    def index(self) -> None:
        """Index all passages and commit."""
        writer = self._index.writer()
        for document in self._documents:
            writer.add_document(**document)
        writer.commit()
        self._searcher = self._index.searcher()

    def search(self, query: str, *, highlight: bool) -> int:
        """Search and return the number of hits."""
        hits = self._searcher.search(self._parser.parse(query), limit=10)
        for hit in hits:
            hit.fields()
            if highlight:
                hit.highlights("text")
        return int(hits.scored_length())


CONTESTANTS: dict[str, Callable[[Path], Contestant]] = {
    "service": Service,
    "stock": StockWhoosh,
}
