"""How figures are printed: as a table for people, as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["table"]


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an aligned table; the first column is names, the others are figures.

    >>> print(table(["", "words/s"], [["one", "1,000"], ["another", "20"]]))
             words/s
    one        1,000
    another       20
    """
    columns = list(zip(headers, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    lines = (
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in (headers, *rows)
    )
    return "\n".join(lines)
