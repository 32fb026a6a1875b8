"""Which files are found, in which order, and under which id."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_service.errors import SourceError
from search_service.sources import SourceFile, file_hash, find_files

DEPTH = 1200


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("نص", encoding="utf-8")


def ids(*paths: Path | str, **options: tuple[str, ...]) -> list[str]:
    return [f.id for f in find_files(paths, **options) if isinstance(f, SourceFile)]


def errors(*paths: Path | str) -> list[tuple[str, str]]:
    return [(f.path, f.reason) for f in find_files(paths) if isinstance(f, SourceError)]


def test_files_come_in_the_order_of_their_names_with_paths_as_ids(tmp_path: Path) -> None:
    put(tmp_path, "ب.txt", "أخبار/ثان.md", "أخبار/أول.html", "z.csv", "a/b/c.json.gz")

    assert ids(tmp_path) == ["a/b/c.json.gz", "z.csv", "أخبار/أول.html", "أخبار/ثان.md", "ب.txt"]


def test_the_id_of_a_given_file_is_its_name(tmp_path: Path) -> None:
    put(tmp_path, "مجلد/خبر.txt")

    [file] = find_files([str(tmp_path / "مجلد" / "خبر.txt")])

    assert file == SourceFile(tmp_path / "مجلد/خبر.txt", tmp_path / "مجلد", "خبر.txt")


def test_every_known_suffix_is_found_in_either_case(tmp_path: Path) -> None:
    names = [
        f"a.{s}" for s in ("txt", "md", "html", "htm", "json", "jsonl", "ndjson", "csv", "tsv")
    ]
    put(tmp_path, *names, "B.TXT", "B.Txt.GZ")

    assert ids(tmp_path) == sorted([*names, "B.TXT", "B.Txt.GZ"])


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, ".hidden.txt", ".git/x.txt", "seen.txt")

    assert ids(tmp_path) == ["seen.txt"]


def test_a_hidden_folder_that_is_given_is_walked(tmp_path: Path) -> None:
    put(tmp_path, ".data/x.txt")

    assert ids(tmp_path / ".data") == ["x.txt"]


def test_unknown_suffixes_are_counted(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "b.pdf", "c/d.docx", "e", "f.tar.gz", "README.md")

    walk = find_files([tmp_path])

    assert [f.id for f in walk if isinstance(f, SourceFile)] == ["a.txt"]
    assert walk.ignored == 4


def test_a_given_file_of_unknown_suffix_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, "b.pdf")

    [(path, reason)] = errors(tmp_path / "b.pdf")

    assert path == str(tmp_path / "b.pdf")
    assert reason.startswith("unknown suffix '.pdf' (known: .txt, .md,")


def test_excluded_files_are_passed_over_by_name_or_by_path(tmp_path: Path) -> None:
    put(tmp_path, "README", "sub/README.md", "drafts/a.txt", "drafts/deep/b.txt", "kept.txt")

    assert ids(tmp_path) == ["drafts/a.txt", "drafts/deep/b.txt", "kept.txt"]
    assert ids(tmp_path, exclude=("drafts/*", "README*")) == ["kept.txt"]


def test_a_given_file_is_never_excluded(tmp_path: Path) -> None:
    put(tmp_path, "README.md")

    assert ids(tmp_path / "README.md") == ["README.md"]


def test_a_missing_path_is_an_error_and_the_next_path_is_walked(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    missing = tmp_path / "غائب"

    assert errors(missing, tmp_path) == [(str(missing), "does not exist")]
    assert ids(missing, tmp_path) == ["a.txt"]


def test_a_path_with_a_nul_is_an_error() -> None:
    [(_, reason)] = errors("a\0b")

    assert "null" in reason


def test_a_folder_with_the_name_of_a_file_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, "x.txt/inner.txt", "y.txt")

    assert errors(tmp_path) == [(str(tmp_path / "x.txt"), "is a directory, not a file")]
    assert ids(tmp_path) == ["y.txt"]


def test_a_folder_that_may_not_be_listed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "locked/a.txt", "open/b.txt")
    iterdir = Path.iterdir

    # Simulated: the rights of files do not bind the root user, who may run this.
    def guarded(self: Path) -> Iterator[Path]:
        if self.name == "locked":
            raise PermissionError(13, "Permission denied", str(self))
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", guarded)

    assert errors(tmp_path) == [(str(tmp_path / "locked"), "permission denied")]
    assert ids(tmp_path) == ["open/b.txt"]


def test_what_lies_in_a_folder_that_may_not_be_entered_is_an_error_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "listed/a.txt", "listed/b.bin", "open/c.txt")
    stat = Path.stat

    # Simulated, too: the names can be read there, and nothing else.
    def guarded(self: Path, **options: bool) -> os.stat_result:
        if self.parent.name == "listed":
            raise PermissionError(13, "Permission denied", str(self))
        return stat(self, **options)

    monkeypatch.setattr(Path, "stat", guarded)

    assert errors(tmp_path) == [
        (str(tmp_path / "listed" / name), "permission denied") for name in ("a.txt", "b.bin")
    ]
    assert ids(tmp_path) == ["open/c.txt"]


def test_links_that_go_round_in_circles_end(tmp_path: Path) -> None:
    put(tmp_path, "a/one.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self.txt").symlink_to("self.txt")

    assert ids(tmp_path) == ["a/one.txt"]
    [(path, reason)] = errors(tmp_path)
    assert path == str(tmp_path / "a" / "self.txt")
    assert reason.startswith("cannot be read: ")


def test_a_linked_folder_is_walked(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/one.txt")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "link").symlink_to(tmp_path / "elsewhere")

    assert ids(tmp_path / "root") == ["link/one.txt"]


def test_a_dead_link_is_an_error_if_it_is_named_like_a_document(tmp_path: Path) -> None:
    (tmp_path / "dead.txt").symlink_to("nowhere")
    (tmp_path / "dead").symlink_to("nowhere")

    walk = find_files([tmp_path])

    assert [str(found) for found in walk] == [f"{tmp_path / 'dead.txt'}: does not exist"]
    assert walk.ignored == 1


def test_a_pipe_is_an_error_and_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")

    assert errors(tmp_path) == [(str(tmp_path / "pipe.txt"), "is not a regular file")]


def test_a_file_named_twice_is_found_once(tmp_path: Path) -> None:
    put(tmp_path, "a/one.txt")

    assert ids(tmp_path, tmp_path / "a", tmp_path / "a" / "one.txt") == ["a/one.txt"]


def test_files_of_two_folders_may_have_the_same_path_from_there(tmp_path: Path) -> None:
    put(tmp_path, "a/one.txt", "b/one.txt")

    # Which document stays is for the index to decide, and to say.
    assert list(find_files([tmp_path / "a", tmp_path / "b"])) == [
        SourceFile(tmp_path / "a/one.txt", tmp_path / "a", "one.txt"),
        SourceFile(tmp_path / "b/one.txt", tmp_path / "b", "one.txt"),
    ]


def test_a_name_that_is_not_utf8_is_an_error_that_can_be_printed(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe1.txt")).write_text("نص", encoding="utf-8")
    except OSError:
        pytest.skip("this file system refuses such names")

    [(path, reason)] = errors(tmp_path)

    assert path.encode("utf-8")
    assert reason == "has a name that is not UTF-8: rename it"


@pytest.fixture
def deep_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file under more folders than Python nests calls."""
    monkeypatch.chdir(tmp_path)
    for _ in range(DEPTH):
        Path("d").mkdir()
        os.chdir("d")
    Path("x.txt").write_text("نص", encoding="utf-8")
    yield tmp_path
    # Taken down step by step: rmtree, with which pytest would do it, recurses.
    Path("x.txt").unlink()
    for _ in range(DEPTH):
        os.chdir("..")
        Path("d").rmdir()


def test_very_deep_folders_are_walked(deep_folder: Path) -> None:
    assert ids(deep_folder) == ["d/" * DEPTH + "x.txt"]


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    data = "كتاب".encode() * 500_000
    (tmp_path / "a.txt").write_bytes(data)

    assert file_hash(tmp_path / "a.txt") == hashlib.sha256(data).hexdigest()


def test_the_hash_of_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        file_hash(tmp_path / "a.txt")
