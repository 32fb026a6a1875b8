"""Other engines that Python can load, each as it comes, with one stemmed field.

All of them store id, title and text, so that a hit can be shown, and return
them with each hit; title and text are searched as one text.
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from installed import NotHere
from passages import Passage

from speed.contestant import Search, Searcher

__all__ = ["Bm25s", "Sqlite", "StockWhoosh", "Tantivy"]

TOP = 10


class StockWhoosh:
    """Whoosh without anything of this project."""

    def __init__(self) -> None:
        # Loading a package is not counted.
        import_module("stock_whoosh")
        import_module("whoosh.index")

    def index(self, folder: Path, passages: Iterable[Passage]) -> int:
        """Index and commit once, with the settings that a writer has by default."""
        from stock_whoosh import stock_schema
        from whoosh.index import create_in

        folder.mkdir(parents=True)
        writer: Any = create_in(str(folder), stock_schema()).writer()
        count = 0
        for passage in passages:
            text = f"{passage.title}\n{passage.text}"
            writer.add_document(id=passage.id, title=passage.title, text=text)
            count += 1
        writer.commit()
        return count

    def searcher(self, folder: Path, kind: str, mode: str) -> Searcher:
        """Return a function from a query's words to its search."""
        from whoosh.index import open_dir
        from whoosh.qparser.default import QueryParser
        from whoosh.qparser.syntax import AndGroup, OrGroup

        index: Any = open_dir(str(folder))
        searcher = index.searcher()
        group = AndGroup if kind == "and" else OrGroup
        parser = QueryParser("text", index.schema, group=group)
        shape = {"phrase": '"{}"', "prefix": "{}*"}.get(kind, "{}")

        def search(typed: str) -> int:
            hits = searcher.search(parser.parse(typed), limit=TOP)
            for hit in hits:
                hit.fields()
                if mode == "highlighted":
                    hit.highlights("text")
            return int(hits.scored_length())

        return lambda words: lambda: search(shape.format(" ".join(words)))


class Sqlite:
    """SQLite's FTS5 with its own tokenizer, which does nothing to Arabic words."""

    def index(self, folder: Path, passages: Iterable[Passage]) -> int:
        """Index in one transaction, then merge into one segment, as it advises."""
        folder.mkdir(parents=True)
        database = sqlite3.connect(folder / "fts.db")
        try:
            database.execute(
                "CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, title, text, tokenize=unicode61)"
            )
        except sqlite3.OperationalError as error:
            raise NotHere(str(error)) from error
        with database:
            done = database.executemany("INSERT INTO t VALUES (?, ?, ?)", passages)
            database.execute("INSERT INTO t(t) VALUES ('optimize')")
        database.close()
        return done.rowcount

    def searcher(self, folder: Path, kind: str, mode: str) -> Searcher:
        """Return a function from a query's words to its search."""
        database = sqlite3.connect(folder / "fts.db")
        marked = "snippet(t, 2, '<b>', '</b>', '…', 30)" if mode == "highlighted" else "text"
        select = f"SELECT id, title, {marked} FROM t WHERE t MATCH ? ORDER BY rank LIMIT {TOP}"  # noqa: S608

        def prepare(words: Sequence[str]) -> Search:
            match kind:
                case "phrase":
                    typed = f'"{" ".join(words)}"'
                case "prefix":
                    typed = f'"{words[0]}"*'
                case _:
                    typed = f" {kind.upper()} ".join(f'"{word}"' for word in dict.fromkeys(words))
            return lambda: len(database.execute(select, (typed,)).fetchall())

        return prepare


