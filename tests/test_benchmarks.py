"""The benchmark still runs, and what it writes is what it measured."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from installed import NotHere
from speed.aims import aims
from speed.corpus import Corpus, inputs, open_corpus, read_passages, read_queries
from speed.measuring import Measuring
from speed.process import Failed, run
from speed.records import Key, Log, Results, summary
from speed.report import write
from speed.roster import PAGE, Entry, roster

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


# ---------------------------------------------------------------- the whole command


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the page and the figures of a run on a few made-up passages."""
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, str(ROOT / "benchmarks/bench.py"), "--passages", "30"]
    command += ["--sizes", "10", "--rounds", "1", "--only", "ours-whoosh", "--kinds", "or"]
    command += ["--parts", "index", "search", "growth", "--docs", str(folder), "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def test_a_run_measures_indexing_and_every_way_to_search(measured: Path) -> None:
    results = Results(measured.glob("run-*.jsonl"))
    assert not results.notes(), "nothing failed"
    index = results.get(Key("index", "ours-whoosh", 30))
    assert index
    assert index["index_per_input"] > 0
    assert index["peak_memory"] > 10e6, "Python alone needs more"
    hits = {}
    for mode in ("ids", "page", "highlighted"):
        found = results.get(Key("search", "ours-whoosh", 30, "or", mode))
        assert found
        assert 0 < found["p50"] <= found["p95"] <= found["p99"]
        hits[mode] = found["hits"]
    assert hits["ids"] == hits["page"] == hits["highlighted"] > 0


def test_a_run_measures_the_smaller_sizes_too(measured: Path) -> None:
    results = Results(measured.glob("run-*.jsonl"))
    assert results.sizes() == [10, 30]
    assert results.get(Key("search", "ours-whoosh", 10, "or", "page"))


def test_a_run_writes_the_page_and_leaves_no_index(measured: Path) -> None:
    page = (measured / "performance.md").read_text(encoding="utf-8")
    assert "| this service (whoosh): ten highlighted hits |" in page
    assert not list(measured.glob("work-*"))


# ---------------------------------------------------------------- who takes part


def entry(name: str, program: str) -> Entry:
    return Entry(name, name, lambda: python(program), [("or", PAGE)])


def missing() -> list[str]:
    raise NotHere("pip install nothing")


@pytest.fixture
def measuring(tmp_path: Path) -> Callable[[list[Entry]], Results]:
    """Return a function that indexes a little with the contestants given."""

    def measure(entries: list[Entry]) -> Results:
        log = Log(tmp_path / "run.jsonl")
        corpus = Corpus("made up", None, None)
        work = tmp_path / "work"
        said: list[str] = []
        Measuring(corpus, entries, log, work, 1, 1, 60, said.append).full(5, ["index"], 1, 1)
        return Results([log.path])

    return measure


FINE = 'print(\'{"documents": 5, "seconds": 0.5}\')'


def test_one_that_crashes_does_not_stop_the_others(
    measuring: Callable[[list[Entry]], Results],
) -> None:
    results = measuring([entry("bad", "raise ValueError('no such thing')"), entry("good", FINE)])
    good = results.get(Key("index", "good", 5))
    assert good
    assert good["documents_per_second"] == 10
    ((key, note, reason),) = results.notes()
    assert (key.contestant, note) == ("bad", "failed")
    assert reason.endswith("ValueError: no such thing")


def test_one_that_loses_documents_has_failed(measuring: Callable[[list[Entry]], Results]) -> None:
    ((_, note, reason),) = measuring([entry("bad", FINE.replace("5,", "4,"))]).notes()
    assert (note, reason) == ("failed", "indexed 4 of 5 documents")


def test_one_that_is_not_installed_is_missing_and_no_failure(
    measuring: Callable[[list[Entry]], Results],
) -> None:
    absent = Entry("absent", "Absent", missing, [])
    ((key, note, reason),) = measuring([absent]).notes()
    assert (key.contestant, note, reason) == ("absent", "missing", "pip install nothing")


def test_one_that_runs_too_long_is_stopped() -> None:
    with pytest.raises(Failed, match="stopped after"):
        run(python("import time; time.sleep(60)"), timeout=0.2)


def test_memory_is_that_of_the_contestant_with_all_its_processes() -> None:
    holds = "held = bytearray(80_000_000); import time; time.sleep(1)"
    parent = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holds!r}]); print('{{}}')"
    )
    assert run(python(parent), timeout=60)["peak_memory"] > 80_000_000
    assert run(python("print('{}')"), timeout=60)["peak_memory"] < 60_000_000


# ---------------------------------------------------------------- figures


def test_the_median_of_the_rounds_counts(tmp_path: Path) -> None:
    log = Log(tmp_path / "run.jsonl")
    for seconds in (3.0, 1.0, 20.0):
        log.add(Key("index", "x", 10), {"seconds": seconds})
    assert Results([log.path]).get(Key("index", "x", 10)) == {"seconds": 3.0}


def test_a_later_run_replaces_what_an_earlier_one_measured_and_keeps_the_rest(
    tmp_path: Path,
) -> None:
    first, second = Log(tmp_path / "1.jsonl"), Log(tmp_path / "2.jsonl")
    first.add(Key("index", "x", 10), {"seconds": 1.0})
    first.add(Key("index", "y", 10), {"seconds": 2.0})
    second.add(Key("index", "x", 10), {"seconds": 5.0})
    results = Results([first.path, second.path])
    assert results.get(Key("index", "x", 10)) == {"seconds": 5.0}
    assert results.get(Key("index", "y", 10)) == {"seconds": 2.0}


