from __future__ import annotations

import json

import pytest

from search_service.errors import DocumentNotFound


def test_a_pipe_gets_results_as_of_a_search(run, service):
    result = run("similar", "history/001")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "1. قوافل طريق الحرير" in result.stdout
    assert service.options_of("similar") == ("history/001", {"size": 5})


def test_json_is_what_the_service_says(run, service):
    assert json.loads(run("similar", "--json", "x").stdout) == service.results.to_json()


def test_an_unknown_document_is_an_error(run, service):
    service.failure = DocumentNotFound("nowhere")
    result = run("similar", "nowhere")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: no document with the id 'nowhere'\n"


@pytest.mark.parametrize("size", ["0", "101"])
def test_a_size_out_of_range_is_wrong_usage(run, size):
    assert run("similar", "x", "--size", size).exit_code == 2


def test_without_an_id_usage_is_told(run):
    assert run("similar").exit_code == 2
