"""Queries with vowel marks, from the typed string to hits and marked words, on every engine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms
from search_service.batches import indexed_document
from search_service.engines.port import Engine
from search_service.highlight import Highlighter
from search_service.query.parser import parse_lenient
from search_service.query.resolver import MAX_VOCALISED, Resolution, Resolver
from search_service.query.vocalised import VocalisedForms
from search_service.query.wording import word_node
from search_service.schema import DEFAULT_SCHEMA, Document
from tests.engines.contract import ENGINES, factory

DOCUMENTS = (
    Document(id="active", body="كَتَبَ الولد الدرس"),
    Document(id="bare", body="كتب الولد الدرس"),
    Document(id="passive", body="كُتِبَ الولد الدرس"),
    Document(id="both", body="كُتِبَ الخبر بعد أن كَتَبَ الولد الدرس"),
    Document(id="proclitic", body="وَكُتِبَ الولد الدرس"),
    Document(id="ending", title="كُتِبَتْ", body="قصة"),
    Document(id="bare title", title="كتب", body="كُتِبَ الخبر"),
    Document(id="case", body="رأيت مِفْتَاحًا"),
)


class Searched:
    """An engine with the documents, and a reader who types."""

    def __init__(self, engine: Engine, analyzer: Analyzer) -> None:
        self.engine, self.analyzer = engine, analyzer
        writer = engine.writer()
        for document in DOCUMENTS:
            writer.add(indexed_document(document, DEFAULT_SCHEMA, analyzer))
        writer.commit()

    def resolve(self, query: str, **options: bool) -> Resolution:
        resolver = Resolver(DEFAULT_SCHEMA, self.analyzer, self.engine.vocabulary, **options)  # type: ignore[arg-type]
        return resolver.resolve(parse_lenient(query)[0])

    def ids(self, query: str, **options: bool) -> list[str]:
        """Return what is found, best first."""
        found = self.engine.search(self.resolve(query, **options).query, 0, 100)
        return [document_id for document_id, _ in found.page]

    def marks(self, query: str, text: str) -> list[str]:
        """Return the words of a text that are marked for a query."""
        whole = Highlighter(self.resolve(query).query, self.analyzer).whole("body", text)
        return [text[mark.start : mark.end] for mark in whole.marks]


@pytest.fixture(params=ENGINES)
def searched(
    request: pytest.FixtureRequest, tmp_path: Path, analyzer: Analyzer
) -> Iterator[Searched]:
    engine = factory(request.param)(tmp_path, DEFAULT_SCHEMA)
    yield Searched(engine, analyzer)
    engine.close()


@pytest.mark.parametrize(
    ("query", "found", "why"),
    [
        ("كَتَبَ", {"active", "bare", "both", "bare title"}, "he wrote: not what was written"),
        (
            "كُتِبَ",
            {"passive", "bare", "both", "proclitic", "ending", "bare title"},
            "it was written, with particles and endings",
        ),
        ("وَكَتَبَ", {"active", "bare", "both", "bare title"}, "a particle typed before the word"),
        ("كَتب", {"active", "bare", "both", "bare title"}, "one mark is enough"),
        ("مِفْتَاحٌ", {"case"}, "the case ending may be another"),
        ("=كَتَبَ", {"active", "both"}, "exactly: somewhere it must be marked so"),
        ("=كُتِبَ", {"passive", "both", "bare title"}, "exactly, and without particles"),
        ("=كَتَبُ", set(), "exactly: to the last mark"),
        ("=مِفْتَاحاً", {"case"}, "exactly: tanwin may stand on the alef"),
        ("=مُفْتَاحًا", set(), "exactly: another vowel"),
        ('"كَتَبَ الولد"', {"active", "bare", "both"}, "in a phrase"),
        ('="كَتَبَ الولد"', {"active", "both"}, "in an exact phrase"),
        ("كَتَبَ OR كُتِبَ", {d.id for d in DOCUMENTS} - {"case"}, "either reading"),
        ("الدرس -كَتَبَ", {"passive", "proclitic"}, "excluded is only what may be that word"),
        ("+كَتَبَ +الخبر", {"both", "bare title"}, "beside other words"),
        ("title:كَتَبَ", {"bare title"}, "in a field"),
    ],
)
def test_finds(searched: Searched, query: str, found: set[str], why: str) -> None:
    assert set(searched.ids(query)) == found, why


def test_without_marks_everything_is_found(searched: Searched) -> None:
    assert set(searched.ids("كتب")) >= {d.id for d in DOCUMENTS} - {"case"}
    assert set(searched.ids("=كتب")) == {"active", "bare", "passive", "both", "bare title"}


def test_agreement_comes_before_a_word_without_marks(searched: Searched) -> None:
    for query, agreeing in (("كُتِبَ", "passive"), ("كَتَبَ", "active")):
        order = searched.ids(query)
        assert order.index(agreeing) < order.index("bare")


def test_another_word_found_is_worth_more_than_agreement(searched: Searched) -> None:
    order = searched.ids("كُتِبَ الولد الدرس")
    assert order.index("bare") < order.index("ending")


def test_agreement_finds_nothing_by_itself(searched: Searched) -> None:
    # The body agrees, and the title is what is asked for.
    assert "both" not in searched.ids("title:كُتِبَ")


def test_all_words_may_be_asked_for(searched: Searched) -> None:
    assert set(searched.ids("كَتَبَ الدرس", match_all=True)) == {"active", "bare", "both"}


@pytest.mark.parametrize(
    ("query", "text", "marks", "why"),
    [
        ("كَتَبَ", "كُتِبَ ثم كَتَبَ ثم كتب", ["كَتَبَ", "كتب"], "what contradicts is not what was found"),
        ("كُتِبَ", "وَكُتِبَ ثم كَتَبَ", ["وَكُتِبَ"], "with a particle"),
        ("كتب", "كُتِبَ ثم كَتَبَ", ["كُتِبَ", "كَتَبَ"], "no marks ask for nothing"),
        ("كَتَبَ كُتِبَ", "كُتِبَ ثم كَتَبَ", ["كُتِبَ", "كَتَبَ"], "each word wants its own"),
        ("كَتَبَ كتب", "كُتِبَ ثم كَتَبَ", ["كُتِبَ", "كَتَبَ"], "a word without marks wants both"),
        ("كَتَبَ كت*", "كُتِبَ ثم كَتَبَ", ["كُتِبَ", "كَتَبَ"], "so does a part of a word"),
        ("=كَتَبَ", "كُتِبَ ثم كَتَبَ ثم كتب", ["كَتَبَ"], "exactly"),
        ('="كَتَبَ الولد"', "كَتَبَ الولد وكُتِبَ الولد", ["كَتَبَ", "الولد"], "in a phrase"),
        ('"كَتَبَ الولد"', "كتب الولد", ["كتب", "الولد"], "not marked, not contradicted"),
    ],
)
def test_highlights(searched: Searched, query: str, text: str, marks: list[str], why: str) -> None:
    assert searched.marks(query, text) == marks, why


def test_marks_that_no_document_has_change_nothing(searched: Searched) -> None:
    assert searched.resolve("قِصَّة").query == searched.resolve("قصة").query


def test_the_field_of_marks_has_no_name_in_queries(searched: Searched) -> None:
    [warning] = searched.resolve("marks:كتب").warnings
    assert warning.code == "unknown-field"
    assert "title, body, id, tag, language, date" in warning.message


def test_the_marks_of_many_words_are_left_aside_with_a_warning(searched: Searched) -> None:
    most = " ".join(["كَتَبَ"] * MAX_VOCALISED)
    assert searched.resolve(most).warnings == ()
    assert [w.code for w in searched.resolve(f"{most} كُتِبَ").warnings] == ["too-many-marks"]


def test_more_readings_than_can_be_searched_exclude_nothing(analyzer: Analyzer) -> None:
    def vocabulary(*_: object) -> object:
        return iter([(f"كتب|كتب|uia{number}", 1) for number in range(2000)])

    resolver = Resolver(DEFAULT_SCHEMA, analyzer, vocabulary)  # type: ignore[arg-type]
    resolution = resolver.resolve(parse_lenient("كَتَبَ")[0])
    plain = Resolver(DEFAULT_SCHEMA, analyzer, lambda *_: iter(()))
    assert resolution.query == plain.resolve(parse_lenient("كتب")[0]).query


def test_readings_of_a_word_are_not_kept_when_its_query_is_done() -> None:
    word = VocalisedForms(*Forms("كتب", "كتب", "كتب", "كتب"))
    # What only this test asks for: what others asked for may be remembered already.
    word.typed, word.known = "كتب|a--", ("كتب|كتب|u--",)
    held = sys.getrefcount(word)
    word_node(word, ("title", "body"), 0.123)
    assert sys.getrefcount(word) == held
