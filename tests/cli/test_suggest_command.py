from __future__ import annotations

import json

import pytest

from search_service.results import Completion

WORD = Completion("الأمريكية", "word", ((2, 5),), "ال<mark>أمر</mark>يكية", 12)
TITLE = Completion("أمر\x1b[2J", "title", ((0, 3),), "", 1, "doc/1")


@pytest.fixture(autouse=True)
def completions(service):
    service.completions = (WORD, TITLE)


def test_a_pipe_gets_a_line_for_each(run, service):
    result = run("suggest", "امر")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == ["الأمريكية  12", "أمر␛[2J  doc/1"]
    assert service.options_of("suggest") == ("امر", {"size": 8})


def test_json_is_that_of_http(run):
    printed = json.loads(run("suggest", "--json", "امر").stdout)
    assert printed == {"query": "امر", "suggestions": [WORD.to_json(), TITLE.to_json()]}


def test_several_words_need_no_quotes(run, service):
    run("suggest", "الرئيس", "الامر", "--size", 3)
    assert service.options_of("suggest") == ("الرئيس الامر", {"size": 3})


def test_a_space_at_the_end_is_kept_and_a_line_end_is_not(run, service):
    run("suggest", "الرئيس ")
    assert service.options_of("suggest")[0] == "الرئيس "
    run("suggest", input="الرئيس\n")
    assert service.options_of("suggest")[0] == "الرئيس"


@pytest.mark.usefixtures("terminal")
def test_a_terminal_shows_what_was_typed_in_bold(run):
    assert "ال\x1b[1mأمر\x1b[0mيكية" in run("suggest", "امر", color=True).stdout


@pytest.mark.usefixtures("terminal")
def test_nobody_is_left_typing_into_a_silent_program(run):
    result = run("suggest")
    assert (result.exit_code, "missing argument 'TEXT'" in result.stderr) == (2, True)


@pytest.mark.parametrize("size", ["0", "21", "many"])
def test_a_size_out_of_range_is_wrong_usage(run, size):
    assert run("suggest", "امر", "--size", size).exit_code == 2


def test_without_an_index_the_status_says_so(run, tmp_path):
    assert run("suggest", "امر", "--index-dir", tmp_path / "nowhere").exit_code == 3
