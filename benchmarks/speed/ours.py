"""This service, with one of its engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from installed import NotHere
from passages import Passage

from search_service import Document, SearchService
from search_service.analysis.analyzer import Analyzer
from search_service.engines import load_engine
from search_service.engines.port import Hits
from search_service.errors import EngineUnavailable
from search_service.generations import IndexFolder
from search_service.schema import DEFAULT_SCHEMA
from speed.contestant import Search, Searcher

__all__ = ["Ours"]


class Ours:
    """All tiers, title and body as two fields, through the library's face."""

    def __init__(self, engine: str) -> None:
        try:
            load_engine(engine)
        except EngineUnavailable as error:
            raise NotHere(str(error)) from error
        # Word lists are loaded with the first word; Java's start is not counted either.
        Analyzer().terms("كتاب")
        self._engine = engine

    def index(self, folder: Path, passages: Iterable[Passage]) -> int:
        """Index the passages as they come, commit, and return their number."""
        with SearchService.open(folder, engine=self._engine) as service:
            documents = (Document(id=p.id, title=p.title, body=p.text) for p in passages)
            return service.index(documents).documents

    def searcher(self, folder: Path, kind: str, mode: str) -> Searcher:
        """Return a function from a query's words to its search."""
        match: Literal["any", "all"] = "all" if kind == "and" else "any"
        service = SearchService.open(folder)

        def search(words: Sequence[str]) -> int:
            marked = mode == "highlighted"
            return len(service.search(_typed(kind, words), match=match, highlight=marked))

        if mode == "ids":
            return _engine_alone(_engine_class(folder), search)
        return lambda words: lambda: search(words)


def _typed(kind: str, words: Sequence[str]) -> str:
    """Return what a user would type."""
    text = " ".join(words)
    return {"phrase": f'"{text}"', "prefix": f"{text}*"}.get(kind, text)


class _Asked(Exception):
    """What the service asks its engine, as a function that asks it."""

    def __init__(self, search: Search) -> None:
        super().__init__()
        self.search = search


def _engine_alone(engine_class: Any, search: Callable[[Sequence[str]], int]) -> Searcher:
    """Return a function from words to the engine's part of a search.

    The service does what it does before, up to the search that it asks its
    engine for; that one is handed out instead of made.
    """
    engine_search = engine_class.search

    def hand_out(
        engine: Any, query: Any, offset: int, limit: int, *more: Any, **named: Any
    ) -> Hits:
        if not limit:
            # Only a number is wanted, and something depends on it.
            counted: Hits = engine_search(engine, query, offset, limit, *more, **named)
            return counted
        raise _Asked(lambda: len(engine_search(engine, query, offset, limit, *more, **named).page))

    def prepare(words: Sequence[str]) -> Search:
        engine_class.search = hand_out
        try:
            search(words)
        except _Asked as asked:
            return asked.search
        finally:
            engine_class.search = engine_search
        raise AssertionError("the service asked its engine nothing")

    return prepare


def _engine_class(folder: Path) -> Any:
    index = IndexFolder(folder)
    meta = index.read()
    assert meta, f"there is no index in {folder}"
    return type(load_engine(meta.engine)(index.generation(meta.generation), DEFAULT_SCHEMA))
