"""The index folder: its description, its generations, its lock."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search_service.errors import EngineError, IndexLocked
from search_service.generations import FORMAT, IndexFolder, Meta, disk_errors

META = Meta(
    format=FORMAT,
    engine="whoosh",
    schema="s",
    analyzer="a",
    generation=3,
    commit=7,
    documents=2,
    created="2024-01-01T00:00:00+00:00",
    updated="2024-01-02T00:00:00+00:00",
    sources=("/مقالات",),
)


@pytest.fixture
def folder(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path)


class TestDescription:
    def test_comes_back_as_it_was_written(self, folder: IndexFolder) -> None:
        folder.write(META)
        assert folder.read() == META

    def test_is_none_where_there_is_no_index(self, folder: IndexFolder) -> None:
        assert folder.read() is None
        assert folder.stamp() is None

    def test_changes_its_stamp_with_every_commit(self, folder: IndexFolder) -> None:
        stamps = set()
        for commit in range(3):
            folder.write(dataclasses.replace(META, commit=commit))
            stamps.add(folder.stamp())
            time.sleep(0.02)  # a real commit takes longer
        assert len(stamps) == 3

    def test_is_replaced_in_one_step(
        self, folder: IndexFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder.write(META)

        def full_disk(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(json, "dump", full_disk)
            with pytest.raises(OSError, match="No space"):
                folder.write(dataclasses.replace(META, commit=8))
        assert folder.read() == META

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "{",
            "[]",
            "null",
            "{}",
            '{"format": "1"}',
            json.dumps({"format": FORMAT}),
            json.dumps({**dataclasses.asdict(META), "generation": "3"}),
            json.dumps({**dataclasses.asdict(META), "sources": 5}),
            "[" * 100_000,
        ],
        ids=lambda text: text[:30],
    )
    def test_that_is_broken_is_an_error_that_says_what_to_do(
        self, folder: IndexFolder, written: str
    ) -> None:
        (folder.path / "meta.json").write_text(written, encoding="utf-8")
        with pytest.raises(EngineError, match=r"meta\.json is broken .*search-service index"):
            folder.read()

    def test_that_is_no_utf8_is_broken(self, folder: IndexFolder) -> None:
        (folder.path / "meta.json").write_bytes(b"\xff\xfe")
        with pytest.raises(EngineError, match="is broken"):
            folder.read()

    def test_of_another_format_needs_to_tell_its_format_only(self, folder: IndexFolder) -> None:
        # So that it is told apart from a broken one, and replaced instead of deleted.
        later = {"format": FORMAT + 1, "generation": 4, "shards": []}
        (folder.path / "meta.json").write_text(json.dumps(later), encoding="utf-8")
        found = folder.read()
        assert found is not None
        assert (found.format, found.generation) == (FORMAT + 1, 4)

    def test_may_hold_more_than_is_known(self, folder: IndexFolder) -> None:
        more = {**dataclasses.asdict(META), "later": 1}
        (folder.path / "meta.json").write_text(json.dumps(more), encoding="utf-8")
        assert folder.read() == META


class TestGenerations:
    def test_all_but_one_are_removed(self, folder: IndexFolder) -> None:
        for number in (1, 2, 12):
            folder.generation(number).mkdir()
            (folder.generation(number) / "file").touch()
        folder.remove_generations(keep=2)
        assert list(folder.path.iterdir()) == [folder.generation(2)]

    def test_all_are_removed_where_none_is_known(self, folder: IndexFolder) -> None:
        folder.generation(1).mkdir()
        folder.remove_generations(keep=None)
        assert list(folder.path.iterdir()) == []

    def test_what_else_lies_in_the_folder_stays(self, folder: IndexFolder) -> None:
        (folder.path / "README.md").touch()
        folder.remove_generations(keep=None)
        assert (folder.path / "README.md").exists()


HOLDER = """
import sys
from pathlib import Path
from search_service.generations import IndexFolder
with IndexFolder(Path(sys.argv[1])).lock(5):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold the lock in another process for the length of the block."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.communicate()


class TestLock:
    def test_held_elsewhere_is_an_error_that_says_by_whom(self, folder: IndexFolder) -> None:
        with (
            held_elsewhere(folder.path) as process,
            pytest.raises(IndexLocked) as caught,
            folder.lock(0.1),
        ):
            pass
        message = str(caught.value)
        assert f"process {process.pid} on " in message
        assert "(-c " in message  # the command, as the other process knows it
        assert "waited 0.1 s" in message

    def test_is_free_when_its_holder_has_ended(self, folder: IndexFolder) -> None:
        with held_elsewhere(folder.path):
            pass
        with folder.lock(0.1):
            pass

    def test_is_free_when_its_holder_was_killed(self, folder: IndexFolder) -> None:
        with held_elsewhere(folder.path) as process:
            process.kill()
            process.wait()
            with folder.lock(5):
                holder = json.loads((folder.path / "writer.json").read_text(encoding="utf-8"))
        assert holder["pid"] != process.pid

    def test_holds_between_two_of_one_process(self, folder: IndexFolder) -> None:
        with folder.lock(1), pytest.raises(IndexLocked, match="process"), folder.lock(0.05):
            pass

    def test_is_free_after_an_error(self, folder: IndexFolder) -> None:
        with pytest.raises(KeyError), folder.lock(1):
            raise KeyError
        with folder.lock(0.05):
            assert (folder.path / "writer.json").exists()
        assert not (folder.path / "writer.json").exists()

    @pytest.mark.parametrize("written", ["", "[]", "{}", "\xff"])
    def test_says_so_where_its_holder_is_not_known(self, folder: IndexFolder, written: str) -> None:
        with folder.lock(1):
            (folder.path / "writer.json").write_text(written, encoding="latin-1")
            with pytest.raises(IndexLocked, match="did not say who"), folder.lock(0.05):
                pass

    def test_makes_the_folder(self, tmp_path: Path) -> None:
        with IndexFolder(tmp_path / "new" / "index").lock(1):
            assert (tmp_path / "new" / "index").is_dir()

    def test_where_no_folder_can_be_is_an_error_of_ours(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with (
            pytest.raises(EngineError, match="could not be"),
            IndexFolder(tmp_path / "file").lock(1),
        ):
            pass


def test_what_the_disk_refuses_is_an_error_of_ours() -> None:
    with pytest.raises(EngineError, match=r"No space left.*stays"), disk_errors():
        raise OSError(28, "No space left on device")


def test_other_errors_pass_through() -> None:
    with pytest.raises(KeyError), disk_errors():
        raise KeyError