class Tantivy:
    """Tantivy with its own stemmer for Arabic, which is Snowball's."""

    def __init__(self) -> None:
        if importlib.util.find_spec("tantivy") is None:
            raise NotHere("pip install tantivy")
        import_module("tantivy")

    def index(self, folder: Path, passages: Iterable[Passage]) -> int:
        """Index with the threads that it takes by default, and wait for merges."""
        import tantivy as tv

        folder.mkdir(parents=True)
        index = self._open(folder)
        writer: Any = index.writer()
        count = 0
        for passage in passages:
            text = f"{passage.title}\n{passage.text}"
            writer.add_document(tv.Document(id=passage.id, title=passage.title, text=text))
            count += 1
        writer.commit()
        writer.wait_merging_threads()
        return count

    def searcher(self, folder: Path, kind: str, mode: str) -> Searcher:
        """Return a function from a query's words to its search."""
        import tantivy as tv

        index = self._open(folder)
        index.reload()
        searcher = index.searcher()

        def search(words: Sequence[str]) -> int:
            query = self._query(index.schema, kind, words)
            hits = searcher.search(query, TOP).hits
            snippets = (
                tv.SnippetGenerator.create(searcher, query, index.schema, "text")
                if mode == "highlighted"
                else None
            )
            for _, address in hits:
                document = searcher.doc(address)
                document.to_dict()
                if snippets:
                    snippets.snippet_from_doc(document).to_html()
            return len(hits)

        return lambda words: lambda: search(words)

    def _open(self, folder: Path) -> Any:
        import tantivy as tv

        builder = tv.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("title", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", stored=True, tokenizer_name="arabic")
        index = tv.Index(builder.build(), path=str(folder))
        self._analyzer = (
            tv.TextAnalyzerBuilder(tv.Tokenizer.simple())
            .filter(tv.Filter.lowercase())
            .filter(tv.Filter.stemmer("arabic"))
            .build()
        )
        index.register_tokenizer("arabic", self._analyzer)
        return index

    def _query(self, schema: Any, kind: str, words: Sequence[str]) -> Any:
        import tantivy as tv

        if kind == "prefix":
            return tv.Query.regex_query(schema, "text", f"{words[0]}.*")
        terms = self._analyzer.analyze(" ".join(words))
        if kind == "phrase" and len(terms) > 1:
            return tv.Query.phrase_query(schema, "text", list(terms))
        occur = tv.Occur.Must if kind == "and" else tv.Occur.Should
        each = dict.fromkeys(terms)
        return tv.Query.boolean_query(
            [(occur, tv.Query.term_query(schema, "text", term)) for term in each]
        )


class Bm25s:
    """bm25s with Snowball's stemmer for Arabic: any of the words, nothing else."""

    def __init__(self) -> None:
        if importlib.util.find_spec("bm25s") is None:
            raise NotHere("pip install bm25s")
        import_module("bm25s")

    def index(self, folder: Path, passages: Iterable[Passage]) -> int:
        """Index the passages, which it wants in one list, and save all."""
        import bm25s

        corpus = [passage._asdict() for passage in passages]
        retriever = bm25s.BM25()
        texts = [f"{one['title']}\n{one['text']}" for one in corpus]
        retriever.index(self._cut(texts, "tuple"), show_progress=False)
        retriever.save(folder, show_progress=False)
        with Path(folder, "corpus.json").open("w", encoding="utf-8") as file:
            json.dump(corpus, file, ensure_ascii=False)
        return len(corpus)

    def searcher(self, folder: Path, kind: str, mode: str) -> Searcher:
        """Return a function from a query's words to its search; ``kind`` is "or"."""
        import bm25s

        retriever = bm25s.BM25.load(folder)
        with Path(folder, "corpus.json").open(encoding="utf-8") as file:
            corpus = json.load(file)
        most = min(TOP, len(corpus))

        def search(words: Sequence[str]) -> int:
            cut = self._cut([" ".join(words)], "string")
            rows, scores = retriever.retrieve(cut, k=most, show_progress=False)
            pairs = zip(rows[0], scores[0], strict=True)
            return len([corpus[row] for row, score in pairs if score > 0])

        return lambda words: lambda: search(words)

    def _cut(self, texts: list[str], shape: str) -> Any:
        import bm25s
        import Stemmer

        return bm25s.tokenize(
            texts,
            stopwords=[],
            stemmer=Stemmer.Stemmer("arabic"),
            return_ids=shape == "tuple",
            show_progress=False,
        )


#: By the name that :mod:`speed.roster` gives them.
PYTHON_PEERS: dict[str, Callable[[], Any]] = {
    "stock-whoosh": StockWhoosh,
    "sqlite": Sqlite,
    "tantivy-snowball": Tantivy,
    "bm25s": Bm25s,
}
