"""The pages for people."""

from __future__ import annotations

import dataclasses
import datetime
import re
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

import pytest

import search_service.query
from search_service import errors
from search_service.advice import Reason, Relaxation, WordTotal
from search_service.http import create_app
from search_service.http.wording import ARABIC, ENGLISH, LANGUAGES
from search_service.results import Expansion
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


def inline_scripts(page):
    """Return the scripts that are written into a page, or come from elsewhere."""
    sources = [a.get("src") for tag, a in elements(page) if tag == "script"]
    return [src for src in sources if not (src and src.startswith("/static/"))]


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
    assert 'قوافل <mark class="exact">طريق</mark> الحرير' in page
    assert 'كان <mark class="exact">طريق</mark> الحرير' in page
    assert '<time datetime="2021-05-04">4 مايو 2021</time>' in page
    assert "<bdi>تجارة</bdi></a>" in page
    assert "/?filter=tags:%D8%AA%D8%A7%D8%B1%D9%8A%D8%AE" in links(page)
    assert "نتيجة واحدة" in page
    assert "0.002 ثانية" in page
    (reader,) = (link for link in links(page) if link.startswith("/documents/"))
    assert reader == "/documents/history/002-silk-road?q=%D8%B7%D8%B1%D9%8A%D9%82"


def test_the_box_keeps_what_was_sent(client):
    page = client.get("/?q=طريق&match=all").text
    (box,) = (a for _, a in elements(page) if a.get("type") == "search")
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


def test_what_was_searched_besides_is_told_with_a_way_to_leave_it_out(client, service):
    service.expansions = (
        Expansion(0, 4, "طريق", ("سبيل", "درب"), "synonym"),
        Expansion(5, 9, "طريق", ("درب",), "synonym"),
    )
    page = client.get("/?q=طريق&match=all").text
    assert "بُحث أيضًا عن: <bdi>سبيل</bdi>، <bdi>درب</bdi>." in page
    (link,) = (link for link in links(page) if "exact" in link and link.startswith("/?"))
    client.get(link)
    assert service.calls[-1][0] == "طريق"
    assert (service.calls[-1][1]["exact"], service.calls[-1][1]["match"]) == (True, "all")


def test_an_exact_search_stays_exact_and_can_be_widened(client, new_service):
    documents = [Document(id=str(number), title="طريق") for number in range(11)]
    service = new_service(documents)
    client = create_app(service).test_client()
    page = client.get("/?q=طريق&exact=true").text
    assert ("input", {"type": "hidden", "name": "exact", "value": "true"}) in elements(page)
    following = next(link for link in links(page) if "page=2" in link)
    client.get(following)
    assert service.calls[-1][1]["exact"] is True
    (wider,) = (link for link in links(page) if "q=" in link and "exact" not in link)
    client.get(wider)
    assert service.calls[-1][1]["exact"] is False


def test_a_name_from_the_table_never_becomes_markup(client, service):
    service.expansions = (Expansion(0, 4, "طريق", (EVIL, "</bdi><b>"), "synonym"),)
    page = client.get("/?q=طريق").text
    assert "b" not in {tag for tag, _ in elements(page)}
    assert inline_scripts(page) == []
    assert "&lt;script&gt;" in page


def test_a_tag_that_no_filter_can_name_is_not_linked(new_service):
    page = page_of(new_service, Document("1", body="طريق", tags=("***",)), "/documents/1").text
    assert '<span class="tag"><bdi>***</bdi></span>' in page


def test_a_warning_about_a_long_query_is_short(client):
    page = client.get("/", query_string={"q": '"' + "ط" * 5000}).text
    (shown,) = re.findall(r'<code dir="auto">(.*?)</code>', page)
    assert len(shown) < 100


@pytest.mark.parametrize("t", LANGUAGES.values(), ids=LANGUAGES)
def test_every_warning_has_a_sentence(t):
    """Any code in the sources that looks like a warning's must be known here."""
    query = Path(search_service.query.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in query.glob("*.py"))
    codes = set(re.findall(r'(?<![\w-])"([a-z]+(?:-[a-z]+)+)"', sources))
    assert codes
    assert [code for code in codes if t.warning(code, "") == ""] == []


def test_pages_follow_each_other(new_service):
    many = [Document(str(n), title="طريق") for n in range(25)]
    client = create_app(new_service(many)).test_client()
    first, second, third = (client.get(f"/?q=طريق&match=all&page={n}").text for n in (1, 2, 3))
    assert 'aria-label="الصفحة 2" aria-current="page"' in second
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


