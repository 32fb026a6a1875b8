"""An honest zero: where nothing is found, what less strict queries would find, and how often."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search_service import Document, SearchService
from search_service.advice import Reason
from search_service.query.parser import parse, parse_lenient
from search_service.query.relaxing import MAX_LEAVES
from search_service.relaxing import MAX_RELAXED, relaxed
from search_service.schema import DEFAULT_SCHEMA

SPRING = datetime.date(2020, 5, 1)
DOCUMENTS = [
    Document(
        id="protest",
        title="تقرير",
        body="خرجت مظاهرات في المدينة وتراجع الاقتصاد بعد إغلاق البنك المركزي",
        tags=("علوم",),
        date=SPRING,
    ),
    Document(id="council", title="تقرير", body="مجلس الأمن الدولي يناقش القرار", tags=("سياسة",)),
    Document(id="food", title="أخبار", body="الأمن الغذائي في المدينة مجلس إدارة", language="ar"),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with SearchService.open(tmp_path_factory.mktemp("index")) as service:
        service.index(DOCUMENTS)
        yield service


def offered(results):
    return [(one.reason.value, one.query, one.match, one.total) for one in results.relaxed]


@pytest.mark.parametrize(
    ("query", "match", "form", "why"),
    [
        ("مجلس زرافة", "all", ("any-word", "مجلس زرافة", "any", 2), "all were asked for"),
        ("+مجلس +زرافة", "any", ("any-word", "مجلس زرافة", "any", 2), "each was required"),
        ("مجلس AND زرافة", "any", ("any-word", "مجلس زرافة", "any", 2), "joined by AND"),
        ('"مجلس القرار"', "any", ("near", '"مجلس القرار"~5', "any", 1), "words stand between"),
        ('"القرار مجلس"', "any", ("without-quotes", "القرار مجلس", "all", 1), "another order"),
        ('"مجلس زرافة"', "any", ("without-quotes", "مجلس زرافة", "any", 2), "one of the two"),
        ("=المدينه", "any", ("not-exact", "المدينه", "any", 2), "written with ة"),
        ("مجلس -المدينة -القرار", "any", ("without-excluded", "مجلس", "any", 2), "all excluded"),
        ("title:مجلس", "any", ("without-field", "مجلس", "any", 2), "it stands in the text"),
        ("مظاهر", "any", ("longer-words", "مظاهر*", "any", 1), "only a longer word is known"),
        ("القزخر~1", "any", ("more-edits", "القزخر~2", "any", 1), "two letters are wrong"),
        (
            "مجلس tag:علوم",
            "any",
            ("without-filter", "مجلس", "any", 2),
            "no document with this tag has it",
        ),
        (
            "مجلس tag:سياسة date:2025",
            "any",
            ("without-filter", "مجلس tag:سياسة", "any", 1),
            "one of the filters is to blame",
        ),
        (
            "مجلس tag:علوم date:2025",
            "any",
            ("without-filters", "مجلس", "any", 2),
            "both are to blame",
        ),
        (
            '"مجلس زرافة" tag:علوم',
            "all",
            ("together", "مجلس زرافة", "any", 2),
            "only giving up several conditions at once helps",
        ),
    ],
)
def test_a_less_strict_form_is_offered_with_what_it_finds(service, query, match, form, why):
    results = service.search(query, match=match)
    assert results.total == 0
    assert form in offered(results), why


def test_without_exact_is_offered_where_other_names_would_be_found(tmp_path):
    with SearchService.open(tmp_path) as service:
        service.index([Document(id="1", body="وصل في كانون الثاني")])
        results = service.search("يناير", exact=True)
        assert (results.total, offered(results)[0]) == (0, ("without-exact", "يناير", "any", 1))
        assert service.search("يناير").total == 1


def test_without_narrowing_is_offered_where_the_filters_leave_nothing(tmp_path):
    with SearchService.open(tmp_path) as service:
        service.index([Document(id="1", body="مجلس", tags=("سياسة",))])
        results = service.search("مجلس", filters=["tags:علوم"])
        assert (results.total, offered(results)) == (0, [("without-narrowing", "مجلس", "any", 1)])
        assert service.search("زرافة", filters=["tags:علوم"]).relaxed == ()


def test_nothing_is_relaxed_where_something_is_found(service):
    results = service.search("مجلس زرافة")
    assert results.total == 2
    assert (results.relaxed, results.word_totals) == ((), ())


def test_nothing_is_counted_where_nothing_is_asked():
    def count(query, match):
        raise AssertionError

    for query in ("", "*", "  "):
        assert relaxed(query, parse(query), "any", DEFAULT_SCHEMA, count) == ((), ())


@pytest.mark.parametrize("query", ["زرافة", "NOT *", "-مجلس -تقرير -أخبار", "tag:زرافة"])
def test_what_no_form_of_would_find_anything_has_none(service, query):
    results = service.search(query)
    assert results.total == 0
    assert (results.relaxed, results.word_totals) == ((), ())


def test_each_word_is_told_with_what_it_finds_alone(service):
    query = '+مجلس "في زرافة" tag:سياسة -الأمن'
    results = service.search(query, match="all")
    # في says nothing, the tag is no word, and what is excluded is not looked for.
    assert [(word.query, word.total) for word in results.word_totals] == [
        ("مجلس", 2),
        ("زرافة", 0),
    ]
    assert [query[word.start : word.end] for word in results.word_totals] == ["مجلس", "زرافة"]


def test_the_nearest_form_comes_first_and_there_are_no_more_than_five(service):
    query = 'title:"مجلس القرار" tag:علوم date:2025 language:en -الأمن -خبر زرافة'
    results = service.search(query, match="all")
    order = [list(Reason).index(one.reason) for one in results.relaxed]
    assert order == sorted(order)
    assert 1 <= len(order) <= MAX_RELAXED


def test_a_strict_search_relaxes_as_well(service):
    results = service.search("+مجلس +زرافة", strict=True)
    assert offered(results) == [("any-word", "مجلس زرافة", "any", 2)]


def test_a_pasted_page_is_counted_only_with_any_of_its_words(service):
    page = " ".join(["مجلس", *(f"زرافة{number}" for number in range(MAX_LEAVES))])
    results = service.search(page, match="all")
    assert offered(results) == [("any-word", page, "any", 2)]
    assert results.word_totals == ()


WORDS = ["مجلس", "الأمن", "القرار", "المدينة", "زرافة", "مظاهر", "مدينه", "تقرير", "في", "Covid-19"]
PIECES = [
    *WORDS,
    *("=مدينه", "title:مجلس", "tag:علوم", "date:2020..2021", "date:2025", "language:en", "foo:اب"),
    *('"مجلس القرار"', '"القرار مجلس"~1', "-الأمن", "+زرافة", "AND", "OR", "NOT", "(", ")"),
    *(
        "مظا*",
        "زر?فة",
        "القزار~1",
        "مجلس^2",
        "زرافة~0",
        '"',
        "\\",
        '\\"ا',
        "=",
        "+",
        "-(",
        "*",
        "^",
    ),
]
QUERIES = st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(QUERIES, st.sampled_from(["any", "all"]))
@example('title:(=مدينه "مجلس القرار") -(الأمن OR "في المدينة")', "all")
@example("(مجلس AND زرافة) OR (NOT المدينة AND زرافة)^2", "any")
@example(r"\-زرافة +\"مجلس -\(الأمن", "all")
def test_every_offered_query_finds_as_many_documents_as_it_says(service, query, match):
    results = service.search(query, match=match)
    seen = set()
    for one in results.relaxed:
        assert service.search(one.query, match=one.match).total == one.total > 0
        assert parse_lenient(one.query)[1] == () or one.query == query
        assert (one.query, one.match) not in seen
        seen.add((one.query, one.match))
    for word in results.word_totals:
        assert service.search(word.query, match=match).total == word.total
        assert 0 <= word.start < word.end <= len(query)
    assert len(results.relaxed) <= MAX_RELAXED
    for one in results.suggestions:
        assert service.search(one.query, match=match).total == one.total > results.total


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join), st.sampled_from(["any", "all"])
)
def test_no_query_is_counted_more_than_thirty_times(query, match):
    asked = []

    def count(text, how):
        asked.append((text, how))
        return 0

    node, _ = parse_lenient(query)
    relaxed(query, node, match, DEFAULT_SCHEMA, count)
    assert len(asked) <= 30
