"""The library's face: opening, indexing, searching, and what holds while others write."""

from __future__ import annotations

import dataclasses
import datetime
import json
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from search_service import Document, SearchService
from search_service.analysing import Analysis
from search_service.config import Settings
from search_service.engines.whoosh import WhooshEngine
from search_service.engines.whoosh_writer import WhooshWriter
from search_service.errors import (
    DocumentNotFound,
    EngineError,
    EngineUnavailable,
    IndexLocked,
    IndexMismatch,
    QuerySyntaxError,
)
from search_service.generations import IndexFolder
from search_service.manifest import Manifest

DOCUMENTS = (
    Document(
        id="1",
        title="قطار الشمال",
        body="وصل القطار إلى المدينة صباحا، وكان المسافرون ينتظرون.",
        url="https://example.org/1",
        date=datetime.date(2020, 1, 15),
        language="ar",
        tags=("سفر", "نقل"),
        metadata={"مصدر": "تجربة"},
    ),
    Document(id="2", title="سفينة", body="أبحرت السفينة من الميناء.", tags=("بحر",)),
    Document(id="3", title="متحف", body="فتح المتحف أبوابه قرب محطة القطار."),
)

QUICK = Settings(lock_timeout=0.2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def service(folder: Path) -> Iterator[SearchService]:
    """An index of the three documents."""
    with SearchService.open(folder, settings=QUICK) as opened:
        opened.index(DOCUMENTS)
        yield opened


def ids(service: SearchService, query: str, **options: Any) -> list[str]:
    return [hit.id for hit in service.search(query, **options)]


def generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("gen-*"))


def change_meta(folder: Path, **parts: object) -> None:
    path = folder / "meta.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**stored, **parts}), encoding="utf-8")


def full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def broken(*documents: Document) -> Iterator[Document]:
    yield from documents
    raise KeyError("the caller's own")


