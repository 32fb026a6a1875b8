"""Did you mean: only for words that the collection hardly knows, and only for what finds more."""

from __future__ import annotations

import pytest

from search_service import Document, SearchService
from search_service.analysis.spelling import spelling_cost
from search_service.analysis.tables import read_table


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A small collection in which مظاهرات and الاقتصاد are common words."""
    with SearchService.open(tmp_path_factory.mktemp("index")) as service:
        service.index(
            Document(
                id=str(number),
                title="تقرير",
                body="خرجت مظاهرات في المدينة وتراجع الاقتصاد بعد إغلاق البنك المركزي",
            )
            for number in range(5)
        )
        yield service


@pytest.mark.parametrize(
    ("typed", "meant", "why"),
    [
        ("مضاهرات", "مظاهرات", "ض and ظ sound alike"),
        ("الاقتصا", "الاقتصاد", "the last letter left out"),
        ("الاقتتصاد", "الاقتصاد", "a letter doubled"),
        ("المدنية", "المدينة", "two letters swapped; offered as it is spelt in the collection"),
        ("البنكالمركزي", "البنك المركزي", "the space left out"),
    ],
)
def test_a_misspelt_word_is_offered_as_it_is_known(service, typed, meant, why):
    suggestions = service.search(typed).suggestions
    assert meant in [suggestion.query for suggestion in suggestions], why


def test_the_rest_of_the_query_stays_as_it_was_typed(service):
    (suggestion, *_) = service.search("+البنك مضاهرات").suggestions or (None,)
    # Any document has البنك already, so correcting the other word finds no more.
    assert suggestion is None
    (suggestion,) = service.search("+مضاهرات -خبر").suggestions
    assert suggestion.query == "+مظاهرات -خبر"
    assert suggestion.total == 5
    (correction,) = suggestion.corrections
    assert (correction.start, correction.end) == (1, 8)
    assert (correction.typed, correction.meant) == ("مضاهرات", "مظاهرات")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("مظاهرات", "known"),
        ("والمظاهرات", "not written so anywhere, but known by its stem"),
        ("", "nothing typed"),
        ("في", "a stop word"),
        ("20245", "a number is meant as it is"),
        ("=مضاهرات", "asked for exactly so"),
        ('"مضاهرات"', "quoted"),
        ("-مضاهرات", "not wanted anyway"),
        ("زقزقزقزق", "like nothing that is known"),
    ],
)
def test_there_is_no_suggestion_where_none_helps(service, query, why):
    assert service.search(query).suggestions == (), why


def test_a_new_commit_brings_its_words(tmp_path):
    with SearchService.open(tmp_path) as service:
        service.index([Document(id="1", body="قصيدة قديمة")])
        assert service.search("منارره").suggestions == ()
        service.index([Document(id="2", body="مناره بعيدة")])
        (suggestion,) = service.search("منارره").suggestions
        assert suggestion.query == "مناره"


def test_a_rare_word_lets_look_alikes_order_what_is_found_but_find_nothing_more(tmp_path):
    with SearchService.open(tmp_path) as service:
        service.index(
            [
                Document(id="a", body="شركة السيارات تبيع سيارات"),
                Document(id="b", body="شركة ليفيربول تبيع سيارات"),
                Document(id="c", body="ليفيربول"),
            ]
        )
        # ليفربول stands nowhere; ليفيربول looks like it.
        results = service.search("شركة ليفربول")
        assert [hit.id for hit in results] == ["b", "a"]


def test_costs_are_symmetric_and_a_word_costs_nothing_to_itself():
    for letters, _, _ in read_table("confusions.tsv", 3):
        one, other = letters.split()
        assert spelling_cost(one, other) == spelling_cost(other, one) < 1
        assert spelling_cost(one + other, one + other) == 0


def test_of_the_forms_of_one_word_only_the_likeliest_is_offered(tmp_path):
    with SearchService.open(tmp_path) as service:
        service.index([Document(id="1", body="المكتبات كالمكتبات بالمكتبات")])
        (suggestion,) = service.search("المكتباتت").suggestions
        assert suggestion.query == "المكتبات"
