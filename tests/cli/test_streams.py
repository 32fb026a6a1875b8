from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from search_service.cli import streams

TURNING = "a\u202eb\u2066c\x9b31m\u2028\x7f"


def test_json_keeps_letters_and_is_indented(capsys):
    streams.write_json({"نص": ["حرف"]})
    assert capsys.readouterr().out == '{\n  "نص": [\n    "حرف"\n  ]\n}\n'


def test_json_in_a_pipe_is_exactly_what_the_json_module_writes(capsys):
    streams.write_json([TURNING])
    assert capsys.readouterr().out == json.dumps([TURNING], ensure_ascii=False, indent=2) + "\n"


@pytest.mark.usefixtures("terminal")
def test_json_on_a_terminal_says_the_same_without_commanding_it(capsys):
    streams.write_json([TURNING])
    written = capsys.readouterr().out
    assert json.loads(written) == [TURNING]
    assert not set("\u202e\u2066\x9b\u2028\x7f") & set(written)


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C.UTF-8"},
        {"PYTHONIOENCODING": "ascii"},
    ],
    ids=" ".join,
)
def test_arabic_goes_in_and_out_in_every_locale(environment, plain_environment, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "search_service", "analyze", "--json", "كِتاب"],
        env=plain_environment | environment,
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8"))[0]["text"] == "كِتاب"


def test_bytes_that_are_not_utf8_are_passed_through_json(run, service):
    written = run("search", "--json", os.fsdecode(b"\xff")).stdout
    assert '"query": "\\udcff"' in written
    assert json.loads(written)["query"] == "\udcff"


def test_bytes_that_are_not_utf8_do_not_stop_the_analysis(run):
    assert "\\udcff" in run("analyze", os.fsdecode(b"\xff")).stdout
