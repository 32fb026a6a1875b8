"""What the Whoosh engine promises beyond the contract: damage, full disks, merging."""

from __future__ import annotations

import errno
import io
import os
import random
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb import filestore

from search_service.engines import (
    array_file,
    blocks,
    memory,
    merging,
    whoosh_content,
    whoosh_storage,
    whoosh_writer,
)
from search_service.engines.port import IndexedDocument
from search_service.engines.whoosh import WhooshEngine, open_engine
from search_service.engines.whoosh_writer import segments_to_merge
from search_service.errors import EngineError, IndexLocked
from search_service.query.resolved import AllDocs, Bool, KeywordTerm, Node, Phrase, Term
from search_service.schema import DEFAULT_SCHEMA, Document, Tier


def doc(document_id: str, body: str) -> IndexedDocument:
    words = body.split()
    title: tuple[str, ...] = ()
    terms = {"title": dict.fromkeys(Tier, title), "body": dict.fromkeys(Tier, tuple(words))}
    return IndexedDocument(Document(id=document_id, body=body), terms, {"tag": (words[0],)})


def open_at(path: Path) -> WhooshEngine:
    return open_engine(path, DEFAULT_SCHEMA)


def put(engine: Any, *documents: IndexedDocument, delete: tuple[str, ...] = ()) -> None:
    writer = engine.writer()
    for document in documents:
        writer.add(document)
    for document_id in delete:
        writer.delete(document_id)
    writer.commit()


def found(engine: Any, term: str) -> list[str]:
    hits = engine.search(Term(("body",), Tier.EXACT, term), 0, 1000)
    return [document_id for document_id, _ in hits.page]


def noise(seed: int, size: int) -> bytes:
    """Nothing that compresses, the same every time."""
    return random.Random(seed).randbytes(size)  # noqa: S311 - not for secrets


def files(path: Path, ending: str = "") -> list[Path]:
    return sorted(p for p in path.iterdir() if p.name.endswith(ending) and "LOCK" not in p.name)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    opened = open_at(tmp_path)
    put(opened, *(doc(str(n), f"old w{n} common") for n in range(20)))
    put(opened, doc("later", "old later"))
    yield opened
    opened.close()


