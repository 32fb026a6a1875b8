"""Did you mean: only for words that the collection hardly knows, and only for what finds more."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_service import Document, SearchService
from search_service.analysis.spelling import spelling_cost
from search_service.analysis.tables import read_table
from search_service.query.parser import parse_lenient


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
        ("مظاه رات", "مظاهرات", "a space too many"),
        ("+المد ينة", "+المدينة", "a space too many behind a sign"),
        ("l/hivhj", "مظاهرات", "typed with the keyboard in English"),
        ("hgl]dkm", "المدينة", "the same; ] is a letter there"),
        ("مظاهراط~0", "مظاهرات", "a sign that was passed over goes with the word"),
        ("مضاهرا^0", "مظاهرات", "the same for a weight out of range"),
        ("مضاهرت~1", "مظاهرات", "too far for one letter; nobody would need the ~ any more"),
        ("مضاهرا*", "مظاهرات", "no word begins so"),
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
        ("hello", "unknown, and not Arabic in the other layout either"),
        ("مظا*", "some words begin so"),
        ("مدينه كبيره", "both may be words of their own, and together they are none"),
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


def test_arabic_letters_typed_for_latin_ones_are_read_as_the_keys(tmp_path):
    with SearchService.open(tmp_path) as service:
        service.index([Document(id="1", body="تطبيق Telegram")])
        # The keys of telegram in the Arabic layout.
        assert [one.query for one in service.search("فثمثلقشة").suggestions] == ["telegram"]


def test_two_words_are_joined_where_others_are_mistyped_too(service):
    (suggestion, *_) = service.search("مظاه رات الاقتتصاد").suggestions
    assert suggestion.query == "مظاهرات الاقتصاد"
    assert [one.typed for one in suggestion.corrections] == ["مظاه رات", "الاقتتصاد"]


PIECES = [
    *(
        "مضاهرات",
        "الاقتصا",
        "مظاه",
        "رات",
        "البنكالمركزي",
        "l/hivhj",
        "المدينة",
        "ظاهرات",
        "=مدينه",
    ),
    *(
        "مضاهرات~1",
        "مضاهرات~0",
        "مضاهرا*",
        "الاقتصا^0",
        "(مضاهرات)~2",
        "title:مضاهرات",
        "AND",
        "OR",
    ),
    *("NOT", "-مضاهرات", "+الاقتصا", '"', "(", ")", "مض\\(اهرات", "hgl]dkm", "مضاهرات/الاقتصا"),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join), st.sampled_from(["any", "all"]))
def test_what_is_suggested_can_be_read_and_finds_what_it_says(service, query, match):
    typed = Counter(warning.code for warning in parse_lenient(query)[1])
    results = service.search(query, match=match)
    for suggestion in results.suggestions:
        read = Counter(warning.code for warning in parse_lenient(suggestion.query)[1])
        assert not read - typed
        assert service.search(suggestion.query, match=match).total == suggestion.total
        assert suggestion.total > results.total
        for one in suggestion.corrections:
            assert query[one.start : one.end] == one.typed != one.meant
