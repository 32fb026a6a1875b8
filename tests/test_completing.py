"""Suggestions while typing: the collection's own words and titles, in any spelling."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_service import Document, SearchService

ARTICLES = (
    Document(
        id="1",
        title="القواعد الأمريكية في الصحراء",
        body="قال بومبيو إن القوات الأمريكية غادرت. الميليشيات هاجمت السفارة الأمريكية.",
    ),
    Document(
        id="2",
        title="الكاظمي وكتائب الجنوب",
        body="لاحق الكاظمي كتائب مسلحة. والميليشيات تنفي، وأمر رئيس الوزراء بالتحقيق.",
    ),
    Document(
        id="3",
        title="هُدْنَةُ المِيليشيات",
        body="قبلت كتائب مسلحة هدنة بأمر من الكاظمي، لا بأوامر أمريكا. Covid-19 spreads.",
    ),
    Document(id="4", title="مدرسه الحي", body="المدرسة قديمة، ومدرسة أخرى جديدة في سنة 2014."),
    Document(id="5", title="المدرسة الجديدة <1>", body="بنيت مدرسة جديدة سنة 2019 قرب لأفغانستان."),
)


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def service(request, tmp_path_factory):
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    folder = tmp_path_factory.mktemp("index")
    with SearchService.open(folder, engine=request.param) as service:
        service.index(ARTICLES)
        yield service


def words(service, typed, **options):
    return [one.text for one in service.suggest(typed, **options) if one.kind == "word"]


def titles(service, typed, **options):
    return [one.id for one in service.suggest(typed, **options) if one.kind == "title"]


@pytest.mark.parametrize(
    ("typed", "completed", "why"),
    [
        ("ميل", "الميليشيات", "with the article, as the collection writes it"),
        ("الكاظ", "الكاظمي", "a name that no list knows"),
        ("كتا", "كتائب", "folded ئ is another letter than it looks"),
        ("بوم", "بومبيو", "ب is the name's own letter"),
        ("هُدْ", "هدنة", "typed with marks, written without"),
        ("مدر", "مدرسة", "as it is written most often, not مدرسه"),
        ("وهدن", "وهدنة", "no text has it with و, which stays in front"),
        ("للميل", "للميليشيات", "the article loses its alef"),
        ("بالميل", "بالميليشيات", "typed with two particles, written with others"),
        ("بهدن", "بهدنة", "ب is a particle where it is no letter of a word"),
        ("لافغ", "لأفغانستان", "only written with a particle"),
        ("Cov", "covid", "Latin, whatever the case"),
        ("20", "2014", "numbers"),
        ("٢٠١٩", "2019", "in any digits"),
        ("=مدر", "=مدرسة", "signs of the query language stay"),
        ("قال: «الكاظ", "قال: «الكاظمي", "so does everything before"),
    ],
)
def test_the_last_word_is_completed_from_the_collection(service, typed, completed, why):
    assert completed in words(service, typed), why


def test_every_spelling_and_the_article_lead_to_the_same(service):
    bare, article, hamza = (service.suggest(typed) for typed in ("امر", "الامر", "الأمر"))
    assert article == hamza
    counts = [sorted(one.count for one in found if one.kind == "word") for found in (bare, article)]
    assert counts[0] == counts[1] == [2, 2]
    assert words(service, "امر") == ["أمر", "أمريكا"]
    assert words(service, "الامر") == ["الأمريكية", "أمر"], "what has the article comes first"


def test_forms_of_one_word_are_one_suggestion(service):
    # الأمريكية (twice) and أمريكا have one stem; مدرسة, مدرسه and المدرسة as well.
    assert len(words(service, "امريك")) == 1
    assert words(service, "مدرس") == ["مدرسة"]


def test_of_many_words_those_with_the_article_come_first_where_it_was_typed(tmp_path):
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    with SearchService.open(tmp_path) as service:
        body = " ".join(f"ح{one}ز{other}ل" for one in letters for other in "دعن")
        service.index([Document(id="1", body=f"{body} الحرير")])
        assert words(service, "الح")[0] == "الحرير"
        assert "الحرير" not in words(service, "حا")


def test_words_are_ordered_by_the_documents_that_have_them(service):
    found = [one for one in service.suggest("ك") if one.kind == "word"]
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    assert found[0].text in ("كتائب", "الكاظمي")


def test_words_typed_before_decide_what_comes_first(service):
    alone = [one for one in service.suggest("ال") if one.kind == "word"]
    behind = [one for one in service.suggest("السفارة ال", size=20) if one.kind == "word"]
    assert {one.count for one in behind} == {1}
    assert all(one.text.startswith("السفارة ") for one in behind)
    assert max(one.count for one in alone) > 1


def test_where_no_document_has_all_words_each_counts_alone(service):
    (found,) = (one for one in service.suggest("مدرسة بوم") if one.kind == "word")
    assert (found.text, found.count) == ("مدرسة بومبيو", 1)


def test_filters_and_excluded_words_say_nothing_of_the_next_word(service):
    for typed in ("tags:سياسة الكاظ", "-مدرسة الكاظ"):
        (found,) = (one for one in service.suggest(typed) if one.kind == "word")
        assert found.count == 2


@pytest.mark.parametrize(
    ("typed", "html", "why"),
    [
        ("كتا", "<mark>كتا</mark>ئب", "what was typed"),
        ("ميل", "ال<mark>ميل</mark>يشيات", "not the article, which was not typed"),
        ("الميل", "<mark>الميل</mark>يشيات", "the article, which was"),
        ("وهدن", "<mark>وهدن</mark>ة", "with the particle"),
        ("السفارة الام", "<mark>السفارة الأم</mark>ريكية", "in the letters of the collection"),
        ("<b> كتا", "<mark>&lt;b&gt; كتا</mark>ئب", "escaped"),
    ],
)
def test_what_was_typed_is_marked(service, typed, html, why):
    assert html in [one.html for one in service.suggest(typed)], why


@pytest.mark.parametrize(
    ("typed", "found", "why"),
    [
        ("الكاظ", ["2"], "it begins so"),
        ("كتا", ["2"], "in the middle, behind و"),
        ("ميل", ["3"], "written with marks"),
        ("الامريكية الصح", ["1"], "both words"),
        ("الصحراء القوا", ["1"], "in any order"),
        ("الكاظمي الصح", [], "no title has both"),
        ("المدرسة ", ["4", "5"], "a whole word, nothing more typed"),
        ("المدرسة", ["4", "5"], "in either spelling"),
        ("المدرسة الجد", ["5"], "the last word narrows"),
        ("بومبيو", [], "in a text, not in a title"),
        ("كتا ", [], "no such word"),
    ],
)
def test_titles_have_all_that_was_typed(service, typed, found, why):
    assert sorted(titles(service, typed)) == found, why


def test_a_title_comes_whole_with_its_own_letters_and_marks(service):
    (title,) = (one for one in service.suggest("ميلي") if one.kind == "title")
    assert (title.text, title.count, title.id) == ("هُدْنَةُ المِيليشيات", 1, "3")
    assert title.html == "هُدْنَةُ ال<mark>مِيلي</mark>شيات"
    (title,) = (one for one in service.suggest("المدرسة الجد") if one.kind == "title")
    assert title.html == "<mark>المدرسة</mark> <mark>الجد</mark>يدة &lt;1&gt;"


def test_a_title_that_begins_as_was_typed_comes_before_others(service):
    assert titles(service, "مدر") == ["4", "5"]


@pytest.mark.parametrize("typed", ["", " ", "،", "«»", "ً", "\u200f", "المدرسة ."])
def test_without_a_word_at_the_end_no_word_is_completed(service, typed):
    assert words(service, typed) == []


def test_nothing_typed_brings_nothing(service):
    assert service.suggest("") == service.suggest("  \n") == ()


def test_function_words_are_not_offered(service):
    assert "في" not in words(service, "ف", size=20)


def test_there_are_never_more_than_asked_for(service):
    for size in (1, 2, 8, 20):
        found = service.suggest("ا", size=size)
        assert len(found) <= size
    assert len(service.suggest("ا", size=1)) == 1


@pytest.mark.parametrize("size", [0, 21, -1])
def test_a_size_out_of_range_is_refused(service, size):
    with pytest.raises(ValueError, match=r"size must be from 1 to 20"):
        service.suggest("كتا", size=size)


def test_a_new_commit_brings_its_words_and_titles(tmp_path):
    with SearchService.open(tmp_path) as service:
        service.index([Document(id="1", title="قصيدة", body="قصيدة")])
        assert service.suggest("منا") == ()
        service.index([Document(id="2", title="منارة البحر", body="منارة")])
        assert [one.text for one in service.suggest("منا")] == ["منارة", "منارة البحر"]


def test_ten_thousand_characters_are_as_good_as_their_end(service):
    typed = "ا" * 4000 + " كلمة" * 1200 + " كتا"
    assert len(typed) > 10_000
    assert words(service, typed) == [typed + "ئب"]
    assert service.suggest("ك" * 10_000) == ()


_LETTERS = st.text(alphabet='ابتكلوميةأإىئ ًـ"()*~:=-^\u200f\ud800ﻻﷺaé1٢', max_size=25)


@settings(max_examples=150, deadline=None)
@given(typed=st.one_of(_LETTERS, st.text(max_size=60)), size=st.integers(1, 20))
def test_any_text_is_completed_or_not_but_never_refused(service, typed, size):
    for one in service.suggest(typed, size=size):
        assert one.count > 0
        assert (one.kind == "title") == (one.id is not None)
        ends = [0, *(place for mark in one.marks for place in mark), len(one.text)]
        assert ends == sorted(ends), "marks are in order and inside the text"
        assert all(start < end for start, end in one.marks)
        assert one.html.count("<mark>") == len(one.marks)
