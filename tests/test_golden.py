"""Ten queries on ``seeds/`` whose answers a reader of Arabic has found right.

``tests/data/golden.json`` has them, each with its reason: how many documents match, which
come first, which words of the first snippet are marked, and what else is advised. They are
asked of every engine, through the library, over HTTP and on the command line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from search_service import SearchService
from search_service.cli.app import cli
from search_service.http import create_app
from tests.engines.contract import ON_DISK, SAME_SCORES, factory

HERE = Path(__file__).resolve().parent
GOLDEN: list[dict[str, Any]] = json.loads(
    (HERE / "data" / "golden.json").read_text(encoding="utf-8")
)

#: Returns the JSON of an answer, to a query and its filters.
Ask = Callable[[str, list[str]], dict[str, Any]]


@pytest.fixture(scope="module", params=ON_DISK)
def engine(request: pytest.FixtureRequest) -> str:
    factory(request.param)  # skips where it is not installed
    return str(request.param)


@pytest.fixture(scope="module")
def folder(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("index")
    with SearchService.open(made, engine=engine) as service:
        assert service.index_paths([HERE.parent / "seeds"]).problems == ()
    return made


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[SearchService]:
    with SearchService.open(folder) as opened:
        yield opened


@pytest.fixture
def from_library(service: SearchService) -> Ask:
    return lambda query, filters: service.search(query, filters=filters).to_json()


@pytest.fixture
def over_http(service: SearchService) -> Ask:
    client = create_app(service).test_client()

    def ask(query: str, filters: list[str]) -> dict[str, Any]:
        answer = client.get("/v1/search", query_string={"q": query, "filter": filters})
        assert answer.status_code == 200
        return dict(answer.get_json())

    return ask


@pytest.fixture
def on_the_command_line(folder: Path) -> Ask:
    def ask(query: str, filters: list[str]) -> dict[str, Any]:
        narrowed = [part for text in filters for part in ("--filter", text)]
        options = ["--json", "--index-dir", str(folder), *narrowed]
        ended = CliRunner().invoke(cli, ["search", *options, "--", query])
        assert ended.exit_code == 0, ended.output
        return dict(json.loads(ended.stdout))

    return ask


def marked(answer: dict[str, Any]) -> list[str]:
    """Return the words that are marked in the first snippet of the first hit."""
    return [
        snippet["text"][part["start"] : part["end"]]
        for hit in answer["hits"][:1]
        for snippet in hit["snippets"][:1]
        for part in snippet["ranges"]
    ]


@pytest.mark.parametrize("way", ["from_library", "over_http", "on_the_command_line"])
@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["query"])
def test_the_answer_is_the_one_that_was_found_right(
    golden: dict[str, Any], way: str, engine: str, request: pytest.FixtureRequest
) -> None:
    ask: Ask = request.getfixturevalue(way)
    answer = ask(golden["query"], golden.get("filters", []))
    first = [hit["id"] for hit in answer["hits"][:3]]
    assert (answer["total"], first[:1]) == (golden["total"], golden["first"][:1]), golden["why"]
    # An engine with scores of its own may have the hits behind the first in another order.
    in_order = list if engine in SAME_SCORES else sorted
    assert in_order(first) == in_order(golden["first"]), golden["why"]
    assert marked(answer) == golden["marked"], golden["why"]
    advised = {
        "suggestions": [[one["query"], one["total"]] for one in answer["suggestions"]],
        "relaxed": [[one["query"], one["match"], one["total"]] for one in answer["relaxed"]],
        "word_totals": [[one["query"], one["total"]] for one in answer["word_totals"]],
    }
    assert advised == {name: golden.get(name, []) for name in advised}, golden["why"]


def test_there_are_ten_queries_each_with_its_reason() -> None:
    assert len({golden["query"] for golden in GOLDEN}) == 10
    assert all(golden["why"] for golden in GOLDEN)
