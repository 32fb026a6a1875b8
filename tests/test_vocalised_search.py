"""A reader who types vowel marks, from files to results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search_service import Document, SearchService

DOCUMENTS = (
    Document(id="active", title="خبر", body="كَتَبَ الولد الدرس في دفتره."),
    Document(id="bare", title="خبر", body="كتب الولد الدرس في دفتره."),
    Document(id="passive", title="خبر", body="كُتِبَ الولد الدرس في دفتره."),
    Document(id="both", title="خبر", body="كُتِبَ الخبر كما كَتَبَ الولد الدرس."),
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[SearchService]:
    with SearchService.open(tmp_path / "index") as opened:
        opened.index(DOCUMENTS)
        yield opened


def test_what_contradicts_the_marks_is_not_found(service: SearchService) -> None:
    assert {hit.id for hit in service.search("كتب")} == {"active", "bare", "passive", "both"}
    assert {hit.id for hit in service.search("كَتَبَ")} == {"active", "bare", "both"}
    assert {hit.id for hit in service.search("كُتِبَ")} == {"passive", "bare", "both"}


def test_the_same_marks_come_before_none(service: SearchService) -> None:
    order = [hit.id for hit in service.search("كَتَبَ الولد الدرس")]
    assert order.index("active") < order.index("bare")


def test_exactly_demands_the_marks(service: SearchService) -> None:
    assert {hit.id for hit in service.search("=كَتَبَ")} == {"active", "both"}
    assert {hit.id for hit in service.search("=كتب")} == {"active", "bare", "passive", "both"}


def test_what_contradicts_is_not_highlighted(service: SearchService) -> None:
    [both] = [hit for hit in service.search("كَتَبَ") if hit.id == "both"]
    assert both.snippets[0].html == "كُتِبَ الخبر كما <mark>كَتَبَ</mark> الولد الدرس."


def test_the_explanation_shows_what_the_marks_added(service: SearchService) -> None:
    parts = {hit.id: hit.explanation for hit in service.search("كَتَبَ", explain=True)}
    stem = "title+body.stem:كتب"
    assert parts["active"]
    assert parts["bare"]
    assert parts["active"][stem] > parts["bare"][stem]


def test_a_document_that_loses_its_marks_is_found_again(service: SearchService) -> None:
    service.index([Document(id="passive", title="خبر", body="كتب الولد الدرس في دفتره.")])
    assert {hit.id for hit in service.search("كَتَبَ")} == {"active", "bare", "both", "passive"}


def test_marks_are_no_field_of_results_or_queries(service: SearchService) -> None:
    found = service.search("marks:كتب")
    assert [warning.code for warning in found.warnings] == ["unknown-field"]
    assert "marks" not in service.get("active").to_json()
