"""The client answers what the library answers."""

from __future__ import annotations

import dataclasses
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from search_service import Document, SearchService
from search_service.client import SearchClient
from search_service.errors import DocumentNotFound, FilterError, QuerySyntaxError, RemoteError
from search_service.http import create_app, create_blueprint
from search_service.marking import HighlightOptions
from search_service.results import SearchResults

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.findall(
    r"^\| `(.+?)` \| \d+ \|", (ROOT / "docs/query-language.md").read_text("utf-8"), re.MULTILINE
)


def timeless(results: SearchResults) -> SearchResults:
    """Return results without the one thing that is never twice the same."""
    return dataclasses.replace(results, took_ms=0.0)


@pytest.mark.parametrize(
    "query",
    [
        *SHOWN,
        "",
        "المدينة",
        "الوزيز",
        '"معرض الكتاب author:ليلى',
        "+الكتب +زرافة",
        "x" * 10_000,
        'line\nbreak "\t" \x00 😀',
    ],
)
def test_results_are_those_of_the_library(
    query: str, client: SearchClient, service: SearchService
) -> None:
    assert timeless(client.search(query)) == timeless(service.search(query))


@pytest.mark.parametrize(
    "options",
    [
        {"size": 1, "page": 2},
        {"size": 100, "page": 1_000},
        {"match": "all"},
        {"explain": True},
        {"highlight": False},
        {"exact": True},
        {"strict": True, "explain": True, "match": "all", "size": 3},
        {"highlight": HighlightOptions(tag="em", length=80, count=1)},
        {"highlight": HighlightOptions(whole=True)},
        {"facets": ["tags", "year"]},
        {"facets": ("source", "language"), "size": 1},
        {"filters": ["year:2010..2030", "language:ar"]},
        {"filters": ("date:2200..",)},
        {"sort": "-date"},
        {"sort": "id", "page": 2, "size": 3},
    ],
)
def test_every_parameter_goes_along(
    options: dict[str, Any], client: SearchClient, service: SearchService
) -> None:
    query = "المدينة في يناير"
    assert timeless(client.search(query, **options)) == timeless(service.search(query, **options))


SAME_CALLS = ("search", "suggest", "similar", "get", "stats", "analyze", "check_ready")


@pytest.mark.parametrize("method", [*SAME_CALLS])
def test_a_method_takes_what_that_of_the_library_takes(method: str) -> None:
    here, there = (
        inspect.signature(getattr(kind, method)).parameters.values()
        for kind in (SearchClient, SearchService)
    )
    assert [(p.name, p.kind, p.default) for p in here] == [
        (p.name, p.kind, p.default) for p in there
    ]


def test_every_document_comes_whole(client: SearchClient, service: SearchService) -> None:
    found = service.search("", size=100)
    assert len(found) == found.total
    for hit in found:
        assert client.get(hit.id) == service.get(hit.id)


def test_analyses_and_statistics_are_those_of_the_library(
    client: SearchClient, service: SearchService
) -> None:
    assert client.analyze("والمكتبات العربية") == service.analyze("والمكتبات العربية")
    assert client.stats() == service.stats()
    client.check_ready()


@pytest.mark.parametrize("text", ["ميل", "المدينة الك", "الام", "قرن من", "zzz", "", "(", "a&b=c"])
@pytest.mark.parametrize("size", [1, 8])
def test_completions_are_those_of_the_library(
    text: str, size: int, client: SearchClient, service: SearchService
) -> None:
    assert client.suggest(text, size) == service.suggest(text, size)


def test_some_text_has_completions(client: SearchClient) -> None:
    found = client.suggest("مد")
    assert found
    # What was typed is marked, as code points of the whole text.
    assert all(each.text[slice(*each.marks[0])] for each in found)


def test_similar_documents_are_those_of_the_library(
    client: SearchClient, service: SearchService
) -> None:
    for hit in service.search("المدينة"):
        here, there = client.similar(hit.id, 3), service.similar(hit.id, 3)
        assert timeless(here) == timeless(there)
        assert len(here) == 3


# ---------------------------------------------------------------- ids of any shape


class OneDocument:
    """A service that has every document."""

    def get(self, document_id: str) -> Document:
        return Document(id=document_id)

    def fingerprint(self) -> str:
        return "ever the same"

    def __getattr__(self, name: str) -> Any:
        def fail(*_: Any, **__: Any) -> None:
            raise AssertionError(f"{name} is not asked for here")

        return fail


@pytest.mark.parametrize(
    "document_id",
    [
        "تاريخ/002",
        "a b?c#d&e=f+g",
        "100%",
        "%2F",  # not to be decoded twice
        "/in/front",
        "two//slashes",
        "behind/",
        ".",
        "..",
        "../stats",  # not a way out of the documents
        "a/./b",
        "a\\b",
        "line\nbreak",
        "😀",
    ],
)
def test_an_id_may_be_any_text(document_id: str, client_of_every_document: SearchClient) -> None:
    assert client_of_every_document.get(document_id).id == document_id


@pytest.fixture(scope="module")
def client_of_every_document(transport_to: Any) -> Iterator[SearchClient]:
    one: Any = OneDocument()
    with SearchClient("http://test", transport=transport_to(create_app(one))) as client:
        yield client


