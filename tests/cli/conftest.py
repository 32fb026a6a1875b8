"""The command line without an index: a service that answers from memory, real result types."""

from __future__ import annotations

import dataclasses
import datetime
import html
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from search_service.cli import opening, streams
from search_service.cli.app import cli
from search_service.config import Settings
from search_service.query.ast import QueryWarning
from search_service.results import (
    Completion,
    Hit,
    IndexProblem,
    IndexReport,
    Mark,
    SearchResults,
    Snippet,
    Stats,
)
from search_service.schema import Tier

Run = Callable[..., Result]

BODY = "كان طريق الحرير شبكة من الطرق.\n\nسلكته القوافل قرونًا."


def snippet(field: str, text: str, *marks: Mark, start: int = 0) -> Snippet:
    return Snippet(field, text, start, marks, html.escape(text))


def hit(**parts: Any) -> Hit:
    known: dict[str, Any] = {
        "id": "history/002",
        "score": 1.25,
        "title": "قوافل طريق الحرير",
        "url": "https://example.org/2",
        "date": datetime.date(2021, 5, 4),
        "language": "ar",
        "tags": ("تاريخ", "تجارة"),
        "metadata": {"source": "seeds"},
        "highlighted_title": snippet(
            "title", "قوافل طريق الحرير", Mark(6, 10, Tier.EXACT), Mark(11, 17, Tier.STEM)
        ),
        "snippets": (snippet("body", BODY, Mark(4, 8, Tier.EXACT)),),
    }
    return Hit(**{**known, **parts})


def results(*hits: Hit, **parts: Any) -> SearchResults:
    known = SearchResults("طريق", len(hits), 1, 10, 1.54, hits)
    return dataclasses.replace(known, **parts)


@dataclasses.dataclass(frozen=True)
class FakeProgress:
    files_done: int
    files_total: int
    documents: int
    current: str


class FakeService:
    """Gives back what it was told to, raises ``failure``, and keeps the calls."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self.results = results(hit())
        self.report = IndexReport(2, 1, 40, 3, 43, 0.25)
        self.progress: list[FakeProgress] = []
        self.completions: tuple[Completion, ...] = ()
        self.amiss: tuple[str, ...] = ()
        self.opened: list[tuple[Settings, str | None, bool]] = []
        self.calls: list[tuple[str, Any, dict[str, Any]]] = []
        self.closed = 0

    def __enter__(self) -> FakeService:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.closed += 1

    def index_paths(
        self, paths: Sequence[Path], *, progress: Callable[[Any], None], **options: Any
    ) -> IndexReport:
        self._called("index_paths", list(paths), options)
        for step in self.progress:
            progress(step)
        return self.report

    def reindex(self, *, progress: Callable[[Any], None]) -> IndexReport:
        self._called("reindex", None, {})
        for step in self.progress:
            progress(step)
        return self.report

    def search(self, query: str, **options: Any) -> SearchResults:
        self._called("search", query, options)
        return dataclasses.replace(
            self.results, query=query, size=options["size"], page=options["page"]
        )

    def prepare(self, wait: float = 0.0) -> None:
        self._called("prepare", "", {"wait": wait})

    def suggest(self, text: str, size: int = 8) -> tuple[Completion, ...]:
        self._called("suggest", text, {"size": size})
        return self.completions

    def similar(self, document_id: str, size: int = 5) -> SearchResults:
        self._called("similar", document_id, {"size": size})
        return self.results

    def stats(self) -> Stats:
        self._called("stats", None, {})
        times = ("2025-01-01T00:00:00+00:00", "2025-01-02T00:00:00+00:00")
        counted = ("whoosh", 1, 2, 43, {"title": 3, "body": 9}, 4096)
        return Stats(*counted, *times, "a1", "b2", problems=self.amiss)

    def analyze(self, text: str) -> list[dict[str, Any]]:
        self._called("analyze", text, {})
        return [self._token(i, word) for i, word in enumerate(text.split())]

    def check_ready(self) -> None:
        self._called("check_ready", None, {})

    def problems(self) -> tuple[str, ...]:
        return self.amiss

    def fingerprint(self) -> str:
        return "1"

    def _token(self, position: int, word: str) -> dict[str, Any]:
        forms = {"exact": word, "folded": word, "stem": word[2:], "root": word[2:5]}
        step = {"rule": "cut particle ال", "tier": "stem", "before": word, "after": word[2:]}
        token = {"text": word, "start": 0, "end": len(word), "position": position}
        return {**token, "forms": forms, "steps": [step] if word.startswith("ال") else []}

    def _called(self, name: str, what: Any, options: dict[str, Any]) -> None:
        if self.failure is not None:
            raise self.failure
        self.calls.append((name, what, options))

    def options_of(self, name: str) -> tuple[Any, dict[str, Any]]:
        """Return what the method ``name`` was last called with."""
        _, what, options = next(call for call in reversed(self.calls) if call[0] == name)
        return what, options


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> FakeService:
    fake = FakeService()

    def open_service(
        settings: Settings, engine: str | None = None, *, rebuild: bool = False
    ) -> FakeService:
        fake.opened.append((settings, engine, rebuild))
        return fake

    monkeypatch.setattr(opening, "open_service", open_service)
    return fake


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """Return a folder that looks as if it held an index."""
    folder = tmp_path / "an-index"
    folder.mkdir()
    (folder / "meta.json").write_text("{}")
    return folder


@pytest.fixture
def run(service: FakeService, index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command in this process, its output into pipes."""
    for setting in dataclasses.fields(Settings):
        monkeypatch.delenv(setting.metadata["env"], raising=False)
    monkeypatch.setenv("SEARCH_INDEX_DIR", str(index_dir))

    def invoke(*args: object, **options: Any) -> Result:
        # A bug is to fail the test with its own traceback, not to look like a status of 1.
        options.setdefault("catch_exceptions", False)
        return CliRunner().invoke(cli, list(map(str, args)), prog_name="search-service", **options)

    return invoke


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a terminal, 60 columns wide, of everything that a command reads or writes."""
    monkeypatch.setattr(streams, "is_terminal", lambda stream: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    for name in ("NO_COLOR", "COLORTERM", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


@pytest.fixture
def make_hit() -> Callable[..., Hit]:
    return hit


@pytest.fixture
def make_results() -> Callable[..., SearchResults]:
    return results


@pytest.fixture
def make_snippet() -> Callable[..., Snippet]:
    return snippet


@pytest.fixture
def make_progress() -> type[FakeProgress]:
    return FakeProgress


@pytest.fixture
def problem() -> IndexProblem:
    return IndexProblem("seeds/table.csv", 7, "date: bad date 'أمس'")


@pytest.fixture
def warning() -> QueryWarning:
    return QueryWarning("unbalanced-quote", "a quotation mark without its partner", (0, 1))


@pytest.fixture
def plain_environment() -> dict[str, str]:
    """Return an environment for subprocesses that finds this package and no settings."""
    root = Path(__file__).resolve().parents[2]
    return {"PYTHONPATH": str(root), "PATH": str(Path(sys.executable).parent), "HOME": "/nowhere"}
