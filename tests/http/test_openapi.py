"""The OpenAPI document and the page made from it."""

from __future__ import annotations

import re

import pytest

from search_service.config import Settings
from search_service.http import create_app
from search_service.results import Expansion

openapi_spec_validator = pytest.importorskip("openapi_spec_validator")
jsonschema = pytest.importorskip("jsonschema")


@pytest.fixture
def document(client):
    return client.get("/openapi.json").json


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(document)


def test_it_has_every_operation_and_no_page(document):
    found = {
        (method, path)
        for path, methods in document["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert found == {
        ("get", "/v1/search"),
        ("post", "/v1/search"),
        ("post", "/v1/search/batch"),
        ("get", "/v1/suggest"),
        ("get", "/v1/documents/{document_id}"),
        ("get", "/v1/documents/{document_id}/similar"),
        ("get", "/v1/analyze"),
        ("get", "/v1/stats"),
        ("get", "/healthz"),
        ("get", "/readyz"),
    }


def test_operation_ids_are_unique(document):
    ids = [
        operation["operationId"]
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method != "parameters"
    ]
    assert len(set(ids)) == len(ids) == 10


def test_parameters_have_defaults_bounds_and_arabic_examples(document):
    listed = document["paths"]["/v1/search"]["get"]["parameters"]
    parameters = {parameter["name"]: parameter for parameter in listed}
    assert parameters["q"]["required"]
    assert parameters["q"]["schema"]["examples"] == ["طريق الحرير"]
    assert parameters["size"]["schema"] == {
        "type": "integer",
        "default": 10,
        "minimum": 1,
        "maximum": 100,
        "examples": [5],
    }
    assert parameters["match"]["schema"]["enum"] == ["any", "all"]
    assert all(parameter["description"] for parameter in listed)


def test_the_body_has_the_parameters_of_get(document):
    body = document["components"]["schemas"]["SearchBody"]
    listed = document["paths"]["/v1/search"]["get"]["parameters"]
    assert set(body["properties"]) == {parameter["name"] for parameter in listed}
    assert body["required"] == ["q"]
    assert body["additionalProperties"] is False


def test_errors_are_problem_documents(document):
    for methods in document["paths"].values():
        for operation in (methods[m] for m in methods if m != "parameters"):
            for status, response in operation["responses"].items():
                if status in {"304", "414"}:
                    assert "content" not in response
                    continue
                kind = "json" if status == "200" else "problem+json"
                assert list(response["content"]) == [f"application/{kind}"]


def test_only_what_takes_text_in_the_url_may_find_it_too_long(document):
    found = {
        operation["operationId"]
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method != "parameters" and "414" in operation["responses"]
    }
    assert found == {"search", "suggest", "document", "similar", "analyze"}


@pytest.mark.parametrize("path", ["/v1/search?q=طريق", "/v1/documents/plain/similar"])
def test_the_links_of_an_answer_lead_on_to_its_first_hit(client, document, path):
    template = path.partition("?")[0].replace("plain", "{document_id}")
    links = document["paths"][template]["get"]["responses"]["200"]["links"]
    assert set(links) == {"document", "similar"}
    first = client.get(path).json["hits"][0]["id"]
    paths = {
        methods["get"]["operationId"]: path
        for path, methods in document["paths"].items()
        if "get" in methods
    }
    for link in links.values():
        assert link["parameters"] == {"document_id": "$response.body#/hits/0/id"}
        followed = paths[link["operationId"]].replace("{document_id}", first)
        assert client.get(followed).status_code == 200


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/search?q=طريق&explain=true", "SearchResults"),
        ('/v1/search?q="طري', "SearchResults"),
        ("/v1/search?q=text", "SearchResults"),
        ("/v1/search?q=طريق&highlight=false", "SearchResults"),
        ("/v1/documents/history/002-silk-road", "Document"),
        ("/v1/documents/plain", "Document"),
        ("/v1/suggest?q=طريق", "Completions"),
        ("/v1/documents/plain/similar", "SearchResults"),
        ("/v1/analyze?text=الطريق", "Analysis"),
        ("/v1/stats", "Stats"),
        ("/healthz", "Health"),
        ("/readyz", "Readiness"),
        ("/v1/search", "Problem"),
        ('/v1/search?q="طري&strict=true', "Problem"),
    ],
)
def test_answers_are_as_described(client, service, document, path, name):
    service.expansions = (Expansion(0, 4, "طريق", ("درب",), "synonym"),)
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    checker = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in checker.iter_errors(client.get(path).json)] == []


def test_the_documented_limit_of_words_is_that_of_the_settings(service):
    client = create_app(service, Settings(max_query_words=77)).test_client()
    assert "first 77 words" in client.get("/openapi.json").json["info"]["description"]


def test_the_page_shows_every_operation_with_links_that_work(client, document):
    page = client.get("/docs").text
    links = re.findall(r'class="try" href="([^"]+)"', page)
    assert len(links) == 8
    assert [client.get(link).status_code for link in links] == [200] * 8
    for path in document["paths"]:
        assert path in page
    assert "curl -H &#39;Content-Type" in page or "curl -H 'Content-Type" in page
    assert '<code dir="auto">طريق الحرير</code>' in page


def test_every_link_within_the_page_has_its_target(client):
    page = client.get("/docs").text
    targets = set(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= targets


def test_the_page_takes_nothing_from_elsewhere(client):
    answer = client.get("/docs")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert not re.search(r'(src|href)="(https?:)?//', answer.text)
