"""Facts that are written down in more than one file have to agree."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import tomli

from search_service.config import Settings

ROOT = Path(__file__).resolve().parents[1]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    found: dict[str, Any] = tomli.loads(read("pyproject.toml"))["project"]
    return found


# ---------------------------------------------------------------- settings


def row(setting: dataclasses.Field[Any]) -> str:
    env, help_text = setting.metadata["env"], setting.metadata["help"]
    return f"| `{setting.name}` | `{env}` | `{setting.default}` | {help_text} |"


@pytest.mark.parametrize("setting", dataclasses.fields(Settings), ids=lambda s: s.name)
def test_each_setting_is_documented(setting: dataclasses.Field[Any]) -> None:
    assert row(setting) in read("docs/configuration.md").splitlines()


def test_the_documentation_names_no_setting_that_does_not_exist() -> None:
    documented = set(re.findall(r"SEARCH_[A-Z_]+", read("docs/configuration.md")))
    assert documented == {s.metadata["env"] for s in dataclasses.fields(Settings)}


# ---------------------------------------------------------------- version and licence


def test_the_changelog_knows_the_version(project: dict[str, Any]) -> None:
    changelog = read("CHANGELOG.md")
    releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, flags=re.MULTILINE)
    unreleased = re.search(
        r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL
    )
    assert unreleased, "the changelog starts with what is not released yet"
    assert project["version"] in releases[:1] or project["version"] in unreleased[1]


def test_releases_in_the_changelog_have_a_day() -> None:
    headings = re.findall(r"^## (\[\d.*)$", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", h) for h in headings)


def test_the_licence_is_the_one_that_pyproject_names(project: dict[str, Any]) -> None:
    assert project["license"] == "GPL-3.0-or-later"
    assert re.match(r"\s+GNU GENERAL PUBLIC LICENSE\s+Version 3,", read("LICENSE"))


def test_the_oldest_python_is_the_same_everywhere(project: dict[str, Any]) -> None:
    oldest = project["requires-python"].removeprefix(">=")
    tools = tomli.loads(read("pyproject.toml"))["tool"]
    assert tools["mypy"]["python_version"] == oldest
    assert tools["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    versions = [c.rpartition(" ")[2] for c in project["classifiers"] if ":: 3." in c]
    assert min(versions, key=lambda v: int(v.partition(".")[2])) == oldest


# ---------------------------------------------------------------- container


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    """Return the (instruction, arguments) of the last stage."""
    joined = re.sub(r"\\\n\s*", " ", read("Dockerfile"))
    lines = [line.partition(" ") for line in joined.splitlines() if line and line[0] != "#"]
    steps = [(word, rest.strip()) for word, _, rest in lines]
    last = max(i for i, (word, _) in enumerate(steps) if word == "FROM")
    return steps[last:]


def arguments(dockerfile: list[tuple[str, str]], instruction: str) -> list[str]:
    return [rest for word, rest in dockerfile if word == instruction]


def test_the_container_does_not_run_as_root(dockerfile: list[tuple[str, str]]) -> None:
    assert arguments(dockerfile, "USER")[-1].split(":")[0] not in {"root", "0"}


def test_the_container_starts_and_is_checked_without_a_hidden_shell(
    dockerfile: list[tuple[str, str]],
) -> None:
    (start,) = arguments(dockerfile, "CMD")
    (check,) = arguments(dockerfile, "HEALTHCHECK")
    assert json.loads(start)[:2] == ["sh", "-c"]
    assert "exec search-service serve" in json.loads(start)[2], "signals have to reach the server"
    assert "/healthz" in json.loads(check.partition("CMD ")[2])[-1]


def test_the_image_is_labelled_with_version_and_licence(
    dockerfile: list[tuple[str, str]], project: dict[str, Any]
) -> None:
    words = [word for rest in arguments(dockerfile, "LABEL") for word in shlex.split(rest)]
    labels = dict(word.split("=", 1) for word in words)
    assert labels["org.opencontainers.image.version"] == project["version"]
    assert labels["org.opencontainers.image.licenses"] == project["license"]


def test_index_and_seeds_outlive_the_container(dockerfile: list[tuple[str, str]]) -> None:
    (volumes,) = arguments(dockerfile, "VOLUME")
    assert json.loads(volumes) == ["/app/index", "/app/seeds"]


def test_the_image_gets_only_what_is_listed() -> None:
    lines = [line for line in read(".dockerignore").splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    assert "!index" not in lines
