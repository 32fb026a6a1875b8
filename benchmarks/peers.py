"""The engines that quality.py measures beside this service, each as it comes.

All of them get title and text as one text, take a query's words as
alternatives, and rank by their own BM25 with its defaults. Each is a function
from documents and queries to what was found; one that is not installed raises
``NotHere`` with what is missing.
"""

from __future__ import annotations

import functools
import importlib.util
import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from installed import NotHere, lucene_command, xapian_python

from search_service.evaluation import Run

__all__ = ["PEERS", "Texts", "lucene"]

#: By id.
Texts = Mapping[str, str]

DEPTH = 100

_HERE = Path(__file__).resolve().parent
_WORD = re.compile(r"\w+")


def sqlite(documents: Texts, queries: Texts) -> Run:
    """SQLite's FTS5 with its own tokenizer, which does nothing to Arabic words."""
    database = sqlite3.connect(":memory:")
    try:
        database.execute(
            "CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, text, tokenize=unicode61)"
        )
    except sqlite3.OperationalError as error:
        raise NotHere(str(error)) from error
    database.executemany("INSERT INTO t VALUES (?, ?)", documents.items())
    select = "SELECT id, -bm25(t) FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT ?"
    found = {}
    for query, text in queries.items():
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(_WORD.findall(text)))
        found[query] = database.execute(select, (words, DEPTH)).fetchall() if words else []
    database.close()
    return found


def whoosh(documents: Texts, queries: Texts) -> Run:
    """Whoosh with the analyzer that its TEXT fields have by default."""
    from whoosh.analysis.analyzers import StandardAnalyzer

    return _whoosh(StandardAnalyzer(), documents, queries)


def whoosh_snowball(documents: Texts, queries: Texts) -> Run:
    """Whoosh with Snowball's stemmer for Arabic."""
    from whoosh.analysis.filters import LowercaseFilter
    from whoosh.analysis.morph import StemFilter
    from whoosh.analysis.tokenizers import RegexTokenizer

    return _whoosh(
        RegexTokenizer(r"\w+") | LowercaseFilter() | StemFilter(stemfn=_stem), documents, queries
    )


def _whoosh(analyzer: Any, documents: Texts, queries: Texts) -> Run:
    from whoosh.fields import ID, TEXT, Schema
    from whoosh.filedb.filestore import RamStorage
    from whoosh.query.compound import Or
    from whoosh.query.terms import Term

    index = RamStorage().create_index(Schema(id=ID(stored=True), text=TEXT(analyzer)))
    writer = index.writer()
    for document, text in documents.items():
        writer.add_document(id=document, text=text)
    writer.commit()
    found = {}
    with index.searcher() as searcher:
        for query, text in queries.items():
            words = dict.fromkeys(token.text for token in analyzer(text, mode="query"))
            hits = searcher.search(Or([Term("text", word) for word in words]), limit=DEPTH)
            found[query] = [(hit["id"], hit.score) for hit in hits]
    return found


@functools.cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("arabic")


def _stem(word: str) -> str:
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


def tantivy_snowball(documents: Texts, queries: Texts) -> Run:
    """Tantivy with its own stemmer for Arabic, which is Snowball's."""
    if importlib.util.find_spec("tantivy") is None:
        raise NotHere("pip install tantivy")
    import tantivy as tv

    analyzer = (
        tv.TextAnalyzerBuilder(tv.Tokenizer.simple())
        .filter(tv.Filter.lowercase())
        .filter(tv.Filter.stemmer("arabic"))
        .build()
    )
    builder = tv.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="arabic")
    schema = builder.build()
    index = tv.Index(schema)
    index.register_tokenizer("arabic", analyzer)
    writer = index.writer(num_threads=1)
    for document, text in documents.items():
        writer.add_document(tv.Document(id=document, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    found = {}
    for query, text in queries.items():
        words = dict.fromkeys(analyzer.analyze(text))
        terms = [(tv.Occur.Should, tv.Query.term_query(schema, "text", word)) for word in words]
        hits = searcher.search(tv.Query.boolean_query(terms), DEPTH).hits
        found[query] = [(searcher.doc(at)["id"][0], score) for score, at in hits]
    return found


def bm25s_snowball(documents: Texts, queries: Texts) -> Run:
    """bm25s with Snowball's stemmer for Arabic."""
    if importlib.util.find_spec("bm25s") is None:
        raise NotHere("pip install bm25s")
    import bm25s

    def cut(texts: Texts) -> Any:
        options = {"stopwords": [], "stemmer": _stemmer(), "show_progress": False}
        return bm25s.tokenize(list(texts.values()), **options)

    retriever = bm25s.BM25()
    retriever.index(cut(documents), show_progress=False)
    ids = list(documents)
    depth = min(DEPTH, len(ids))
    rows, scores = retriever.retrieve(cut(queries), k=depth, show_progress=False)
    return {
        query: [(ids[row], float(score)) for row, score in zip(*best, strict=True) if score > 0]
        for query, *best in zip(queries, rows, scores, strict=True)
    }


def xapian(documents: Texts, queries: Texts) -> Run:
    """Xapian with its own Snowball stemmer, on the system's Python."""
    return _outside([xapian_python(), str(_HERE / "xapian_run.py")], documents, queries)


def lucene(jar: Path | None, documents: Texts, queries: Texts) -> Run:
    """Lucene's ArabicAnalyzer, from a jar that holds it, or from the one in pyserini."""
    return _outside(lucene_command(jar, _HERE / "LuceneRun.java"), documents, queries)


def _outside(command: list[str], documents: Texts, queries: Texts) -> Run:
    """Run a program that reads two files and prints what it found."""
    found: dict[str, list[tuple[str, float]]] = {query: [] for query in queries}
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "documents.tsv"), Path(folder, "queries.tsv")
        for path, texts in zip(paths, (documents, queries), strict=True):
            lines = (f"{row}\t{' '.join(text.split())}\n" for row, text in texts.items())
            path.write_text("".join(lines), encoding="utf-8")
        done = subprocess.run(
            [*command, *map(str, paths), str(DEPTH)], stdout=subprocess.PIPE, check=True
        )
    for line in done.stdout.decode("utf-8").splitlines():
        query, document, score = line.split("\t")
        found[query].append((document, float(score)))
    return found


#: Those that need nothing but being installed, by the name in the table.
PEERS: dict[str, Callable[[Texts, Texts], Run]] = {
    "SQLite FTS5 (unicode61)": sqlite,
    "Whoosh": whoosh,
    "Whoosh + Snowball": whoosh_snowball,
    "bm25s + Snowball": bm25s_snowball,
    "Xapian + Snowball": xapian,
    "tantivy + Snowball": tantivy_snowball,
}
