"""POST /v1/search/batch: several searches, each answered by itself."""

from __future__ import annotations

import pytest

from search_service.errors import EngineError

ANSWERED = {"q": "طريق"}


def batch(client, *searches):
    return client.post("/v1/search/batch", json={"searches": list(searches)})


def test_each_search_is_answered_as_if_it_were_alone(client):
    one, other = {"q": "طريق", "size": 1, "fields": ["title"]}, {"q": "text", "highlight": False}
    alone = [client.post("/v1/search", json=body).json for body in (one, other)]
    answer = batch(client, one, other)
    assert answer.status_code == 200
    assert answer.json == {"results": alone}


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({}, 422, "q"),
        ({"q": "طريق", "sise": 3}, 422, "sise"),
        ({"q": "طريق", "size": 10_000}, 422, "size"),
        ({"q": "طريق", "page": 0}, 422, "page"),
        ({"q": "طريق", "facet": ["tgas"]}, 422, "facet"),
        ({"q": "طريق", "filter": ["سياسة"]}, 422, "filter"),
        ({"q": "طريق", "sort": "dat"}, 422, "sort"),
        (5, 422, "body"),
        (None, 422, "body"),
        ({"q": '"طري', "strict": True}, 400, None),
    ],
)
def test_what_is_wrong_with_one_is_told_in_its_place(client, wrong, status, field):
    answer = batch(client, ANSWERED, wrong, ANSWERED)
    assert answer.status_code == 200
    first, problem, last = answer.json["results"]
    assert first["total"] == last["total"] == 1
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    if field:
        assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize("searches", [[], [ANSWERED] * 21, {}, "طريق", None])
def test_a_batch_has_one_to_twenty_searches(client, searches):
    answer = client.post("/v1/search/batch", json={"searches": searches})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["searches"]


def test_an_unknown_member_is_named_with_the_nearest(client):
    answer = client.post("/v1/search/batch", json={"searchs": [ANSWERED]})
    messages = {error["field"]: error["message"] for error in answer.json["errors"]}
    assert "Did you mean searches?" in messages["searchs"]


def test_an_index_that_cannot_answer_fails_the_whole(client, service):
    service.failure = EngineError("gone")
    answer = batch(client, ANSWERED, ANSWERED)
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
