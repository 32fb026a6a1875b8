"""HTML pages: the article, its title, date, tags, address and language."""

from __future__ import annotations

import datetime
import socket
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import SourceError
from search_service.schema import Document

Read = Callable[..., list[Document]]
ReadErrors = Callable[..., list[Any]]

PARAGRAPHS = (
    (
        "عاد مركب الصيد الأزرق إلى المرفأ قبل الفجر، وعلى ظهره صناديق السردين التي انتظرها "
        "أهل الحي أسبوعًا كاملًا. وقف الأطفال على الرصيف يعدّون الصناديق بصوت عال."
    ),
    (
        "قال الربّان إن الريح كانت طيبة هذه المرة، وإن الشباك الجديدة التي نسجتها نساء القرية "
        "لم تتمزق رغم ثقل الصيد، وإنه سيعود إلى البحر بعد يومين إن بقي الطقس هادئًا."
    ),
)

PAGE = f"""<!DOCTYPE html>
<html lang="ar" dir="rtl">
<head>
  <meta charset="utf-8">
  <title>عودة المركب الأزرق - جريدة المرفأ</title>
  <meta property="og:title" content="عودة المركب الأزرق">
  <meta property="article:published_time" content="2022-03-09T05:10:00+03:00">
  <meta name="keywords" content="صيد، بحر، قرى">
  <meta name="author" content="هدى">
  <link rel="canonical" href="https://example.org/boat">
  <script>var menu = "قائمة برمجية";</script>
  <style>p {{ color: black; }}</style>
</head>
<body>
<header><p>جريدة المرفأ</p>
<nav><a href="/">الرئيسية</a> <a href="/all">كل الأقسام</a></nav></header>
<main>
<article>
<h1>عودة المركب الأزرق</h1>
<p>{PARAGRAPHS[0]}</p>
<h2>شباك جديدة</h2>
<p>{PARAGRAPHS[1]}</p>
<ul><li>سردين</li><li>سلطان إبراهيم</li></ul>
</article>
<aside><h3>الأكثر قراءة</h3><a href="/x">وصفة اليوم</a></aside>
</main>
<footer>جميع الحقوق محفوظة</footer>
</body>
</html>"""


def page(body: str, head: str = "<title>عنوان</title>") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


def test_the_article_is_read_without_menus_and_side_columns(read: Read) -> None:
    assert read("boat.html", PAGE) == [
        Document(
            id="boat.html",
            title="عودة المركب الأزرق",
            body="\n".join((PARAGRAPHS[0], "شباك جديدة", PARAGRAPHS[1], "سردين", "سلطان إبراهيم")),
            url="https://example.org/boat",
            date=datetime.date(2022, 3, 9),
            language="ar",
            tags=("صيد", "بحر", "قرى"),
            metadata={"author": "هدى"},
        )
    ]


def test_nothing_is_fetched(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert len(read("a.htm", PAGE)) == 1


def test_a_short_article_is_read_without_menus_too(read: Read) -> None:
    [document] = read(
        "a.html",
        page(
            "<nav><a href='/'>الرئيسية</a></nav><main><h1>خبر</h1>"
            "<p>وصل <a href='/t'>القطار</a>.</p><p>ثم <b>عاد</b>.</p></main><footer>حقوق</footer>"
        ),
    )

    assert (document.title, document.body) == ("عنوان", "خبر\nوصل القطار.\nثم عاد.")


@pytest.mark.parametrize("content", ["<p>كتاب قديم</p>", "كتاب <i>قديم</i>", "كتاب قديم"])
def test_text_without_the_frame_of_a_page_is_read(read: Read, content: str) -> None:
    [document] = read("a.html", content)

    assert (document.title, document.body) == ("", "كتاب قديم")


def test_cells_and_line_breaks_part_words(read: Read) -> None:
    [document] = read(
        "a.html", page("<p>أول<br>ثان</p><table><tr><td>تمر</td><td>لبن</td></tr></table>")
    )

    assert document.body == "أول\nثان\nتمر لبن"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ('<meta property="og:title" content=" من  الوسم ">', "<h1>من العنوان</h1>", "من الوسم"),
        ("<title>من\nالرأس</title>", "<h1>من العنوان</h1>", "من الرأس"),
        ("<title> </title>", "<h1></h1><h1>من <b>العنوان</b></h1>", "من العنوان"),
        ("<title>سوق الذهب | مجلة</title>", "<h1>سوق الذهب: بريق</h1>", "سوق الذهب"),
        ("<title>سوق الذهب - مجلة</title>", "<h1>شيء آخر</h1>", "سوق الذهب - مجلة"),
    ],
)
def test_the_title(read: Read, head: str, body: str, title: str) -> None:
    [document] = read("a.html", page(f"{body}<p>نص</p>", head))

    assert document.title == title


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta property="article:published_time" content="2020-05-17T23:00:00Z">', ""),
        ('<meta name="Date" content="١٧/٠٥/٢٠٢٠">', ""),
        ("", '<time datetime="14:30">الآن</time><time datetime="2020-05-17">أمس</time>'),
    ],
)
def test_the_date(read: Read, head: str, body: str) -> None:
    [document] = read("a.html", page(f"<p>نص</p>{body}", head))

    assert document.date == datetime.date(2020, 5, 17)


def test_a_date_that_the_head_states_badly_is_an_error(read: ReadErrors) -> None:
    [error] = read("a.html", page("<p>نص</p>", '<meta name="date" content="أمس">'))

    assert error.reason == "date: bad date 'أمس'"


@pytest.mark.parametrize("encoding", ["windows-1256", "iso-8859-6", "koi8-r"])
@pytest.mark.parametrize(
    "declaration",
    ["<meta charset={}>", '<meta http-equiv=Content-Type content="text/html; charset={}">'],
)
def test_a_page_may_declare_its_encoding(read: Read, encoding: str, declaration: str) -> None:
    text = "Книга" if encoding == "koi8-r" else "كتاب"

    [document] = read("a.html", page(f"<p>{text}</p>", declaration.format(encoding)), encoding)

    assert document.body == text


def test_an_xhtml_page_may_declare_its_encoding(read: Read) -> None:
    text = '<?xml version="1.0" encoding="windows-1256"?>\n' + page("<p>كتاب</p>")

    assert [d.body for d in read("a.html.gz", text, "cp1256")] == ["كتاب"]


def test_a_declaration_that_is_wrong_does_no_harm(read: Read) -> None:
    text = page("<p>كتاب قديم</p>", "<meta charset=utf-8>")

    assert [d.body for d in read("a.html", text, "cp1256")] == ["كتاب قديم"]
    assert [d.body for d in read("a.html", text, "utf-16")] == ["كتاب قديم"]


def test_a_page_without_any_text_is_an_error(read: ReadErrors) -> None:
    [error] = read("a.html", "<html><body><nav>قائمة</nav><script>x</script></body></html>")

    assert error.reason == "neither title nor body"


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "<!--", "-->", "<![CDATA[", "<table>", "&#0;", "نص "]
        )
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
    )
)
def test_any_page_gives_one_document_or_one_error(
    read: Callable[..., list[object]], parts: list[str]
) -> None:
    [result] = read("a.html", "<html>" + "".join(parts))

    assert isinstance(result, (Document, SourceError))
