"""Speed and size of this service beside other engines, in one go: ``make bench``.

Every contestant indexes the first N passages of a corpus and answers the same
queries, each time in a process of its own; this service also answers over HTTP.
Each measurement is written at once into a file of its run; at the end tables
and a plot go into the documentation, made from this run and those that
``--merge`` names. CORPUS is a folder with queries.jsonl and corpus.jsonl (the
BEIR format) or passages*.jsonl, or a file of passages; both may end in .xz.
Without it, passages are made up.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from speed.corpus import KINDS, open_corpus
from speed.machine import machine
from speed.measuring import PARTS, Measuring
from speed.records import Log, Results
from speed.roster import Entry, roster

_ROOT = Path(__file__).resolve().parent.parent
_SIZES = (1_000, 10_000, 50_000, 100_000)


def main() -> None:
    """Read the command line, measure, write."""
    parser = _parser()
    options = parser.parse_args()
    everybody = _everybody(options)
    files: list[Path] = options.merge
    if options.report_only:
        if not files:
            parser.error("--report-only needs --merge FILE")
    else:
        files = [*files, _measure(options, _chosen(parser, options, everybody))]
    # Imported only now: what this process holds, the contestants would be charged with.
    from speed.report import write

    for path in write(Results(files), everybody, options.docs, _ROOT / "docs"):
        print(f"written: {path}")


def _measure(options: argparse.Namespace, entries: list[Entry]) -> Path:
    """Measure what is asked for; return the file with the figures."""
    started = datetime.now().astimezone()
    log = Log(options.out / f"run-{started:%Y%m%d-%H%M%S}.jsonl")
    corpus = open_corpus(options.corpus)
    log.describe(
        machine()
        | {"passages": corpus.name, "N": str(options.passages), "duration": str(options.duration)}
    )

    def say(line: str) -> None:
        passed = (datetime.now().astimezone() - started).total_seconds()
        print(f"{passed:6.0f} s  {line}", flush=True)

    say(f"figures go into {log.path}")
    measuring = Measuring(
        corpus,
        entries,
        log,
        options.out / f"work-{started:%Y%m%d-%H%M%S}",
        options.rounds,
        options.index_rounds or options.rounds,
        options.timeout,
        say,
    )
    try:
        if {"index", "search", "http"} & set(options.parts):
            measuring.full(options.passages, options.parts, options.duration, options.connections)
        if "growth" in options.parts:
            measuring.growth([size for size in options.sizes if size < options.passages])
    finally:
        measuring.clean()
    return log.path


def _everybody(options: argparse.Namespace) -> list[Entry]:
    # Not at the top: the package is not charged to the contestants either.
    from search_service.config import ENGINES

    return roster(ENGINES, options.lucene_jar)


def _chosen(
    parser: argparse.ArgumentParser, options: argparse.Namespace, everybody: list[Entry]
) -> list[Entry]:
    entries = [entry for entry in everybody if entry.ours or not options.no_peers]
    names = [entry.name for entry in entries]
    unknown = set(options.only or ()) - set(names)
    if unknown:
        parser.error(f"nobody is called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return [
        entry.asked(options.kinds)
        for entry in entries
        if not options.only or entry.name in options.only
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("corpus", type=Path, nargs="?", metavar="CORPUS")
    add("--passages", type=int, default=20_000, metavar="N")
    add("--sizes", type=int, nargs="*", default=_SIZES, metavar="N", help="for the plot; those < N")
    add("--rounds", type=int, default=3, metavar="N", help="medians are taken over these")
    add("--index-rounds", type=int, metavar="N", help="if indexing is to have others")
    add("--duration", type=int, default=60, metavar="SECONDS", help="of the load over HTTP")
    add("--connections", type=int, default=8, metavar="N", help="that the load keeps open")
    add("--timeout", type=float, default=3600, metavar="SECONDS", help="for one process")
    add("--only", nargs="*", metavar="NAME", help="these contestants, by their names in the log")
    add("--no-peers", action="store_true", help="measure this service alone")
    add(
        "--kinds", nargs="*", choices=KINDS, default=tuple(KINDS), metavar="KIND", help="of queries"
    )
    add("--parts", nargs="*", choices=PARTS, default=PARTS, metavar="PART", help=" ".join(PARTS))
    add("--lucene-jar", type=Path, metavar="JAR", help="with lucene-core and its analyzers")
    add("--merge", type=Path, nargs="*", default=[], metavar="FILE", help="runs made before")
    add("--report-only", action="store_true", help="only write what --merge names")
    add("--out", type=Path, default=_ROOT / "build" / "bench", metavar="DIR")
    add("--docs", type=Path, default=_ROOT / "docs", metavar="DIR", help="for the page")
    return parser


if __name__ == "__main__":
    main()
