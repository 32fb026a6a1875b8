"""The page of one document, on a real index."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlencode


def document(name, **parameters):
    return f"/documents/{quote(name)}?{urlencode(parameters, doseq=True)}"


def places(page):
    return re.findall(r'<mark class="(\w+)" id="m(\d+)">(.*?)</mark>', page)


def test_all_matches_are_marked_and_numbered_from_title_to_end(reader):
    page = reader.get(document("book/03", q="كتاب")).text
    assert places(page) == [
        ("exact", "1", "كتاب"),
        ("exact", "2", "كتاب"),
        ("related", "3", "الكتب"),
        ("related", "4", "يكتب"),
    ]
    assert "4 مواضع" in page
    assert 'href="#m1"' in page


def test_without_a_query_nothing_is_marked(reader):
    page = reader.get("/documents/book/03").text
    assert places(page) == []
    assert "عودة إلى النتائج" not in page


def test_the_way_back_is_the_search_as_it_was(reader):
    search = {"q": "كتاب", "filter": "tags:شعر", "sort": "-date", "page": 2}
    page = reader.get(document("book/03", **search)).text
    (back,) = re.findall(r'class="back" href="([^"]*)"', page)
    assert html.unescape(back) == f"/?{urlencode(search, safe=':')}"


def test_a_document_that_the_query_does_not_find_is_shown_all_the_same(reader):
    page = reader.get(document("book/03", q="زرافة"))
    assert page.status_code == 200
    assert "لا تظهر كلمات البحث" in page.text


def test_an_id_of_any_letters_has_its_page_with_its_matches(reader):
    page = reader.get(document('مثل "هذا"/<b>', q="زرافة")).text
    assert [word for _, _, word in places(page)] == ["زرافة"]


def test_the_original_and_the_source_are_told(reader):
    page = reader.get("/documents/book/03").text
    assert 'href="https://www.example.org/3"' in page
    assert "<bdi>example.org</bdi>" in page


def test_similar_documents_are_linked_without_the_search(reader):
    page = reader.get(document("book/03", q="كتاب", lang="ar")).text
    section = page[page.index('id="similar"') :]
    found = re.findall(r'href="(/documents/book/\d+[^"]*)"', section)
    assert found
    assert all(link.endswith("?lang=ar") for link in found)


def test_a_parameter_without_sense_does_not_keep_a_document_from_its_reader(reader):
    assert reader.get(document("book/03", page=0, sort="x")).status_code == 200
