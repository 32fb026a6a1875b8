"""A client in front of the real application, without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from flask import Flask

from search_service import SearchService
from search_service.client import SearchClient
from search_service.http import create_app

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def through(app: Flask) -> httpx.MockTransport:
    """Return a transport that hands requests to an application, as a server would.

    httpx.WSGITransport does not give paths in the encoding that WSGI demands,
    so that Arabic ids fail there.
    """

    def answer(request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode("ascii")
        reply = app.test_client().open(
            target,
            method=request.method,
            base_url=f"{request.url.scheme}://{request.url.host}",
            headers=list(request.headers.multi_items()),
            data=request.content,
            buffered=True,
        )
        return httpx.Response(
            reply.status_code, headers=list(reply.headers.items()), content=reply.data
        )

    return httpx.MockTransport(answer)


@pytest.fixture(scope="session")
def transport_to() -> Callable[[Flask], httpx.MockTransport]:
    """Return the function from an application to a transport."""
    return through


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    with SearchService.open(tmp_path_factory.mktemp("client") / "index") as opened:
        opened.index_paths([SEEDS])
        yield opened


@pytest.fixture(scope="session")
def client(service: SearchService) -> Iterator[SearchClient]:
    with SearchClient("http://test", transport=through(create_app(service))) as opened:
        yield opened


@pytest.fixture
def client_of() -> Iterator[Callable[..., SearchClient]]:
    """Return a function from an application to a client of it."""
    opened: list[SearchClient] = []

    def make(app: Flask, base_url: str = "http://test") -> SearchClient:
        opened.append(SearchClient(base_url, transport=through(app)))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def client_that_gets() -> Iterator[Callable[..., SearchClient]]:
    """Return a function that makes a client whose every request gets the same answer."""
    opened: list[SearchClient] = []

    def make(
        answer: httpx.Response | Exception, base_url: str = "http://test/search"
    ) -> SearchClient:
        def reply(_: httpx.Request) -> httpx.Response:
            if isinstance(answer, Exception):
                raise answer
            return answer

        opened.append(SearchClient(base_url, transport=httpx.MockTransport(reply)))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
