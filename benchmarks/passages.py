"""Reading what the benchmarks measure on: passages, queries, and their sizes."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Passage", "read_jsonl", "read_passages", "read_queries"]


class Passage(NamedTuple):
    """One document of a benchmark."""

    id: str
    title: str
    text: str

    @property
    def bytes(self) -> int:
        """The size of title and text in UTF-8."""
        return len(self.title.encode()) + len(self.text.encode())


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the object of every line of a ``.jsonl`` or ``.jsonl.xz`` file."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_passages(path: Path, count: int | None = None) -> list[Passage]:
    """Return the first ``count`` passages; they are numbered where they have no ``_id``."""
    return [
        Passage(str(row.get("_id", number)), row.get("title", ""), row["text"])
        for number, row in enumerate(islice(read_jsonl(path), count))
    ]


def read_queries(path: Path, count: int | None = None) -> list[str]:
    """Return the first ``count`` queries, each the ``text`` of its line."""
    return [row["text"] for row in islice(read_jsonl(path), count)]
