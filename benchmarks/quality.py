"""The scoreboard: how well this service and others rank Arabic documents.

    python benchmarks/quality.py FOLDER --markdown docs/quality.md

FOLDER is a test collection (corpus.jsonl, queries.jsonl, qrels.tsv) or holds
some. The others come with the extra ``benchmarks``; what is not installed is
skipped, which is said on standard error. With ``--markdown`` the tables take
the place of what stands between the lines ``<!-- scoreboard -->`` and
``<!-- /scoreboard -->`` of that file, or make a new file.
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from installed import NotHere
from peers import PEERS, Texts, lucene
from report import table

from search_service.config import ENGINES
from search_service.errors import EngineUnavailable
from search_service.evaluation import (
    Collection,
    Run,
    evaluate,
    indexed,
    means,
    measure,
    read_collection,
)

Search: TypeAlias = Callable[[Collection], Run]
Scores: TypeAlias = Mapping[str, float]  # by metric
Board: TypeAlias = dict[str, dict[str, Scores]]  # by collection, by who was measured

_START, _END = "<!-- scoreboard -->", "<!-- /scoreboard -->"
_MAIN = {"ndcg@10": "nDCG@10"}
_MORE = {"p@1": "P@1", "mrr@10": "MRR@10"}


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there too")
    parser.add_argument(
        "--engines", nargs="*", choices=ENGINES, default=ENGINES, help="engines of this service"
    )
    parser.add_argument("--no-peers", action="store_true", help="measure this service alone")
    parser.add_argument("--lucene-jar", type=Path, metavar="JAR", help="with lucene-analysis in it")
    options = parser.parse_args()
    collections = [read_collection(folder) for folder in _folders(options.folder)]
    if not collections:
        parser.error(f"there is no test collection in {options.folder}")
    searches = {} if options.no_peers else _peers(options.lucene_jar)
    searches |= {f"this service ({e})": functools.partial(_service, e) for e in options.engines}
    board = scoreboard(collections, searches)
    if options.markdown:
        write_markdown(options.markdown, markdown(board))
    print(json.dumps(board, indent=2) if options.json else table(*cells(board, _MAIN | _MORE)))


def scoreboard(collections: Sequence[Collection], searches: Mapping[str, Search]) -> Board:
    """Return every metric; who is not installed is left out."""
    board: Board = {collection.folder.name: {} for collection in collections}
    for name, search in searches.items():
        for collection in collections:
            run = _run(name, search, collection)
            if run is None:
                break
            found = means(measure(collection.judgements, run))
            board[collection.folder.name][name] = {m: round(v, 4) for m, v in found.items()}
    return board


def _run(name: str, search: Search, collection: Collection) -> Run | None:
    try:
        return search(collection)
    except (NotHere, EngineUnavailable) as error:
        print(f"skipped: {name}: {error}", file=sys.stderr)
        return None


def cells(board: Board, metrics: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    """Return the headings and the rows: a column per collection and metric."""
    columns = [(collection, metric) for collection in board for metric in metrics]
    headings = [f"{c} {metrics[m]}" if len(metrics) > 1 else c for c, m in columns]
    names = list(next(iter(board.values())))
    rows = [[name, *(f"{board[c][name][m]:.4f}" for c, m in columns)] for name in names]
    return ["", *headings], rows


def markdown(board: Board) -> str:
    """Return the scoreboard as Markdown, the best of each column in bold."""
    parts = []
    for heading, metrics in (("nDCG@10:", _MAIN), ("Precision and reciprocal rank:", _MORE)):
        headings, rows = cells(board, metrics)
        best = [max(column) for column in zip(*rows, strict=True)]
        lines = [headings, ["---", *["---:"] * (len(headings) - 1)]]
        lines += [
            [row[0], *(f"**{c}**" if c == b else c for c, b in zip(row[1:], best[1:], strict=True))]
            for row in rows
        ]
        parts.append("\n".join([heading, "", *(f"| {' | '.join(line)} |" for line in lines)]))
    return "\n\n".join(parts)


def write_markdown(path: Path, tables: str) -> None:
    """Put the tables between the marks in a file, or into a new file."""
    text = path.read_text(encoding="utf-8") if path.exists() else f"{_START}\n{_END}\n"
    before, start, rest = text.partition(_START)
    _, end, after = rest.partition(_END)
    if not start or not end:
        sys.exit(f"{path} has no lines {_START} and {_END} to write between")
    path.write_text(f"{before}{start}\n\n{tables}\n\n{end}{after}", encoding="utf-8")


def _folders(folder: Path) -> Iterator[Path]:
    here = folder.resolve()  # "." has no name
    found = {*here.glob("corpus.jsonl"), *here.glob("*/corpus.jsonl")}
    return (corpus.parent for corpus in sorted(found))


def _service(engine: str, collection: Collection) -> Run:
    with indexed(collection, engine=engine) as service:
        return evaluate(collection, service).run


def _peers(lucene_jar: Path | None) -> dict[str, Search]:
    searches: dict[str, Callable[[Texts, Texts], Run]]
    searches = {**PEERS, "Lucene ArabicAnalyzer": functools.partial(lucene, lucene_jar)}

    def asked(name: str, collection: Collection) -> Run:
        # Title and text as one text, as all of them would take them.
        texts = {d.id: f"{d.title}\n{d.body}" for d in collection.documents}
        return searches[name](texts, collection.queries)

    return {name: functools.partial(asked, name) for name in searches}


if __name__ == "__main__":
    main()
