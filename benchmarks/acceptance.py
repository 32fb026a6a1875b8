"""Check the whole service on real documents and queries; exit with 1 if anything fails.

SHARED is a folder with ``seeds/`` (five news articles) and ``eval/arcd/``
(``corpus.jsonl``, ``queries.jsonl``, ``qrels.tsv``); with ``bench/``
(``passages-100k.jsonl.xz``, ``queries.jsonl``) there, speed is measured too.
Every search is made by library, by command line and by HTTP.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from analysis_speed import read_texts, terms_speed
from checks import Checks
from expectations import EXPECTATIONS, MARKED, Expectation, articles_with
from indexing_speed import figures, measure
from passages import read_jsonl
from server import COMMAND, clean_environment
from ways import Answer, Way, open_ways, search

_PROJECT_SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_ARCD_DOCUMENTS = 460
_ARCD_QUERIES = 50
_ARCD_WANTED = 45


def main() -> None:
    """Run all checks and print them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shared", type=Path, metavar="SHARED", help="the folder with the data")
    shared: Path = parser.parse_args().shared

    started = time.monotonic()
    checks = Checks()
    with tempfile.TemporaryDirectory() as scratch:
        check_articles(checks, shared / "seeds", Path(scratch, "articles"))
        check_paragraphs(checks, shared / "eval" / "arcd", Path(scratch, "paragraphs"))
        check_start(checks, Path(scratch, "start"))
    if (shared / "bench").is_dir():
        check_speed(checks, shared / "bench")
    else:
        checks.section("Speed: not measured, there is no bench folder")
    print(f"\n{checks.done - len(checks.failed)} of {checks.done} checks passed,", end=" ")
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit("failed: " + ", ".join(checks.failed) if checks.failed else 0)


def check_articles(checks: Checks, seeds: Path, index_dir: Path) -> None:
    """Index the articles by the command line, and compare what searches find."""
    checks.section("Five articles")
    seconds = index(seeds, index_dir)
    checks.check("indexed by the command line", None, f"{seconds:.2f} s")
    names = {file.name for file in seeds.iterdir()}
    plural = Expectation("صاروخ", at_least=articles_with("صواريخ", seeds))
    with open_ways(index_dir) as ways:
        for expected in (*EXPECTATIONS, plural):
            answers = {way.name: search(way, expected.query) for way in ways}
            for name, answer in answers.items():
                problem = _answer_problem(answer, names) or expected.problem(_articles(answer))
                figures = f"{answer['total']}: {' '.join(_articles(answer))}"
                checks.check(f"{expected.query}  by {name}", problem, figures)
            checks.check(f"{expected.query}  the same by all", _difference(answers))
        check_marks(checks, ways)


def check_marks(checks: Checks, ways: Sequence[Way]) -> None:
    """Check that matches are marked as they are written, letter by letter."""
    query, words = MARKED
    for way in ways:
        answer = search(way, query)
        snippets = [snippet for hit in answer["hits"][:1] for snippet in hit["snippets"]]
        html = " ".join(snippet["html"] for snippet in snippets)
        ranges = {s["text"][r["start"] : r["end"]] for s in snippets for r in s["ranges"]}
        for word in words:
            marked = f"<mark>{word}</mark>" in html and word in ranges
            problem = None if marked else answer.get("error", f"not in {html}")
            checks.check(f"{word} marked  by {way.name}", problem)


