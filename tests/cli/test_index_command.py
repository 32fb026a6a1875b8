from __future__ import annotations

import json

import pytest

from search_service.errors import IndexLocked
from search_service.results import IndexProblem, IndexReport


def indexed(service):
    return service.options_of("index_paths")


def test_the_report_says_what_was_done(run, documents):
    result = run("index", documents)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "documents: 2 added, 1 updated, 40 unchanged, 3 removed, 0 failed",
        "43 in the index, 0.2 s",
    ]


def test_what_failed_is_told_with_path_and_line_and_in_the_status(run, service, documents, problem):
    service.report = IndexReport(1, 0, 0, 0, 1, 0.1, (problem,))
    result = run("index", documents)
    assert result.exit_code == 1
    assert "1 added" in result.stdout
    assert "1 failed" in result.stdout
    assert result.stderr == "seeds/table.csv:7: date: bad date 'أمس'\n"


def test_a_duplicate_is_told_but_is_no_failure(run, service, documents):
    duplicate = IndexProblem("a.csv", None, "gave way to the later one", error=False)
    service.report = IndexReport(1, 0, 0, 0, 1, 0.1, (duplicate,))
    result = run("index", documents)
    assert (result.exit_code, result.stderr) == (0, "a.csv: gave way to the later one\n")


def test_json_is_the_report_and_nothing_else(run, service, documents, problem):
    service.report = IndexReport(1, 0, 0, 0, 1, 0.1, (problem,))
    result = run("index", documents, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == service.report.to_json()
    assert result.stderr == ""


def test_paths_and_options_reach_the_service(run, service, documents, tmp_path):
    table = documents / "-table.csv"
    table.touch()
    elsewhere = tmp_path / "new" / "index"
    args = ["--full", "--engine", "whoosh", "--index-dir", elsewhere]
    mapped = ["--map", "body=النص", "--map", "title = a=b"]
    assert run("index", *args, *mapped, documents, table).exit_code == 0
    paths, options = indexed(service)
    assert paths == [documents, table]
    assert options == {"full": True, "mapping": {"body": "النص", "title": "a=b"}}
    settings, engine, rebuild = service.opened[0]
    assert (settings.index_dir, engine, rebuild) == (elsewhere, "whoosh", True)
    assert service.closed == 1


def test_without_options_nothing_is_rebuilt_or_mapped(run, service, documents):
    run("index", documents)
    assert indexed(service)[1] == {"full": False, "mapping": None}
    assert service.opened[0][1:] == (None, False)


def test_from_index_takes_the_documents_that_are_there(run, service, index_dir):
    result = run("index", "--from-index", "--engine", "tantivy", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, service.report.to_json())
    assert service.calls[0][0] == "reindex"
    settings, engine, rebuild = service.opened[0]
    assert (settings.index_dir, engine, rebuild) == (index_dir, "tantivy", True)


@pytest.mark.parametrize("more", [["."], ["--full"], ["--map", "body=النص"], ["--full", "."]])
def test_from_index_goes_without_what_is_said_of_files(run, service, more):
    result = run("index", "--from-index", *more)
    assert result.exit_code == 2
    assert "--from-index goes without PATH, --full and --map" in result.stderr
    assert service.calls == []


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ([], "missing argument 'PATH...'"),
        (["nosuch"], "'nosuch' does not exist"),
        ([".", "nosuch"], "'nosuch' does not exist"),
        ([".", "--engine", "lucene"], "pip install 'search-service[tantivy]'"),
        ([".", "--map", "body"], "'--map': 'body' is not FIELD=NAME"),
        ([".", "--map", "body="], "is not FIELD=NAME"),
        ([".", "--map", "boddy=x"], "no field 'boddy'; there are: id, title, body"),
        ([".", "--map", "metadata=x"], "no field 'metadata'"),
        ([".", "--map", "body=x", "--map", "body=y"], "'body' is given twice"),
        ([".", "--ful"], "--ful"),
    ],
    ids=str,
)
def test_wrong_usage_touches_nothing(run, service, args, reason):
    result = run("index", *args)
    assert (result.exit_code, result.stdout, service.opened) == (2, "", [])
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_locked_index_cannot_be_used(run, service, documents):
    service.failure = IndexLocked("another writer holds the index: process 7")
    result = run("index", documents)
    assert result.exit_code == 3
    assert result.stderr == "error: another writer holds the index: process 7\n"


def test_ctrl_c_while_indexing(run, service, documents):
    service.failure = KeyboardInterrupt()
    result = run("index", documents)
    assert (result.exit_code, service.closed) == (130, 1)


def test_a_full_disk_is_one_line(run, service, documents):
    service.failure = OSError(28, "No space left on device", "index")
    result = run("index", documents)
    assert result.exit_code == 3
    assert result.stderr == "error: [Errno 28] No space left on device: 'index'\n"


def test_a_path_cannot_command_the_terminal(run, service, documents):
    service.report = IndexReport(0, 0, 0, 0, 0, 0.1, (IndexProblem("\x1b[2J.csv", 1, "is\nempty"),))
    assert run("index", documents, color=True).stderr == "␛[2J.csv:1: is empty\n"
