"""Narrowing, ordering and turning the pages of results, on a real index."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import pytest


def at(**parameters):
    return "/?" + urlencode(parameters, doseq=True, safe=':"')


def links(page):
    """Return the links of a page by their text, blanks as one."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {" ".join(re.sub("<[^>]*>", "", text).split()): html.unescape(to) for to, text in found}


def total(page):
    return re.search(r'<p class="count" role="status"><strong>(.*?)</strong>', page)[1]


def titles(page):
    found = re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", page)
    return [re.sub("<[^>]*>", "", title) for title in found]


def test_facets_tell_how_many_documents_they_narrow_to(reader):
    page = reader.get(at(q="كتاب")).text
    narrowed = reader.get(links(page)["علوم الأرض 16"]).text
    assert total(narrowed) == "16 نتيجة"
    assert 'aria-current="true"><bdi>علوم الأرض</bdi>' in narrowed
    assert links(narrowed)["أزل القيد: الوسم علوم الأرض"] == at(q="كتاب"), "the chip leads back"


def test_filters_add_up_and_can_all_be_removed(reader):
    page = reader.get(at(q="كتاب", filter=['tags:"علوم الأرض"', "source:example.org"])).text
    assert total(page) == "8 نتائج"
    assert links(page)["أزل القيود كلها"] == at(q="كتاب")


def test_another_year_takes_the_place_of_the_first(reader):
    page = reader.get(at(q="كتاب", filter=["year:2011", "tags:شعر"])).text
    assert all(link.count("year:") <= 1 for link in links(page).values())


def test_years_are_in_their_order(reader):
    page = reader.get(at(q="كتاب")).text
    section = page[page.index("<h2>السنة</h2>") :]
    years = re.findall(r"<bdi>(\d{4})</bdi>", section)
    assert years == sorted(years, reverse=True)


def test_dates_narrow_and_are_told_in_words(reader):
    page = reader.get(at(q="كتاب", **{"from": "2020-01-01"})).text
    assert total(page) == "4 نتائج"
    assert "منذ 1 يناير 2020" in page
    assert 'name="from" value="2020-01-01"' in page


def test_an_order_is_kept_from_page_to_page(reader):
    newest = reader.get(at(q="كتاب", sort="-date")).text
    second = reader.get(links(newest)["التالية"]).text
    days = [re.findall(r'<time datetime="([\d-]+)"', page) for page in (newest, second)]
    assert days[0] + days[1] == sorted(days[0] + days[1], reverse=True)
    assert len(days[1]) == 10


def test_a_tag_alone_shows_all_of_its_documents(reader):
    page = reader.get(at(filter="tags:شعر")).text
    assert total(page) == "9 نتائج"


def test_nothing_found_within_filters_tells_what_there_is_without_them(reader):
    page = reader.get(at(q="كتاب", filter="year:1999")).text
    assert "لم نجد ما يطابق" in page
    assert links(page)["بلا القيود: 25 نتيجة"] == at(q="كتاب")


def test_filters_stay_when_the_words_change(reader):
    page = reader.get(at(q="كتاب", filter="tags:شعر", sort="date", lang="ar")).text
    form = page[page.index('<form class="search"') : page.index("</form>")]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert hidden == {"filter": "tags:شعر", "sort": "date", "lang": "ar"}


@pytest.mark.parametrize(
    "expression",
    [
        "tags:(",
        "nothing:x",
        "كتاب",
        "title:كتاب",
        "year:abc",
        "date:2020..2010",
        '"',
        "tags:*",
        "*",
    ],
)
def test_a_filter_that_cannot_be_read_is_told_and_can_be_left_out(reader, expression):
    page = reader.get(at(q="كتاب", filter=[expression, "tags:شعر"]))
    assert page.status_code == 422
    assert "القيد" in page.text
    assert html.escape(expression).replace("&quot;", "&#34;") in page.text
    assert links(page.text)["ابحث من دونه"] == at(q="كتاب", filter="tags:شعر")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"page": "0"}, "الصفحات أعداد تبدأ من 1"),
        ({"size": "10000"}, "المقبول من 1 إلى 100"),
        ({"sort": "price"}, "لا ترتيب باسم"),
        ({"from": "أمس"}, "ليست تاريخًا"),
        ({"from": "2021", "to": "2020"}, "تنتهي قبل أن تبدأ"),
    ],
)
def test_what_makes_no_sense_is_a_sentence_with_the_right_status(reader, sent, sentence):
    page = reader.get(at(q="كتاب", **sent))
    assert page.status_code == 422
    assert page.mimetype == "text/html"
    assert sentence in page.text
    assert links(page.text)["ابحث من دونه"] == at(q="كتاب")
    assert page.headers["X-Request-Id"] in page.text


def test_the_same_sentence_in_english(reader):
    page = reader.get(at(q="كتاب", page="0", lang="en"))
    assert page.status_code == 422
    assert "pages are numbers from 1" in page.text


def test_matches_are_coloured_by_how_they_match_and_the_colours_are_explained(reader):
    page = reader.get(at(q="كتاب")).text
    for kind, sentence in [("exact", "كما كُتبت"), ("related", "كلمة قريبة")]:
        assert f'<mark class="{kind}">{sentence}</mark>' in page
    assert '<mark class="exact">كتاب</mark>' in page


def test_far_pages_are_reached_by_number(reader):
    page = reader.get(at(q="كتاب", size=1, page=12)).text
    numbers = re.findall(r'<li class="(?:number|gap)"[^>]*>(?:<a [^>]*>)?(\d+|…)', page)
    assert numbers == ["1", "…", "10", "11", "12", "13", "14", "…", "25"]
    assert total(page) == "25 نتيجة"
    assert len(titles(page)) == 1
