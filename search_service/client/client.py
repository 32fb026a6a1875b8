"""The methods of ``SearchService`` that read, asked of a service over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from search_service.client.asking import document_path, search_body
from search_service.client.connection import Connection
from search_service.marking import HighlightOptions
from search_service.results import SearchResults, Stats
from search_service.results_completion import Completion
from search_service.schema import Document

if TYPE_CHECKING:
    import httpx

__all__ = ["SearchClient"]


class SearchClient:
    """Asks the service at ``base_url`` what one asks of :class:`search_service.SearchService`.

    ``base_url`` is where the search page is, with the prefix if there is one
    (``https://example.org/search``). ``timeout`` is in seconds, for each of
    connecting, sending and waiting. ``headers`` go along with every request.
    ``transport`` takes the place of the network, as ``httpx.WSGITransport(app)``
    does in tests. One client may be used from any number of threads. Raises
    ``ValueError`` for a ``base_url`` that is none.

    The methods raise what the library would raise:
    :class:`~search_service.errors.QuerySyntaxError`,
    :class:`~search_service.errors.DocumentNotFound`,
    :class:`~search_service.errors.EngineError` and those below it, and
    ``ValueError`` that names the parameter; also
    :class:`~search_service.errors.RemoteError` where no answer comes, or none
    of a search service.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 10.0,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._connection = Connection(base_url, timeout, headers, transport)

    def __enter__(self) -> SearchClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the client is not used again."""
        self._connection.close()

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
        """Return a page of results; see :meth:`search_service.SearchService.search`."""
        body = search_body(
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
        # Not GET: a long query does not fit into a URL.
        return self._connection.post("/v1/search", body, filters=filters).of(SearchResults)

    def batch(self, searches: Sequence[Mapping[str, Any]]) -> tuple[SearchResults | Exception, ...]:
        """Return the results of several searches, asked in one request, in their order.

        Each search has the parameters of :meth:`search`, ``query`` among them.
        In place of results that cannot be had stands the error that
        :meth:`search` would raise. Raises ``ValueError`` for more searches than
        the service takes at once (20), and ``TypeError`` for an unknown name.

        >>> client = SearchClient("http://127.0.0.1:8000")
        >>> client.batch([{"query": "كتاب", "sise": 3}])
        Traceback (most recent call last):
            ...
        TypeError: search_body() got an unexpected keyword argument 'sise'
        """
        bodies = [search_body(**search) for search in searches]
        answer = self._connection.post("/v1/search/batch", {"searches": bodies})
        entries = answer.parts("results")
        if len(entries) != len(bodies):
            raise answer.wrong(f"there are {len(entries)} results, not {len(bodies)}")
        return tuple(
            entry.error(filters=body["filter"]) if entry.is_problem else entry.of(SearchResults)
            for entry, body in zip(entries, bodies, strict=True)
        )

    def get(self, document_id: str) -> Document:
        """Return a document; see :meth:`search_service.SearchService.get`."""
        path = document_path(document_id)
        return self._connection.get(path, document_id=document_id).of(Document)

    def suggest(self, text: str, size: int = 8) -> tuple[Completion, ...]:
        """Return what ``text`` may become; see :meth:`search_service.SearchService.suggest`."""
        answer = self._connection.get("/v1/suggest", {"q": text, "size": size})
        return tuple(each.of(Completion) for each in answer.parts("suggestions"))

    def similar(self, document_id: str, size: int = 5) -> SearchResults:
        """Return documents like one; see :meth:`search_service.SearchService.similar`."""
        path = f"{document_path(document_id)}/similar"
        answer = self._connection.get(path, {"size": size}, document_id=document_id)
        return answer.of(SearchResults)

    def analyze(self, text: str) -> list[dict[str, Any]]:
        """Return every word of ``text`` with its terms and each step to them, as JSON objects."""
        return self._connection.get("/v1/analyze", {"text": text}).listed("tokens")

    def stats(self) -> Stats:
        """Return what the index is and how much it holds."""
        return self._connection.get("/v1/stats").of(Stats)

    def check_ready(self) -> None:
        """Return if the service can answer; raises the error that a search would raise."""
        self._connection.get("/readyz")