@given(document_id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_an_arbitrary_id_arrives_as_it_is(
    document_id: str, client_of_every_document: SearchClient
) -> None:
    assert client_of_every_document.get(document_id).id == document_id


# ---------------------------------------------------------------- errors of the call


def test_a_document_that_is_not_there(client: SearchClient) -> None:
    for ask in (client.get, client.similar):
        for document_id in ("no/such", ""):
            with pytest.raises(DocumentNotFound) as caught:
                ask(document_id)
            assert caught.value.document_id == document_id


def test_a_syntax_error_has_its_message_and_its_place(
    client: SearchClient, service: SearchService
) -> None:
    with pytest.raises(QuerySyntaxError) as here:
        client.search("كتاب AND (سوق", strict=True)
    with pytest.raises(QuerySyntaxError) as there:
        service.search("كتاب AND (سوق", strict=True)
    assert (here.value.message, here.value.span) == (there.value.message, there.value.span)
    assert str(here.value) == str(there.value)


def test_a_size_out_of_range_is_a_value_error(client: SearchClient) -> None:
    first = client.search("المدينة").hits[0].id
    with pytest.raises(ValueError, match="size: "):
        client.suggest("مد", 0)
    with pytest.raises(ValueError, match="size: "):
        client.similar(first, 0)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"size": 0}, "size: "),
        ({"size": 101, "page": 0}, "page: .*; size: |size: .*; page: "),
        ({"match": "some"}, "match: "),
        ({"strict": "yes"}, "strict: "),
        ({"query": "\ud800"}, "q: Not Unicode text"),
        ({"facets": ["tag"]}, "facet: .*tags"),
        ({"facets": "tags"}, "facet: "),
        ({"filters": "year:2020"}, "filter: "),
        ({"sort": "dates"}, "sort: .*date"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_a_value_error(
    options: dict[str, Any], named: str, client: SearchClient
) -> None:
    with pytest.raises(ValueError, match=named):
        client.search(**{"query": "كتاب", **options})


@pytest.mark.parametrize("long", ["", "tags:" + "س" * 100 + " "], ids=["short", "long"])
def test_a_filter_that_is_wrong_is_named(
    long: str, client: SearchClient, service: SearchService
) -> None:
    filters = ["language:ar", f"{long}كتاب"]
    with pytest.raises(FilterError) as here:
        client.search("المدينة", filters=filters)
    with pytest.raises(FilterError) as there:
        service.search("المدينة", filters=filters)
    assert here.value.filter == there.value.filter == filters[1]
    assert (here.value.reason, here.value.span) == (there.value.reason, there.value.span)
    assert str(here.value) == str(there.value)


# ---------------------------------------------------------------- several searches at once


def test_a_batch_gives_what_its_searches_give(client: SearchClient, service: SearchService) -> None:
    searches: list[dict[str, Any]] = [
        {"query": "المدينة", "size": 2, "facets": ["tags"]},
        {"query": "كتاب", "filters": ["language:ar"], "sort": "-date"},
        {"query": ""},
    ]
    found = client.batch(searches)
    assert [timeless(each) for each in found if isinstance(each, SearchResults)] == [
        timeless(service.search(**each)) for each in searches
    ]


def test_what_is_wrong_with_one_search_of_a_batch_stands_in_its_place(client: SearchClient) -> None:
    found = client.batch(
        [
            {"query": "(كتاب", "strict": True},
            {"query": "كتاب", "size": 0},
            {"query": "كتاب", "filters": ["كتاب"]},
            {"query": "كتاب"},
        ]
    )
    assert list(map(type, found)) == [QuerySyntaxError, ValueError, FilterError, SearchResults]


def test_a_batch_of_more_searches_than_the_service_takes_is_refused(client: SearchClient) -> None:
    with pytest.raises(ValueError, match="searches: "):
        client.batch([{"query": "كتاب"}] * 21)


def test_a_batch_that_does_not_answer_each_search_is_no_batch(client_that_gets: Any) -> None:
    with pytest.raises(RemoteError, match="there are 0 results, not 1"):
        client_that_gets(httpx.Response(200, json={"results": []})).batch([{"query": "كتاب"}])


# ---------------------------------------------------------------- where the service is


@pytest.mark.parametrize("base_url", ["http://test/search", "http://test/search/"])
def test_the_service_may_be_under_a_prefix(
    base_url: str, service: SearchService, client_of: Any
) -> None:
    host = Flask("host")
    host.register_blueprint(create_blueprint(service), url_prefix="/search")
    client = client_of(host, base_url)
    assert client.stats() == service.stats()
    assert client.search("المدينة").total == service.search("المدينة").total


def test_headers_go_along_with_every_request(service: SearchService, transport_to: Any) -> None:
    app = create_app(service)
    seen: list[str | None] = []

    @app.before_request
    def note() -> None:
        seen.append(request.headers.get("Authorization"))

    headers = {"Authorization": "Bearer key"}
    with SearchClient("http://test", headers=headers, transport=transport_to(app)) as client:
        client.search("المدينة")
        client.stats()
    assert seen == ["Bearer key", "Bearer key"]


def test_without_httpx_the_way_to_get_it_is_told() -> None:
    program = (
        "import sys\n"
        "sys.modules['httpx'] = None\n"
        "import search_service.errors\n"
        "try:\n"
        "    import search_service.client\n"
        "except search_service.errors.MissingPackage as error:\n"
        "    print(error)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout == (
        "the client needs the package 'httpx', which is not installed: "
        "pip install 'search-service[client]'\n"
    )
