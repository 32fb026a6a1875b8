"""One run of indexing: what is read, written, removed and reported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms
from search_service.batches import indexed_document
from search_service.engines.memory import MemoryEngine
from search_service.errors import EngineError
from search_service.indexing import IndexRun, Progress
from search_service.manifest import Manifest
from search_service.results import IndexReport
from search_service.schema import DEFAULT_SCHEMA, Document, Tier
from search_service.sources import DEFAULT_EXCLUDE


class SpyAnalyzer(Analyzer):
    """Remembers the words that are analysed, each once for a run."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def forms(self, word: str) -> tuple[Forms, ...]:
        self.words.append(word)
        return super().forms(word)


class Index:
    """An engine in memory and a manifest on disk, written run by run as the service does it."""

    def __init__(self, folder: Path) -> None:
        self.engine = MemoryEngine(DEFAULT_SCHEMA)
        self.analyzer = SpyAnalyzer()
        self._folder = folder

    def __call__(self, *paths: Path, **options: Any) -> IndexReport:
        given = {"mapping": None, "exclude": DEFAULT_EXCLUDE, "progress": None, **options}
        return self.run(lambda run: run.files(paths, **given))

    def documents(self, *documents: Document) -> IndexReport:
        return self.run(lambda run: run.documents(documents))

    def run(self, fill: Callable[[IndexRun], None]) -> IndexReport:
        self.analyzer.words.clear()
        manifest = Manifest(self._folder)
        run = IndexRun(DEFAULT_SCHEMA, self.analyzer, self.engine.writer(), manifest)
        try:
            fill(run)
            if run.changed:
                run.writer.commit()
            manifest.commit()
            return run.report(len(self.engine.documents))
        finally:
            manifest.close()

    @property
    def bodies(self) -> dict[str, str]:
        return {i: entry.document.body for i, entry in self.engine.documents.items()}


