"""CSV and TSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import SourceError
from search_service.schema import Document

Read = Callable[..., list[Document]]
ReadErrors = Callable[..., list[Any]]

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def where(results: list[SourceError]) -> list[tuple[int | None, str]]:
    return [(r.line, r.reason) for r in results if isinstance(r, SourceError)]


def test_columns_become_fields_by_their_header(read: Read) -> None:
    content = 'id,title,body,tags,views\n7,سباق,"قال: ""فزنا"", وضحك\nثم مضى",جري|مدن,12\n,ثان,,,\n'

    first, second = read("a.csv", content)

    assert first == Document(
        id="7",
        title="سباق",
        body='قال: "فزنا", وضحك\nثم مضى',
        tags=("جري", "مدن"),
        metadata={"views": "12"},
    )
    assert second == Document(id="a.csv#2", title="ثان")


def test_tabs_separate_the_columns_of_tsv(read: Read) -> None:
    [document] = read("a.tsv", "title\ttext\nسوق, كبير\tفيه; تمر\n")

    assert (document.title, document.body) == ("سوق, كبير", "فيه; تمر")


def test_semicolons_of_spreadsheets_separate_columns(read: Read) -> None:
    [document] = read("a.csv", "title;text\nسوق, كبير;فيه تمر\n")

    assert (document.title, document.body) == ("سوق, كبير", "فيه تمر")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_every_encoding_and_line_end_is_read(
    read: Read, name: str, encoding: str, end: str
) -> None:
    content = f"title,text{end}سوق قديم,في المدينة سوق قديم{end}"

    [document] = read(name, content.encode(encoding))

    assert (document.title, document.body) == ("سوق قديم", "في المدينة سوق قديم")


def test_a_mapping_names_the_columns(read: Read) -> None:
    [document] = read(
        "a.csv",
        "العنوان,النص,الرقم\nخبر,متن,3\n",
        mapping={"title": "العنوان", "body": "النص", "id": "الرقم"},
    )

    assert document == Document(id="3", title="خبر", body="متن")


def test_bad_rows_are_told_by_their_line_and_the_others_are_read(read: ReadErrors) -> None:
    content = (
        'title,date\n"أول\nسطران",2020\nثان,2020,زائد\n\n,2020\nثالث,أمس\n"رابع" خطأ,2020\nخامس\n'
    )

    results = read("a.csv", content)

    assert [r.id for r in results if isinstance(r, Document)] == ["a.csv#1", "a.csv#6"]
    assert where(results) == [
        (4, "3 columns, but the header has 2"),
        (6, "neither title nor body"),
        (7, "date: bad date 'أمس'"),
        (8, "bad row: ',' expected after '\"'"),
    ]


def test_bad_bytes_in_a_row_are_told_by_their_line(read: ReadErrors) -> None:
    good = "كتاب قديم,2020\n".encode()

    results = read("a.csv", b"title,date\n" + good + b"a\0b,2020\n" + b"\xff" + good + good)

    assert [r.id for r in results if isinstance(r, Document)] == ["a.csv#1", "a.csv#4"]
    assert where(results) == [
        (3, "bad encoding: holds NUL characters"),
        (4, "bad encoding: broken UTF-8 at byte 0 of the line"),
    ]


def test_a_quote_that_is_never_closed_is_an_error_where_it_opens(read: ReadErrors) -> None:
    results = read("a.csv", 'title\nأول\n"ثان\nثالث\nرابع\n')

    assert [r.id for r in results if isinstance(r, Document)] == ["a.csv#1"]
    assert where(results) == [(3, "bad row: unexpected end of data")]


def test_long_cells_are_read(read: Read) -> None:
    text = "كلمة " * 50_000

    [document] = read("a.csv", f"title,text\nطويل,{text}\n")

    assert document.body == text


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("title,,text", "column 2 has no name in the header"),
        ("title,text,", "column 3 has no name in the header"),
        ("title,text,title", "column 'title' is twice in the header"),
        ("الاسم,السعر", "no column for title or body among: الاسم, السعر"),
        ('"title,text', "bad row: unexpected end of data"),
    ],
)
def test_a_bad_header_is_an_error(read: ReadErrors, header: str, reason: str) -> None:
    assert where(read("a.csv", f"\n{header}\nأ,ب,ج\n")) == [(2, reason)]


def test_a_header_without_rows_is_an_error(read: ReadErrors) -> None:
    assert where(read("a.csv", "title,text\n\n")) == [(None, "empty: a header without rows")]


@given(
    st.lists(st.tuples(cells, cells), min_size=1), st.sampled_from([("csv", ","), ("tsv", "\t")])
)
def test_any_cells_come_back(
    read: Read, rows: list[tuple[str, str]], form: tuple[str, str]
) -> None:
    suffix, delimiter = form
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "title", "note"), *(("1", f"ع{a}", b) for a, b in rows)])

    results = read(f"a.{suffix}", buffer.getvalue())

    assert [(d.title, d.metadata.get("note", "")) for d in results] == [
        (f"ع{a}".strip(), b if b.strip() else "") for a, b in rows
    ]
