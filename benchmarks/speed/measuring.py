"""The order of measurements: who indexes, searches and serves when.

In every round all contestants take turns, so that a machine that is busy for a
while is busy for all of them. One that fails is noted, and the rest goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installed import NotHere

from speed.corpus import Corpus, Inputs, inputs
from speed.over_http import load
from speed.process import Failed, run
from speed.records import Key, Log, summary
from speed.roster import PAGE, Entry

__all__ = ["PARTS", "Measuring"]

#: What may be measured.
PARTS = ("index", "search", "http", "growth")


@dataclass
class Measuring:
    """One run of the benchmark; ``work`` is a folder for indexes, which are removed again."""

    corpus: Corpus
    entries: Sequence[Entry]
    log: Log
    work: Path
    rounds: int
    index_rounds: int
    timeout: float
    say: Callable[[str], None]

    def full(self, passages: int, parts: Iterable[str], seconds: int, connections: int) -> None:
        """Measure everything on the first ``passages``."""
        given = inputs(self.corpus, passages, self.work / f"inputs-{passages}")
        # Searching and serving need an index, too; one round of it is a measurement like any.
        for _ in range(self.index_rounds if "index" in parts else 1):
            for entry in self.entries:
                self._index(entry, passages, given)
        if "search" in parts:
            for _ in range(self.rounds):
                for entry in self.entries:
                    for kind, mode in entry.searches:
                        self._search(entry, passages, given, kind, mode)
        if "http" in parts:
            for entry in self.entries:
                if entry.ours:
                    self._serve(entry, passages, given, seconds, connections)
        self.clean()

    def growth(self, sizes: Iterable[int]) -> None:
        """Measure indexing and the commonest search on each number of passages."""
        for passages in sizes:
            given = inputs(self.corpus, passages, self.work / f"inputs-{passages}")
            for entry in self.entries:
                self._index(entry, passages, given)
            for _ in range(self.rounds):
                for entry in self.entries:
                    self._search(entry, passages, given, "or", PAGE)
            self.clean()

    def _index(self, entry: Entry, passages: int, given: Inputs) -> None:
        folder = self._folder(entry, passages)
        shutil.rmtree(folder, ignore_errors=True)

        def measure() -> dict[str, Any]:
            command = [*entry.command(), "index", str(folder), str(given.passages)]
            found = self._run(command)
            if found["documents"] != given.documents:
                raise Failed(f"indexed {found['documents']} of {given.documents} documents")
            files = (file.stat().st_size for file in folder.rglob("*") if file.is_file())
            return {
                "seconds": found["seconds"],
                "documents_per_second": given.documents / found["seconds"],
                "words_per_second": given.words / found["seconds"],
                "peak_memory": found["peak_memory"],
                "index_per_input": sum(files) / given.bytes,
            }

        if not self._noted(Key("index", entry.name, passages), measure):
            shutil.rmtree(folder, ignore_errors=True)

    def _search(self, entry: Entry, passages: int, given: Inputs, kind: str, mode: str) -> None:
        folder = self._folder(entry, passages)

        def measure() -> dict[str, Any]:
            files = [str(given.warm_up[kind]), str(given.queries[kind])]
            found = self._run([*entry.command(), "search", str(folder), kind, mode, *files])
            return summary(found["ms"]) | {
                "hits": found["hits"],
                "peak_memory": found["peak_memory"],
            }

        if folder.exists():
            self._noted(Key("search", entry.name, passages, kind, mode), measure)

    def _serve(
        self, entry: Entry, passages: int, given: Inputs, seconds: int, connections: int
    ) -> None:
        folder = self._folder(entry, passages)
        if folder.exists():
            self._noted(
                Key("http", entry.name, passages),
                lambda: load(folder, given.queries["or"], seconds, connections),
            )

    def _run(self, command: Sequence[str]) -> dict[str, Any]:
        found = run(command, self.timeout)
        if "missing" in found:
            raise NotHere(found["missing"])
        return found

    def _noted(self, key: Key, measure: Callable[[], dict[str, Any]]) -> bool:
        """Measure and write it down, or why not; return whether there are figures."""
        name = " ".join(map(str, filter(None, key)))
        try:
            found = measure()
        except NotHere as missing:
            self.log.note("missing", key, str(missing))
            self.say(f"{name}: not installed: {missing}")
            return False
        except (Failed, OSError, SystemExit) as error:
            # SystemExit: a server that did not start.
            self.log.note("failed", key, str(error))
            self.say(f"{name}: FAILED: {error}")
            return False
        self.log.add(key, found)
        shown = ("documents_per_second", "p50", "p95", "per_second")
        self.say(f"{name}: " + ", ".join(f"{n} {found[n]:,.2f}" for n in shown if n in found))
        return True

    def _folder(self, entry: Entry, passages: int) -> Path:
        return self.work / f"{entry.name}-{passages}"

    def clean(self) -> None:
        """Remove all indexes and inputs."""
        shutil.rmtree(self.work, ignore_errors=True)