@pytest.fixture
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index(tmp_path_factory.mktemp("index"))


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder with three articles."""
    put(tmp_path / "one.txt", "خبر أول\n\nوصل القطار")
    put(tmp_path / "two.txt", "خبر ثان\n\nأبحرت السفينة")
    put(tmp_path / "sub" / "three.txt", "خبر ثالث\n\nفتح المتحف")
    return tmp_path


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def records(path: Path, *found: dict[str, str]) -> Path:
    return put(path, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in found))


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def reasons(report: IndexReport) -> list[str]:
    return [problem.reason for problem in report.problems]


class TestFiles:
    def test_are_added(self, index: Index, seeds: Path) -> None:
        report = index(seeds)
        assert counts(report) == (3, 0, 0, 0)
        assert report.documents == 3
        assert report.problems == ()

    def test_that_did_not_change_are_not_analysed_again(self, index: Index, seeds: Path) -> None:
        index(seeds)
        assert counts(index(seeds)) == (0, 0, 3, 0)
        assert index.analyzer.words == []

    def test_that_changed_are_updated(self, index: Index, seeds: Path) -> None:
        index(seeds)
        put(seeds / "one.txt", "خبر أول\n\nتأخر القطار")
        assert counts(index(seeds)) == (0, 1, 2, 0)
        assert any("تأخر" in body for body in index.bodies.values())
        assert "وصل" not in index.analyzer.words

    def test_that_were_touched_and_say_the_same_are_unchanged(
        self, index: Index, seeds: Path
    ) -> None:
        index(seeds)
        put(seeds / "one.txt", (seeds / "one.txt").read_text(encoding="utf-8"))
        assert counts(index(seeds)) == (0, 0, 3, 0)
        assert index.analyzer.words == []

    def test_written_otherwise_are_read_but_not_analysed(
        self, index: Index, tmp_path: Path
    ) -> None:
        # Other bytes, the same document.
        index(records(tmp_path / "a.jsonl", {"id": "1", "body": "قطار"}))
        put(tmp_path / "a.jsonl", '{"body": "قطار",   "id": "1"}')
        assert counts(index(tmp_path / "a.jsonl")) == (0, 0, 1, 0)
        assert index.analyzer.words == []

    def test_that_vanished_are_removed(self, index: Index, seeds: Path) -> None:
        index(seeds)
        (seeds / "sub" / "three.txt").unlink()
        report = index(seeds)
        assert counts(report) == (0, 0, 2, 1)
        assert report.documents == 2

    def test_that_vanished_elsewhere_stay(self, index: Index, seeds: Path, tmp_path: Path) -> None:
        other = put(tmp_path / "other" / "four.txt", "خبر رابع")
        index(seeds / "sub", other.parent)
        (seeds / "sub" / "three.txt").unlink()
        assert counts(index(other.parent)) == (0, 0, 1, 0)
        assert len(index.bodies) == 2

    def test_that_were_given_singly_are_not_taken_for_vanished(
        self, index: Index, seeds: Path
    ) -> None:
        index(seeds)
        assert counts(index(seeds / "one.txt")) == (0, 0, 1, 0)
        assert len(index.bodies) == 3

    def test_that_are_excluded_now_are_removed(self, index: Index, seeds: Path) -> None:
        index(seeds)
        assert counts(index(seeds, exclude=("sub/*",))) == (0, 0, 2, 1)

    def test_below_a_folder_that_cannot_be_listed_stay(
        self, index: Index, seeds: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Nobody knows whether they vanished; a network share may be away for a minute.
        index(seeds)
        iterdir = Path.iterdir

        def guarded(self: Path) -> Iterator[Path]:
            if self.name == "sub":
                raise PermissionError(13, "Permission denied")
            return iterdir(self)

        monkeypatch.setattr(Path, "iterdir", guarded)
        report = index(seeds)
        assert counts(report) == (0, 0, 2, 0)
        assert reasons(report) == ["permission denied"]
        assert len(index.bodies) == 3

    def test_that_cannot_be_read_keep_their_documents(
        self, index: Index, seeds: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index(seeds)
        opened = Path.open

        def guarded(self: Path, *arguments: Any, **options: Any) -> Any:
            if self.name == "one.txt":
                raise PermissionError(13, "Permission denied")
            return opened(self, *arguments, **options)

        monkeypatch.setattr(Path, "open", guarded)
        report = index(seeds)
        assert report.failed == 1
        assert len(index.bodies) == 3

    def test_read_with_another_mapping_are_read_again(self, index: Index, tmp_path: Path) -> None:
        file = records(tmp_path / "a.jsonl", {"id": "1", "title": "خبر", "النص": "وصل القطار"})
        index(file)
        assert index.bodies["1"] == ""
        report = index(file, mapping={"body": "النص"})
        assert counts(report) == (0, 1, 0, 0)
        assert index.bodies["1"] == "وصل القطار"

    def test_with_a_mapping_of_no_field_are_the_callers_mistake(
        self, index: Index, seeds: Path
    ) -> None:
        with pytest.raises(ValueError, match="no such field: x"):
            index(seeds, mapping={"x": "y"})

    def test_lose_the_documents_that_are_no_longer_in_them(
        self, index: Index, tmp_path: Path
    ) -> None:
        file = tmp_path / "a.jsonl"
        index(records(file, {"id": "1", "body": "قطار"}, {"id": "2", "body": "سفينة"}))
        assert counts(index(records(file, {"id": "2", "body": "سفينة"}))) == (0, 0, 1, 1)
        assert set(index.bodies) == {"2"}

    def test_may_hand_a_document_over_to_a_new_name(self, index: Index, tmp_path: Path) -> None:
        records(tmp_path / "a.jsonl", {"id": "1", "body": "قطار"})
        index(tmp_path)
        (tmp_path / "a.jsonl").rename(tmp_path / "b.jsonl")
        report = index(tmp_path)
        assert counts(report) == (0, 0, 1, 0)
        assert report.problems == ()


class TestProblems:
    def test_keep_out_only_what_has_them(self, index: Index, tmp_path: Path) -> None:
        put(
            tmp_path / "a.jsonl",
            '{"id": "1", "body": "قطار"}\nليس سجلا\n{"id": "2", "body": "ميناء"}',
        )
        report = index(tmp_path)
        assert set(index.bodies) == {"1", "2"}
        assert report.failed == 1
        assert report.problems[0].line == 2

    def test_are_told_again_in_the_next_run(self, index: Index, tmp_path: Path) -> None:
        put(tmp_path / "a.jsonl", '{"id": "1", "body": "قطار"}\nليس سجلا')
        first, second = index(tmp_path), index(tmp_path)
        assert first.problems == second.problems
        assert counts(second) == (0, 0, 1, 0)
        assert index.analyzer.words == []

    def test_are_gone_when_the_file_was_mended(self, index: Index, tmp_path: Path) -> None:
        put(tmp_path / "a.jsonl", "ليس سجلا")
        index(tmp_path)
        report = index(records(tmp_path / "a.jsonl", {"id": "1", "body": "قطار"}))
        assert report.problems == ()
        assert counts(report) == (1, 0, 0, 0)

    def test_of_a_path_that_does_not_exist_are_told(self, index: Index, tmp_path: Path) -> None:
        assert reasons(index(tmp_path / "غائب")) == ["does not exist"]


class TestDuplicates:
    def test_in_two_files_leave_the_later_one(self, index: Index, tmp_path: Path) -> None:
        records(tmp_path / "a.jsonl", {"id": "1", "body": "الأول"})
        records(tmp_path / "b.jsonl", {"id": "1", "body": "الثاني"})
        report = index(tmp_path)
        assert index.bodies == {"1": "الثاني"}
        assert counts(report) == (1, 0, 0, 0)
        [problem] = report.problems
        assert problem.path == str(tmp_path / "a.jsonl")
        assert str(tmp_path / "b.jsonl") in problem.reason
        assert "'1'" in problem.reason
        assert not problem.error
        assert report.failed == 0

    def test_are_told_again_and_change_nothing(self, index: Index, tmp_path: Path) -> None:
        records(tmp_path / "a.jsonl", {"id": "1", "body": "الأول"})
        records(tmp_path / "b.jsonl", {"id": "1", "body": "الثاني"})
        first, second = index(tmp_path), index(tmp_path)
        assert second.problems == first.problems
        assert counts(second) == (0, 0, 1, 0)
        assert index.analyzer.words == []

    def test_in_one_file_leave_the_later_one(self, index: Index, tmp_path: Path) -> None:
        pair = ({"id": "1", "body": "الأول"}, {"id": "1", "body": "الثاني"})
        file = records(tmp_path / "a.jsonl", *pair)
        first, second = index(file), index(file)
        assert index.bodies == {"1": "الثاني"}
        assert counts(first) == (1, 0, 0, 0)
        assert counts(second) == (0, 0, 1, 0)
        assert len(first.problems) == len(second.problems) == 1

    def test_that_come_in_a_later_run_are_told_too(self, index: Index, tmp_path: Path) -> None:
        index(records(tmp_path / "a.jsonl", {"id": "1", "body": "الأول"}))
        records(tmp_path / "b.jsonl", {"id": "1", "body": "الثاني"})
        report = index(tmp_path)
        assert index.bodies == {"1": "الثاني"}
        assert counts(report) == (0, 1, 0, 0)
        assert len(report.problems) == 1

    def test_from_a_folder_indexed_alone_are_told_too(self, index: Index, tmp_path: Path) -> None:
        records(tmp_path / "a" / "x.jsonl", {"id": "1", "body": "الأول"})
        records(tmp_path / "b" / "x.jsonl", {"id": "1", "body": "الثاني"})
        index(tmp_path / "a")
        report = index(tmp_path / "b")
        assert index.bodies == {"1": "الثاني"}
        assert [problem.path for problem in report.problems] == [str(tmp_path / "a" / "x.jsonl")]

    @pytest.mark.parametrize("runs", [1, 2])
    def test_come_back_when_the_later_file_vanishes(
        self, index: Index, tmp_path: Path, runs: int
    ) -> None:
        records(tmp_path / "a.jsonl", {"id": "1", "body": "الأول"})
        if runs == 2:
            # The earlier file was read without a problem, and is not read again with the later.
            index(tmp_path)
        records(tmp_path / "b.jsonl", {"id": "1", "body": "الثاني"})
        index(tmp_path)
        (tmp_path / "b.jsonl").unlink()
        report = index(tmp_path)
        assert index.bodies == {"1": "الأول"}
        assert counts(report) == (0, 1, 0, 0)
        assert report.problems == ()

    def test_come_back_when_the_later_file_loses_them(self, index: Index, tmp_path: Path) -> None:
        records(tmp_path / "a.jsonl", {"id": "1", "body": "الأول"})
        records(tmp_path / "b.jsonl", {"id": "1", "body": "الثاني"}, {"id": "2", "body": "آخر"})
        index(tmp_path)
        records(tmp_path / "b.jsonl", {"id": "2", "body": "آخر"})
        report = index(tmp_path)
        assert index.bodies == {"1": "الأول", "2": "آخر"}
        assert counts(report) == (0, 1, 1, 0)

    def test_of_three_files_fall_back_to_the_second(self, index: Index, tmp_path: Path) -> None:
        for name in "abc":
            records(tmp_path / f"{name}.jsonl", {"id": "1", "body": name})
        index(tmp_path)
        (tmp_path / "c.jsonl").unlink()
        index(tmp_path)
        assert index.bodies == {"1": "b"}

    def test_of_the_same_path_in_two_folders_leave_the_later_one(
        self, index: Index, tmp_path: Path
    ) -> None:
        put(tmp_path / "a" / "one.txt", "الأول")
        put(tmp_path / "b" / "one.txt", "الثاني")
        report = index(tmp_path / "a", tmp_path / "b")
        assert len(index.bodies) == 1
        assert [problem.path for problem in report.problems] == [str(tmp_path / "a" / "one.txt")]

    def test_follow_the_order_in_which_the_paths_are_given(
        self, index: Index, tmp_path: Path
    ) -> None:
        a = records(tmp_path / "a.jsonl", {"id": "1", "body": "الأول"})
        b = records(tmp_path / "b.jsonl", {"id": "1", "body": "الثاني"})
        index(b, a)
        assert index.bodies == {"1": "الأول"}

    def test_among_documents_leave_the_later_one(self, index: Index) -> None:
        report = index.documents(Document("1", body="الأول"), Document("1", body="الثاني"))
        assert index.bodies == {"1": "الثاني"}
        assert counts(report) == (1, 0, 0, 0)
        assert len(report.problems) == 1


class TestDocuments:
    def test_are_added_updated_or_left(self, index: Index) -> None:
        one, two = Document("1", body="قطار"), Document("2", body="سفينة")
        assert counts(index.documents(one, two)) == (2, 0, 0, 0)
        assert counts(index.documents(one, Document("2", body="ميناء"))) == (0, 1, 1, 0)
        assert index.analyzer.words == ["ميناء"]

    def test_in_place_of_a_files_are_an_update_and_no_problem(
        self, index: Index, tmp_path: Path
    ) -> None:
        index(records(tmp_path / "a.jsonl", {"id": "1", "body": "الأول"}))
        report = index.documents(Document("1", body="الثاني"))
        assert counts(report) == (0, 1, 0, 0)
        assert report.problems == ()

    def test_changed_in_anything_are_updated(self, index: Index) -> None:
        index.documents(Document("1", body="قطار"))
        assert counts(index.documents(Document("1", body="قطار", tags=("سفر",)))) == (0, 1, 0, 0)

    def test_that_raise_let_their_own_error_through(self, index: Index) -> None:
        def broken() -> Iterator[Document]:
            yield Document("1", body="قطار")
            raise FileNotFoundError("the caller's own")

        with pytest.raises(FileNotFoundError, match="the caller's own"):
            index.run(lambda run: run.documents(broken()))

    def test_that_the_disk_refuses_are_an_error_of_ours(
        self, index: Index, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full_disk(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("search_service.engines.memory.MemoryWriter.add", full_disk)
        with pytest.raises(EngineError, match="No space left"):
            index.documents(Document("1"))


class TestProgress:
    def test_names_every_file_before_it_is_read_and_ends_with_none(
        self, index: Index, seeds: Path
    ) -> None:
        told: list[Progress] = []
        index(seeds, progress=told.append)
        assert [step.files_done for step in told] == [0, 1, 2, 3]
        assert {step.files_total for step in told} == {3}
        assert [Path(step.current).name for step in told] == ["one.txt", "three.txt", "two.txt", ""]
        assert told[-1].documents == 3

    def test_that_fails_lets_its_own_error_through(self, index: Index, seeds: Path) -> None:
        def closed(_: Progress) -> None:
            raise BrokenPipeError(32, "Broken pipe")

        with pytest.raises(BrokenPipeError):
            index(seeds, progress=closed)


def test_a_document_goes_in_with_its_terms_and_folded_keywords(analyzer: Analyzer) -> None:
    document = Document("1", title="الخبر", body="", tags=("سياسة", "!"), language="AR")
    found = indexed_document(document, DEFAULT_SCHEMA, analyzer)
    assert found.terms["title"][Tier.STEM] == ("خبر",)
    assert found.terms["body"] == dict.fromkeys(Tier, ())
    expected = {"tag": ("سياسه",), "language": ("ar",), "source": (), "marks": ()}
    assert found.keywords == expected
