from __future__ import annotations

import subprocess
import sys

import click
import pytest

from search_service.cli.failures import OutputClosed, exit_status
from search_service.errors import (
    AnalysisError,
    DocumentNotFound,
    EngineError,
    EngineUnavailable,
    IndexLocked,
    IndexMismatch,
    QuerySyntaxError,
    SettingsError,
    SourceError,
)


def failing(error):
    def run():
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SourceError("a.csv", "is empty", 3), 1),
        (DocumentNotFound("x"), 1),
        (QuerySyntaxError("a quotation mark without its partner", (0, 1)), 2),
        (SettingsError("SEARCH_PORT='x'"), 2),
        (click.UsageError("no"), 2),
        (EngineError("damaged"), 3),
        (EngineUnavailable("pip install it"), 2),
        (IndexMismatch("search-service index --full seeds"), 3),
        (IndexLocked("another writer"), 3),
        (AnalysisError("broken list"), 3),
        (OSError(28, "No space left on device"), 3),
        (click.Abort(), 130),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_error_has_a_status_and_one_line(error, status, capsys):
    assert exit_status(failing(error)) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_without_an_error_the_status_is_what_the_command_says():
    assert exit_status(lambda: None) == 0
    assert exit_status(lambda: 1) == 1


def test_a_bug_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        exit_status(lambda: 1 // 0)


def test_a_closed_pipe_is_no_error_to_speak_of(capsys):
    assert exit_status(failing(OutputClosed())) == 141
    assert capsys.readouterr() == ("", "")


def test_a_message_of_several_lines_becomes_one_and_cannot_command_the_terminal(capsys):
    exit_status(failing(EngineError("bad\nfile \x1b[2Jname")))
    assert capsys.readouterr().err == "error: bad file ␛[2Jname\n"


@pytest.mark.parametrize("command", [["search", "x"], ["stats"], ["analyze", "x"]])
def test_ctrl_c_ends_with_130(run, service, command):
    service.failure = KeyboardInterrupt()
    result = run(*command)
    assert result.exit_code == 130
    assert result.stderr.strip() == "error: interrupted"


def test_a_reader_that_goes_away_is_met_with_silence(plain_environment, tmp_path):
    # Far more output than a pipe holds.
    text = "والمكتبات " * 20_000
    process = subprocess.Popen(
        [sys.executable, "-m", "search_service", "analyze"],
        env=plain_environment,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    with process, process.stdin, process.stderr:
        process.stdout.close()
        process.stdin.write(text.encode())
        process.stdin.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
