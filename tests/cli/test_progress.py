from __future__ import annotations

import pytest


def test_a_log_gets_a_line_per_tenth_of_the_files(run, service, documents, make_progress):
    service.progress = [make_progress(n, 1000, n * 2, f"{n}.md") for n in range(1001)]
    lines = run("index", documents).stderr.splitlines()
    assert len(lines) == 10
    assert lines[0] == "indexing: 100/1000 files, 200 documents"
    assert lines[-1] == "indexing: 1000/1000 files, 2000 documents"


def test_a_log_hears_of_a_single_large_file_too(run, service, documents, make_progress):
    service.progress = [make_progress(0, 1, n, "big.csv") for n in range(0, 30_001, 1000)]
    assert run("index", documents).stderr.count("\n") == 3


def test_no_files_are_no_reason_to_divide_by_zero(run, service, documents, make_progress):
    service.progress = [make_progress(0, 0, 0, "")]
    assert run("index", documents).exit_code == 0


@pytest.mark.usefixtures("terminal")
def test_a_terminal_gets_a_bar_that_takes_file_names_literally(
    run, service, documents, make_progress
):
    service.progress = [make_progress(1, 2, 5, "[red]\x1b[2Ja.md"), make_progress(2, 2, 9, "")]
    result = run("index", documents, color=True)
    assert result.exit_code == 0
    assert "2/2" in result.stderr
    assert "9 documents" in result.stderr
    assert "\x1b[2J" not in result.stderr
    assert "indexing:" not in result.stderr
    assert "\x1b[?25h" in result.stderr, "the cursor is shown again"


@pytest.mark.usefixtures("terminal")
def test_the_cursor_comes_back_after_an_error_too(run, service, documents):
    service.failure = KeyboardInterrupt()
    result = run("index", documents, color=True)
    assert result.exit_code == 130
    assert "\x1b[?25h" in result.stderr
