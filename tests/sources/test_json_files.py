"""JSON and JSON Lines files."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources import SourceFile, read_documents

Read = Callable[..., list[Document]]
ReadErrors = Callable[..., list[Any]]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
known = st.sampled_from(["id", "title", "body", "text", "date", "tags", "url", "metadata"])
records = st.dictionaries(known | st.text(), values, max_size=6)


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def where(results: list[SourceError]) -> list[tuple[int | None, str]]:
    return [(r.line, r.reason) for r in results if isinstance(r, SourceError)]


def test_a_full_record(read: Read) -> None:
    record = {
        "id": "بحر",
        "title": "صيد اللؤلؤ",
        "body": "نزل الغواصون\nإلى القاع.",
        "url": "https://example.org/1",
        "date": "2019-08-02",
        "language": "ar",
        "tags": ["بحر", "مهن"],
        "author": {"name": "سالم", "age": 61},
    }
    assert read("a.jsonl", lines(record)) == [
        Document(
            id="بحر",
            title="صيد اللؤلؤ",
            body="نزل الغواصون\nإلى القاع.",
            url="https://example.org/1",
            date=datetime.date(2019, 8, 2),
            language="ar",
            tags=("بحر", "مهن"),
            metadata={"author": {"name": "سالم", "age": 61}},
        )
    ]


def test_a_document_that_was_written_as_json_comes_back(read: Read) -> None:
    document = Document(
        "1", "عنوان", "نص", "u", datetime.date(2020, 1, 2), "ar", ("أ",), {"title": "x", "n": [1]}
    )

    assert read("a.jsonl", lines(document.to_json())) == [document]


def test_blank_lines_are_passed_over_and_bad_lines_do_not_stop_the_file(read: ReadErrors) -> None:
    content = '{"text": "أول"}\n\n   \n{"text": \n[1]\n"نص"\n{"text": NaN}\n{"text": "آخر"}'

    results = read("a.ndjson", content)

    assert [r.id for r in results if isinstance(r, Document)] == ["a.ndjson#1", "a.ndjson#6"]
    assert where(results) == [
        (4, "bad JSON: Expecting value"),
        (5, "record 3 must be an object, not a list"),
        (6, "record 4 must be an object, not 'نص'"),
        (7, "bad JSON: NaN is not JSON"),
    ]


def test_a_line_that_is_no_utf8_does_not_stop_the_file(read: ReadErrors) -> None:
    one, two = ('{"text": "كتاب قديم"}\n'.encode() for _ in range(2))

    results = read("a.jsonl", one + one.replace(b"\xd9", b"\xff", 1) + b'{"text": "\0"}\n' + two)

    assert [r.id for r in results if isinstance(r, Document)] == ["a.jsonl#1", "a.jsonl#4"]
    assert where(results) == [
        (2, "bad encoding: broken UTF-8 at byte 10 of the line"),
        (3, "bad encoding: holds NUL characters"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json", "a.json.gz"])
def test_every_encoding_is_read(read: Read, name: str, encoding: str) -> None:
    [document] = read(name, '{"text": "كتاب قديم في السوق"}\n', encoding)

    assert (document.id, document.body) == (f"{name}#1", "كتاب قديم في السوق")


def test_lines_are_read_one_at_a_time(
    source: Callable[..., SourceFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = source("a.jsonl", lines({"text": "أول"}, {"text": "ثان"}))
    monkeypatch.setattr("search_service.sources.lines.read_text", None)

    results: Iterator[object] = read_documents(file)

    assert isinstance(next(results), Document)
    file.path.unlink()
    assert isinstance(next(results), Document)


def test_an_object_is_one_document(read: Read) -> None:
    [document] = read("a.json", '{"title": "عنوان", "content": "نص"}')

    assert (document.id, document.title, document.body) == ("a.json#1", "عنوان", "نص")


@pytest.mark.parametrize("frame", ["%s", '{"total": 2, "documents": %s, "x": {"documents": []}}'])
def test_a_list_is_a_document_per_record(read: Read, frame: str) -> None:
    results = read("a.json", frame % '[{"text": "أول"}, {"_id": 7, "text": "ثان"}]')

    assert [(d.id, d.body) for d in results] == [("a.json#1", "أول"), ("7", "ثان")]


@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ('{"a": [1,\n2], "documents":\n', ', "b": 3}')]
)
def test_a_bad_record_in_a_list_is_told_by_its_line(
    read: ReadErrors, before: str, after: str
) -> None:
    records = '[\n{"text": "أول"},\n\n{"text": []},\n{"x": 1}, {"text": "آخر"}, 5\n]'
    above = before.count("\n")

    results = read("a.json", before + records + after)

    assert [r.id for r in results if isinstance(r, Document)] == ["a.json#1", "a.json#4"]
    assert where(results) == [
        (4 + above, "text: must be text, not a list"),
        (5 + above, "neither title nor body"),
        (5 + above, "record 5 must be an object, not 5"),
    ]


def test_a_bad_single_object_is_told_by_its_line(read: ReadErrors) -> None:
    assert where(read("a.json", '\n\n{"text": true}')) == [
        (3, "text: must be text, not true or false")
    ]


def test_bad_json_is_an_error_with_its_line(read: ReadErrors) -> None:
    [error] = read("a.json", '[\n{"text": "أول"},\n{"text": ثان}\n]')

    assert (error.line, error.reason) == (3, "bad JSON: Expecting value")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[]", "empty: a list without records"),
        ('{"documents": []}', "empty: a list without records"),
        ("[" * 100_000, "bad JSON: nested too deeply"),
        ("3", "record 1 must be an object, not 3"),
        ('{"text": Infinity}', "bad JSON: Infinity is not JSON"),
        ('{"text": "نص", "n": 1e999}', "n: inf is no number that JSON can hold"),
        (
            '{"text": "نص", "n": ' + "[" * 150 + "]" * 150 + "}",
            "n: nested more than 100 levels deep",
        ),
    ],
)
def test_what_cannot_be_stored_is_an_error(read: ReadErrors, content: str, reason: str) -> None:
    assert [r.reason for r in read("a.json", content)] == [reason]


def test_a_very_long_number_is_an_error(read: ReadErrors) -> None:
    [error] = read("a.jsonl", '{"text": "نص", "n": ' + "9" * 5000 + "}")

    assert error.line == 1


def test_half_characters_and_nuls_in_escapes_are_replaced(read: Read) -> None:
    [document] = read(
        "a.jsonl", r'{"id": "a\ud800", "text": "نص\udfff\u0000 \ud83d\ude00", "\ud801": "\ud802"}'
    )

    assert document.id == "a\ufffd"
    assert document.body == "نص\ufffd\ufffd \U0001f600"
    assert document.metadata == {"\ufffd": "\ufffd"}


@given(records)
def test_any_record_gives_one_document_that_can_be_stored_or_one_error(
    read: Callable[..., list[object]], record: dict[str, object]
) -> None:
    [result] = read("a.jsonl", json.dumps(record))

    if isinstance(result, Document):
        stored = json.dumps(result.to_json(), ensure_ascii=False, allow_nan=False).encode()
        assert Document.from_json(json.loads(stored)) == result
    else:
        assert isinstance(result, SourceError)
        assert result.line == 1


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_line_gives_one_result(read: Callable[..., list[object]], text: str) -> None:
    results = read("a.jsonl", '{"text": "أول"}\n' + text.replace("\n", " ") + '\n{"text": "آخر"}')

    assert len(results) == 2 + bool(text.strip())