class TestOpening:
    def test_creates_an_empty_index(self, folder: Path) -> None:
        with SearchService.open(folder) as service:
            assert service.search("قطار").total == 0
            assert service.stats().documents == 0
        assert (folder / "meta.json").exists()

    def test_finds_what_was_indexed_before(self, service: SearchService, folder: Path) -> None:
        with SearchService.open(str(folder)) as again:
            assert ids(again, "قطار") == ids(service, "قطار") == ["1", "3"]

    def test_takes_the_folder_from_the_settings(self, folder: Path) -> None:
        with SearchService.open(settings=Settings(index_dir=folder)) as service:
            service.check_ready()
        assert (folder / "meta.json").exists()

    def test_with_an_unknown_engine_is_an_error(self, folder: Path) -> None:
        with pytest.raises(EngineUnavailable, match="no engine 'x'"):
            SearchService.open(folder, engine="x")

    def test_two_in_one_process_do_not_disturb_each_other(self, tmp_path: Path) -> None:
        with SearchService.open(tmp_path / "a") as one, SearchService.open(tmp_path / "b") as two:
            one.index([Document("1", body="قطار")])
            two.index([Document("2", body="قطار")])
            assert (ids(one, "قطار"), ids(two, "قطار")) == (["1"], ["2"])

    def test_twice_at_once_makes_one_index(self, folder: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            opened = list(pool.map(SearchService.open, [folder] * 4))
        opened[0].index(DOCUMENTS)
        assert [service.search("قطار").total for service in opened] == [2, 2, 2, 2]
        for service in opened:
            service.close()

    def test_while_the_first_index_is_being_made_waits_for_nobody(self, folder: Path) -> None:
        seen = []

        def documents() -> Iterator[Document]:
            with SearchService.open(folder, settings=QUICK) as reader:
                seen.append(reader.search("قطار").total)
            yield from DOCUMENTS

        with SearchService.open(folder, rebuild=True, settings=QUICK) as writer:
            writer.index(documents(), full=True)
        assert seen == [0]

    def test_what_is_left_of_an_index_without_description_is_not_taken_over(
        self, service: SearchService, folder: Path
    ) -> None:
        service.close()
        (folder / "meta.json").unlink()
        with SearchService.open(folder) as again:
            assert again.search("*").total == 0


class TestIndexing:
    def test_reports_what_it_did(self, service: SearchService) -> None:
        changed = dataclasses.replace(DOCUMENTS[0], title="قطار الجنوب")
        report = service.index([changed, DOCUMENTS[1], Document("4", body="جديد")])
        assert (report.added, report.updated, report.unchanged) == (1, 1, 1)
        assert report.documents == 4
        assert report.to_json()["documents"] == 4

    def test_replaces_a_document_with_the_same_id(self, service: SearchService) -> None:
        service.index([Document("2", title="دراجة", body="دراجة")])
        assert ids(service, "سفينة") == []
        assert ids(service, "دراجة") == ["2"]

    def test_with_full_leaves_these_documents_and_no_others(self, service: SearchService) -> None:
        service.index([Document("9", body="قطار")], full=True)
        assert ids(service, "*") == ["9"]

    def test_that_changes_nothing_writes_no_new_segment(
        self, service: SearchService, folder: Path
    ) -> None:
        before = {path.name for path in (folder / "gen-000001").iterdir()}
        report = service.index(DOCUMENTS)
        assert report.unchanged == 3
        assert {path.name for path in (folder / "gen-000001").iterdir()} == before

    def test_of_documents_that_raise_keeps_none_and_lets_the_error_through(
        self, service: SearchService
    ) -> None:
        with pytest.raises(KeyError, match="the caller's own"):
            service.index(broken(Document("4", body="قطار")))
        assert ids(service, "قطار") == ["1", "3"]
        assert service.index([Document("4", body="قطار")]).added == 1

    @pytest.mark.parametrize("text", ["\ud83d", "a\0b", "\ud800قطار", "\uffff", "\U0010ffff"])
    def test_takes_any_text(self, service: SearchService, text: str) -> None:
        document = Document(text, title=text, body=f"قطار {text}", tags=(text,))
        assert service.index([document]).added == 1
        assert service.index([document]).unchanged == 1
        assert service.get(text) == document
        assert text in ids(service, "قطار")
        assert service.delete([text]) == 1

    def test_of_paths_reads_only_what_changed(
        self, service: SearchService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seeds = tmp_path / "seeds"
        seeds.mkdir()
        for name in ("a", "b"):
            (seeds / f"{name}.txt").write_text(f"نص {name}", encoding="utf-8")
        assert service.index_paths([seeds]).added == 2

        read: list[str] = []
        put = Analysis.put

        def spy(self: Analysis, document: Document) -> None:
            read.append(document.title or document.body)
            put(self, document)

        monkeypatch.setattr(Analysis, "put", spy)
        (seeds / "b.txt").write_text("نص آخر", encoding="utf-8")
        report = service.index_paths([str(seeds)])
        assert (report.updated, report.unchanged) == (1, 1)
        assert read == ["نص آخر"]

    def test_of_paths_with_full_reads_everything_again(
        self, service: SearchService, tmp_path: Path
    ) -> None:
        (tmp_path / "a.txt").write_text("نص", encoding="utf-8")
        service.index_paths([tmp_path / "a.txt"])
        report = service.index_paths([tmp_path / "a.txt"], full=True)
        assert (report.added, report.documents) == (1, 1)


class TestDeleting:
    def test_returns_how_many_there_were(self, service: SearchService) -> None:
        assert service.delete(["1", "1", "غائب"]) == 1
        assert ids(service, "قطار") == ["3"]
        assert service.stats().documents == 2

    def test_of_nothing_is_fine(self, service: SearchService) -> None:
        assert service.delete([]) == 0

    def test_leaves_room_for_the_same_document(self, service: SearchService) -> None:
        service.delete(["1"])
        assert service.index(DOCUMENTS).added == 1
        assert ids(service, "قطار") == ["1", "3"]

    def test_that_raises_deletes_nothing(self, service: SearchService) -> None:
        def wanted() -> Iterator[str]:
            yield "1"
            raise KeyError

        with pytest.raises(KeyError):
            service.delete(wanted())
        assert ids(service, "قطار") == ["1", "3"]
        assert service.delete(["1"]) == 1


class TestSearching:
    def test_gives_hits_with_all_that_is_known_of_them(self, service: SearchService) -> None:
        results = service.search("قطار")
        first = results.hits[0]
        assert (results.total, len(results), results.page, results.size) == (2, 2, 1, 10)
        assert (first.id, first.title, first.url) == ("1", "قطار الشمال", "https://example.org/1")
        assert first.date == datetime.date(2020, 1, 15)
        assert first.tags == ("سفر", "نقل")
        assert first.metadata == {"مصدر": "تجربة"}
        assert first.highlighted_title is not None
        assert first.highlighted_title.html == "<mark>قطار</mark> الشمال"
        assert "<mark>القطار</mark>" in first.snippets[0].html
        assert json.dumps(results.to_json(), ensure_ascii=False)

    def test_puts_better_hits_first_and_breaks_ties_by_id(self, service: SearchService) -> None:
        service.index(Document(i, body="دراجة") for i in ("ب", "ا", "ج"))
        scores = [hit.score for hit in service.search("قطار دراجة")]
        assert scores == sorted(scores, reverse=True)
        assert ids(service, "دراجة") == ["ا", "ب", "ج"]

    def test_page_by_page_gives_every_hit_once(self, service: SearchService) -> None:
        service.index(Document(f"د{i:02}", body="دراجة") for i in range(25))
        pages = [ids(service, "دراجة", page=page, size=10) for page in (1, 2, 3)]
        assert [len(page) for page in pages] == [10, 10, 5]
        assert [*pages[0], *pages[1], *pages[2]] == ids(service, "دراجة", size=100)

    @pytest.mark.parametrize("page", [2, 1000, 10**9])
    def test_past_the_end_is_empty(self, service: SearchService, page: int) -> None:
        results = service.search("قطار", page=page)
        assert (results.total, results.hits) == (2, ())

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"size": 0}, "size must be from 1 to 100"),
            ({"size": 101}, "size must be from 1 to 100"),
            ({"page": 0}, "page must be at least 1"),
            ({"match": "some"}, "match must be 'any' or 'all'"),
        ],
    )
    def test_out_of_range_is_a_value_error(
        self, service: SearchService, options: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            service.search("قطار", **options)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["1", "2", "3"]),
            ("قطار سفينة", ["1", "2", "3"]),
            ("القطار -المتحف", ["1"]),
            ("tag:سفر", ["1"]),
            ("tag:سفر سفينة", []),
            ("date:2020", ["1"]),
            ("-date:2020", ["2", "3"]),
            ("id:2", ["2"]),
            ('"محطة القطار"', ["3"]),
            ('"القطار محطة"', []),
            ("قطا*", ["1", "3"]),
            ("سفيتة~", ["2"]),
            ("؟!", []),
        ],
    )
    def test_finds(self, service: SearchService, query: str, found: list[str]) -> None:
        assert sorted(ids(service, query)) == found

    def test_with_match_all_finds_what_has_every_word(self, service: SearchService) -> None:
        assert ids(service, "قطار متحف", match="all") == ["3"]

    def test_warns_of_what_it_did_not_understand(self, service: SearchService) -> None:
        results = service.search('قطار "محطة')
        assert results.total == 2
        assert [warning.code for warning in results.warnings] == ["unbalanced-quote"]

    @pytest.mark.parametrize("query", ['قطار "محطة', "قطار date:أمس"])
    def test_strictly_raises_with_the_place(self, service: SearchService, query: str) -> None:
        with pytest.raises(QuerySyntaxError) as caught:
            service.search(query, strict=True)
        assert caught.value.span[0] == 5

    def test_without_highlighting_is_without_snippets(self, service: SearchService) -> None:
        for hit in service.search("قطار", highlight=False):
            assert (hit.highlighted_title, hit.snippets) == (None, ())

    @pytest.mark.parametrize(
        "query", ["\ud800", "\0", "قطار\0", "tag:\ud800", "id:\ud800", "\ud800*"]
    )
    def test_takes_any_text(self, service: SearchService, query: str) -> None:
        assert service.search(query).total <= 3

    @pytest.mark.parametrize(
        "query",
        [
            "قطار",
            "قطار المدينة الميناء",
            '"محطة القطار" قطار^3',
            "قطا* title:قطار",
            "(قطار AND سفينة) OR متحف",  # a part counts only where its whole clause holds
            "((قطار AND سفينة) OR المدينة) متحف",
            "قطار -سفينة tag:سفر",
            "قطار قطار قطار",
        ],
    )
    def test_explained_parts_add_up_to_the_score(self, service: SearchService, query: str) -> None:
        results = service.search(query, explain=True)
        assert results.total
        for hit in results:
            assert hit.explanation is not None
            assert sum(hit.explanation.values()) == pytest.approx(hit.score, abs=1e-4)

    def test_explains_fields_tiers_and_terms(self, service: SearchService) -> None:
        results = service.search('قطار "محطة القطار"', explain=True)
        assert results.explanation is not None
        assert results.explanation["type"] == "Bool"
        parts = {name for hit in results for name in hit.explanation or ()}
        assert {"title+body.stem:قطار", "title.stem:قطار"} <= parts
        assert 'title+body.folded:"محطه القطار"' in parts

    def test_explains_only_if_asked(self, service: SearchService) -> None:
        results = service.search("قطار")
        assert results.explanation is None
        assert all(hit.explanation is None for hit in results)


