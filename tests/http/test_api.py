"""The endpoints other than search."""

from __future__ import annotations

import html

import pytest
from flask import url_for

from search_service.http import create_app
from search_service.schema import Document


def test_a_document(client, service):
    answer = client.get("/v1/documents/history/002-silk-road")
    assert answer.status_code == 200
    assert answer.json == service.get("history/002-silk-road").to_json()


@pytest.mark.parametrize(
    "id",
    ["/srv/a.txt", "a//b", "http://x.y/?a=1#b", "a/", "وثيقة 1", "a%2Fb", "a\nb", "'\"<&>", "v1"],
)
def test_ids_of_every_sort_can_be_reached(new_service, id):
    app = create_app(new_service([Document(id, body="طريق")]))
    with app.test_request_context():
        paths = [
            url_for(f"search_service.{endpoint}", document_id=id)
            for endpoint in ("document", "reader")
        ]
    client = app.test_client()
    assert client.get(paths[0]).json["id"] == id
    assert client.get(paths[1]).status_code == 200
    assert f'href="{paths[1]}?q=' in html.unescape(client.get("/?q=طريق").text)


def test_analyze(client, service):
    answer = client.get("/v1/analyze?text=الطريق").json
    assert answer == {"text": "الطريق", "tokens": service.analyze("الطريق")}


def test_analyze_of_nothing(client):
    assert client.get("/v1/analyze?text=").json == {"text": "", "tokens": []}
    assert client.get("/v1/analyze").status_code == 422


def test_stats(client, service):
    assert client.get("/v1/stats").json == service.stats().to_json()


def test_healthz_does_not_look_at_the_index(client, service):
    service.failure = RuntimeError("no index")
    answer = client.get("/healthz")
    assert answer.json == {"status": "ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_readyz_tells_what_is_amiss_and_still_serves(client, service):
    service.amiss = ("synonyms.tsv, line 3: an empty member; remove the |",)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ready")
    assert answer.json["details"] == list(service.amiss)


def test_stats_tell_what_is_amiss(client, service):
    service.amiss = ("synonyms.tsv: not a file",)
    assert client.get("/v1/stats").json["problems"] == list(service.amiss)


def test_readyz(client):
    answer = client.get("/readyz")
    assert answer.json == {"status": "ready", "details": []}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/stats", "/v1/nothing", "/", "/static/page.css", "/docs"])
def test_no_answer_is_sniffed(client, path):
    assert client.get(path, buffered=True).headers["X-Content-Type-Options"] == "nosniff"
