"""What is remembered of files and documents between runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_service.manifest import FileKey, KnownDocument, Manifest

KEY = FileKey("/جذر", "خبر.txt")
OTHER = FileKey("/جذر", "آخر.txt")


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[Manifest]:
    opened = Manifest(tmp_path)
    yield opened
    opened.close()


def test_a_new_manifest_knows_nothing(manifest: Manifest) -> None:
    assert manifest.file_hash(KEY) is None
    assert manifest.document("1") is None
    assert manifest.documents(KEY) == set()
    assert list(manifest.files("/جذر")) == []


def test_a_document_is_known_with_its_hash_and_file(manifest: Manifest) -> None:
    manifest.set_document("1", "h", KEY)
    assert manifest.document("1") == KnownDocument("h", KEY)
    assert manifest.documents(KEY) == {"1"}


def test_a_document_belongs_to_the_last_file_that_it_came_from(manifest: Manifest) -> None:
    manifest.set_document("1", "h", KEY)
    manifest.set_document("1", "g", OTHER)
    assert manifest.document("1") == KnownDocument("g", OTHER)
    assert manifest.documents(KEY) == set()


def test_a_removed_document_is_not_known(manifest: Manifest) -> None:
    manifest.set_document("1", "h", KEY)
    manifest.remove_document("1")
    manifest.remove_document("never there")
    assert manifest.document("1") is None


def test_a_file_is_remembered_until_it_is_forgotten(manifest: Manifest) -> None:
    manifest.set_file(KEY, "h")
    manifest.set_file(KEY, "g")
    assert manifest.file_hash(KEY) == "g"
    manifest.set_file(KEY, None)
    assert manifest.file_hash(KEY) is None


def test_the_files_of_a_root_are_those_read_and_those_with_documents(manifest: Manifest) -> None:
    manifest.set_file(FileKey("/a", "empty.txt"), "h")
    manifest.set_document("1", "h", FileKey("/a", "bad.txt"))
    manifest.set_file(FileKey("/ab", "elsewhere.txt"), "h")
    assert set(manifest.files("/a")) == {FileKey("/a", "empty.txt"), FileKey("/a", "bad.txt")}


def test_only_what_was_committed_is_there_the_next_time(tmp_path: Path) -> None:
    first = Manifest(tmp_path)
    first.set_document("1", "h", KEY)
    first.commit()
    first.set_document("2", "h", KEY)
    first.close()

    second = Manifest(tmp_path)
    assert second.documents(KEY) == {"1"}
    second.close()


def test_a_copy_knows_what_the_first_one_knew(manifest: Manifest, tmp_path: Path) -> None:
    manifest.set_document("1", "h", KEY)
    manifest.commit()
    (tmp_path / "other").mkdir()
    copy = Manifest(tmp_path / "other")
    assert copy.document("1") is None
    manifest.copy_to(copy)
    assert copy.document("1") == KnownDocument("h", KEY)
    copy.close()


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "'; DROP TABLE files; --", "ﷺ"])
def test_any_text_can_be_an_id_and_a_path(manifest: Manifest, text: str) -> None:
    key = FileKey(text, text)
    manifest.set_document(text, "h", key)
    manifest.set_file(key, "g")
    known = manifest.document(text)
    assert known is not None
    assert known.hash == "h"
    assert manifest.file_hash(key) == "g"
    assert len(list(manifest.files(text))) == 1


def test_what_is_no_manifest_is_an_error_that_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "manifest.sqlite").write_bytes(b"\1" * 5000)
    with pytest.raises(sqlite3.DatabaseError):
        Manifest(tmp_path)
