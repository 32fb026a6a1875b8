"""How long it takes to mark a long document, the first time and again, on both engines.

The document is made of passages. Every round opens the index anew, with a new
analyzer. A search without marks is subtracted; processor time is what counts.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from passages import read_passages
from report import table

from search_service import Document, SearchService
from search_service.analysis.analyzer import Analyzer
from search_service.analysis.tokenizer import WORD
from search_service.engines import load_engine
from search_service.errors import EngineUnavailable


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", type=Path, help=".jsonl or .jsonl.xz with title and text")
    parser.add_argument("--bytes", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    options = parser.parse_args()

    every = "\n".join(passage.text for passage in read_passages(options.passages))
    text = every.encode()[: options.bytes].decode(errors="ignore")
    words = WORD.findall(text)
    analysis = statistics.median(_ms(lambda: Analyzer().terms(text)) for _ in range(options.rounds))
    print(f"{len(text):,} code points, {len(words):,} words; analysing them: {analysis:.1f} ms\n")
    rows = []
    for engine in ("whoosh", "tantivy"):
        try:
            load_engine(engine)
        except EngineUnavailable as error:
            print(error)
            continue
        with tempfile.TemporaryDirectory() as folder:
            with SearchService.open(folder, engine=engine) as service:
                service.index([Document("long", body=text)])
            for name, query in _queries(words).items():
                rounds = [_round(folder, query) for _ in range(options.rounds)]
                found = list(map(statistics.median, zip(*rounds, strict=True)))
                ratio = f"{found[1] / analysis:.3f}"
                rows.append([engine, name, *(f"{ms:.1f}" for ms in found), ratio])
    print(table(["engine", "query", "search, ms", "marks, ms", "again, ms", "of analysis"], rows))


def _queries(words: list[str]) -> dict[str, str]:
    middle = words[len(words) // 2 :]
    common = Counter(words).most_common(1)[0][0]
    four, phrase = " ".join(middle[:400:100]), '"{} {}"'.format(*middle)
    return {"one word": middle[7], "four words": four, "phrase": phrase, "commonest word": common}


def _round(folder: str, query: str) -> tuple[float, float, float]:
    with SearchService.open(folder) as service:
        service.search(query, highlight=False)
        search = _ms(lambda: service.search(query, highlight=False))
        first, again = (_ms(lambda: service.search(query)) for _ in range(2))
    return search, first - search, again - search


def _ms(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


if __name__ == "__main__":
    main()
