"""GET and POST /v1/search."""

from __future__ import annotations

import json
import math
from urllib.parse import quote

import pytest

DEFAULTS = {
    "size": 10,
    "page": 1,
    "match": "any",
    "strict": False,
    "explain": False,
    "highlight": True,
}


def test_the_answer_is_the_results_own_json(client, service):
    answer = client.get("/v1/search", query_string={"q": "طريق"})
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.json == service.search("طريق").to_json()
    assert list(answer.json) == [
        *("query", "total", "page", "size", "took_ms", "hits"),
        *("warnings", "suggestions"),
    ]


def test_arabic_is_sent_as_utf_8_and_not_escaped(client):
    assert "قوافل".encode() in client.get("/v1/search?q=طريق").data


def test_the_service_gets_the_defaults(client, service):
    client.get("/v1/search?q=طريق")
    assert service.calls == [("طريق", DEFAULTS)]


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_parameter_reaches_the_service(client, service, method):
    given = {
        "size": 3,
        "page": 2,
        "match": "all",
        "strict": True,
        "explain": True,
        "highlight": False,
    }
    if method == "get":
        flags = {name: str(value).lower() for name, value in given.items()}
        answer = client.get("/v1/search", query_string={"q": "طريق", **flags})
    else:
        answer = client.post("/v1/search", json={"q": "طريق", **given})
    assert answer.status_code == 200
    assert service.calls == [("طريق", given)]


def test_get_and_post_answer_alike(client):
    got = client.get("/v1/search?q=طريق&explain=true")
    assert client.post("/v1/search", json={"q": "طريق", "explain": True}).data == got.data


def test_explain_adds_explanations(client):
    answer = client.get("/v1/search?q=طريق&explain=1").json
    assert answer["explanation"] == {"type": "term"}
    assert answer["hits"][0]["explanation"] == {"body.exact:طريق": 1.25}


def test_without_highlight_there_are_no_snippets(client):
    (hit,) = client.get("/v1/search?q=طريق&highlight=false").json["hits"]
    assert hit["highlighted_title"] is None
    assert hit["snippets"] == []


def test_an_empty_query_is_allowed(client, service):
    assert client.get("/v1/search?q=").status_code == 200
    assert service.calls[0][0] == ""


def test_warnings_are_in_the_answer(client):
    (warning,) = client.get('/v1/search?q="طري').json["warnings"]
    assert warning["code"] == "unbalanced-quote"


def test_a_post_of_ten_thousand_words_is_searched(client, service):
    query = " ".join(["والمستشفيات"] * 10_000)
    body = json.dumps({"q": query})  # Escaped to ASCII: the longest form it can have.
    answer = client.post("/v1/search", data=body, content_type="application/json")
    assert answer.status_code == 200
    assert service.calls[0][0] == query


@pytest.mark.parametrize("raw", ["%ff%fe", "%ED%A0%80", "%00", quote("\U0001f54c"), "%d8"])
def test_odd_bytes_in_the_query_do_no_harm(client, raw):
    assert client.get(f"/v1/search?q={raw}").status_code == 200
    assert client.get(f"/?q={raw}").status_code == 200


def test_half_a_surrogate_pair_is_refused(client):
    body = '{"q": "\\ud800"}'
    answer = client.post("/v1/search", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json["errors"] == [{"field": "q", "message": "Not Unicode text (character 0)."}]


def test_a_byte_order_mark_before_the_body_does_no_harm(client):
    body = b"\xef\xbb\xbf" + '{"q": "طريق"}'.encode()
    answer = client.post("/v1/search", data=body, content_type="application/json")
    assert answer.json["total"] == 1


def test_what_json_cannot_hold_becomes_null(app, new_service):
    from search_service.http import create_app
    from search_service.schema import Document

    odd = Document("1", body="طريق", metadata={"x": [math.nan, math.inf], "half": "\ud800"})
    answer = create_app(new_service([odd])).test_client().get("/v1/search?q=طريق")
    assert json.loads(answer.data)["hits"][0]["metadata"] == {"x": [None, None], "half": "\ud800"}


@pytest.mark.parametrize("path", ["/v1/search?q=a", "/v1/stats", "/healthz", "/", "/docs"])
def test_head_is_get_without_a_body(client, path):
    answer = client.head(path)
    assert answer.status_code == 200
    assert answer.data == b""
    assert int(answer.headers["Content-Length"]) == len(client.get(path).data)


def test_options_names_the_methods(client):
    assert set(client.options("/v1/search").allow) == {"GET", "HEAD", "POST", "OPTIONS"}
    assert set(client.options("/v1/stats").allow) == {"GET", "HEAD", "OPTIONS"}
