"""Reading the TSV tables: a header line, one row a line, ``#`` comment lines."""

from __future__ import annotations

import functools
import hashlib
from importlib import resources

from search_service.errors import AnalysisError

__all__ = ["parse_table", "read_table", "tables_digest"]

_DATA = resources.files("search_service.analysis") / "data"


def parse_table(name: str, text: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table, each of ``columns`` cells, without header and comments.

    ``name`` is what the table is called in errors. Raises
    :class:`~search_service.errors.AnalysisError` naming the line where a row
    has another number of cells.
    """
    rows = []
    for number, line in enumerate(text.splitlines()[1:], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if len(cells) != columns:
            raise AnalysisError(
                f"{name}, line {number}: {len(cells)} columns where {columns} are needed; "
                "columns are separated by one tab"
            )
        rows.append(cells)
    return tuple(rows)


@functools.cache
def read_table(name: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the packaged table ``name`` (``bases.tsv``); read once."""
    return parse_table(name, (_DATA / name).read_text(encoding="utf-8"), columns)


def tables_digest(*names: str) -> str:
    """Return a hash over the contents of packaged tables, for the analyzer's fingerprint."""
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(name.encode() + b"\0" + (_DATA / name).read_bytes() + b"\0")
    return digest.hexdigest()[:16]