def test_what_succeeded_in_another_run_is_not_told_as_a_failure(tmp_path: Path) -> None:
    log = Log(tmp_path / "run.jsonl")
    log.note("failed", Key("index", "x", 10), "exit 1")
    log.add(Key("index", "x", 10), {"seconds": 1.0})
    assert Results([log.path]).notes() == []


def test_percentiles_are_those_of_the_times() -> None:
    found = summary([float(ms) for ms in range(101)])
    assert found == pytest.approx({"p50": 50, "p95": 95, "p99": 99, "per_second": 20})


def results_of(tmp_path: Path, **figures: Any) -> Results:
    log = Log(tmp_path / "run.jsonl")
    log.describe({"day": "2026-01-01", "passages": "some"})
    for name, found in figures.items():
        log.add(Key("search", name.replace("_", "-"), 10, "or", PAGE), found)
    return Results([log.path])


def test_an_aim_is_met_or_not_by_what_was_measured(tmp_path: Path) -> None:
    results = results_of(
        tmp_path,
        stock_whoosh={"p50": 12.0, "p95": 100.0},
        ours_whoosh={"p50": 2.0, "p95": 10.0},
    )
    rows = {row[0]: row[1:] for row in aims(results, 10)}
    assert rows["whoosh: p50 beside stock Whoosh, times faster"] == ["≥ 5×", "6.00×", "yes"]
    assert rows["whoosh: p95 beside stock Whoosh, times faster"] == ["≥ 15×", "10.00×", "no"]
    assert rows["tantivy: documents/s"] == ["≥ 2,500", "not measured", ""]


@pytest.mark.parametrize(
    ("ours", "measured", "met"), [(400.0, "2.50×", "yes"), (250.0, "4.00×", "no")]
)
def test_time_to_index_is_compared_with_lucenes(
    tmp_path: Path, ours: float, measured: str, met: str
) -> None:
    log = Log(tmp_path / "run.jsonl")
    log.describe({"day": "2026-01-01", "passages": "some"})
    log.add(Key("index", "ours-tantivy", 10), {"documents_per_second": ours})
    log.add(Key("index", "lucene", 10), {"documents_per_second": 1000.0})
    rows = {row[0]: row[1:] for row in aims(Results([log.path]), 10)}
    label = "tantivy: time to index beside Lucene, times as long"
    assert rows[label] == ["≤ 3.5×", measured, met]


def test_the_words_between_the_tables_stay(tmp_path: Path) -> None:
    page = (DOCS / "performance.md").read_text(encoding="utf-8")
    (tmp_path / "performance.md").write_text(page.replace("## Growth", "## How it grows"), "utf-8")
    times = {"p50": 1.0, "p95": 2.0, "p99": 3.0, "per_second": 900.0}
    write(results_of(tmp_path, ours_whoosh=times), roster(["whoosh"]), tmp_path, DOCS)
    written = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "## How it grows" in written
    assert "| this service (whoosh): ten hits | 1.00 | 2.00 | 3.00 | 900 |" in written


def test_the_page_tells_what_failed_without_the_folders_of_whoever_measured(tmp_path: Path) -> None:
    results_of(tmp_path, ours_whoosh={"p50": 1.0, "p95": 1.0, "p99": 1.0, "per_second": 1.0})
    log = Log(tmp_path / "run.jsonl")
    log.note("failed", Key("index", "sqlite", 10), "exit 1:\nno space in /home/somebody/bench/db")
    write(Results([log.path]), roster(["whoosh"]), tmp_path, DOCS)
    page = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "- SQLite FTS5 (unicode61) failed (index): `exit 1: no space in …/db`" in page


def test_runs_on_different_passages_are_not_mixed(tmp_path: Path) -> None:
    log = Log(tmp_path / "other.jsonl")
    log.describe({"day": "2026-01-01", "passages": "others"})
    results_of(tmp_path, x={"p50": 1.0})
    mixed = Results(tmp_path.glob("*.jsonl"))
    with pytest.raises(SystemExit, match="different passages"):
        write(mixed, [], tmp_path, DOCS)


# ---------------------------------------------------------------- passages and queries


def test_passages_and_queries_become_lines_without_operators(tmp_path: Path) -> None:
    rows = [
        {"_id": "a", "title": "خبر\tعاجل", "text": "وصل\nالقطار"},
        {"_id": "b", "title": "", "text": "سطر"},
        {"_id": "c", "title": "", "text": "ثالث"},
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    query = json.dumps({"text": '"محطة القطار" OR -البعيدة*'})
    (tmp_path / "queries.jsonl").write_text(query, encoding="utf-8")
    made = inputs(open_corpus(tmp_path), 2, tmp_path / "made")
    assert list(read_passages(made.passages)) == [("a", "خبر عاجل", "وصل القطار"), ("b", "", "سطر")]
    assert (made.documents, made.words) == (2, 5)
    assert read_queries(made.queries["or"]) == [["محطة", "القطار", "or", "البعيدة"]]
    assert read_queries(made.queries["phrase"]) == [["محطة", "القطار"]]
    assert read_queries(made.queries["prefix"]) == [["محطة"]]


def test_made_up_passages_are_the_same_every_time(tmp_path: Path) -> None:
    made = [inputs(open_corpus(None), 3, tmp_path / name) for name in ("one", "other")]
    one, other = ({p.name: p.read_text("utf-8") for p in i.passages.parent.iterdir()} for i in made)
    assert one == other
