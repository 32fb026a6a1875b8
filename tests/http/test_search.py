"""GET and POST /v1/search."""

from __future__ import annotations

import json
import math
from urllib.parse import quote

import pytest

from search_service.marking import HighlightOptions
from search_service.results import Expansion, Facet, FacetValue

DEFAULTS = {
    "size": 10,
    "page": 1,
    "match": "any",
    "strict": False,
    "explain": False,
    "highlight": True,
    "exact": False,
    "facets": (),
    "filters": (),
    "sort": "relevance",
}


def test_the_answer_is_the_results_own_json(client, service):
    answer = client.get("/v1/search", query_string={"q": "طريق"})
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.json == service.search("طريق").to_json()
    assert list(answer.json) == [
        *("query", "total", "page", "size", "took_ms", "hits"),
        *("warnings", "suggestions", "expansions", "relaxed", "word_totals", "facets"),
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
        "exact": True,
    }
    if method == "get":
        flags = {name: str(value).lower() for name, value in given.items()}
        answer = client.get("/v1/search", query_string={"q": "طريق", **flags})
    else:
        answer = client.post("/v1/search", json={"q": "طريق", **given})
    assert answer.status_code == 200
    assert service.calls == [("طريق", {**DEFAULTS, **given})]


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_narrows_and_orders_reaches_the_service(client, service, method):
    filters = ['tags:(سياسة OR "علوم الأرض")', "year:2014..2016"]
    if method == "get":
        given = {"facet": "tags,year", "filter": filters, "sort": "-date"}
        answer = client.get("/v1/search", query_string={"q": "طريق", **given})
    else:
        given = {"facet": ["tags", "year"], "filter": filters, "sort": "-date"}
        answer = client.post("/v1/search", json={"q": "طريق", **given})
    assert answer.status_code == 200
    asked = {"facets": ["tags", "year"], "filters": filters, "sort": "-date"}
    assert service.calls == [("طريق", {**DEFAULTS, **asked})]


@pytest.mark.parametrize("method", ["get", "post"])
def test_how_matches_are_shown_reaches_the_service_as_one_value(client, service, method):
    given = {"highlight_tag": "em", "highlight_length": 80, "highlight_count": 2}
    if method == "get":
        given = {**given, "highlight_whole": "true"}
        client.get("/v1/search", query_string={"q": "طريق", **given})
    else:
        client.post("/v1/search", json={"q": "طريق", **given, "highlight_whole": True})
    assert service.calls[0][1]["highlight"] == HighlightOptions("em", 80, 2, whole=True)


def test_highlighting_that_is_off_stays_off(client, service):
    client.get("/v1/search?q=طريق&highlight=false&highlight_tag=em")
    assert service.calls[0][1]["highlight"] is False


@pytest.mark.parametrize("method", ["get", "post"])
def test_hits_have_the_fields_asked_for_and_always_id_and_score(client, method):
    if method == "get":
        answer = client.get("/v1/search?q=طريق&fields=title,tags")
    else:
        answer = client.post("/v1/search", json={"q": "طريق", "fields": ["title", "tags"]})
    (hit,) = answer.json["hits"]
    assert list(hit) == ["id", "score", "title", "tags"]


def test_fields_may_be_none_at_all(client):
    (hit,) = client.get("/v1/search?q=طريق&fields=").json["hits"]
    assert list(hit) == ["id", "score"]


@pytest.mark.parametrize(
    ("fields", "marked"), [("title", False), ("snippets", True), ("highlighted_title", True)]
)
def test_nothing_is_marked_that_nobody_gets(client, service, fields, marked):
    client.get(f"/v1/search?q=طريق&fields={fields}")
    assert service.calls[0][1]["highlight"] is marked


def test_facets_are_in_the_answer(client, service):
    tags = FacetValue("علوم الأرض", "علوم الأرض", 2, 'tags:"علوم الأرض"')
    service.facets = (Facet("tags", (tags,), 3),)
    (facet,) = client.get("/v1/search?q=طريق&facet=tags").json["facets"]
    assert facet == {
        "field": "tags",
        "values": [
            {
                "value": "علوم الأرض",
                "label": "علوم الأرض",
                "count": 2,
                "filter": 'tags:"علوم الأرض"',
            }
        ],
        "others": 3,
    }


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


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_was_searched_besides_is_in_the_answer(client, service, method):
    service.expansions = (Expansion(0, 4, "طريق", ("سبيل", "درب"), "synonym"),)
    if method == "get":
        answer = client.get("/v1/search?q=طريق")
    else:
        answer = client.post("/v1/search", json={"q": "طريق"})
    also = {"start": 0, "end": 4, "typed": "طريق", "also": ["سبيل", "درب"], "kind": "synonym"}
    assert answer.json["expansions"] == [also]


def test_exact_searches_nothing_besides(client, service):
    service.expansions = (Expansion(0, 4, "طريق", ("درب",), "synonym"),)
    assert client.get("/v1/search?q=طريق&exact=true").json["expansions"] == []


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