def test_unknown_parameters_of_pages_are_left_alone(client):
    assert client.get("/?q=طريق&utm_source=x").status_code == 200


def test_a_document_is_shown_whole(client):
    page = client.get("/documents/history/002-silk-road").text
    assert "<h1>قوافل طريق الحرير</h1>" in page
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
    assert "q=" in reader
    for page in (result, client.get(reader).text, client.get("/", query_string={"q": EVIL}).text):
        found = elements(page)
        assert "alert(" in page
        assert inline_scripts(page) == []
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
    for path in ("/documents/1", "/?q=طريق"):
        found = links(page_of(new_service, bad, path).text)
        assert all(re.match(r"/(?!/)|#", link) for link in found)
        assert "/etc/passwd" not in found


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


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_an_address_without_a_page_is_told_to_readers_in_a_page(client):
    page = client.get("/nothing", headers=BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "لا صفحة بهذا العنوان" in page.text
    assert page.headers["X-Request-Id"] in page.text


@pytest.mark.parametrize(
    ("path", "headers"), [("/nothing", {}), ("/nothing", {"Accept": "*/*"}), ("/v1/no", BROWSER)]
)
def test_and_to_programs_in_a_problem_document(client, path, headers):
    answer = client.get(path, headers=headers)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "scripts"),
    [
        ("/", ["script-src 'self'"]),
        ("/?q=طريق", ["script-src 'self'"]),
        ("/?page=0", ["script-src 'self'"]),
        ("/documents/plain", ["script-src 'self'"]),
        ("/documents/none", ["script-src 'self'"]),
        ("/docs", []),
    ],
)
def test_pages_allow_no_script_and_no_style_but_their_own(client, path, scripts):
    page = client.get(path)
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert [part for part in policy if part.startswith("script-src")] == scripts
    assert not [part for part in policy if "unsafe" in part]
    assert page.headers["Referrer-Policy"] == "same-origin"
    found = elements(page.text)
    assert not {tag for tag, _ in found} & {"style", "iframe"}
    assert inline_scripts(page.text) == []
    assert not [attributes for _, attributes in found if "style" in attributes]


def test_the_files_of_the_page_are_in_the_package(client):
    types = {"css": "text/css", "svg": "image/svg+xml", "js": "text/javascript"}
    names = ["base.css", "docs.css", "page.css", "favicon.svg", "page.js", "steps.js", "suggest.js"]
    for path, mimetype in [(name, types[name.rpartition(".")[2]]) for name in names]:
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
    assert ARABIC.count(number, "results") == said


def test_documents_are_counted_too():
    assert ARABIC.count(4, "documents") == "4 وثائق"
    assert ENGLISH.count(4, "documents") == "4 documents"


def test_a_title_that_has_no_match_is_shown_as_it_is(client, service):
    document = service.documents["history/002-silk-road"]
    service.documents[document.id] = dataclasses.replace(document, title="a <b> c")
    assert "a &lt;b&gt; c</a>" in client.get("/?q=شبكة").text


def test_where_nothing_is_found_less_strict_queries_are_links_with_what_they_find(
    client, service, monkeypatch
):
    nothing = dataclasses.replace(
        service.search("زرافة", size=10),
        relaxed=(
            Relaxation("طريق زرافة", "any", 3, Reason.ANY_WORD),
            Relaxation("+طريق", "all", 1, Reason.WITHOUT_QUOTES),
            Relaxation(EVIL, "any", 2, Reason.WITHOUT_EXACT),
        ),
        word_totals=(WordTotal("طريق", 0, 4, 3), WordTotal("زرافة", 5, 10, 0)),
    )
    monkeypatch.setattr(service, "search", lambda *_, **__: nothing)
    page = client.get("/?q=%2Bطريق+%2Bزرافة&match=all&exact=true").text
    assert "بأي كلمة من الكلمات: 3 نتائج" in page
    asked = [
        dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query)) for link in links(page)
    ]
    # Other settings stay as they are, but for what the reason gives up.
    assert {"q": "طريق زرافة", "exact": "true"} in asked
    assert {"q": "+طريق", "match": "all", "exact": "true"} in asked
    assert {"q": EVIL} in asked
    assert {"q": "طريق", "match": "all", "exact": "true"} in asked
    # A word that no document has is told, but leads nowhere.
    assert "<bdi>زرافة</bdi>" in page
    assert inline_scripts(page) == []


@pytest.mark.parametrize("t", LANGUAGES.values(), ids=LANGUAGES)
def test_every_reason_has_a_sentence(t):
    assert all(t.reason(reason) for reason in Reason)
