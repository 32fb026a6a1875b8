"""With a real index: what is faked elsewhere is what this command is about."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from search_service.cli.app import cli

DOCUMENTS = {
    "d1": "وصل القطار إلى المدينة. القطار سريع.",
    "d2": "رست السفينة في الميناء عند الفجر.",
    "d3": "كتب المعلم درسا طويلا عن السفينة وعن القطار وعن أشياء أخرى كثيرة.",
}
KEYS = ["ndcg@10", "mrr@10", "p@1", "recall@100", "empty", "ms_per_query"]


def jsonl(rows: dict[str, str]) -> str:
    return "".join(json.dumps({"_id": name, "text": text}) + "\n" for name, text in rows.items())


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "collection"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(jsonl(DOCUMENTS))
    (folder / "queries.jsonl").write_text(jsonl({"q1": "قطار", "q2": "السفينة", "q3": "طائرة"}))
    (folder / "qrels.tsv").write_text("q1\td1\t1\nq2\td2\t1\nq3\td3\t1\n")
    return folder


@pytest.fixture
def run():
    def invoke(*args: object):
        arguments = ["evaluate", *map(str, args)]
        runner = CliRunner(env={"SEARCH_ENGINE": None, "SEARCH_INDEX_DIR": None})
        return runner.invoke(cli, arguments, prog_name="search-service", catch_exceptions=False)

    return invoke


@pytest.fixture
def swapped(tmp_path: Path) -> Path:
    """Return a run in which q1 is answered worse than now, and q2 not at all."""
    path = tmp_path / "swapped.run"
    path.write_text("q1 Q0 d3 1 2 x\nq1 Q0 d1 2 1 x\n")
    return path


def test_for_people(run, collection):
    result = run(collection)
    assert (result.exit_code, result.stderr) == (0, "")
    facts = dict(line.split() for line in result.stdout.splitlines())
    assert list(facts) == ["engine", "documents", "queries", *KEYS]
    assert facts | {"ms_per_query": ""} == {
        "engine": "whoosh",
        "documents": "3",
        "queries": "3",
        "ndcg@10": "0.6667",
        "mrr@10": "0.6667",
        "p@1": "0.6667",
        "recall@100": "0.6667",
        "empty": "1",
        "ms_per_query": "",
    }


def test_for_programs(run, collection):
    report = json.loads(run(collection, "--json").stdout)
    assert sorted(report) == sorted(["engine", "documents", "queries", *KEYS])
    assert (report["ndcg@10"], report["empty"]) == (0.666667, 1)


def test_a_run_is_written_and_compared_with(run, collection, tmp_path):
    path = tmp_path / "now.run"
    assert run(collection, "--run", path).exit_code == 0
    lines = [line.split(" ") for line in path.read_text().splitlines()]
    assert [line[:4] for line in lines] == [
        ["q1", "Q0", "d1", "1"],
        ["q1", "Q0", "d3", "2"],
        ["q2", "Q0", "d2", "1"],
        ["q2", "Q0", "d3", "2"],
    ]
    assert {line[5] for line in lines} == {"search-service-whoosh"}
    output = run(collection, "--compare", path).stdout
    assert "queries lost: 0" in output
    assert "queries won: 0" in output


def test_what_was_won_is_shown_with_its_words(run, collection, swapped):
    lines = run(collection, "--compare", swapped).stdout.splitlines()
    start = lines.index("queries won: 2")
    assert lines[start + 2 : start + 5] == [
        "+1.0000  q2  السفينة",
        "    first relevant document: rank 1, before not found",
        "    relevant  d2  rank 1, before not found",
    ]
    start = lines.index("+0.3691  q1  قطار")
    assert lines[start + 1 : start + 3] == [
        "    first relevant document: rank 1, before 2",
        "    relevant  d1  rank 1, before 2",
    ]
    above = lines.index("    above it  d3  rank 2, before 1")
    assert any("stem" in line and "قطار" in line for line in lines[start:above])
    assert any("stem" in line and "قطار" in line for line in lines[above:])
    (change,) = [line.split() for line in lines if line.startswith("ndcg@10")]
    assert change == ["ndcg@10", "0.6667", "0.2103", "+0.4564"]


def test_what_was_won_as_json(run, collection, swapped):
    report = json.loads(run(collection, "--compare", swapped, "--json").stdout)["compared"]
    assert (report["won"], report["lost"], report["lost_queries"]) == (2, 0, [])
    assert report["before"]["ndcg@10"] == pytest.approx(0.210310)
    best, second = report["won_queries"]
    assert (best["query"], best["above"]) == ("q2", None)
    assert second["first_relevant"] == {"rank": 1, "before": 2}
    assert list(second["above"]["terms"]["stem"]) == ["قطار"]


def test_the_lists_can_be_short(run, collection, swapped):
    report = json.loads(run(collection, "--compare", swapped, "--json", "--limit", 1).stdout)
    assert [won["query"] for won in report["compared"]["won_queries"]] == ["q2"]
    assert report["compared"]["won"] == 2


def test_a_document_that_nothing_explains(run, collection, tmp_path):
    (tmp_path / "better.run").write_text("q3 Q0 d3 1 1 x\n")
    output = run(collection, "--compare", tmp_path / "better.run").stdout
    assert "    relevant  d3  not found, before 1\n        no word matches" in output


@pytest.mark.parametrize(
    ("name", "written", "line"),
    [
        ("corpus.jsonl", "{", 1),
        ("queries.jsonl", '{"_id": "q1"}', 1),
        ("qrels.tsv", "q1\td1\t1\nq1\td9\t1\n", 2),
    ],
)
def test_a_broken_collection_is_wrong_usage(run, collection, name, written, line):
    (collection / name).write_text(written)
    result = run(collection)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: cannot evaluate: {collection / name}:{line}: ")
    assert result.stderr.count("\n") == 1


def test_a_missing_file_is_wrong_usage(run, collection):
    (collection / "qrels.tsv").unlink()
    result = run(collection)
    assert result.exit_code == 2
    assert f"{collection / 'qrels.tsv'}: does not exist" in result.stderr


def test_a_broken_run_is_wrong_usage(run, collection, tmp_path):
    (tmp_path / "bad.run").write_text("q1 d1\n")
    result = run(collection, "--compare", tmp_path / "bad.run")
    assert result.exit_code == 2
    assert f"{tmp_path / 'bad.run'}:1: must have 6 columns" in result.stderr


def test_an_id_that_no_run_can_hold_is_wrong_usage(run, collection, tmp_path):
    for name in ("corpus.jsonl", "qrels.tsv"):
        path = collection / name
        path.write_text(path.read_text().replace("d1", "d 1"))
    assert run(collection).exit_code == 0
    assert run(collection, "--run", tmp_path / "a.run").exit_code == 2


@pytest.mark.parametrize(
    "args", [[], ["nowhere"], ["--engine", "none"], ["--limit", -1], ["--compare", "nowhere"]]
)
def test_wrong_usage(run, collection, args):
    folder = [] if args[:1] in ([], ["nowhere"]) else [collection]
    result = run(*folder, *args)
    assert (result.exit_code, result.stdout) == (2, "")


def test_without_ir_measures_the_error_says_what_to_install(run, collection, monkeypatch):
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    result = run(collection)
    assert result.exit_code == 2
    assert result.stderr.endswith("pip install 'search-service[evaluation]'\n")


@pytest.mark.usefixtures("terminal")
def test_a_terminal_gets_the_same(run, collection, swapped):
    result = run(collection, "--compare", swapped)
    assert result.exit_code == 0
    assert "queries won: 2" in result.stdout


def test_help_has_an_example_and_loads_nothing_heavy(run, plain_environment):
    assert "  search-service evaluate my-collection" in run("--help").output
    code = (
        "import sys, search_service.cli.app; "
        "sys.exit(any(m in sys.modules for m in ('numpy', 'ir_measures', 'whoosh')))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=plain_environment, check=False)
    assert done.returncode == 0


def test_the_command_is_documented_with_all_its_options():
    page = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
    part = page.partition("## evaluate\n")[2].partition("\n## ")[0]
    options = [option for p in cli.commands["evaluate"].params for option in p.opts]
    assert all(f"`{option}" in part for option in options if option.startswith("--"))
