"""What HTTP needs of a search service, and a service that is opened at its first use."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Literal, Protocol

from search_service.errors import SearchServiceError
from search_service.marking import HighlightOptions
from search_service.results import SearchResults, Stats
from search_service.results_completion import Completion
from search_service.schema import Document

__all__ = ["Backend", "LazyBackend"]


class Backend(Protocol):
    """The part of ``SearchService`` that HTTP calls; all of it only reads."""

    def search(
        self,
        query: str,
        *,
        size: int = 10,
        page: int = 1,
        match: Literal["any", "all"] = "any",
        strict: bool = False,
        explain: bool = False,
        highlight: bool | HighlightOptions = True,
        exact: bool = False,
        facets: Sequence[str] = (),
        filters: Sequence[str] = (),
        sort: str = "relevance",
    ) -> SearchResults:
        """Return one page of hits."""

    def suggest(self, text: str, size: int = 8) -> tuple[Completion, ...]:
        """Return what may be meant by what was typed so far."""

    def similar(self, document_id: str, size: int = 5) -> SearchResults:
        """Return the documents most like one, or raise ``DocumentNotFound``."""

    def get(self, document_id: str) -> Document:
        """Return one document, or raise ``DocumentNotFound``."""

    def stats(self) -> Stats:
        """Return what the index is and holds."""

    def analyze(self, text: str) -> list[dict[str, Any]]:
        """Return one JSON object per token of ``text``."""

    def check_ready(self) -> None:
        """Raise ``EngineError`` where the index cannot answer."""

    def problems(self) -> tuple[str, ...]:
        """Return what is amiss though searches are answered."""

    def fingerprint(self) -> str:
        """Return a text that changes whenever the same request may be answered otherwise."""


class LazyBackend:
    """A backend that is opened at its first use, once in each process.

    A server that forks (gunicorn) may build the application before it forks;
    open files and locks of an index must not cross that line. An index that
    cannot be opened is an error of that request, and is tried again at the
    next, so that a worker outlives an index that is being rebuilt.
    """

    def __init__(self, open_backend: Callable[[], Backend]) -> None:
        self._open = open_backend
        self._guard = threading.Lock()
        self._opened: tuple[int, Backend] | None = None

    def _backend(self) -> Backend:
        with self._guard:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = (os.getpid(), self._open())
            return self._opened[1]

    def warm(self) -> None:
        """Open it now; one that cannot be opened is left to the first request."""
        with suppress(SearchServiceError):
            self._backend()

    def search(
        self,
        query: str,
        *,
        size: int = 10,
        page: int = 1,
        match: Literal["any", "all"] = "any",
        strict: bool = False,
        explain: bool = False,
        highlight: bool | HighlightOptions = True,
        exact: bool = False,
        facets: Sequence[str] = (),
        filters: Sequence[str] = (),
        sort: str = "relevance",
    ) -> SearchResults:
        """Return one page of hits."""
        return self._backend().search(
            query,
            size=size,
            page=page,
            match=match,
            strict=strict,
            explain=explain,
            highlight=highlight,
            exact=exact,
            facets=facets,
            filters=filters,
            sort=sort,
        )

    def suggest(self, text: str, size: int = 8) -> tuple[Completion, ...]:
        """Return what may be meant by what was typed so far."""
        return self._backend().suggest(text, size=size)

    def similar(self, document_id: str, size: int = 5) -> SearchResults:
        """Return the documents most like one, or raise ``DocumentNotFound``."""
        return self._backend().similar(document_id, size=size)

    def get(self, document_id: str) -> Document:
        """Return one document, or raise ``DocumentNotFound``."""
        return self._backend().get(document_id)

    def stats(self) -> Stats:
        """Return what the index is and holds."""
        return self._backend().stats()

    def analyze(self, text: str) -> list[dict[str, Any]]:
        """Return one JSON object per token of ``text``."""
        return self._backend().analyze(text)

    def check_ready(self) -> None:
        """Raise ``EngineError`` where the index cannot answer."""
        self._backend().check_ready()

    def problems(self) -> tuple[str, ...]:
        """Return what is amiss though searches are answered."""
        return self._backend().problems()

    def fingerprint(self) -> str:
        """Return a text that changes whenever the same request may be answered otherwise."""
        return self._backend().fingerprint()
