"""Documents come out in order and with the same terms, whoever analyses them."""

from __future__ import annotations

import datetime
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from search_service import Document, SearchService, analysing
from search_service.analysing import Analysis
from search_service.analysis.analyzer import Analyzer
from search_service.batches import Answers, indexed_document
from search_service.config import Settings
from search_service.engines.port import IndexedDocument
from search_service.errors import EngineError
from search_service.processes import ProcessPool
from search_service.schema import DEFAULT_SCHEMA
from search_service.terms import JoinedTerms, NumberedTerms, WordTable

ANALYZER = Analyzer()

UNSENDABLE = threading.Lock()

T = TypeVar("T")


def documents(count: int) -> Iterator[Document]:
    for number in range(count):
        yield Document(
            id=f"وثيقة {number}",
            title=f"عنوان {number}",
            # One text is long enough to be stored with its reading.
            body=f"قال النبي ﷺ: كَتَبَ كتابا رقم {number} عن القطارات والمدن"
            * (1 + number % 7 if number != 70 else 500),
            tags=("علوم الأرض", f"t{number % 3}"),
            language="ar",
            date=datetime.date(2020, 1, 1 + number % 28),
            url=f"https://example.org/{number}",
            # Some of it is searched, some cannot go to another process.
            metadata={"source": f"صحيفة {number}", "n": UNSENDABLE} if number % 5 else {},
        )


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use other processes for any input, and wait until they are ready."""

    class Ready(ProcessPool[Any]):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            for start in self._starting:
                start.result()

    monkeypatch.setattr(analysing, "_ENOUGH", 1)
    monkeypatch.setattr(analysing, "_BATCH", 2_000)
    monkeypatch.setattr(analysing, "ProcessPool", Ready)


def plain(document: IndexedDocument) -> tuple[Document, dict[str, Any], dict[str, Any], Any]:
    terms = {name: dict(tiers) for name, tiers in document.terms.items()}
    return document.document, terms, dict(document.keywords), dict(document.readings)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("joins", [False, True])
def test_other_processes_give_the_same_in_the_same_order(joins: bool) -> None:
    found: list[IndexedDocument] = []
    with Analysis(DEFAULT_SCHEMA, ANALYZER, found.append, 2, joins=joins) as analysis:
        for document in documents(300):
            analysis.put(document)
    alone = [indexed_document(document, DEFAULT_SCHEMA, ANALYZER) for document in documents(300)]
    assert list(map(plain, found)) == list(map(plain, alone))
    assert [d.document.id for d in found if d.readings] == ["وثيقة 70"]
    # Batches came from elsewhere, in the form that was asked for.
    tables = {id(terms.words) for terms in _of(NumberedTerms, found)}
    if joins:
        assert len(_of(JoinedTerms, found)) > 200
        assert len(tables) <= 1  # the first texts may have been analysed here
    else:
        # Each process has words of its own, whatever the batch.
        assert len(tables) == 2


def test_a_table_that_a_process_begins_anew_leaves_earlier_texts_as_they_were() -> None:
    answers = Answers()
    sent = WordTable()
    sent.add(("a", "a", "b", "b"))
    first = answers(pickle.dumps(((0, sent.packed(0)), [])))
    sent.add(("c", "d", "d", "e"))
    second = answers(pickle.dumps(((1, sent.packed(1)), [])))
    anew = WordTable()
    anew.add(("x", "x", "x", "x"))
    third = answers(pickle.dumps(((0, anew.packed(0)), [])))
    assert first.words
    assert third.words
    assert first.words is second.words
    assert first.words.columns == (["a", "c"], ["a", "d"], ["b", "d"], ["b", "e"])
    assert third.words.columns == (["x"],) * 4


def _of(kind: type[T], found: Iterable[IndexedDocument]) -> list[T]:
    every = (terms for document in found for terms in document.terms.values())
    return [terms for terms in every if isinstance(terms, kind)]


@pytest.mark.usefixtures("at_once")
def test_only_a_few_batches_are_under_way() -> None:
    found: list[IndexedDocument] = []
    most = 0
    with Analysis(DEFAULT_SCHEMA, ANALYZER, found.append, 2) as analysis:
        for number, document in enumerate(documents(500), 1):
            analysis.put(document)
            most = max(most, number - len(found))
    assert len(found) == 500
    # Six batches of at most 33 documents of 60 code points and more.
    assert most < 200


def test_little_text_is_analysed_without_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysing, "ProcessPool", None)  # would fail if it were used
    found: list[IndexedDocument] = []
    with Analysis(DEFAULT_SCHEMA, ANALYZER, found.append, 2) as analysis:
        for document in documents(50):
            analysis.put(document)
            assert len(found) > 0
    assert len(found) == 50


def test_one_process_is_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysing, "_ENOUGH", 1)
    monkeypatch.setattr(analysing, "ProcessPool", None)
    found: list[IndexedDocument] = []
    with Analysis(DEFAULT_SCHEMA, ANALYZER, found.append, 1) as analysis:
        for document in documents(50):
            analysis.put(document)
    assert len(found) == 50


@pytest.mark.usefixtures("at_once")
def test_where_no_process_can_be_started_this_one_does_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Never(ProcessPool[Any]):
        ready = False

    monkeypatch.setattr(analysing, "ProcessPool", Never)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    found: list[IndexedDocument] = []
    with Analysis(DEFAULT_SCHEMA, ANALYZER, found.append, 2) as analysis:
        for document in documents(50):
            analysis.put(document)
    assert [d.document.id for d in found] == [d.id for d in documents(50)]


@pytest.mark.usefixtures("at_once")
def test_a_process_that_dies_ends_the_run_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[IndexedDocument] = []
    analysis = Analysis(DEFAULT_SCHEMA, ANALYZER, found.append, 2)

    def put_and_kill() -> None:
        with analysis:
            for number, document in enumerate(documents(500)):
                analysis.put(document)
                if number == 100 and analysis._pool:
                    for worker in analysis._pool._workers:
                        worker._process.kill()

    with pytest.raises(EngineError, match="ended before its work was done"):
        put_and_kill()
    assert analysis._pool is None


@pytest.mark.usefixtures("at_once")
def test_a_failing_writer_ends_the_processes() -> None:
    def fail(document: IndexedDocument) -> None:
        if document.document.id == "وثيقة 40":
            raise EngineError("no more room")

    analysis = Analysis(DEFAULT_SCHEMA, ANALYZER, fail, 2)
    pools = []

    def put_all() -> None:
        with analysis:
            for document in documents(500):
                analysis.put(document)
                pools.append(analysis._pool)

    with pytest.raises(EngineError, match="no more room"):
        put_all()
    assert all(worker._process.poll() is not None for worker in pools[-1]._workers)  # type: ignore[union-attr]


@pytest.mark.usefixtures("at_once")
def test_an_index_made_by_several_processes_is_the_same(tmp_path: Path) -> None:
    answers = []
    for processes in (1, 2):
        settings = Settings(processes=processes)
        with SearchService.open(tmp_path / str(processes), settings=settings) as service:
            report = service.index(documents(300))
            again = service.index(documents(300))
            found = [service.search(q, size=50) for q in ("كتاب", '"كتابا رقم"', "tag:t1", "الله")]
            answers.append(
                (
                    (report.added, again.unchanged),
                    [[(hit.id, hit.score, hit.snippets) for hit in one.hits] for one in found],
                    service.stats().tokens,
                )
            )
    assert answers[0] == answers[1]


@pytest.mark.usefixtures("at_once")
def test_files_that_change_and_vanish_are_seen_by_several_processes(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(f"عنوان\n\nنص رقم {number}", encoding="utf-8")
    with SearchService.open(tmp_path / "index", settings=Settings(processes=2)) as service:
        assert service.index_paths([folder]).added == 60
        (folder / "07.txt").unlink()
        (folder / "08.txt").write_text("عنوان\n\nشيء آخر", encoding="utf-8")
        report = service.index_paths([folder])
        assert (report.updated, report.removed, report.unchanged) == (1, 1, 58)
        assert [hit.id for hit in service.search("شيء آخر").hits] == ["08.txt"]


def test_a_script_without_a_guard_may_index_much(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
            print("once")
            import threading
            threading.Thread(target=lambda: None).start()
            from search_service import Document, SearchService, analysing
            from search_service.config import Settings
            analysing._ENOUGH, analysing._BATCH = 1, 500
            settings = Settings(processes=2)
            with SearchService.open({str(tmp_path / "index")!r}, settings=settings) as service:
                documents = (Document(id=str(n), body="كتاب جديد") for n in range(20_000))
                print(service.index(documents).added)
        """),
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True)
    assert (done.stdout.split(), done.stderr) == (["once", "20000"], "")


def test_ctrl_c_ends_a_run_and_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    index = tmp_path / "index"
    script = textwrap.dedent(f"""
        import itertools
        from search_service import Document, SearchService, analysing
        from search_service.config import Settings
        analysing._ENOUGH, analysing._BATCH = 1, 500

        def endless():
            for number in itertools.count():
                if number == 20_000:
                    print("going", flush=True)
                yield Document(id=str(number), body="كتاب جديد")

        with SearchService.open({str(index)!r}, settings=Settings(processes=2)) as service:
            service.index([Document(id="first", body="كتاب")])
            service.index(endless())
    """)
    caller = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert caller.stdout
    assert caller.stdout.readline() == b"going\n"
    caller.send_signal(signal.SIGINT)
    _, errors = caller.communicate(timeout=60)
    assert errors.endswith(b"KeyboardInterrupt\n")
    with SearchService.open(index) as service:
        assert service.stats().documents == 1
        assert service.index([Document(id="second", body="كتاب")]).documents == 2
