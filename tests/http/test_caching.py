"""ETag, Cache-Control and 304."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_service import Document, SearchService
from search_service.http import create_app

PATHS = [
    "/v1/search?q=طريق&facet=tags",
    "/v1/suggest?q=طر",
    "/v1/documents/history/002-silk-road",
    "/v1/documents/history/002-silk-road/similar",
]


def again(client, path, tag, **headers):
    return client.get(path, headers={"If-None-Match": tag, **headers})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "head"])
def test_what_has_not_changed_is_not_sent_again(client, service, path, method):
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    service.calls.clear()
    answer = getattr(client, method)(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == first.headers["ETag"]
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Content-Type" not in answer.headers
    assert service.calls == []


@pytest.mark.parametrize("path", PATHS)
def test_when_the_index_has_changed_the_answer_is_sent_anew(client, service, path):
    tag = client.get(path).headers["ETag"]
    service.state = "2"
    answer = again(client, path, tag)
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag
    assert answer.data


def test_the_tag_is_weak_since_the_time_taken_is_no_part_of_it(client):
    tag = client.get(PATHS[0]).headers["ETag"]
    assert tag.startswith('W/"')
    strong = tag.removeprefix("W/")
    assert again(client, PATHS[0], strong).status_code == 304
    assert again(client, PATHS[0], f'"other", {tag}').status_code == 304


def test_another_question_has_another_tag(client):
    paths = ["/v1/search?q=طريق", "/v1/search?q=text", "/v1/search?q=طريق&page=2"]
    assert len({client.get(path).headers["ETag"] for path in paths}) == 3


@pytest.mark.parametrize("tag", ["", "*", '"', "nonsense", 'W/"nonsense"'])
def test_a_tag_that_means_nothing_does_no_harm(client, tag):
    assert again(client, PATHS[0], tag).status_code == 200
    assert again(client, "/v1/documents/nowhere", tag).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/v1/search?q=طريق&size=0", "/v1/documents/nowhere", "/v1/nothing", "/healthz", "/readyz"],
)
def test_what_must_not_be_kept_has_no_tag(client, path):
    assert "ETag" not in client.get(path).headers


def test_a_post_has_no_tag(client):
    assert "ETag" not in client.post("/v1/search", json={"q": "طريق"}).headers


def test_each_kind_of_change_to_a_real_index_changes_the_tag(tmp_path: Path) -> None:
    folder, table = tmp_path / "index", tmp_path / "index" / "synonyms.tsv"
    path = "/v1/search?q=قطار"
    with SearchService.open(folder) as service:
        client = create_app(service).test_client()
        service.index([Document(id="1", body="وصل القطار")])
        tags = [client.get(path).headers["ETag"]]
        assert again(client, path, tags[0]).status_code == 304
        service.index([Document(id="2", body="غادر القطار")])
        tags.append(client.get(path).headers["ETag"])
        service.index([Document(id="3", body="قطار")], full=True)
        tags.append(client.get(path).headers["ETag"])
    table.write_text("قطار | ترام\n", encoding="utf-8")
    with SearchService.open(folder) as service:
        client = create_app(service).test_client()
        tags.append(client.get(path).headers["ETag"])
        assert again(client, path, tags[-1]).status_code == 304
    assert len(set(tags)) == 4


def test_two_processes_with_one_index_give_the_same_tag(tmp_path: Path) -> None:
    with SearchService.open(tmp_path / "index") as one:
        one.index([Document(id="1", body="وصل القطار")])
        with SearchService.open(tmp_path / "index") as other:
            first, second = (
                create_app(service).test_client().get("/v1/search?q=قطار").headers["ETag"]
                for service in (one, other)
            )
    assert first == second
