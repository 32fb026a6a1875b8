"""Documents per second, index size, memory and search times, beside stock Whoosh.

This service and stock Whoosh take turns (A B A B), each time in a new process;
the figures are medians. Start-up and reading the passages are not counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from contestants import CONTESTANTS
from one_run import Run, Searches
from report import table

__all__ = ["Figures", "figures", "measure"]

_ONE_RUN = Path(__file__).with_name("one_run.py")


@dataclass(frozen=True)
class Figures:
    """Medians over the runs of one contestant."""

    documents_per_second: float
    index_bytes_per_input_byte: float
    memory_peak: float
    memory_growth: float
    searches: dict[str, Searches]


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", type=Path, help=".jsonl or .jsonl.xz with title and text")
    parser.add_argument("--passages", type=int, default=10_000, dest="count", metavar="N")
    parser.add_argument("--queries", type=Path, help=".jsonl with text: measure searches too")
    parser.add_argument("--searches", type=int, metavar="N", help="only the first N queries")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()

    runs = measure(
        options.passages, options.count, options.rounds, options.queries, options.searches
    )
    medians = {name: figures(of_one) for name, of_one in runs.items()}
    if options.json:
        print(json.dumps({name: asdict(of_one) for name, of_one in medians.items()}))
        return
    print(f"{options.count:,} passages, median of {options.rounds} rounds\n")
    print(_table(medians["service"], medians["stock"]))


def measure(
    passages: Path,
    count: int,
    rounds: int,
    queries: Path | None = None,
    searches: int | None = None,
) -> dict[str, list[Run]]:
    """Return the runs of every contestant, who take turns."""
    options = ["--passages", str(count)]
    if queries:
        options += ["--queries", str(queries)]
    if searches:
        options += ["--searches", str(searches)]
    found: dict[str, list[Run]] = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        for name, runs in found.items():
            runs.append(_run(name, passages, options))
    return found


def figures(runs: Sequence[Run]) -> Figures:
    """Return the medians of some runs."""

    def median(of: Callable[[Run], float]) -> float:
        return statistics.median(map(of, runs))

    return Figures(
        documents_per_second=median(lambda run: run.documents / run.seconds),
        index_bytes_per_input_byte=median(lambda run: run.index_bytes / run.input_bytes),
        memory_peak=median(lambda run: run.memory_peak),
        memory_growth=median(lambda run: run.memory_peak - run.memory_before),
        searches={
            name: Searches(
                statistics.median(run.searches[name].median_ms for run in runs),
                statistics.median(run.searches[name].p95_ms for run in runs),
            )
            for name in runs[0].searches
        },
    )


def _run(name: str, passages: Path, options: Sequence[str]) -> Run:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "index")
        command = [sys.executable, str(_ONE_RUN), name, str(passages), str(folder), *options]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    printed = json.loads(done.stdout)
    printed["searches"] = {k: Searches(**times) for k, times in printed["searches"].items()}
    return Run(**printed)


def _table(service: Figures, stock: Figures) -> str:
    mib = 1 << 20
    rows = [
        _row("documents/s", service.documents_per_second, stock.documents_per_second),
        _row(
            "index bytes per input byte",
            service.index_bytes_per_input_byte,
            stock.index_bytes_per_input_byte,
        ),
        _row("peak memory, MiB", service.memory_peak / mib, stock.memory_peak / mib),
        _row("of it from indexing, MiB", service.memory_growth / mib, stock.memory_growth / mib),
    ]
    for name, ours in service.searches.items():
        theirs = stock.searches[name]
        rows.append(_row(f"search, {name}: median, ms", ours.median_ms, theirs.median_ms))
        rows.append(_row(f"search, {name}: 95th percentile, ms", ours.p95_ms, theirs.p95_ms))
    return table(["", "service", "stock Whoosh", "ratio"], rows)


def _row(name: str, ours: float, theirs: float) -> list[str]:
    return [name, f"{ours:,.2f}", f"{theirs:,.2f}", f"{ours / theirs:.2f}"]


if __name__ == "__main__":
    main()
