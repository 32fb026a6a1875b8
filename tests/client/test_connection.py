"""When no answer comes, or one that is not a search service's."""

from __future__ import annotations

import socket
import threading
from typing import Any

import httpx
import pytest
from werkzeug.serving import make_server

from search_service import SearchService, errors
from search_service.client import SearchClient
from search_service.errors import RemoteError
from search_service.http import create_app


@pytest.mark.parametrize(
    "base_url",
    ["", "localhost:8000", "ftp://example.org", "http://", "http://[::", "http://a/?q=x", 7],
)
def test_a_base_url_that_is_none_is_refused_at_once(base_url: Any) -> None:
    with pytest.raises((ValueError, TypeError), match=r"(?i)url"):
        SearchClient(base_url)


def test_over_a_real_socket(service: SearchService) -> None:
    server = make_server("127.0.0.1", 0, create_app(service))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with SearchClient(f"http://127.0.0.1:{server.server_port}") as client:
            assert client.search("المدينة").total == service.search("المدينة").total
            first = service.search("المدينة").hits[0].id
            assert client.get(first) == service.get(first)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_where_nothing_listens_the_url_is_told() -> None:
    with socket.socket() as taken:
        # Bound, so that nobody else listens there, but not listening.
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with SearchClient(url) as client, pytest.raises(RemoteError, match=url) as caught:
            client.stats()
    assert caught.value.url == f"{url}/v1/stats"
    assert caught.value.status is None
    assert "cannot be reached" in str(caught.value)


def test_a_service_that_takes_too_long(client_that_gets: Any) -> None:
    client = client_that_gets(httpx.ReadTimeout("timed out"))
    with pytest.raises(RemoteError, match=r"http://test/search/v1/search did not .* within 10.0 s"):
        client.search("كتاب")


def test_a_password_in_the_address_is_sent() -> None:
    def reply(request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == "Basic bWU6c2VjcmV0"
        return httpx.Response(200, json={"text": "", "tokens": []})

    transport = httpx.MockTransport(reply)
    with SearchClient("http://me:secret@test", transport=transport) as client:
        assert client.analyze("") == []


def test_a_password_in_the_address_is_in_no_message(client_that_gets: Any) -> None:
    client = client_that_gets(httpx.ConnectError("refused"), "http://me:secret@test/search")
    with pytest.raises(RemoteError) as caught:
        client.stats()
    assert "secret" not in str(caught.value) + caught.value.url


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(200, html="<p>hello"), "but not with JSON: is base_url that of"),
        (httpx.Response(200, json=[1]), "Stats must be an object"),
        (httpx.Response(200, json={"documents": 3}), "Stats.engine is missing"),
        (httpx.Response(200, content=b"[" * 100_000), "but not with JSON"),
        (httpx.Response(200, content=b'{"a": "\xff"}'), "but not with JSON"),
        (httpx.Response(404, html="<h1>Not Found"), "answered 404 Not Found"),
        (httpx.Response(502, json={"error": "gateway"}), "answered 502 Bad Gateway"),
        (
            httpx.Response(301, headers={"Location": "https://test/find/v1/stats"}),
            "leads to https://test/find/v1/stats: adapt base_url",
        ),
    ],
    ids=lambda value: None if isinstance(value, str) else str(value.status_code),
)
def test_an_answer_that_is_none_of_a_search_service(
    answer: httpx.Response, message: str, client_that_gets: Any
) -> None:
    with pytest.raises(RemoteError, match=message) as caught:
        client_that_gets(answer).stats()
    assert caught.value.url == "http://test/search/v1/stats"
    assert caught.value.url in str(caught.value)
    assert caught.value.status == answer.status_code


def test_an_analysis_without_words_is_none(client_that_gets: Any) -> None:
    with pytest.raises(RemoteError, match="no list of tokens"):
        client_that_gets(httpx.Response(200, json={"text": "x"})).analyze("x")


# ---------------------------------------------------------------- errors of the service


class Broken:
    """A service that fails."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    def __getattr__(self, name: str) -> Any:
        return self._fail

    def _fail(self, *_: Any, **__: Any) -> None:
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (errors.EngineError("/var/index is damaged"), errors.EngineError),
        (errors.IndexMismatch("search-service index --full"), errors.IndexMismatch),
        (errors.IndexLocked("held by 17"), errors.IndexLocked),
        (ZeroDivisionError(), RemoteError),
    ],
)
def test_errors_of_the_service_are_those_of_the_library(
    failure: Exception, expected: type[Exception], client_of: Any
) -> None:
    broken: Any = Broken(failure)
    client = client_of(create_app(broken))
    for ask in (client.stats, client.check_ready, lambda: client.search("كتاب")):
        with pytest.raises(expected, match=r"http://test/.+ answered 50[03].*request id") as caught:
            ask()
        assert type(caught.value) is expected
        # What a service does not tell its clients, they cannot tell either.
        assert "/var/index" not in str(caught.value)


def problem(status: int, kind: str, **members: Any) -> httpx.Response:
    return httpx.Response(
        status,
        headers={"Content-Type": "application/problem+json"},
        json={"type": f"/problems/{kind}", "title": "Oh", "status": status, **members},
    )


@pytest.mark.parametrize(
    "answer",
    [
        problem(418, "teapot", detail="short and stout"),
        problem(404, "document-not-found", detail="on a page without documents"),
        problem(400, "query-syntax", detail="no span"),
        problem(422, "validation", errors=[]),
        problem(500, "", status_text=None, type=None),
        httpx.Response(503, headers={"Content-Type": "application/problem+json"}, json=[]),
    ],
    ids=lambda answer: str(answer.status_code),
)
def test_a_problem_of_a_later_version_keeps_its_words(
    answer: httpx.Response, client_that_gets: Any
) -> None:
    with pytest.raises(RemoteError, match=f"answered {answer.status_code}") as caught:
        client_that_gets(answer).stats()
    assert caught.value.status == answer.status_code
