"""The three ways to ask the same index: library, command line, HTTP.

Each returns the JSON object that the documentation promises, so that one check
serves all of them.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode
from urllib.request import urlopen

from search_service import SearchService

__all__ = [
    "COMMAND",
    "Answer",
    "CommandLine",
    "Http",
    "Library",
    "Way",
    "clean_environment",
    "open_ways",
    "search",
]

COMMAND = (sys.executable, "-m", "search_service")

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


def clean_environment() -> dict[str, str]:
    """Return the environment without settings of whoever runs this, and with UTF-8."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEARCH_")}
    return kept | {"PYTHONUTF8": "1"}


@contextmanager
def open_ways(index_dir: Path) -> Iterator[Sequence[Way]]:
    """Open an index in all ways; the server runs until the end of the block."""
    with SearchService.open(index_dir) as service, _server(index_dir) as address:
        yield Library(service), CommandLine(index_dir), Http(address)


@contextmanager
def _server(index_dir: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [*COMMAND, "serve", "--port", str(port), "--index-dir", str(index_dir)]
    log = index_dir.with_name(f"{index_dir.name}-server.log")
    with log.open("wb") as written:
        server = subprocess.Popen(
            command, stdout=written, stderr=subprocess.STDOUT, env=clean_environment()
        )
    try:
        _wait_until_ready(server, address, log)
        yield address
    finally:
        server.terminate()
        server.wait(60)


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + 60
    while not _ready(address):
        if time.monotonic() > end or server.poll() is not None:
            raise SystemExit(f"the server is not ready:\n{log.read_text(encoding='utf-8')}")
        time.sleep(0.1)


def _ready(address: str) -> bool:
    try:
        with urlopen(f"{address}/readyz", timeout=5):
            return True
    except OSError:  # URLError is one too
        return False