class TestAsking:
    def test_for_a_document_gives_it_as_it_was_indexed(self, service: SearchService) -> None:
        assert service.get("1") == DOCUMENTS[0]

    def test_for_an_unknown_document_is_an_error(self, service: SearchService) -> None:
        with pytest.raises(DocumentNotFound, match="no document with the id 'غائب'"):
            service.get("غائب")

    def test_for_statistics_counts_what_the_index_holds(self, service: SearchService) -> None:
        stats = service.stats()
        assert (stats.documents, stats.engine, stats.generation) == (3, "whoosh", 1)
        assert stats.tokens["title"] == 4
        assert stats.bytes > 0
        assert stats.updated >= stats.created

    def test_for_the_analysis_shows_every_word(self, service: SearchService) -> None:
        assert [word["text"] for word in service.analyze("وصل القطار")] == ["وصل", "القطار"]


class TestFullBuild:
    def test_goes_on_answering_and_is_picked_up_by_itself(
        self, service: SearchService, folder: Path
    ) -> None:
        answers = []
        with SearchService.open(folder) as reader:

            def documents() -> Iterator[Document]:
                answers.append(ids(reader, "قطار"))
                yield Document("9", body="قطار جديد")
                answers.append(ids(reader, "قطار"))

            service.index(documents(), full=True)
            answers.append(ids(reader, "قطار"))
            assert reader.stats().generation == 2
        assert answers == [["1", "3"], ["1", "3"], ["9"]]
        assert generations(folder) == ["gen-000002"]

    def test_serves_a_reader_that_opened_before_and_asks_after(
        self, service: SearchService, folder: Path
    ) -> None:
        with SearchService.open(folder) as reader:
            for number in range(4):
                service.index([Document(f"n{number}", body="قطار")], full=True)
            assert ids(reader, "قطار") == ["n3"]

    def test_that_fails_leaves_the_old_index_and_nothing_of_the_new(
        self, service: SearchService, folder: Path
    ) -> None:
        with pytest.raises(KeyError, match="the caller's own"):
            service.index(broken(Document("9", body="قطار")), full=True)
        assert generations(folder) == ["gen-000001"]
        assert ids(service, "قطار") == ["1", "3"]
        service.index([Document("9", body="قطار")], full=True)
        assert ids(service, "قطار") == ["9"]

    def test_that_the_disk_refuses_leaves_the_old_index(
        self, service: SearchService, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(IndexFolder, "write", full_disk)
            with pytest.raises(EngineError, match="No space left"):
                service.index([Document("9", body="قطار")], full=True)
        assert generations(folder) == ["gen-000001"]
        assert ids(service, "قطار") == ["1", "3"]

    def test_clears_away_what_a_killed_one_left(self, service: SearchService, folder: Path) -> None:
        for number in (2, 7):
            (folder / f"gen-{number:06d}").mkdir()
            (folder / f"gen-{number:06d}" / "half").touch()
        service.index(DOCUMENTS, full=True)
        assert generations(folder) == ["gen-000002"]
        assert ids(service, "قطار") == ["1", "3"]

    def test_that_swaps_while_a_reader_opens_does_not_answer_with_nothing(
        self, service: SearchService, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The reader has read the description; before it opens the generation, that is gone.
        read = IndexFolder.read
        swaps = iter([True])

        def slow(self: IndexFolder) -> Any:
            found = read(self)
            if threading.current_thread() is reading and next(swaps, False):
                service.index(DOCUMENTS, full=True)
            return found

        answers: list[list[str]] = []

        def ask() -> None:
            with SearchService.open(folder, rebuild=True) as reader:
                answers.append(ids(reader, "قطار"))

        reading = threading.Thread(target=ask)
        # The service writes in the reader's thread here, so it must not swap again.
        monkeypatch.setattr(IndexFolder, "read", slow)
        reading.start()
        reading.join()
        assert answers == [["1", "3"]]


class TestWriters:
    def test_wait_for_each_other_and_then_say_who_writes(
        self, service: SearchService, folder: Path
    ) -> None:
        program = (
            "import sys\n"
            "from search_service import Document, SearchService\n"
            "def documents():\n"
            "    print('writing', flush=True)\n"
            "    sys.stdin.read()\n"
            "    yield Document('4', body='قطار')\n"
            "SearchService.open(sys.argv[1]).index(documents())\n"
        )
        command = [sys.executable, "-c", program, str(folder)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
            with pytest.raises(IndexLocked, match=f"process {process.pid} .*-c {folder}"):
                service.index([Document("5", body="قطار")])
            assert ids(service, "قطار") == ["1", "3"]  # readers wait for nobody
            process.communicate()
            assert process.returncode == 0
        assert ids(service, "قطار", size=3)
        assert "4" in ids(service, "قطار")

    def test_of_two_threads_take_turns(self, folder: Path) -> None:
        with SearchService.open(folder, settings=Settings(lock_timeout=30)) as service:
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda i: service.index([Document(f"{i}", body="قطار")]), range(8)))
            assert service.search("قطار").total == 8

    def test_do_not_disturb_searches_in_other_threads(self, service: SearchService) -> None:
        stop = threading.Event()

        def search() -> int:
            searches = 0
            while not stop.is_set():
                results = service.search("سفينة قطار", explain=True)
                # Each commit replaces or removes all of the others at once.
                assert results.total in (3, 23)
                assert len(results.hits) == min(results.total, 10)
                searches += 1
            return searches

        more = [Document(f"م{i}", body="قطار سريع") for i in range(20)]
        with ThreadPoolExecutor(3) as pool:
            running = [pool.submit(search) for _ in range(3)]
            try:
                for turn in range(6):
                    service.index(more)
                    if turn == 3:
                        service.index((*DOCUMENTS, *more), full=True)
                    service.delete([document.id for document in more])
            finally:
                stop.set()
            assert all(future.result() for future in running)


class TestFailures:
    @pytest.mark.parametrize("full", [False, True])
    @pytest.mark.parametrize(
        ("owner", "method"), [(WhooshWriter, "commit"), (WhooshWriter, "add"), (Manifest, "commit")]
    )
    def test_of_the_disk_leave_what_was_committed(
        self,
        service: SearchService,
        monkeypatch: pytest.MonkeyPatch,
        *,
        full: bool,
        owner: type,
        method: str,
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(owner, method, full_disk)
            with pytest.raises(EngineError, match="No space left on device"):
                service.index([Document("4", body="دراجة")], full=full)
        assert ids(service, "قطار") == ["1", "3"]
        service.index([Document("4", body="دراجة")])
        assert ids(service, "دراجة") == ["4"]
        assert service.index([Document("4", body="دراجة")]).unchanged == 1

    def test_of_the_description_are_mended_by_the_next_run(
        self, service: SearchService, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(IndexFolder, "write", full_disk)
            with pytest.raises(EngineError, match="No space left on device"):
                service.index([Document("4", body="دراجة")])
        service.index([Document("4", body="دراجة")])
        with SearchService.open(folder) as reader:
            assert ids(reader, "دراجة") == ["4"]
            assert ids(reader, "قطار") == ["1", "3"]

    def test_of_a_broken_description_say_what_to_do(
        self, service: SearchService, folder: Path
    ) -> None:
        (folder / "meta.json").write_text("{", encoding="utf-8")
        with pytest.raises(EngineError, match=r"broken .*search-service index --full"):
            service.search("قطار")
        with pytest.raises(EngineError, match="--full"):
            SearchService.open(folder)

    def test_of_a_missing_generation_are_no_empty_answer(
        self, service: SearchService, folder: Path
    ) -> None:
        service.close()
        (folder / "gen-000001").rename(folder / "elsewhere")
        with pytest.raises(
            EngineError, match="is missing; rebuild the index: search-service index"
        ):
            SearchService.open(folder)

    def test_of_a_vanished_index_are_no_empty_answer(
        self, service: SearchService, folder: Path
    ) -> None:
        folder.rename(folder.with_name("elsewhere"))
        with pytest.raises(EngineError, match=r"there is no index in .* any more"):
            service.search("قطار")
        assert not folder.exists()

    def test_of_a_vanished_index_end_when_it_is_made_again(
        self, service: SearchService, folder: Path
    ) -> None:
        folder.rename(folder.with_name("elsewhere"))
        with SearchService.open(folder) as writer:
            writer.index([Document("9", body="قطار")])
        assert ids(service, "قطار") == ["9"]

    def test_of_an_index_that_lost_a_document_are_errors(
        self, service: SearchService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(WhooshEngine, "fetch", lambda _, ids, **__: [None for _ in ids])
        with pytest.raises(EngineError, match="does not hold"):
            service.search("قطار")

    def test_of_a_document_that_is_removed_meanwhile_are_not_seen(
        self, service: SearchService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fetch = WhooshEngine.fetch
        removed = iter(["1"])

        def slow(self: WhooshEngine, wanted: Any, **how: Any) -> Any:
            for document_id in removed:
                service.delete([document_id])
            return fetch(self, wanted, **how)

        monkeypatch.setattr(WhooshEngine, "fetch", slow)
        assert ids(service, "قطار") == ["3"]


class TestMismatch:
    @pytest.mark.parametrize(
        ("part", "value"),
        [("format", 999), ("format", 0), ("schema", "x"), ("engine", "other")],
    )
    def test_is_an_error_whose_message_is_a_command(
        self, service: SearchService, folder: Path, tmp_path: Path, part: str, value: object
    ) -> None:
        seeds = tmp_path / "my articles"
        seeds.mkdir()
        (seeds / "a.txt").write_text("وصل القطار", encoding="utf-8")
        service.index_paths([seeds])
        service.close()
        change_meta(folder, **{part: value})

        asked = "whoosh" if part == "engine" else None
        with pytest.raises(IndexMismatch, match=part) as caught:
            SearchService.open(folder, engine=asked)
        told = str(caught.value)
        assert repr(value) in told
        words = shlex.split(told[told.index("search-service index") :])
        engine = ["--engine", asked] if asked else []
        assert words[:3] == ["search-service", "index", "--full"]
        assert words[3:] == [*engine, "--index-dir", str(folder), str(seeds)]

        with SearchService.open(folder, rebuild=True, engine=asked) as again:
            assert again.index_paths([words[-1]], full=True).added == 1
            assert again.search("قطار").total == 1
        with SearchService.open(folder) as again:
            assert again.search("قطار").total == 1

    def test_of_an_index_without_paths_asks_for_them(
        self, service: SearchService, folder: Path
    ) -> None:
        service.close()
        change_meta(folder, schema="x")
        with pytest.raises(IndexMismatch, match=r"--index-dir \S+ PATH\.\.\.$"):
            SearchService.open(folder)

    def test_is_not_overlooked_where_nothing_is_rebuilt(
        self, service: SearchService, folder: Path
    ) -> None:
        service.close()
        change_meta(folder, analyzer="x")
        asks: list[Callable[[SearchService], object]] = [
            lambda opened: opened.search("قطار"),
            lambda opened: opened.index(DOCUMENTS),
            lambda opened: opened.check_ready(),
        ]
        with SearchService.open(folder, rebuild=True, settings=QUICK) as opened:
            for ask in asks:
                with pytest.raises(IndexMismatch):
                    ask(opened)

    def test_of_a_later_commit_reaches_a_reader_that_was_open(
        self, service: SearchService, folder: Path
    ) -> None:
        change_meta(folder, format=999)
        with pytest.raises(IndexMismatch, match="format 999"):
            service.search("قطار")

    def test_with_rebuild_opens_a_folder_without_an_index(self, folder: Path) -> None:
        with SearchService.open(folder, rebuild=True) as service:
            service.index(DOCUMENTS, full=True)
            assert ids(service, "قطار") == ["1", "3"]


def test_what_is_prepared_with_patience_is_read_when_it_returns(service: SearchService) -> None:
    service.prepare(wait=60)
    assert "search-service words" not in {thread.name for thread in threading.enumerate()}
