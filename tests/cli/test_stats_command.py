from __future__ import annotations

import json

import pytest

from search_service.errors import IndexMismatch


def test_stats_for_people(run):
    result = run("stats")
    assert result.exit_code == 0
    facts = dict(line.split("  ", 1) for line in result.stdout.splitlines())
    assert {name: fact.strip() for name, fact in facts.items()} == {
        "engine": "whoosh",
        "format": "1",
        "generation": "2",
        "documents": "43",
        "bytes": "4096",
        "created": "2025-01-01T00:00:00+00:00",
        "updated": "2025-01-02T00:00:00+00:00",
        "analyzer": "a1",
        "schema": "b2",
        "synonyms": "0",
        "tokens in title": "3",
        "tokens in body": "9",
    }


def test_what_is_amiss_is_told_last(run, service):
    service.amiss = ("synonyms.tsv, line 3: an empty member; remove the |",)
    last = run("stats").stdout.splitlines()[-1]
    assert last == f"problem          {service.amiss[0]}"


def test_json_is_what_the_stats_say_of_themselves(run, service):
    assert json.loads(run("stats", "--json").stdout) == service.stats().to_json()


@pytest.mark.usefixtures("terminal")
def test_a_terminal_gets_the_same(run):
    assert "43" in run("stats").stdout


def test_an_index_that_does_not_fit_cannot_be_used(run, service):
    service.failure = IndexMismatch("rebuild it: search-service index --full seeds")
    result = run("stats")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "error: rebuild it: search-service index --full seeds\n"


def test_a_missing_index(run, tmp_path):
    assert run("stats", "--index-dir", tmp_path / "nowhere").exit_code == 3


def test_a_file_is_no_index_folder(run, tmp_path):
    (tmp_path / "file").touch()
    assert run("stats", "--index-dir", tmp_path / "file").exit_code == 2
