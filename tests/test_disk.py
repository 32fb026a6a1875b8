"""What the disk refuses, as users of the library meet it, with every engine."""

from __future__ import annotations

import errno
import gc
import os
import resource
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search_service import Document, SearchService
from search_service.config import ENGINES, Settings
from search_service.disk import advice
from search_service.engines import load_engine
from search_service.errors import EngineError, EngineUnavailable
from search_service.generations import IndexFolder
from search_service.manifest import Manifest

QUICK = Settings(lock_timeout=0.1, processes=1)
OLD = (Document("1", body="وصل القطار"), Document("2", body="مدينة قديمة"))
# Words that no other has, so that nothing of them can be kept once for all.
MANY = [
    Document(str(number), body=" ".join(f"w{number}x{word}" for word in range(700)))
    for number in range(10, 30)
]


WAYS: dict[str, Callable[[SearchService], object]] = {
    "changes": lambda service: service.index(MANY),
    "full": lambda service: service.index(MANY, full=True),
    "reindex": lambda service: service.reindex(),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    try:
        load_engine(name)
    except EngineUnavailable as error:
        pytest.skip(str(error))
    return name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def service(folder: Path, engine: str) -> Iterator[SearchService]:
    with SearchService.open(folder, engine=engine, settings=QUICK) as opened:
        opened.index(OLD)
        yield opened


@contextmanager
def little_room(size: int = 20_000) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes, which to a writer is what a full disk is."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def ids(service: SearchService, query: str) -> list[str]:
    return sorted(hit.id for hit in service.search(query).hits)


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


# Whoosh lets go of files that it could not write, without closing them.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
class TestAFullDisk:
    @pytest.mark.parametrize("how", list(WAYS))
    def test_leaves_what_was_committed_and_nothing_else(
        self, service: SearchService, folder: Path, engine: str, how: str
    ) -> None:
        if how == "reindex":
            service.index(MANY)
        before = service.stats().documents, sorted(path.name for path in folder.glob("gen-*/*"))
        # SQLite's file grows too, but it is small; what is too large is the engine's.
        with little_room(60_000), pytest.raises(EngineError, match=str(folder)) as caught:
            WAYS[how](service)
        assert "try again" in str(caught.value)
        del caught
        gc.collect()  # here, where a file that nobody closed may be one
        with SearchService.open(folder, settings=QUICK) as another:
            for one in (service, another):
                assert one.stats().documents == before[0]
                assert ids(one, "قطار") == ["1"]
        assert sorted(path.name for path in folder.glob("gen-*/*")) == before[1]
        service.index(MANY)
        assert ids(service, "w12x7") == ["12"]
        assert ids(service, "قطار") == ["1"]

    def test_is_found_before_the_engine_commits(
        self, service: SearchService, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Else those who open the index would see the changes, and its description not.
        with monkeypatch.context() as patch:
            patch.setattr(os, "posix_fallocate", refuse)
            with pytest.raises(EngineError, match=r"No space left.*stays\. Make room on the disk"):
                service.index([Document("3", body="قطار")])
        with SearchService.open(folder, settings=QUICK) as another:
            assert ids(another, "قطار") == ids(service, "قطار") == ["1"]
        assert not list(folder.glob("gen-*/room"))

    def test_on_the_command_line_is_one_line_and_exit_status_3(
        self, service: SearchService, folder: Path, tmp_path: Path
    ) -> None:
        script = """
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
            from search_service.cli import main
            main()
        """
        records = tmp_path / "records.csv"
        records.write_text(
            "id,body\n" + "".join(f"{one.id},{one.body}\n" for one in MANY), encoding="utf-8"
        )
        command = [sys.executable, "-c", textwrap.dedent(script), "index", str(records)]
        done = subprocess.run(
            [*command, "--index-dir", str(folder)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 3
        told = [line for line in done.stderr.splitlines() if not line.startswith("indexing:")]
        assert len(told) == 1
        assert told[0].startswith("error: ")
        assert str(folder) in told[0]
        assert "try again" in told[0]


class TestWhatAKilledRunLeft:
    def test_is_cleared_away_by_the_next_run_of_any_kind(
        self, service: SearchService, folder: Path
    ) -> None:
        left = folder / "gen-000002"
        left.mkdir()
        (left / "half").touch()
        service.index([Document("3", body="قطار")])
        assert [path.name for path in folder.glob("gen-*")] == ["gen-000001"]


class TestDamage:
    def test_of_segments_is_told_with_the_command_that_makes_the_index_anew(
        self, folder: Path, engine: str, tmp_path: Path
    ) -> None:
        source = tmp_path / "a.txt"
        source.write_text("وصل القطار", encoding="utf-8")
        with SearchService.open(folder, engine=engine, settings=QUICK) as service:
            service.index_paths([source])
        largest = max(
            (p for p in folder.glob("gen-*/*") if p.suffix in (".inv", ".term")),
            key=lambda path: path.stat().st_size,
        )
        largest.write_bytes(largest.read_bytes()[: largest.stat().st_size // 2])
        with pytest.raises(EngineError, match="search-service index --full") as caught:
            SearchService.open(folder, engine=engine)
        assert str(source) in str(caught.value)
        with SearchService.open(folder, engine=engine, settings=QUICK, rebuild=True) as service:
            service.index_paths([source], full=True)
            assert ids(service, "قطار") == ["a.txt"]

    @pytest.mark.parametrize("written", ["", "{", "[]"])
    def test_of_the_description_is_mended_by_making_the_index_anew(
        self, service: SearchService, folder: Path, engine: str, written: str
    ) -> None:
        (folder / "synonyms.tsv").touch()
        (folder / "meta.json").write_text(written, encoding="utf-8")
        with pytest.raises(EngineError, match="search-service index --full"):
            service.search("قطار")
        with SearchService.open(folder, engine=engine, settings=QUICK, rebuild=True) as again:
            again.index(OLD[:1], full=True)
        assert ids(service, "قطار OR مدينة") == ["1"]
        assert [path.name for path in folder.glob("gen-*")] == ["gen-000002"]
        assert (folder / "synonyms.tsv").exists()

    def test_of_the_description_stays_as_it_is_where_making_anew_fails(
        self,
        service: SearchService,
        folder: Path,
        engine: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (folder / "meta.json").write_text("{", encoding="utf-8")
        with SearchService.open(folder, engine=engine, settings=QUICK, rebuild=True) as again:
            monkeypatch.setattr(IndexFolder, "write", refuse)
            with pytest.raises(EngineError, match="No space left"):
                again.index(OLD, full=True)
        assert [path.name for path in folder.glob("gen-*")] == ["gen-000001"]

    def test_of_what_is_known_of_files_is_told_with_what_to_do(
        self, service: SearchService, folder: Path
    ) -> None:
        (folder / "gen-000001" / "manifest.sqlite").write_bytes(b"no database " * 1000)
        with pytest.raises(EngineError, match=r"not a database.*index once with --full"):
            service.index([Document("3", body="قطار")])
        assert ids(service, "قطار") == ["1"]
        service.index(OLD, full=True)
        assert ids(service, "قطار") == ["1"]


@pytest.fixture
def _any_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_service.engines._OLDEST", {})


class TestAnEngineThatIsNotInstalled:
    @pytest.mark.usefixtures("_any_python")
    def test_makes_nothing(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "tantivy", None)
        for module in [name for name in sys.modules if ".engines.tantivy" in name]:
            monkeypatch.delitem(sys.modules, module)
        with pytest.raises(EngineUnavailable, match=r"pip install 'search-service\[tantivy\]'"):
            SearchService.open(folder, engine="tantivy")
        assert not folder.exists()

    @pytest.mark.usefixtures("_any_python")
    def test_leaves_an_index_as_it_is(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with SearchService.open(folder, settings=QUICK) as service:
            service.index(OLD)
            monkeypatch.setitem(sys.modules, "tantivy", None)
            for module in [name for name in sys.modules if ".engines.tantivy" in name]:
                monkeypatch.delitem(sys.modules, module)
            with pytest.raises(EngineUnavailable, match="pip install"):
                service.reindex(engine="tantivy")
            assert ids(service, "قطار") == ["1"]
        assert [path.name for path in folder.glob("gen-*")] == ["gen-000001"]

    @pytest.mark.usefixtures("_any_python")
    def test_that_cannot_be_loaded_is_to_be_installed_anew(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_: str) -> None:
            raise ImportError("wrong ELF class")

        monkeypatch.setattr("search_service.engines.import_module", broken)
        with pytest.raises(EngineUnavailable, match=r"wrong ELF class.*--force-reinstall"):
            load_engine("tantivy")

    def test_that_has_no_release_for_this_python_says_which_has(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.version_info", (3, 10, 13))
        with pytest.raises(EngineUnavailable, match=r"'tantivy' needs Python 3\.11 or newer"):
            load_engine("tantivy")
        assert callable(load_engine("whoosh"))


class TestAdvice:
    @pytest.mark.parametrize(
        ("error", "told"),
        [
            (OSError(errno.ENOSPC, "No space left on device"), "Make room on the disk"),
            (OSError(errno.EDQUOT, "Disk quota exceeded"), "Make room on the disk"),
            (ValueError("An IO error: 'No space left (os error 28)'"), "Make room on the disk"),
            (sqlite3.OperationalError("database or disk is full"), "Make room on the disk"),
            (OSError(errno.EFBIG, "File too large"), "ulimit -f"),
            (OSError(errno.EROFS, "Read-only file system"), "can only be read"),
            (ValueError("IoError(Os { code: 30, kind: ReadOnly })"), "can only be read"),
            (PermissionError(errno.EACCES, "Permission denied"), "must be allowed to read"),
            (sqlite3.OperationalError("attempt to write a readonly database"), "must be allowed"),
            (ValueError("An index writer was killed.. A worker thread"), "Look whether"),
            (sqlite3.DatabaseError("database disk image is malformed"), "--full"),
        ],
        ids=str,
    )
    def test_fits_the_error(self, error: Exception, told: str, tmp_path: Path) -> None:
        assert told in advice(error, tmp_path)

    def test_is_none_where_nothing_is_known(self) -> None:
        assert advice(OSError(errno.EIO, "Input/output error")) == ""


def test_room_is_held_for_as_long_as_the_engine_commits(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path)
    with manifest.room():
        assert (tmp_path / "room").stat().st_size > 0
    assert not (tmp_path / "room").exists()
    manifest.close()
