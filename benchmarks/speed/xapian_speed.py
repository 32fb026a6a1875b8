"""Xapian with its Snowball stemmer for Arabic; arguments as for ``child.py``, without the name.

Run by the system's own Python, since Debian packages Xapian for that one only.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xapian

_TOP = 10
_PREFIXES = xapian.QueryParser.FLAG_WILDCARD
_PHRASES = xapian.QueryParser.FLAG_PHRASE


def main() -> None:
    """Do what the arguments say, and print the figures."""
    task, *rest = sys.argv[1:]
    found = index(*rest) if task == "index" else search(*rest)
    sys.stdout.write(json.dumps(found))


def index(folder: str, passages: str) -> dict[str, Any]:
    """Index all passages; title and text are searched as one text, and stored."""
    started = time.perf_counter()
    database = xapian.WritableDatabase(folder, xapian.DB_CREATE_OR_OPEN)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("arabic"))
    documents = 0
    for line in lines(passages):
        document = xapian.Document()
        document.set_data(line)
        generator.set_document(document)
        generator.index_text(line.partition("\t")[2])
        database.add_document(document)
        documents += 1
    database.commit()
    database.close()
    return {"documents": documents, "seconds": time.perf_counter() - started}


def search(folder: str, kind: str, mode: str, warm_up: str, queries: str) -> dict[str, Any]:
    """Ask all queries and time each."""
    ask = searcher(folder, kind, marked=mode == "highlighted")
    for query in lines(warm_up):
        ask(query)
    times, hits = [], 0
    for query in lines(queries):
        started = time.perf_counter()
        hits += ask(query)
        times.append((time.perf_counter() - started) * 1000)
    return {"ms": times, "hits": hits}


def searcher(folder: str, kind: str, *, marked: bool) -> Callable[[str], int]:
    """Return a function from a query to the number of its hits."""
    database = xapian.Database(folder)
    stemmer = xapian.Stem("arabic")
    parser = xapian.QueryParser()
    parser.set_database(database)
    parser.set_stemmer(stemmer)
    parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    parser.set_default_op(xapian.Query.OP_AND if kind == "and" else xapian.Query.OP_OR)
    shape, flags = {"phrase": ('"{}"', _PHRASES), "prefix": ("{}*", _PREFIXES)}.get(kind, ("{}", 0))

    def ask(query: str) -> int:
        asked = xapian.Enquire(database)
        asked.set_query(parser.parse_query(shape.format(query), flags))
        found = asked.get_mset(0, _TOP)
        for match in found:
            text = match.document.get_data().decode()
            if marked:
                found.snippet(text, 200, stemmer)
        return len(found)

    return ask


def lines(path: str) -> Iterator[str]:
    """Yield the lines of a file without their ends."""
    with Path(path).open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


if __name__ == "__main__":
    main()
