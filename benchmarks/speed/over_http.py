"""Load on a real server: ``wrk`` asks for pages with ten highlighted hits, as fast as it can."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from installed import NotHere
from server import serving

from speed.corpus import read_queries
from speed.process import Failed, memory, tree

__all__ = ["load"]

WORKERS = 2

_SCRIPT = Path(__file__).resolve().with_name("wrk.lua")


def load(index_dir: Path, queries: Path, seconds: int, connections: int) -> dict[str, Any]:
    """Return requests per second, latencies (ms), errors, and memory per worker (bytes).

    The server is asked for a tenth of the time before it counts. Raises
    ``NotHere`` without ``wrk``, and :class:`Failed`.
    """
    if shutil.which("wrk") is None:
        raise NotHere("apt-get install wrk")
    paths = index_dir.with_name(f"{index_dir.name}-paths.txt")
    lines = ("/v1/search?" + urlencode({"q": " ".join(q)}) for q in read_queries(queries))
    paths.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
    with serving(index_dir, "--workers", str(WORKERS)) as server:
        _wrk(server.address, paths, max(1, seconds // 10), connections)
        counted = _wrk(server.address, paths, seconds, connections)
        workers = [memory(pid) for pid in tree(server.pid)[1:]]
    return _figures(counted) | {
        f"worker_{name.lower()}": max((worker.get(name, 0) for worker in workers), default=0)
        for name in ("Rss", "Pss")
    }


def _wrk(address: str, paths: Path, seconds: int, connections: int) -> dict[str, float]:
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--timeout", "10s"]
    command += ["--duration", f"{seconds}s", "--script", str(_SCRIPT), address, "--", str(paths)]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    try:
        counted: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise Failed(f"wrk: exit {done.returncode}: {done.stderr[-500:]}") from error
    return counted


def _figures(counted: dict[str, float]) -> dict[str, float]:
    latencies = {name: counted[name] / 1000 for name in ("p50", "p95", "p99", "slowest")}
    errors = counted["refused"] + counted["bad_status"] + counted["timeouts"]
    per_second = counted["requests"] / (counted["duration"] / 1e6)
    return latencies | {"per_second": per_second, "errors": errors, "requests": counted["requests"]}
