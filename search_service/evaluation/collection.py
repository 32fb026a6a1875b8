"""A test collection: documents, queries, and which documents answer which query.

- ``corpus.jsonl`` has ``{"_id": …, "title": …, "text": …}`` on each line,
- ``queries.jsonl`` has ``{"_id": …, "text": …}``,
- ``qrels.tsv`` has query, document and score between tabs; in BEIR's own
  archives it is ``qrels/test.tsv``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search_service.schema import Document
from search_service.sources.cleaning import clean_text
from search_service.sources.lines import Lines
from search_service.sources.source_file import SourceFile

__all__ = ["Collection", "Judgements", "numbered_lines", "read_collection", "source_file"]

#: By query: document to score, where 0 and less is "looked at, and not relevant".
Judgements = Mapping[str, Mapping[str, int]]

_CORPUS = "corpus.jsonl"
_QUERIES = "queries.jsonl"
_QRELS, _BEIR_QRELS = "qrels.tsv", "qrels/test.tsv"
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection, checked: every judgement is about a document and a query that exist.

    ``queries`` holds only those with judgements: nothing can be said of others.
    """

    folder: Path
    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    judgements: Judgements


def read_collection(folder: Path) -> Collection:
    """Read the collection in ``folder``.

    Raises :class:`~search_service.errors.SourceError` with file and line for
    whatever is wrong: a collection that is half read measures something else.
    """
    documents = tuple(_documents(source_file(folder / _CORPUS)))
    texts = dict(_texts(source_file(folder / _QUERIES)))
    judgements = _judgements(_qrels_file(folder), {d.id for d in documents}, texts)
    queries = {query: texts[query] for query in texts if query in judgements}
    return Collection(folder, documents, queries, judgements)


def source_file(path: Path) -> SourceFile:
    """Return ``path`` as the readers of sources take it."""
    return SourceFile(path, path.parent, path.name)


def numbered_lines(file: SourceFile) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, without their ends, and their numbers."""
    lines = Lines(file)
    for line in lines:
        if line.strip():
            yield lines.number, line.rstrip("\r\n")


def _qrels_file(folder: Path) -> SourceFile:
    found = next((p for p in (folder / _QRELS, folder / _BEIR_QRELS) if p.exists()), None)
    if found is None:
        raise source_file(folder / _QRELS).error(f"does not exist, nor does {_BEIR_QRELS}")
    return source_file(found)


def _documents(file: SourceFile) -> Iterator[Document]:
    for number, document_id, record in _records(file):
        title = _text(file, number, record, "title", missing="")
        yield Document(document_id, title, _text(file, number, record, "text"))


def _texts(file: SourceFile) -> Iterator[tuple[str, str]]:
    for number, query_id, record in _records(file):
        yield query_id, _text(file, number, record, "text")


def _records(file: SourceFile) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield each line's number, id and object."""
    seen: set[str] = set()
    for number, line in numbered_lines(file):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", None) or "nested too deeply"
            raise file.error(f"bad JSON: {reason}", number) from error
        if not isinstance(record, dict):
            raise file.error("must be a JSON object", number)
        found = _id(file, number, record)
        if found in seen:
            raise file.error(f"the _id {found!r} occurs twice", number)
        seen.add(found)
        yield number, found, record
    if not seen:
        raise file.error("empty")


def _id(file: SourceFile, number: int, record: Mapping[str, Any]) -> str:
    written = record.get("_id")
    if isinstance(written, int) and not isinstance(written, bool):
        return str(written)
    if not isinstance(written, str) or not written:
        raise file.error("_id: must be text, and not empty", number)
    return clean_text(written)


def _text(
    file: SourceFile, number: int, record: Mapping[str, Any], name: str, missing: str | None = None
) -> str:
    written = record.get(name)
    if written is None and missing is not None:
        return missing
    if not isinstance(written, str):
        raise file.error(f"{name}: must be text", number)
    return clean_text(written)


def _judgements(
    file: SourceFile, documents: Container[str], queries: Container[str]
) -> dict[str, dict[str, int]]:
    judgements: dict[str, dict[str, int]] = {}
    for number, query, document, score in _judged(file):
        if query not in queries:
            raise file.error(f"no query {query!r} in {_QUERIES}", number)
        if document not in documents:
            raise file.error(f"no document {document!r} in {_CORPUS}", number)
        if judgements.setdefault(query, {}).setdefault(document, score) != score:
            raise file.error(f"{query!r} and {document!r} are judged twice, differently", number)
    if not judgements:
        raise file.error("empty: holds no judgements")
    return judgements


def _judged(file: SourceFile) -> Iterator[tuple[int, str, str, int]]:
    for number, line in numbered_lines(file):
        columns = line.split("\t")
        if len(columns) != 3:
            reason = "must have 3 columns separated by tabs (query, document, score)"
            raise file.error(f"{reason}, not {len(columns)}", number)
        query, document, score = (column.strip() for column in columns)
        if number == 1 and score == "score":
            continue  # the heading
        if not _INTEGER.fullmatch(score):
            raise file.error(f"the score must be a whole number, not {score!r}", number)
        yield number, query, document, int(score)
