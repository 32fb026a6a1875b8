"""Markdown files: front matter, title, and text without marks."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources.markdown_files import plain_text

Read = Callable[..., list[Document]]
ReadErrors = Callable[..., list[Any]]


def test_front_matter_fills_the_fields_and_the_rest_is_metadata(read: Read) -> None:
    text = """---
title: الزيتون في الجبل
date: 2021-11-03
tags: [زراعة, جبل]
url: https://example.org/olive
lang: ar
id: olive
author: ليلى
views: 12
draft: false
---

# الزيتون في الجبل

موسم **القطاف** بدأ.
"""
    assert read("a.md", text) == [
        Document(
            id="olive",
            title="الزيتون في الجبل",
            body="موسم القطاف بدأ.",
            url="https://example.org/olive",
            date=datetime.date(2021, 11, 3),
            language="ar",
            tags=("زراعة", "جبل"),
            metadata={"author": "ليلى", "views": 12, "draft": False},
        )
    ]


def test_without_front_matter_the_first_heading_is_the_title(read: Read) -> None:
    [document] = read("sub.md", "مقدمة قصيرة.\n\nعنوان المقال\n=====\n\nنص المقال.\n")

    assert document == Document(
        id="sub.md",
        title="عنوان المقال",
        body="مقدمة قصيرة.\n\nعنوان المقال\n\nنص المقال.",
        url="sub.md",
    )


def test_a_heading_at_the_top_is_not_repeated_in_the_body(read: Read) -> None:
    [document] = read("a.md", "# عنوان *المقال*\n\nنص المقال.\n")

    assert (document.title, document.body) == ("عنوان المقال", "نص المقال.")


def test_without_any_heading_the_first_line_is_the_title(read: Read) -> None:
    [document] = read("a.md", "سطر أول\nسطر ثان\n\nفقرة")

    assert (document.title, document.body) == ("سطر أول", "سطر ثان\n\nفقرة")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("قال **محمد** و*علي* و~~زيد~~", "قال محمد وعلي وزيد"),
        ('انظر [دليل السفر](https://example.org "شرح")', "انظر دليل السفر"),
        ("![صورة الميناء](port.png)", "صورة الميناء"),
        ("الأمر `بحث` سريع", "الأمر بحث سريع"),
        ("```python\nx = 'كتاب'\n```", "x = 'كتاب'"),
        ("- واحد\n- اثنان\n  1. ثلاثة", "واحد\n\nاثنان\n\nثلاثة"),
        ("> قول مأثور", "قول مأثور"),
        ("| اسم | عدد |\n|---|---|\n| تمر | ٣ |", "اسم\tعدد\n\nتمر\t٣"),
        ("سطر  \nثان", "سطر\nثان"),
        ("1 \\* 2 &amp; 3", "1 * 2 & 3"),
        ('<div dir="rtl">نص <b>غليظ</b></div>', "نص غليظ"),
        ('<div dir="rtl">\n\nنص **غليظ**\n\n</div>', "نص غليظ"),
        ("<!-- سر --><script>x</script>\n\nعلن", "علن"),
        ("كلمة <span>في</span> وسم", "كلمة في وسم"),
        ("قبل\n\n---\n\nبعد", "قبل\n\nبعد"),
    ],
)
def test_marks_go_and_words_stay(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text


def test_broken_front_matter_is_an_error_with_its_line(read: ReadErrors) -> None:
    [error] = read("a.md", "---\ntitle: عنوان\ntags: [زراعة, جبل\ndate: 2020-01-01\n---\nنص\n")

    assert error.path.endswith("a.md")
    assert error.reason.startswith("broken front matter: ")
    assert error.line == 4


@pytest.mark.parametrize("value", ["!!int س", "!!python/object/apply:os.getcwd []", "&a [*a]"])
def test_tags_and_references_of_yaml_are_refused(read: ReadErrors, value: str) -> None:
    [error] = read("a.md", f"---\ntitle: {value}\n---\nنص\n")

    assert error.reason.startswith("broken front matter: ")


def test_values_of_front_matter_are_those_of_json(read: Read) -> None:
    [document] = read(
        "a.md", "---\nid: 007\ntitle: 1984\nlang: no\nb: yes\nd: 2020-01-02\nn: ~\n---\nنص"
    )

    assert (document.id, document.title, document.language) == ("007", "1984", "no")
    assert document.metadata == {"b": "yes", "d": "2020-01-02", "n": None}


def test_a_bad_date_in_front_matter_is_an_error(read: ReadErrors) -> None:
    [error] = read("a.md", "---\ntitle: عنوان\ndate: 2020-13-45\n---\nنص")

    assert error.reason == "date: bad date '2020-13-45'"


def test_a_mapping_names_the_fields_of_front_matter(read: Read) -> None:
    [document] = read("a.md", "---\nعنوان: البحر\n---\nنص", mapping={"title": "عنوان"})

    assert (document.title, document.body, document.metadata) == ("البحر", "نص", {})


@pytest.mark.parametrize("text", ["---\nنص بلا نهاية", "---\nفقرة\n---\nفقرة", "- - -\n\nنص"])
def test_a_rule_at_the_top_is_not_front_matter(read: Read, text: str) -> None:
    [document] = read("a.md", text)

    assert isinstance(document, Document)
    assert document.metadata == {}


def test_an_empty_head_is_allowed(read: Read) -> None:
    [document] = read("a.md", "---\r\n---\r\n# عنوان\r\n\r\nنص")

    assert (document.title, document.body) == ("عنوان", "نص")


def test_a_file_of_front_matter_only_needs_a_title(read: Read, source: object) -> None:
    [document] = read("a.md", "---\ntitle: عنوان\n---\n")
    [error] = read("a.md", "---\nauthor: ليلى\n---\n")

    assert (document.title, document.body) == ("عنوان", "")
    assert isinstance(error, SourceError)
    assert error.reason == "neither title nor body"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_gives_one_document_or_one_error(
    read: Callable[..., list[object]], text: str
) -> None:
    [result] = read("a.md", "---\n" + text)

    assert isinstance(result, (Document, SourceError))
