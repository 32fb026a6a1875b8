"""A real server on an index, for as long as a block runs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

__all__ = ["COMMAND", "Server", "clean_environment", "serving"]

COMMAND = (sys.executable, "-m", "search_service")


@dataclass(frozen=True)
class Server:
    """Where it answers (without a slash at the end), and the process that started the workers."""

    address: str
    pid: int


def clean_environment() -> dict[str, str]:
    """Return the environment without settings of whoever runs this, and with UTF-8."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEARCH_")}
    return kept | {"PYTHONUTF8": "1"}


@contextmanager
def serving(index_dir: Path, *options: str) -> Iterator[Server]:
    """Serve an index until the end of the block; ``options`` are those of ``serve``.

    Ends the program, with the server's log, if the server is not ready after a minute.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [*COMMAND, "serve", "--port", str(port), "--index-dir", str(index_dir), *options]
    log = index_dir.with_name(f"{index_dir.name}-server.log")
    with log.open("wb") as written:
        server = subprocess.Popen(
            command, stdout=written, stderr=subprocess.STDOUT, env=clean_environment()
        )
    try:
        _wait_until_ready(server, address, log)
        yield Server(address, server.pid)
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
