"""One contestant in one process: ``python -m speed.child`` prints figures as JSON.

    child NAME index FOLDER passages.tsv
    child NAME search FOLDER KIND MODE warm-up.txt queries.txt

The programs in other languages take the same arguments but the name, and print
the same: ``documents`` and ``seconds``, or ``ms`` for each query and the sum of
``hits``; or ``missing``, if what the contestant needs is not installed.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from installed import NotHere

from speed.contestant import Contestant
from speed.corpus import read_passages, read_queries
from speed.roster import OURS


def main() -> None:
    """Do what the arguments say."""
    name, task, *rest = sys.argv[1:]
    try:
        contestant = make(name)
        found = _index(contestant, *rest) if task == "index" else _search(contestant, *rest)
    except NotHere as error:
        found = {"missing": str(error)}
    print(json.dumps(found))


def make(name: str) -> Contestant:
    """Return the contestant; raises ``NotHere``."""
    # Imported only now, so that nobody's memory holds the others.
    if name.startswith(OURS):
        from speed.ours import Ours

        return Ours(name.removeprefix(OURS))
    from speed.python_peers import PYTHON_PEERS

    peer: Contestant = PYTHON_PEERS[name]()
    return peer


def _index(contestant: Contestant, folder: str, passages: str) -> dict[str, Any]:
    started = time.perf_counter()
    documents = contestant.index(Path(folder), read_passages(Path(passages)))
    return {"documents": documents, "seconds": time.perf_counter() - started}


def _search(
    contestant: Contestant, folder: str, kind: str, mode: str, *files: str
) -> dict[str, Any]:
    warm_up, queries = files
    prepare = contestant.searcher(Path(folder), kind, mode)
    for words in read_queries(Path(warm_up)):
        prepare(words)()
    times, hits = [], 0
    for words in read_queries(Path(queries)):
        search = prepare(words)
        started = time.perf_counter()
        hits += search()
        times.append((time.perf_counter() - started) * 1000)
    return {"ms": times, "hits": hits}


if __name__ == "__main__":
    main()
