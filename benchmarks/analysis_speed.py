"""Words per second through all tiers of the analyzer, beside PyStemmer's Arabic stemmer alone.

One thread does everything, and its processor time is what counts. Reading and,
for the stemmer, splitting into words happen before the clock starts; every
figure is the median of the rounds, and in each round all take their turn.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import Stemmer
from passages import read_passages
from report import table

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.tokenizer import WORD

__all__ = ["measure", "terms_speed"]

_Part = TypeVar("_Part")

# Without its cache it is faster: looking words up costs more than stemming them.
_BASE = "PyStemmer, no cache"


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", type=Path, help=".jsonl or .jsonl.xz with title and text")
    parser.add_argument("--passages", type=int, default=20_000, dest="count", metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()

    texts = read_texts(options.passages, options.count)
    words = split(texts)
    count = sum(map(len, words))
    speeds = measure(texts, words, options.rounds)
    if options.json:
        distinct = len({word for part in words for word in part})
        print(json.dumps({"words": count, "distinct_words": distinct, "words_per_second": speeds}))
        return
    print(f"{options.count:,} passages, {count:,} words, median of {options.rounds} rounds\n")
    base = speeds[_BASE]
    rows = [[name, f"{speed:,.0f}", f"{speed / base:.2f}"] for name, speed in speeds.items()]
    print(table(["", "words/s", "ratio"], rows))


def read_texts(path: Path, count: int | None) -> list[str]:
    """Return titles and texts of the first ``count`` passages, one after the other."""
    return [text for passage in read_passages(path, count) for text in passage[1:]]


def split(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of every text, by the pattern that the analyzer splits with."""
    return [WORD.findall(text) for text in texts]


def measure(texts: Sequence[str], words: Sequence[Sequence[str]], rounds: int) -> dict[str, float]:
    """Return the median words per second of every contestant."""
    count = sum(map(len, words))
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, seconds in _round(texts, words):
            found.setdefault(name, []).append(count / seconds)
    return {name: statistics.median(speeds) for name, speeds in found.items()}


def terms_speed(texts: Sequence[str], rounds: int) -> tuple[float, float]:
    """Return words per second of ``Analyzer.terms``, cold, and of the stemmer; the best rounds."""
    words = split(texts)
    count = sum(map(len, words))
    stemmer = Stemmer.Stemmer("arabic", 0)
    beside = min(_seconds(stemmer.stemWords, words) for _ in range(rounds))
    # Else the garbage collector walks through all these lists again and again.
    del words
    return count / min(_seconds(Analyzer().terms, texts) for _ in range(rounds)), count / beside


def _round(texts: Sequence[str], words: Sequence[Sequence[str]]) -> list[tuple[str, float]]:
    terms, analyze = Analyzer(), Analyzer()
    cached, bare = Stemmer.Stemmer("arabic"), Stemmer.Stemmer("arabic", 0)
    return [
        (_BASE, _seconds(bare.stemWords, words)),
        ("PyStemmer, its cache of 10,000 words", _seconds(cached.stemWords, words)),
        ("Analyzer.terms, cold cache", _seconds(terms.terms, texts)),
        ("Analyzer.terms, warm cache", _seconds(terms.terms, texts)),
        ("Analyzer.analyze, cold cache", _seconds(analyze.analyze, texts)),
        ("Analyzer.analyze, warm cache", _seconds(analyze.analyze, texts)),
    ]


def _seconds(work: Callable[[_Part], object], parts: Sequence[_Part]) -> float:
    # Processor time: what other programs take of a busy machine is not counted.
    started = time.process_time()
    for part in parts:
        work(part)
    return time.process_time() - started


if __name__ == "__main__":
    main()
