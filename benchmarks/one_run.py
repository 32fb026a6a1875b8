"""One contestant, one index, one process: prints its figures as JSON.

``indexing_speed.py`` starts this anew for every run, so that no run profits
from what another left in memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from contestants import CONTESTANTS, Contestant
from passages import read_passages, read_queries

__all__ = ["Run", "Searches"]


@dataclass(frozen=True)
class Searches:
    """Times of one pass through the queries, in milliseconds."""

    median_ms: float
    p95_ms: float


@dataclass(frozen=True)
class Run:
    """The figures of one run; memory in bytes, searches by the name of the pass."""

    documents: int
    input_bytes: int
    seconds: float
    index_bytes: int
    memory_before: int
    memory_peak: int
    searches: dict[str, Searches]


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contestant", choices=CONTESTANTS)
    parser.add_argument("passages", type=Path)
    parser.add_argument("index_dir", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--passages", type=int, dest="count", metavar="N")
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--searches", type=int, metavar="N", help="only the first N queries")
    options = parser.parse_args()
    queries = read_queries(options.queries, options.searches) if options.queries else []
    found = run(options.contestant, options.passages, options.index_dir, options.count, queries)
    json.dump(asdict(found), sys.stdout)


def run(name: str, source: Path, folder: Path, count: int | None, queries: Sequence[str]) -> Run:
    """Index the passages, search for the queries, and return the figures."""
    contestant = CONTESTANTS[name](folder)
    passages = read_passages(source, count)
    input_bytes = sum(passage.bytes for passage in passages)
    contestant.prepare(passages)
    before = _peak_memory()
    started = time.perf_counter()
    contestant.index()
    seconds = time.perf_counter() - started
    return Run(
        documents=len(passages),
        input_bytes=input_bytes,
        seconds=seconds,
        index_bytes=sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()),
        memory_before=before,
        memory_peak=_peak_memory(),
        searches=_all_searches(contestant, queries) if queries else {},
    )


def _all_searches(contestant: Contestant, queries: Sequence[str]) -> dict[str, Searches]:
    return {
        "first pass": _searches(contestant, queries, highlight=False),
        "again": _searches(contestant, queries, highlight=False),
        "highlighted": _searches(contestant, queries, highlight=True),
    }


def _searches(contestant: Contestant, queries: Sequence[str], *, highlight: bool) -> Searches:
    times = []
    for query in queries:
        started = time.perf_counter()
        contestant.search(query, highlight=highlight)
        times.append((time.perf_counter() - started) * 1000)
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return Searches(statistics.median(times), p95)


def _peak_memory() -> int:
    """Return the most memory that this process held so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux lets a process inherit its parent's peak in ru_maxrss; VmHWM is its own.
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
