from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from search_service.cli.app import cli

COMMANDS = ("index", "search", "analyze", "stats", "serve")


def test_help_lists_every_command_and_every_exit_status(run):
    result = run("--help")
    assert result.exit_code == 0
    assert all(f"\n  {name}" in result.output for name in COMMANDS)
    assert all(
        re.search(rf"^ +{status} ", result.output, re.MULTILINE) for status in (0, 1, 2, 3, 130)
    )


def test_without_a_command_there_is_help(run):
    assert run().output == run("--help").output


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_an_example(run, name):
    output = run(name, "--help").output
    assert re.search(rf"Examples?:\n +search-service {name}", output)
    assert "--index-dir" in output


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_documented_with_all_its_options(name):
    page = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert f"## {name}" in page
    part = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
    options = [option for p in cli.commands[name].params for option in p.opts if option[0] == "-"]
    assert all(f"`{option}" in part for option in options if option != "--index-dir")


def test_an_unknown_command_names_the_nearest(run):
    result = run("serch", "x")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: no such command 'serch'. Did you mean 'search'?")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["index", "search", "analyze", "stats", "serve"])
def test_an_unknown_option_names_the_nearest(run, command):
    result = run(command, "--index-dri", "x")
    assert result.exit_code == 2
    assert "--index-dri" in result.stderr
    assert re.search("Did you mean .*--index-dir'?\\?", result.stderr), "click < 8.4 has no quotes"


def test_an_unknown_option_of_the_program_itself(run):
    result = run("--versoin")
    assert result.exit_code == 2
    assert re.search("Did you mean '?--version'?\\?", result.stderr)


def test_reindex_is_index(run, service, documents):
    assert run("reindex", documents).exit_code == 0
    assert service.options_of("index_paths")[0] == [documents]


def test_a_setting_that_cannot_be_used_is_wrong_usage(run):
    result = run("stats", env={"SEARCH_WORKERS": "many"})
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: SEARCH_WORKERS='many'")


@pytest.mark.parametrize("args", [["--help"], ["search", "--help"]])
def test_help_loads_nothing_heavy(args, plain_environment):
    code = (
        "import sys; from search_service.cli.app import cli\n"
        f"cli.main({args!r}, 'search-service', standalone_mode=False)\n"
        "heavy = {'numpy', 'whoosh', 'flask', 'gunicorn', 'rich', 'pyarabic', 'trafilatura'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=plain_environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("option", "expected"), [("--help", b"Usage: search-service "), ("--version", b"search-serv")]
)
def test_it_runs_as_a_module(option, expected, plain_environment):
    done = subprocess.run(
        [sys.executable, "-m", "search_service", option],
        env=plain_environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(expected)


def test_it_can_be_called_without_ending_the_process(service):
    assert cli.main(["--version"], "search-service", standalone_mode=False) == 0
