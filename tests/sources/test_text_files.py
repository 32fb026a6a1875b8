"""Plain text files, and what can go wrong with any file."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources import SourceFile, read_documents, reading

Read = Callable[..., list[Document]]
ReadErrors = Callable[..., list[Any]]

lines = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z", "Cf")), min_size=1)


def test_the_first_line_is_the_title_and_the_rest_the_body(read: Read) -> None:
    assert read("خبر.txt", "\n\n  وصل المطر \n\nهطل على القرى.\n\nوفرح الناس.\n") == [
        Document(
            id="خبر.txt",
            title="وصل المطر",
            body="هطل على القرى.\n\nوفرح الناس.",
            url="خبر.txt",
        )
    ]


def test_a_file_of_one_line_has_no_body(read: Read) -> None:
    [document] = read("a.txt", "وصل المطر")

    assert (document.title, document.body) == ("وصل المطر", "")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_become_newlines(read: Read, end: str) -> None:
    [document] = read("a.txt", end.join(("أول", "ثان", "ثالث")).encode())

    assert (document.title, document.body) == ("أول", "ثان\nثالث")


@given(title=lines, body=lines, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_text_comes_back(read: Read, title: str, body: str, encoding: str) -> None:
    [document] = read("a.txt", f"{title}\n\n{body}", encoding)

    assert (document.title, document.body) == (title, body)


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "json", "jsonl", "csv", "tsv", "txt.gz"])
@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff"])
def test_an_empty_file_is_an_error(read: ReadErrors, suffix: str, content: str) -> None:
    [error] = read(f"a.{suffix}", content)

    assert (error.reason, error.line) == ("empty", None)


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "json", "jsonl", "csv", "tsv"])
def test_a_file_that_is_not_gzip_is_an_error(
    source: Callable[..., SourceFile], suffix: str
) -> None:
    file = source(f"a.{suffix}.gz", "")
    file.path.write_bytes("ليس مضغوطا".encode())

    [error] = read_documents(file)

    assert isinstance(error, SourceError)
    assert error.path == str(file.path)
    assert error.reason.startswith("bad gzip: ")


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_gzip_file_is_an_error(source: Callable[..., SourceFile], damage: str) -> None:
    packed = gzip.compress(("كتاب\n" * 1000).encode())
    file = source("a.txt.gz", "")
    half = len(packed) // 2
    file.path.write_bytes(packed[:half] if damage == "cut" else packed[:half] + b"\0\xff" * 40)

    [error] = read_documents(file)

    assert isinstance(error, SourceError)
    assert error.reason.startswith("bad gzip: ")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.txt.gz"])
def test_a_missing_file_is_an_error(tmp_path: Path, name: str) -> None:
    [error] = read_documents(SourceFile(tmp_path / name, tmp_path, name))

    assert str(error) == f"{tmp_path / name}: does not exist"


def test_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.txt").mkdir()

    [error] = read_documents(SourceFile(tmp_path / "x.txt", tmp_path, "x.txt"))

    assert str(error) == f"{tmp_path / 'x.txt'}: is a directory, not a file"


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_a_file_that_may_not_be_read_is_an_error(
    source: Callable[..., SourceFile], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = source(name, "نص")

    # Simulated: the rights of files do not bind the root user, who may run this.
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)

    assert [str(e) for e in read_documents(file)] == [f"{file.path}: permission denied"]


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.jsonl", "a.csv"])
def test_a_file_too_big_to_hold_is_an_error(
    read: ReadErrors, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in ("reading", "lines"):
        monkeypatch.setattr(f"search_service.sources.{module}.MAX_BYTES", 100)

    [error] = read(name, "كتاب " * 100)

    assert (
        error.reason == f"too big: more than {reading.MAX_BYTES} bytes; split it, or use JSON Lines"
    )


def test_a_path_that_is_no_usable_id_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("نص", encoding="utf-8")

    [long] = read_documents(SourceFile(tmp_path / "a.txt", tmp_path, "x/" * 300 + "a.txt"))
    [control] = read_documents(SourceFile(tmp_path / "a.txt", tmp_path, "a\nb.txt"))

    assert isinstance(long, SourceError)
    assert isinstance(control, SourceError)
    assert long.reason == "id: 605 characters long, more than 512"
    assert control.reason == "id: has a control character: 'a\\nb.txt'"


def test_an_unknown_suffix_is_an_error(tmp_path: Path) -> None:
    [error] = read_documents(SourceFile(tmp_path / "a.pdf", tmp_path, "a.pdf"))

    assert isinstance(error, SourceError)
    assert error.reason.startswith("unknown suffix '.pdf' (known: .txt, ")


def test_a_mapping_for_an_unknown_field_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such field: author"):
        read_documents(SourceFile(tmp_path / "a.csv", tmp_path, "a.csv"), {"author": "كاتب"})
