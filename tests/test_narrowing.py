"""Facets, filters and orders of a search: the same from every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from search_service import Document, SearchService
from search_service.analysis.analyzer import Analyzer
from search_service.analysis.words import load_variants
from search_service.batches import indexed_document
from search_service.config import Settings
from search_service.engines.port import Engine
from search_service.errors import FilterError
from search_service.faceting import FACETS, MAX_VALUES, Labels
from search_service.results import SearchResults
from search_service.schema import DEFAULT_SCHEMA
from search_service.search_request import MAX_FILTERS, SORTS, SearchRequest
from search_service.searching import run_search
from search_service.word_list import WordList
from tests.engines.contract import ENGINES, ON_DISK, factory

DOCUMENTS = (
    Document(
        id="a",
        title="سوق الكتب",
        body="سوق قديم للكتب في بغداد",
        tags=("علوم الأرض", "كتب"),
        date=date(2014, 3, 1),
        language="ar",
        url="https://www.example.org/a",
    ),
    Document(
        id="b",
        title="أسواق",
        body="أسواق المدينة، وسوق السمك فيها أقدمها",
        tags=("علوم الارض", "مدن"),
        date=date(2020, 1, 31),
        language="ar",
        metadata={"source": "جريدة المدينة"},
    ),
    Document(
        id="c",
        title="كتاب",
        body="كتاب عن السوق",
        tags=("كتب",),
        date=date(2020, 6, 1),
        url="https://example.org/c",
    ),
    Document(id="d", body="سوق بلا تاريخ", tags=('قال "لا"',), language="en", url="a/path.txt"),
    Document(id="e", title="جسر", body="جسر فوق النهر", tags=("مدن",), date=date(2016, 2, 29)),
)

Search = Callable[..., SearchResults]


def searching(name: str, folder: Path, analyzer: Analyzer) -> tuple[Engine, Search]:
    engine = factory(name)(folder, DEFAULT_SCHEMA)
    writer = engine.writer()
    for document in DOCUMENTS:
        writer.add(indexed_document(document, DEFAULT_SCHEMA, analyzer))
    writer.commit()

    def search(query: str, **options: Any) -> SearchResults:
        return run_search(
            SearchRequest(query, **options),
            engine,
            analyzer,
            Settings(),
            WordList(engine, DEFAULT_SCHEMA),
            labels=Labels(engine, DEFAULT_SCHEMA, analyzer),
            variants=load_variants(),
        )

    return engine, search


def test_a_stem_is_counted_in_the_field_that_has_it_most(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    for name in ENGINES:
        engine = factory(name)(tmp_path / name, DEFAULT_SCHEMA)
        writer = engine.writer()
        for number, (title, body) in enumerate((("قطار", ""), ("", "قطار"), ("", "قطار"))):
            document = Document(id=str(number), title=title, body=body)
            writer.add(indexed_document(document, DEFAULT_SCHEMA, analyzer))
        writer.commit()
        words = WordList(engine, DEFAULT_SCHEMA)
        counts = [words.most_in_one(fields, "قطار") for fields in (("title",), ("title", "body"))]
        assert counts == [1, 2]
        engine.close()


@pytest.fixture(scope="module", params=ENGINES)
def search(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer
) -> Iterator[Search]:
    engine, search = searching(request.param, tmp_path_factory.mktemp("engine"), analyzer)
    yield search
    engine.close()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Search:
    return searching("memory", tmp_path_factory.mktemp("reference"), analyzer)[1]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[SearchService]:
    with SearchService.open(tmp_path / "index") as opened:
        opened.index(DOCUMENTS)
        yield opened


def ids(results: SearchResults) -> list[str]:
    return [hit.id for hit in results]


def counted(results: SearchResults) -> dict[str, dict[str, int]]:
    return {f.field: {value.label: value.count for value in f.values} for f in results.facets}


FILTERS = [
    ('tags:"علوم الأرض"', "ab"),
    ("tags:كتب", "ac"),
    ("tags:(كتب OR مدن)", "abce"),
    ("NOT tags:كتب", "bde"),
    ('tags:"علوم الأرض" AND NOT tags:مدن', "a"),
    (r'tags:"قال \"لا\""', "d"),
    ('source:"example.org"', "ac"),
    ('source:"جريدة المدينه"', "b"),
    ("language:ar", "ab"),
    ("NOT language:ar", "cde"),
    ("id:d", "d"),
    ("id:(a OR e)", "ae"),
    ("year:2020", "bc"),
    ("year:2014..2016", "ae"),
    ("NOT year:2014..2020", "d"),  # a document without a date is in no range
    ("date:2020-01-01..2020-05-31", "b"),
    ("(year:2020 OR language:en) -tags:كتب", "bd"),
]


@pytest.mark.parametrize(("text", "found"), FILTERS)
def test_a_filter_leaves_those_that_meet_it(search: Search, text: str, found: str) -> None:
    assert sorted(ids(search("", filters=[text]))) == list(found)


def test_several_filters_must_all_be_met(search: Search) -> None:
    assert ids(search("", filters=["year:2020", "tags:كتب"])) == ["c"]


@pytest.mark.parametrize(("text", "found"), FILTERS)
@pytest.mark.parametrize(
    "query", ["سوق", "سوق الكتب", '"سوق قديم" OR كتاب', "+سوق -سمك", "tag:كتب"]
)
def test_a_filter_changes_no_score(search: Search, query: str, text: str, found: str) -> None:
    everything = {hit.id: hit.score for hit in search(query)}
    narrowed = {hit.id: hit.score for hit in search(query, filters=[text])}
    assert narrowed == {i: score for i, score in everything.items() if i in found}


def test_a_filter_marks_nothing_in_the_text(search: Search) -> None:
    (hit,) = search("سوق", filters=["tags:كتب", "id:a"]).hits
    assert [snippet.html for snippet in hit.snippets] == ["<mark>سوق</mark> قديم للكتب في بغداد"]


def test_facets_count_all_that_matches_whatever_the_page(search: Search) -> None:
    for page in ({"size": 1}, {"size": 1, "page": 3}, {"size": 10}, {"page": 9}):
        assert counted(search("سوق", facets=list(FACETS), **page)) == {
            "tags": {"علوم الأرض": 2, "كتب": 2, 'قال "لا"': 1, "مدن": 1},
            "source": {"example.org": 2, "جريدة المدينة": 1},
            "language": {"ar": 2, "en": 1},
            "year": {"2020": 2, "2014": 1},
        }


def test_facets_come_in_the_order_asked_for_and_once(search: Search) -> None:
    found = search("", facets=["year", "tags", "year"]).facets
    assert [facet.field for facet in found] == ["year", "tags"]


def test_values_come_by_count_then_label(search: Search) -> None:
    (tags,) = search("", facets=["tags"]).facets
    assert [(value.label, value.count) for value in tags.values] == [
        *(("علوم الأرض", 2), ("كتب", 2), ("مدن", 2)),
        ('قال "لا"', 1),
    ]


def test_a_label_is_as_the_first_document_writes_the_value(search: Search) -> None:
    # "b" writes الارض without hamza; both are one value.
    (tags,) = search("id:b", facets=["tags"]).facets
    assert "علوم الأرض" in [value.label for value in tags.values]


@pytest.mark.parametrize("query", ["", "سوق", "كتاب"])
def test_the_filter_of_each_value_finds_as_many_as_were_counted(search: Search, query: str) -> None:
    for facet in search(query, facets=list(FACETS)).facets:
        for value in facet.values:
            assert search(query, filters=[value.filter]).total == value.count
            assert value.value == value.label


def test_facets_of_what_finds_nothing_are_empty(search: Search) -> None:
    assert counted(search("زرافة", facets=["tags", "year"])) == {"tags": {}, "year": {}}


@pytest.mark.parametrize(
    ("sort", "order"),
    [("date", "aebcd"), ("-date", "cbead"), ("id", "abcde"), ("-id", "edcba")],
)
def test_an_order_by_field_holds_across_pages(search: Search, sort: str, order: str) -> None:
    assert ids(search("", sort=sort)) == list(order)
    assert ids(search("", sort=sort, size=2, page=2)) == list(order[2:4])


def test_relevance_is_the_order_without_any(search: Search) -> None:
    assert ids(search("سوق الكتب", sort="relevance")) == ids(search("سوق الكتب"))


@pytest.mark.parametrize("query", ["", "سوق", "سوق الكتب", "جسر OR كتاب"])
@pytest.mark.parametrize("sort", [name for name in SORTS if name != "relevance"])
@pytest.mark.parametrize("filters", [(), ("year:2014..2020",), ("NOT tags:مدن", "language:ar")])
def test_every_engine_answers_as_the_reference_does(
    search: Search, reference: Search, query: str, sort: str, filters: tuple[str, ...]
) -> None:
    options = {"facets": list(FACETS), "filters": filters, "sort": sort}
    ours, known = search(query, **options), reference(query, **options)
    assert (ours.total, ids(ours), ours.facets) == (known.total, ids(known), known.facets)


def test_only_the_commonest_values_are_told_and_the_rest_is_counted(service: SearchService) -> None:
    many = [Document(id=f"m{n}", body="كثير", tags=(f"وسم{n}",)) for n in range(MAX_VALUES + 7)]
    service.index([*many, Document(id="x", body="كثير", tags=("وسم55",))])
    (tags,) = service.search("كثير", facets=["tags"]).facets
    assert (len(tags.values), tags.others) == (MAX_VALUES, 7)
    assert (tags.values[0].label, tags.values[0].count) == ("وسم55", 2)


def test_a_label_follows_the_next_commit(service: SearchService) -> None:
    def label() -> str:
        (facet,) = service.search("id:d", facets=["tags"]).facets
        return facet.values[0].label

    assert label() == 'قال "لا"'
    service.index([Document(id="d", body="سوق", tags=("قال: لا",))])
    assert label() == "قال: لا"


def test_less_strict_queries_are_counted_within_the_filters(service: SearchService) -> None:
    found = service.search("+سوق +زرافة", filters=["year:2020"])
    (relaxed,) = [one for one in found.relaxed if one.match == "any"]
    again = service.search(relaxed.query, match="any", filters=["year:2020"])
    assert relaxed.total == again.total == 2
    assert [word.total for word in found.word_totals] == [2, 0]


def test_corrections_are_counted_within_the_filters(service: SearchService) -> None:
    (suggestion,) = service.search("المدبنة", filters=["year:2020"]).suggestions
    assert suggestion.total == 1
    assert service.search("المدبنة", filters=["year:2014"]).suggestions == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"facets": ["tgas"]}, "did you mean tags?"),
        ({"facets": ["title"]}, "no facet 'title'"),
        ({"facets": "tags"}, "a list of texts"),
        ({"filters": "tags:علوم"}, "a list of texts"),
        ({"filters": ["id:a"] * (MAX_FILTERS + 1)}, f"{MAX_FILTERS} filters"),
        ({"sort": "dat"}, "did you mean date?"),
        ({"sort": "title"}, "no sort 'title'"),
    ],
)
def test_what_cannot_be_asked_for_is_named(
    service: SearchService, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        service.search("سوق", **options)


def test_a_wrong_filter_is_an_error_though_the_query_is_not_strict(service: SearchService) -> None:
    with pytest.raises(FilterError, match="tgas"):
        service.search("سوق", filters=["tgas:علوم"])


@pytest.mark.parametrize("name", ON_DISK)
def test_a_source_is_found_whichever_engine_holds_it(tmp_path: Path, name: str) -> None:
    factory(name)
    with SearchService.open(tmp_path / "index", engine=name) as service:
        service.index(DOCUMENTS)
        assert ids(service.search("source:example.org", sort="id")) == ["a", "c"]
