"""Runs: what a search engine found for each query, also as files in TREC's format.

A line of such a file is ``query Q0 document rank score tag``, separated by
blanks. As to trec_eval, the scores give the order, not the ranks; documents
with the same score stay in the order of the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from search_service.errors import SourceError
from search_service.evaluation.collection import numbered_lines, source_file
from search_service.sources.source_file import SourceFile

__all__ = ["Run", "rank_of", "read_run", "write_run"]

#: By query: the documents found and their scores, best first.
Run: TypeAlias = Mapping[str, Sequence[tuple[str, float]]]

# Those of C's isspace(), by which other programs split: a no-break space may stand in an id.
_BLANKS = re.compile("[ \t\n\v\f\r]+")


def rank_of(run: Run, query: str, document: str) -> int | None:
    """Return the rank, from 1, of a document; ``None`` if it was not found."""
    found = (rank for rank, (each, _) in enumerate(run.get(query, ()), 1) if each == document)
    return next(found, None)


def write_run(path: Path, run: Run, tag: str) -> None:
    """Write ``run`` to a file.

    Raises :class:`~search_service.errors.SourceError` for an id with blanks,
    which the format has no way to write.
    """
    with path.open("w", encoding="utf-8") as file:
        for query, hits in run.items():
            for rank, (document, score) in enumerate(hits, 1):
                columns = (query, "Q0", document, str(rank), repr(float(score)), tag)
                if bad := next(filter(_BLANKS.search, columns), None):
                    raise SourceError(str(path), f"cannot hold the id {bad!r}: it has blanks")
                file.write(" ".join(columns) + "\n")


def read_run(path: Path) -> Run:
    """Read a run from a file.

    Raises :class:`~search_service.errors.SourceError` with the line that is wrong.
    """
    file, found = source_file(path), dict[str, dict[str, float]]()
    for number, line in numbered_lines(file):
        columns = _BLANKS.split(line.strip(" \t"))
        if len(columns) != 6:
            reason = "must have 6 columns (query Q0 document rank score tag)"
            raise file.error(f"{reason}, not {len(columns)}", number)
        query, _, document, _, score, _ = columns
        hits = found.setdefault(query, {})
        if document in hits:
            raise file.error(f"document {document!r} occurs twice for query {query!r}", number)
        hits[document] = _score(file, number, score)
    return {
        query: tuple(sorted(hits.items(), key=lambda hit: -hit[1])) for query, hits in found.items()
    }


def _score(file: SourceFile, number: int, written: str) -> float:
    try:
        score = float(written)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise file.error(f"the score must be a number, not {written!r}", number)
    return score
