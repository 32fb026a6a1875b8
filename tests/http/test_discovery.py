"""Suggestions while typing and documents like one, over HTTP."""

from __future__ import annotations

import pytest

from search_service import SearchService
from search_service.errors import EngineError
from search_service.http import create_app
from search_service.schema import Document


def test_suggestions_come_with_what_was_typed(client, service):
    answer = client.get("/v1/suggest?q=طريق&size=3")
    assert answer.status_code == 200
    assert service.calls == [("طريق", {"size": 3})]
    assert answer.json == {
        "query": "طريق",
        "suggestions": [
            {
                "text": "قوافل طريق الحرير",
                "kind": "title",
                "html": "قوافل <mark>طريق</mark> الحرير",
                "ranges": [{"start": 6, "end": 10, "utf16_start": 6, "utf16_end": 10}],
                "count": 1,
                "id": "history/002-silk-road",
            }
        ],
    }


def test_ranges_count_in_utf_16_units_for_javascript(client, service):
    service.documents["camel"] = Document(id="camel", title="🐪 جمل")
    (found,) = client.get("/v1/suggest?q=جمل").json["suggestions"]
    assert found["ranges"] == [{"start": 2, "end": 5, "utf16_start": 3, "utf16_end": 6}]


def test_nothing_typed_is_answered_with_nothing(client):
    assert client.get("/v1/suggest?q=").json == {"query": "", "suggestions": []}


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("/v1/suggest", "q"),
        ("/v1/suggest?q=ا&size=0", "size"),
        ("/v1/suggest?q=ا&size=21", "size"),
        ("/v1/suggest?q=ا&size=many", "size"),
        ("/v1/suggest?q=ا&sise=5", "sise"),
        ("/v1/documents/plain/similar?size=101", "size"),
        ("/v1/documents/plain/similar?q=ا", "q"),
    ],
)
def test_what_is_wrong_is_named(client, url, field):
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_documents_like_one_are_results_of_a_search(client, service):
    answer = client.get("/v1/documents/history/002-silk-road/similar?size=2")
    assert answer.status_code == 200
    assert service.calls == [("history/002-silk-road", {"size": 2})]
    assert [hit["id"] for hit in answer.json["hits"]] == ["plain"]
    assert answer.json["size"] == 2


def test_an_unknown_document_is_a_problem(client):
    answer = client.get("/v1/documents/nowhere/similar")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json["type"] == "/problems/document-not-found"


@pytest.mark.parametrize("url", ["/v1/suggest?q=ا", "/v1/documents/plain/similar"])
def test_answers_are_kept_until_the_index_changes(client, url):
    tag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


def test_an_index_that_cannot_answer_is_a_problem(client, service):
    service.failure = EngineError("broken")
    assert client.get("/v1/suggest?q=ا").status_code == 503


def test_a_real_service_answers_both(tmp_path):
    with SearchService.open(tmp_path) as service:
        service.index(
            [
                Document(id="a/1", title="بحيرة مالحة", body="طيور الفلامنغو"),
                Document(id="2", body="طيور قرب البحيرة"),
            ]
        )
        client = create_app(service).test_client()
        suggested = client.get("/v1/suggest?q=بحي").json["suggestions"]
        assert [one["html"] for one in suggested] == [
            "<mark>بحي</mark>رة",
            "<mark>بحي</mark>رة مالحة",
        ]
        assert [h["id"] for h in client.get("/v1/documents/a/1/similar").json["hits"]] == ["2"]