class TestDamage:
    """An index that cannot be read says so when it is opened."""

    @pytest.mark.parametrize("ending", [".inv", ".col", ".toc"])
    @pytest.mark.parametrize("damage", ["gone", "empty", "half", "short", "garbage", "zeros"])
    @pytest.mark.usefixtures("engine")
    def test_is_an_engine_error_on_opening(
        self, tmp_path: Path, ending: str, damage: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("search_service.engines.whoosh._PAUSE", 0)
        path = files(tmp_path, ending)[0]
        content = path.read_bytes()
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(
                {
                    "empty": b"",
                    "half": content[: len(content) // 2],
                    "short": content[:-1],
                    "garbage": noise(1, len(content)),
                    "zeros": bytes(len(content)),
                }[damage]
            )
        with pytest.raises(EngineError, match="cannot read the index"):
            open_at(tmp_path)

    def test_found_on_refreshing_leaves_what_was_open(
        self, engine: WhooshEngine, tmp_path: Path
    ) -> None:
        put(open_at(tmp_path), doc("new", "new"))
        (table,) = files(tmp_path, ".toc")
        table.write_bytes(b"garbage")
        with pytest.raises(EngineError, match="cannot read"):
            engine.refresh()
        assert len(found(engine, "old")) == 21

    def test_of_a_stored_document_is_an_error_when_it_is_fetched(self, tmp_path: Path) -> None:
        put(open_at(tmp_path), *(doc(str(n), f"text {n}") for n in range(50)))
        (path,) = files(tmp_path, ".col")
        content = bytearray(path.read_bytes())
        content[len(content) // 2 : len(content) // 2 + 100] = bytes(100)
        path.write_bytes(content)
        engine = open_at(tmp_path)
        with pytest.raises(EngineError, match="damaged"):
            engine.fetch([str(n) for n in range(50)])

    def test_a_folder_that_is_a_file_is_an_engine_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(EngineError, match="cannot open"):
            open_at(tmp_path / "file")


def test_the_average_length_may_be_below_one(tmp_path: Path) -> None:
    engine, reference = open_at(tmp_path), memory.open_engine(tmp_path, DEFAULT_SCHEMA)
    query = Term(("title",), Tier.EXACT, "a")
    for one in (engine, reference):
        titled = {"title": dict.fromkeys(Tier, ("a",)), "body": dict.fromkeys(Tier, ("x",))}
        put(one, IndexedDocument(Document(id="t"), titled), *(doc(str(n), "x") for n in range(9)))
    assert engine.score(query, ["t"]) == pytest.approx(reference.score(query, ["t"]), abs=2e-6)


class TestTiersWithTheSameList:
    """A word that is written in one way only has one list for all its tiers."""

    def test_have_it_once(self, engine: WhooshEngine) -> None:
        view, fields = engine._opened.views[0], ("title", "body")
        exact, stem = (view.term(fields, tier, "common") for tier in (Tier.EXACT, Tier.STEM))
        assert exact is stem
        assert view.term(fields, Tier.EXACT, "old") is not exact

    def test_score_as_much_as_each_alone(self, engine: WhooshEngine) -> None:
        terms = [Term(("body",), tier, "common", 0.5) for tier in (Tier.EXACT, Tier.STEM)]
        alone = [engine.score(term, ["3"])[0] or 0.0 for term in terms]
        both = engine.score(Bool(should=tuple(terms)), ["3"])
        assert both == pytest.approx([sum(alone)], abs=2e-6)
        assert min(alone) > 0


class TestWriters:
    def test_a_second_writer_is_told_that_the_index_is_locked(self, engine: WhooshEngine) -> None:
        first = engine.writer()
        with pytest.raises(IndexLocked, match="another writer"):
            engine.writer()
        first.rollback()
        engine.writer().rollback()

    def test_a_rollback_after_the_end_does_nothing(self, engine: WhooshEngine) -> None:
        writer = engine.writer()
        writer.add(doc("new", "new"))
        writer.commit()
        writer.rollback()
        assert found(engine, "new") == ["new"]
        writer = engine.writer()
        writer.rollback()
        writer.rollback()

    def test_a_rollback_leaves_no_files(self, engine: WhooshEngine, tmp_path: Path) -> None:
        before = files(tmp_path)
        writer = engine.writer()
        writer.add(doc("new", "new"))
        writer.rollback()
        assert files(tmp_path) == before

    def test_a_document_that_cannot_be_added_ends_the_transaction(
        self, engine: WhooshEngine
    ) -> None:
        writer = engine.writer()
        writer.add(doc("good", "good"))
        with pytest.raises(KeyError):
            writer.add(IndexedDocument(Document(id="bad"), {"title": {}}))
        put(engine, doc("next", "next"))
        assert (found(engine, "good"), found(engine, "next")) == ([], ["next"])

    def test_a_closed_engine_does_not_answer(self, tmp_path: Path) -> None:
        engine = open_at(tmp_path)
        engine.close()
        engine.close()
        for ask in (
            lambda: engine.search(AllDocs(), 0, 1),
            lambda: engine.fetch(["1"]),
            engine.stats,
            engine.refresh,
            lambda: list(engine.vocabulary("body", Tier.EXACT)),
        ):
            with pytest.raises(EngineError, match="closed"):
                ask()

    def test_opening_writes_nothing(self, tmp_path: Path) -> None:
        open_at(tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_what_is_committed_is_on_disk_before_it_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = open_at(tmp_path)
        synced: list[str] = []
        monkeypatch.setattr(whoosh_storage, "_sync", lambda path, _: synced.append(path.name))
        put(engine, doc("1", "a"))
        table = next(n for n, name in enumerate(synced) if name.startswith("_MAIN_1.toc."))
        for path in (*files(tmp_path, ".inv"), *files(tmp_path, ".col")):
            assert path.name in synced[:table]
        assert synced[table + 1 :] == [tmp_path.name]


class _FailingFile(io.FileIO):
    """Counts writes down, and fails as a full disk does."""

    left = 10**9

    def write(self, data: Any) -> int:
        _FailingFile.left -= 1
        if _FailingFile.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def _failing_open(path: str, mode: str) -> Any:
    raw = _FailingFile(path, mode.replace("b", ""))
    return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)


# Whoosh lets go of files that it could not write, without closing them.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
class TestFullDisk:
    def test_leaves_the_last_commit_and_lets_the_next_writer_work(
        self, engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = files(tmp_path)
        # The first write fails, then the second, and so on until there is room for all.
        for writes in range(500):
            with monkeypatch.context() as patch:
                patch.setattr(filestore, "open", _failing_open, raising=False)
                patch.setattr(_FailingFile, "left", writes)
                writer = None
                try:
                    writer = engine.writer()
                    for number in range(50):
                        writer.add(doc(f"new{number}", f"new {noise(number, 2000).hex()}"))
                    writer.delete("1")
                    writer.commit()
                except EngineError as error:
                    assert "No space left" in str(error)  # noqa: PT017 - counted below
                    if writer:
                        writer.rollback()
                else:
                    break
            assert files(tmp_path) == before
            for one in (engine, open_at(tmp_path)):
                assert len(found(one, "old")) == 21
                assert found(one, "new") == []
        assert writes > 5
        assert len(found(engine, "new")) == 50
        assert len(found(open_at(tmp_path), "old")) == 20

    def test_that_cannot_be_synced_leaves_the_last_commit(
        self, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(descriptor: int) -> None:
            raise OSError(errno.EIO, "Input/output error")

        writer = engine.writer()
        writer.add(doc("new", "new"))
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fail)
            with pytest.raises(EngineError, match="Input/output error"):
                writer.commit()
        assert found(engine, "new") == []
        put(engine, doc("new", "new"))
        assert found(engine, "new") == ["new"]

    def test_being_interrupted_releases_the_lock(
        self, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*_: Any) -> None:
            raise KeyboardInterrupt

        writer = engine.writer()
        writer.add(doc("new", "new"))
        with monkeypatch.context() as patch:
            patch.setattr(whoosh_content.SegmentContent, "lists", interrupt)
            with pytest.raises(KeyboardInterrupt):
                writer.commit()
        put(engine, doc("next", "next"))
        assert (found(engine, "new"), found(engine, "next")) == ([], ["next"])

    @pytest.mark.parametrize("room", [100, 3_000, 20_000, 60_000, 150_000])
    def test_while_runs_are_written_and_merged_leaves_the_last_commit(
        self, tmp_path: Path, room: int
    ) -> None:
        # No file may grow beyond a limit, which to a writer is what a full disk is.
        index = tmp_path / "index"
        put(open_at(index), doc("old", "old"))
        before = files(index)
        script = f"""
            import resource, signal
            from pathlib import Path
            from search_service.engines import array_file, merging, whoosh_content
            from search_service.engines.port import IndexedDocument
            from search_service.engines.whoosh import open_engine
            from search_service.errors import EngineError
            from search_service.schema import DEFAULT_SCHEMA, Document, Tier

            whoosh_content._RUN, merging._SLICE, array_file._SMALL = 5_000, 2_000, 100
            writer = open_engine(Path({str(index)!r}), DEFAULT_SCHEMA).writer()
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, hard))
            try:
                for n in range(3_000):
                    words = tuple(f"w{{n * m % 9973}}" for m in range(10))
                    terms = {{"title": dict.fromkeys(Tier, ()), "body": dict.fromkeys(Tier, words)}}
                    writer.add(IndexedDocument(Document(id=str(n), body=" ".join(words)), terms))
                writer.commit()
            except EngineError as error:
                writer.rollback()
                print("EngineError:", error)
        """
        command = [sys.executable, "-c", textwrap.dedent(script)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "[Errno 27] File too large; the index is as it was before" in done.stdout, done
        assert files(index) == before
        engine = open_at(index)
        assert found(engine, "old") == ["old"]
        put(engine, doc("new", "new"))
        assert found(engine, "new") == ["new"]


class TestRuns:
    """Much text is written in runs, which are merged at the end."""

    def test_leave_no_files_while_they_are_written(
        self, engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whoosh_content, "_RUN", 10)
        before = files(tmp_path)
        writer = engine.writer()
        for number in range(100):
            writer.add(doc(f"new{number}", f"new w{number} x"))
        # Whoosh's own: what it gathers, and the files of the new segment.
        assert len(set(files(tmp_path)) - set(before)) <= 2
        writer.rollback()
        assert files(tmp_path) == before

    def test_are_gone_with_a_process_that_is_killed(
        self, engine: WhooshEngine, tmp_path: Path
    ) -> None:
        before = files(tmp_path)
        script = f"""
            import os
            from pathlib import Path
            from search_service.engines import array_file, whoosh_content
            from search_service.engines.port import IndexedDocument
            from search_service.engines.whoosh import open_engine
            from search_service.schema import DEFAULT_SCHEMA, Document, Tier

            whoosh_content._RUN, array_file._SMALL = 10, 1
            writer = open_engine(Path({str(tmp_path)!r}), DEFAULT_SCHEMA).writer()
            for n in range(100):
                terms = dict.fromkeys(("title", "body"), dict.fromkeys(Tier, ("new", f"w{{n}}")))
                writer.add(IndexedDocument(Document(id=f"new{{n}}"), terms))
            os.kill(os.getpid(), 9)
        """
        subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
        assert len(set(files(tmp_path)) - set(before)) <= 2
        put(engine, doc("next", "next"))
        assert (found(engine, "new"), found(engine, "next")) == ([], ["next"])
        # The two files of one more segment, and nothing else.
        assert len(files(tmp_path)) == len(before) + 2

    @settings(max_examples=30, deadline=None)
    @given(seed=st.integers(0, 2**32))
    def test_change_no_answer(self, tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - not for secrets
        engine = open_at(tmp_path_factory.mktemp("index"))
        reference = memory.open_engine(Path(), DEFAULT_SCHEMA)
        words = ["a", "b", "c", "d", "e", "f", "g"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(whoosh_content, "_RUN", chance.choice((1, 7, 30)))
            patch.setattr(merging, "_SLICE", chance.choice((1, 10, 10**6)))
            patch.setattr(array_file, "_SMALL", chance.choice((1, 10**6)))
            patch.setattr(whoosh_writer, "_FULL_DOCUMENTS", chance.choice((5, 10**6)))
            patch.setattr(blocks, "_BITS", chance.choice((2, 16)))
            for _ in range(3):
                documents = [
                    doc(str(chance.randrange(40)), " ".join(chance.choices(words, k=5)))
                    for _ in range(chance.randrange(40))
                ]
                gone = tuple(str(chance.randrange(40)) for _ in range(chance.randrange(10)))
                for one in (engine, reference):
                    put(one, *documents, delete=gone)
            slots = tuple((chance.choice(words),) for _ in range(2))
            queries: list[Node] = [Term(("body",), tier, term) for term in words for tier in Tier]
            queries += [Phrase(("body",), Tier.EXACT, slots, 1), KeywordTerm("tag", "a")]
            for query in queries:
                ours, theirs = (dict(e.search(query, 0, 100).page) for e in (engine, reference))
                assert ours == pytest.approx(theirs, abs=2e-6)
            for tier in Tier:
                words_of, expected = (list(e.vocabulary("body", tier)) for e in (engine, reference))
                assert words_of == expected


class TestMerging:
    @pytest.mark.parametrize(
        ("sizes", "merged"),
        [
            ([], []),
            ([(10, 10)], []),
            ([(10, 6)], []),
            ([(10, 5)], [0]),
            ([(10, 0)], [0]),
            ([(10, 10), (10, 1), (10, 9)], [1]),
            ([(n, n) for n in range(1, 9)], []),
            ([(n, n) for n in range(1, 10)], [0, 1, 2, 3]),
            ([(n, n) for n in range(9, 0, -1)], [5, 6, 7, 8]),
            # The half deleted one is merged anyway and does not count for the limit.
            ([*((n, n) for n in range(1, 9)), (9, 2)], [8]),
            # Neither do full ones.
            ([(10**9, 10**9)] * 20, []),
            ([*[(10**9, 10**9)] * 5, *((n, n) for n in range(1, 9))], []),
        ],
    )
    def test_takes_what_is_half_deleted_and_the_smaller_half_of_too_many(
        self, sizes: list[tuple[int, int]], merged: list[int]
    ) -> None:
        assert segments_to_merge(sizes) == merged

    def test_keeps_segments_few(self, tmp_path: Path) -> None:
        engine = open_at(tmp_path)
        for number in range(40):
            put(engine, doc(f"{number:02}", f"all w{number}"))
            assert len(files(tmp_path, ".inv")) <= 9
        assert found(engine, "all") == [f"{number:02}" for number in range(40)]

    def test_leaves_segments_alone_that_are_full_of_short_documents(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whoosh_writer, "_FULL", 1_000)
        monkeypatch.setattr(whoosh_writer, "_FULL_DOCUMENTS", 10)
        engine = open_at(tmp_path)
        put(engine, *(doc(f"{n:03}", "all") for n in range(100)))
        full = set(files(tmp_path, ".inv"))
        assert len(full) == 10
        put(engine, doc("more", "all"))
        assert full < set(files(tmp_path, ".inv"))
        assert len(found(engine, "all")) == 101

    def test_purges_deleted_documents(self, tmp_path: Path) -> None:
        engine = open_at(tmp_path)
        put(engine, doc("secret-id", "secretword x"), doc("open", "public"))
        put(engine, delete=("secret-id",))
        put(engine)
        for path in files(tmp_path):
            content = path.read_bytes()
            assert b"secretword" not in content
            assert b"secret-id" not in content
        assert found(engine, "public") == ["open"]

    def test_a_segment_of_deleted_documents_alone_is_dropped(self, tmp_path: Path) -> None:
        engine = open_at(tmp_path)
        put(engine, doc("1", "a"), doc("2", "b"))
        put(engine, delete=("1", "2"))
        put(engine)
        assert files(tmp_path, ".inv") == []
        assert engine.search(AllDocs(), 0, 10).total == 0

    def test_leaves_no_files_of_old_segments(self, tmp_path: Path) -> None:
        engine = open_at(tmp_path)
        for number in range(30):
            put(engine, doc("same", f"v{number}"))
        # One segment of two files, or two while the old one waits to be merged, and the table.
        assert len(files(tmp_path)) <= 5

    def test_a_commit_of_more_than_fits_makes_several_segments(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whoosh_writer, "_FULL", 30)
        engine = open_at(tmp_path)
        put(engine, *(doc(f"{n:02}", f"all w{n} x") for n in range(45)), doc("07", "all again"))
        assert len(files(tmp_path, ".inv")) == 5
        assert found(engine, "all") == ["07", *(f"{n:02}" for n in range(45) if n != 7)]
        assert found(engine, "w7") == []
        # Full segments are left alone by later commits, and the last one is not full.
        before = set(files(tmp_path, ".inv"))
        put(engine, doc("99", "all"))
        assert before <= set(files(tmp_path, ".inv"))

    @settings(max_examples=30, deadline=None)
    @given(seed=st.integers(0, 2**32))
    def test_of_small_segments_changes_no_answer(
        self, tmp_path_factory: pytest.TempPathFactory, seed: int
    ) -> None:
        chance = random.Random(seed)  # noqa: S311 - not for secrets
        engine = open_at(tmp_path_factory.mktemp("index"))
        reference = memory.open_engine(Path(), DEFAULT_SCHEMA)
        words = ["a", "b", "c", "d", "e"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(whoosh_writer, "_FULL", chance.choice((4, 10, 40)))
            for _ in range(12):
                documents = [
                    doc(str(chance.randrange(30)), " ".join(chance.choices(words, k=5)))
                    for _ in range(chance.randrange(12))
                ]
                gone = tuple(str(chance.randrange(30)) for _ in range(chance.randrange(10)))
                for one in (engine, reference):
                    put(one, *documents, delete=gone)
        slots = tuple((chance.choice(words),) for _ in range(2))
        queries: list[Node] = [Term(("body",), Tier.STEM, term) for term in words]
        queries += [Phrase(("body",), Tier.EXACT, slots, 1), KeywordTerm("tag", "a")]
        for query in queries:
            ours, theirs = (dict(e.search(query, 0, 100).page) for e in (engine, reference))
            assert ours == pytest.approx(theirs, abs=2e-6)
        ids = [str(n) for n in range(30)]
        assert engine.fetch(ids) == reference.fetch(ids)


class TestRaces:
    def test_a_reader_opens_while_another_process_writes(self, tmp_path: Path) -> None:
        # Each engine has its own view of the folder, as processes have.
        writing = open_at(tmp_path)
        put(writing, doc("1", "a"))
        errors: list[BaseException] = []
        done = threading.Event()

        def read() -> None:
            reading = open_at(tmp_path)
            try:
                while not done.is_set():
                    assert found(open_at(tmp_path), "a") == ["1"]
                    reading.refresh()
                    assert found(reading, "a") == ["1"]
                    assert reading.stats().documents == 1
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(60):
            put(writing, doc("1", f"a v{number}"))
        done.set()
        for thread in threads:
            thread.join()
        assert not errors
