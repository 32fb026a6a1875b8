"""The pages for people."""

from __future__ import annotations

import dataclasses
import datetime
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import search_service.query
from search_service import errors
from search_service.http import create_app
from search_service.http.wording import DOCUMENTS, RESULTS, count, warning_sentence
from search_service.schema import Document

EVIL = "<script>alert('x')</script>\"onmouseover=\"alert(1)"


class _Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def elements(page):
    """Return every element of a page with its attributes, as a browser would see them."""
    parser = _Elements()
    parser.feed(page)
    return parser.found


def links(page):
    return [attributes.get("href") for tag, attributes in elements(page) if tag == "a"]


def page_of(new_service, document, path):
    return create_app(new_service([document])).test_client().get(path)


def test_the_pages_are_arabic_and_right_to_left(client):
    for path in ("/", "/?q=طريق", "/documents/plain", "/documents/none"):
        assert elements(client.get(path).text)[0] == ("html", {"lang": "ar", "dir": "rtl"})


@pytest.mark.parametrize("path", ["/", "/?q=", "/?q=%20%20"])
def test_without_a_query_the_page_welcomes(client, service, path):
    assert "في الفهرس وثيقتان" in client.get(path).text
    assert service.calls == []


def test_an_empty_index_is_told(new_service):
    assert "فارغ" in create_app(new_service([])).test_client().get("/").text


def test_a_hit_shows_its_title_snippet_date_and_tags(client):
    page = client.get("/?q=طريق").text
    assert "قوافل <mark>طريق</mark> الحرير" in page
    assert "كان <mark>طريق</mark> الحرير" in page
    assert '<time dir="ltr" datetime="2021-05-04">2021-05-04</time>' in page
    assert '">تجارة</a>' in page
    assert "/?q=tag:%22%D8%AA%D8%A7%D8%B1%D9%8A%D8%AE%22" in links(page)
    assert "نتيجة واحدة" in page
    assert "0.002 ثانية" in page
    assert "/documents/history/002-silk-road" in links(page)


def test_the_box_keeps_what_was_sent(client):
    (box,) = (a for _, a in elements(client.get("/?q=طريق&match=all").text) if a.get("name") == "q")
    assert box["value"] == "طريق"
    assert "checked" in client.get("/?q=طريق&match=all").text
    assert "checked" not in client.get("/?q=طريق").text


def test_a_hit_without_a_title_shows_its_id(client):
    assert ">plain</a>" in client.get("/?q=text").text
    assert ">plain</h1>" in client.get("/documents/plain").text


def test_nothing_found_is_a_sentence(client):
    page = client.get("/?q=زرافة")
    assert page.status_code == 200
    assert "لم نجد ما يطابق" in page.text


def test_warnings_are_sentences_in_arabic(client):
    page = client.get('/?q="طري').text
    assert "علامة اقتباس لم تُغلق." in page
    assert '<code dir="auto">&#34;طري</code>' in page


def test_a_tag_that_no_query_can_name_is_not_linked(new_service):
    page = page_of(new_service, Document("1", body="طريق", tags=('a"b',)), "/documents/1").text
    assert '<span class="tag" dir="auto">a&#34;b</span>' in page


def test_a_warning_about_a_long_query_is_short(client):
    page = client.get("/", query_string={"q": '"' + "ط" * 5000}).text
    (shown,) = re.findall(r'<code dir="auto">(.*?)</code>', page)
    assert len(shown) < 100


def test_every_warning_has_an_arabic_sentence():
    """Any code in the sources that looks like a warning's must be known here."""
    query = Path(search_service.query.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in query.glob("*.py"))
    codes = set(re.findall(r'(?<![\w-])"([a-z]+(?:-[a-z]+)+)"', sources))
    assert codes
    assert [code for code in codes if warning_sentence(code, "") == ""] == []


def test_pages_follow_each_other(new_service):
    many = [Document(str(n), title="طريق") for n in range(25)]
    client = create_app(new_service(many)).test_client()
    first, second, third = (client.get(f"/?q=طريق&match=all&page={n}").text for n in (1, 2, 3))
    assert "الصفحة 2 من 3" in second
    assert "25 نتيجة" in second
    quoted = "/?q=%D8%B7%D8%B1%D9%8A%D9%82&match=all"
    assert quoted in links(second)
    assert f"{quoted}&page=3" in links(second)
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in third
    assert 'start="11"' in second


def test_a_page_after_the_last_leads_back(client):
    page = client.get("/?q=طريق&page=9").text
    assert "إلى الصفحة الأولى" in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1e3", "9" * 5000, "٢"])
def test_a_page_number_without_sense_is_the_first(client, service, number):
    assert client.get(f"/?q=طريق&page={number}").status_code == 200
    assert service.calls[0][1]["page"] == 1


def test_unknown_parameters_of_pages_are_left_alone(client):
    assert client.get("/?q=طريق&utm_source=x").status_code == 200


