"""What was measured: one line of JSON per measurement, written as soon as it is known.

So nothing is lost when a contestant crashes or the machine stops, and what was
measured in several runs can be read together.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Key", "Log", "Results", "summary"]

_NOTES = ("missing", "failed")


class Key(NamedTuple):
    """What a measurement is of: ``what`` is index, search or http; ``passages`` how many."""

    what: str
    contestant: str
    passages: int
    kind: str = ""
    mode: str = ""


class Log:
    """A file of records that grows."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path

    def add(self, key: Key, figures: Mapping[str, Any]) -> None:
        """Write what was measured."""
        self._write({"key": key._asdict(), **figures})

    def note(self, note: str, key: Key, reason: str) -> None:
        """Write why something was not measured: ``note`` is "missing" or "failed"."""
        assert note in _NOTES
        self._write({"note": note, "key": key._asdict(), "reason": reason})

    def describe(self, facts: Mapping[str, Any]) -> None:
        """Write on what machine and passages this is measured."""
        self._write({"about": facts})

    def _write(self, record: Mapping[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def summary(times: Sequence[float]) -> dict[str, float]:
    """Return median and high percentiles (ms), and searches per second, of some times in ms."""
    if len(times) > 1:
        cuts = statistics.quantiles(times, n=100, method="inclusive")
    else:
        cuts = [*times] * 99
    per_second = 1000 / statistics.mean(times)
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "per_second": per_second}


class Results:
    """All records of some files, medians over rounds.

    Where two files measured the same, the later one counts alone: what was
    measured on another day, or with another version, is no further round.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.about: list[dict[str, Any]] = []
        self._figures: dict[Key, list[dict[str, Any]]] = {}
        self._notes: dict[Key, tuple[str, str]] = {}
        for path in paths:
            self._read(path)

    def get(self, key: Key) -> dict[str, float] | None:
        """Return the median of every figure, ``None`` if it was not measured."""
        rounds = self._figures.get(key)
        if not rounds:
            return None
        return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}

    def rounds(self, key: Key) -> int:
        """Return how often it was measured."""
        return len(self._figures.get(key, ()))

    def sizes(self) -> list[int]:
        """Return the numbers of passages that were measured, rising."""
        return sorted({key.passages for key in self._figures})

    def notes(self) -> list[tuple[Key, str, str]]:
        """Return key, "missing" or "failed", and reason of everything that has no figures."""
        return [(k, *found) for k, found in self._notes.items() if k not in self._figures]

    def _read(self, path: Path) -> None:
        figures: dict[Key, list[dict[str, Any]]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if "about" in record:
                self.about.append(record["about"])
                continue
            key = Key(**record.pop("key"))
            if "note" in record:
                self._notes[key] = (record["note"], record["reason"])
            else:
                figures.setdefault(key, []).append(record)
        self._figures |= figures
