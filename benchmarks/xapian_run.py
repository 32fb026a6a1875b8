"""Searches with Xapian and its Snowball stemmer for Arabic, for quality.py.

Run by the system's own Python, since Debian packages Xapian for that one only
(``apt-get install python3-xapian``):

    python3 xapian_run.py documents.tsv queries.tsv depth

Both files have an id and a text on each line. Prints query, document and score,
between tabs.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import xapian


def main() -> None:
    """Index, search, print."""
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale says
    documents, queries, depth = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    database = xapian.WritableDatabase("", xapian.DB_BACKEND_INMEMORY)
    stemmer = xapian.Stem("arabic")
    index(database, stemmer, documents)
    parser = xapian.QueryParser()
    parser.set_stemmer(stemmer)
    parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    for query_id, text in rows(queries):
        asked = xapian.Enquire(database)
        # No flags: nothing in a question is an operator.
        asked.set_query(parser.parse_query(text, 0))
        for match in asked.get_mset(0, depth):
            sys.stdout.write(f"{query_id}\t{match.document.get_data().decode()}\t{match.weight}\n")


def index(database: xapian.WritableDatabase, stemmer: xapian.Stem, source: Path) -> None:
    """Put every document into the database."""
    generator = xapian.TermGenerator()
    generator.set_stemmer(stemmer)
    for document_id, text in rows(source):
        document = xapian.Document()
        document.set_data(document_id)
        generator.set_document(document)
        generator.index_text(text)
        database.add_document(document)
    database.commit()


def rows(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each line."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            row_id, _, text = line.rstrip("\n").partition("\t")
            yield row_id, text


if __name__ == "__main__":
    main()
