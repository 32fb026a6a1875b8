"""The three ways to ask the same index: library, command line, HTTP.

Each returns the JSON object that the documentation promises, so that one check
serves all of them.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode
from urllib.request import urlopen

from server import COMMAND, clean_environment, serving

from search_service import SearchService

__all__ = [
    "Answer",
    "CommandLine",
    "Http",
    "Library",
    "Way",
    "open_ways",
    "search",
]

Answer = dict[str, Any]


class Way(Protocol):
    """One way to search an index."""

    name: str

    def search(self, query: str) -> Answer:
        """Return the first page of results as the JSON object of this way."""


def search(way: Way, query: str) -> Answer:
    """Search; a failure, whatever it is, becomes an answer without hits and with an ``error``."""
    try:
        return way.search(query)
    except Exception as error:
        return {"total": 0, "hits": [], "error": f"{type(error).__name__}: {error}"}


class Library:
    """A Python program that imports the package."""

    name = "library"

    def __init__(self, service: SearchService) -> None:
        self._service = service

    def search(self, query: str) -> Answer:
        """Search, and take the answer through JSON as the others do."""
        answer: Answer = json.loads(json.dumps(self._service.search(query).to_json()))
        return answer


class CommandLine:
    """A shell: a new process for every search."""

    name = "command line"

    def __init__(self, index_dir: Path) -> None:
        self._index_dir = index_dir

    def search(self, query: str) -> Answer:
        """Run ``search --json`` and return what it printed."""
        command = [*COMMAND, "search", "--json", "--index-dir", str(self._index_dir), "--", query]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, env=clean_environment(), encoding="utf-8"
        )
        answer: Answer = json.loads(done.stdout)
        return answer


class Http:
    """A client of the real server."""

    name = "HTTP"

    def __init__(self, address: str) -> None:
        self._address = address

    def search(self, query: str) -> Answer:
        """GET /v1/search."""
        with urlopen(
            f"{self._address}/v1/search?{urlencode({'q': query})}", timeout=30
        ) as response:
            answer: Answer = json.load(response)
            return answer


@contextmanager
def open_ways(index_dir: Path) -> Iterator[Sequence[Way]]:
    """Open an index in all ways; the server runs until the end of the block."""
    with SearchService.open(index_dir) as service, serving(index_dir) as server:
        yield Library(service), CommandLine(index_dir), Http(server.address)