def test_a_document_is_shown_whole(client):
    page = client.get("/documents/history/002-silk-road").text
    assert '<h1 dir="auto">قوافل طريق الحرير</h1>' in page
    assert '<p class="text" dir="auto">كان طريق الحرير شبكة من الطرق.</p>' in page
    assert '<p class="text" dir="auto">سلكته القوافل قرونًا.</p>' in page
    assert "https://example.org/2" in links(page)


def test_nothing_in_a_document_becomes_markup(new_service):
    bad = Document(
        id=f"id{EVIL}",
        title=f"طريق {EVIL}",
        body=f"طريق {EVIL}\n\n{EVIL}",
        url=f"https://example.org/{EVIL}",
        date=datetime.date(2021, 1, 1),
        language=EVIL,
        tags=(EVIL,),
    )
    client = create_app(new_service([bad])).test_client()
    result = client.get("/?q=طريق").text
    (reader,) = (link for link in links(result) if link.startswith("/documents/"))
    for page in (result, client.get(reader).text, client.get("/", query_string={"q": EVIL}).text):
        found = elements(page)
        assert "alert(" in page
        assert not [tag for tag, _ in found if tag == "script"]
        assert not [name for _, attributes in found for name in attributes if name[:2] == "on"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//example.org/a",
        "/etc/passwd",
        "file:///etc/passwd",
        "https:",
        "https://",
        "https://a b",
        "x https://example.org",
        "ftp://example.org",
    ],
)
def test_only_the_web_is_linked(client, new_service, url):
    bad = Document("1", body="طريق", url=url)
    own = set(links(client.get("/?q=طريق").text)) | {"/", "/docs", "/documents/1"}
    for path in ("/documents/1", "/?q=طريق"):
        assert set(links(page_of(new_service, bad, path).text)) <= own


@pytest.mark.parametrize("url", ["http://example.org", "HTTPS://example.org/طريق?a=1&b=2#c"])
def test_the_web_is_linked(new_service, url):
    page = page_of(new_service, Document("1", body="طريق", url=url), "/documents/1").text
    assert url in links(page)
    assert 'rel="noopener noreferrer nofollow"' in page


@pytest.mark.parametrize(
    ("failure", "status", "sentence"),
    [
        (errors.EngineError("/srv/x"), 503, "تعذّرت قراءة الفهرس"),
        (errors.IndexMismatch("/srv/x"), 503, "يُعاد بناء الفهرس"),
        (errors.IndexLocked("/srv/x"), 503, "الفهرس قيد التحديث"),
        (RuntimeError("/srv/x"), 500, "خطأ لم يكن في الحسبان"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/?q=طريق", "/documents/plain"])
def test_an_error_is_a_sentence_in_arabic(client, service, path, failure, status, sentence):
    service.failure = failure
    page = client.get(path)
    assert page.status_code == status
    assert page.mimetype == "text/html"
    assert sentence in page.text
    assert "/srv/x" not in page.text


def test_a_document_that_is_not_there(client):
    page = client.get("/documents/none")
    assert page.status_code == 404
    assert "لا توجد وثيقة" in page.text


@pytest.mark.parametrize("path", ["/", "/?q=طريق", "/documents/plain", "/documents/none", "/docs"])
def test_pages_allow_no_script_and_no_style_but_their_own(client, path):
    page = client.get(path)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe-inline" not in policy
    assert page.headers["Referrer-Policy"] == "same-origin"
    found = elements(page.text)
    assert not {tag for tag, _ in found} & {"script", "style", "iframe"}
    assert not [attributes for _, attributes in found if "style" in attributes]


def test_the_files_of_the_page_are_in_the_package(client):
    for path, mimetype in [("page.css", "text/css"), ("favicon.svg", "image/svg+xml")]:
        answer = client.get(f"/static/{path}", buffered=True)
        assert answer.status_code == 200
        assert answer.mimetype == mimetype


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "لا نتائج"),
        (1, "نتيجة واحدة"),
        (2, "نتيجتان"),
        (3, "3 نتائج"),
        (10, "10 نتائج"),
        (11, "11 نتيجة"),
        (99, "99 نتيجة"),
        (100, "100 نتيجة"),
        (102, "102 نتيجة"),
        (103, "103 نتائج"),
        (1_250, "1,250 نتيجة"),
    ],
)
def test_a_number_and_its_noun_agree(number, said):
    assert count(number, RESULTS) == said


def test_documents_are_counted_too():
    assert count(4, DOCUMENTS) == "4 وثائق"


def test_a_title_that_has_no_match_is_shown_as_it_is(client, service):
    document = service.documents["history/002-silk-road"]
    service.documents[document.id] = dataclasses.replace(document, title="a <b> c")
    assert "a &lt;b&gt; c</a>" in client.get("/?q=شبكة").text