def check_paragraphs(checks: Checks, collection: Path, index_dir: Path) -> None:
    """Index a retrieval collection and count for how many queries the answer is found."""
    checks.section("Paragraphs and questions (arcd)")
    seconds = index(collection / "corpus.jsonl", index_dir)
    relevant = _relevant(collection / "qrels.tsv")
    queries = list(read_jsonl(collection / "queries.jsonl"))[:_ARCD_QUERIES]
    texts = [query["text"] for query in queries]
    with open_ways(index_dir) as ways:
        total = search(ways[0], "")["total"]
        problem = None if total == _ARCD_DOCUMENTS else f"not {_ARCD_DOCUMENTS}"
        checks.check("indexed by the command line", problem, f"{total} documents, {seconds:.2f} s")
        answers = {way.name: _ask(way, texts) for way in ways}
    for name, given in answers.items():
        right = sum(
            not relevant[query["_id"]].isdisjoint(hit["id"] for hit in answer["hits"][:10])
            for query, answer in zip(queries, given, strict=True)
        )
        problem = None if right >= _ARCD_WANTED else f"fewer than {_ARCD_WANTED}"
        figures = f"{right} of {len(queries)} have it among the first ten"
        checks.check(f"right paragraph  by {name}", problem, figures)
    rows = zip(texts, *answers.values(), strict=True)
    different = [
        text for text, *row in rows if _difference(dict(zip(answers, row, strict=True))) is not None
    ]
    checks.check("the same by all", f"not for {different}" if different else None)


def check_start(checks: Checks, index_dir: Path) -> None:
    """Check how long the project's own documents take, with the start of the program."""
    checks.section("The project's own seeds/")
    seconds = index(_PROJECT_SEEDS, index_dir)
    checks.check(
        "indexed from nothing", None if seconds < 5 else "not under 5 s", f"{seconds:.2f} s"
    )


def check_speed(checks: Checks, bench: Path) -> None:
    """Measure indexing and searching beside stock Whoosh, then analysis."""
    checks.section("Speed")
    passages = bench / "passages-100k.jsonl.xz"
    runs = measure(passages, 10_000, 1, bench / "queries.jsonl", 200)
    service, stock = figures(runs["service"]), figures(runs["stock"])
    rate, stock_rate = service.documents_per_second, stock.documents_per_second
    checks.at_least(
        f"indexing 10,000 passages  {rate:,.0f} documents/s, stock Whoosh {stock_rate:,.0f}",
        rate / stock_rate,
        0.5,
        "times stock Whoosh",
    )
    for name, times in service.searches.items():
        beside = (
            f"95th percentile {times.p95_ms:.2f}, stock Whoosh {stock.searches[name].median_ms:.2f}"
        )
        checks.at_most(f"search, {name}  ({beside})", times.median_ms, 20, "ms median")
    speed, stemmer = terms_speed(read_texts(passages, 40_000), rounds=2)
    name = f"analysis, all tiers, 40,000 passages  (PyStemmer alone {stemmer:,.0f})"
    checks.at_least(name, speed, 500_000, "words/s")


def index(source: Path, index_dir: Path) -> float:
    """Index by the command line, which must find nothing wrong; return the seconds it took."""
    started = time.perf_counter()
    command = [*COMMAND, "index", str(source), "--index-dir", str(index_dir)]
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=clean_environment(),
        encoding="utf-8",
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return time.perf_counter() - started


def _ask(way: Way, queries: Sequence[str]) -> list[Answer]:
    # Two at a time: the command line spends most of its time on starting.
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(partial(search, way), queries))


def _articles(answer: Answer) -> list[str]:
    return [hit["id"][:3] for hit in answer["hits"]]


def _answer_problem(answer: Answer, names: set[str]) -> str | None:
    if "error" in answer:
        return str(answer["error"])
    foreign = {hit["id"] for hit in answer["hits"]} - names
    return f"ids that are no file names: {foreign}" if foreign else None


def _difference(answers: dict[str, Answer]) -> str | None:
    """Return which answers are not the first one's, but for the time they took."""
    comparable = [{**answer, "took_ms": 0} for answer in answers.values()]
    others = [n for n, a in zip(answers, comparable, strict=True) if a != comparable[0]]
    return f"other results by {', '.join(others)}" if others else None


def _relevant(qrels: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    with qrels.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if int(row["score"]) > 0:
                found[row["query-id"]].add(row["corpus-id"])
    return found


if __name__ == "__main__":
    main()
