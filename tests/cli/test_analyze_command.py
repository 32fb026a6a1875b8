from __future__ import annotations

import json

import pytest


def test_a_pipe_gets_tabs_then_the_steps(run):
    result = run("analyze", "الكتاب", "جديد")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "word\tposition\texact\tfolded\tstem\troot",
        "الكتاب\t0\tالكتاب\tالكتاب\tكتاب\tكتا",
        "جديد\t1\tجديد\tجديد\tيد\tيد",
        "",
        "الكتاب",
        "  stem   الكتاب → كتاب  cut particle ال",
    ]


@pytest.mark.usefixtures("terminal")
def test_a_terminal_gets_aligned_columns_with_every_cell_isolated(run):
    lines = run(
        "analyze", "كِتَاب", "الكتاب", env={"NO_COLOR": "1", "TERM": "dumb"}
    ).stdout.splitlines()
    assert lines[0] == "word    position  exact   folded  stem  root"
    assert lines[1].startswith("\u2068كِتَاب\u2069    0         \u2068كِتَاب\u2069    ")
    assert lines[2].startswith("\u2068الكتاب\u2069  1         \u2068الكتاب\u2069  ")
    assert all(line.count("\u2068") == line.count("\u2069") == 5 for line in lines[1:3])


def test_json_is_what_the_service_says(run, service):
    result = run("analyze", "--json", "الكتاب")
    expected = json.dumps(service.analyze("الكتاب"), ensure_ascii=False, indent=2)
    assert result.stdout == expected + "\n"


def test_text_is_piped_in_as_it_is(run, service):
    assert run("analyze", input="سطر\nسطر\n").exit_code == 0
    assert service.options_of("analyze")[0] == "سطر\nسطر\n"


def test_text_may_begin_with_a_dash(run, service):
    assert run("analyze", "-كتاب").exit_code == 0
    assert service.options_of("analyze")[0] == "-كتاب"


@pytest.mark.usefixtures("terminal")
def test_nobody_is_left_typing_into_a_silent_program(run):
    result = run("analyze")
    assert (result.exit_code, "missing argument 'TEXT'" in result.stderr) == (2, True)


def test_no_index_is_needed(run, service, tmp_path):
    assert run("analyze", "كتاب", "--index-dir", tmp_path / "nowhere").exit_code == 0
    assert service.opened[0][2], "an index that does not fit is not looked at"


def test_text_without_words_gives_an_empty_table(run):
    assert run("analyze", " ").stdout == "word\tposition\texact\tfolded\tstem\troot\n"


def test_words_cannot_command_the_terminal(run):
    assert "\x1b" not in run("analyze", "ال\x1b[2J", color=True).stdout
