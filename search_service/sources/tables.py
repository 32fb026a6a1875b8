"""CSV and TSV files with a header row."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources.lines import Lines
from search_service.sources.records import Names, record_result
from search_service.sources.source_file import SourceFile

__all__ = ["read_csv", "read_tsv"]

# The largest that fits the C long of every system.
_FIELD_LIMIT = 2**31 - 1


def read_csv(file: SourceFile, names: Names) -> Iterator[Document | SourceError]:
    """Yield a document per row of a file with commas (or semicolons) between columns."""
    return _read(file, names, ",")


def read_tsv(file: SourceFile, names: Names) -> Iterator[Document | SourceError]:
    """Yield a document per row of a file with tabs between columns."""
    return _read(file, names, "\t")


def _read(file: SourceFile, names: Names, delimiter: str) -> Iterator[Document | SourceError]:
    rows = _rows(file, delimiter)
    header: list[str] | None = None
    number = 0
    for line, row in rows:
        if isinstance(row, SourceError):
            if header is None:
                raise row  # without a header the rows have no meaning
            number += 1
            yield row
        elif header is None:
            header = _header(file, row, names, line)
        elif len(row) > len(header):
            number += 1
            yield file.error(f"{len(row)} columns, but the header has {len(header)}", line)
        else:
            number += 1
            yield record_result(file, _record(header, row), names, number, line)
    if not number:
        raise file.error("empty" if header is None else "empty: a header without rows")


def _rows(file: SourceFile, delimiter: str) -> Iterator[tuple[int, list[str] | SourceError]]:
    """Yield the rows that are not blank, each with the line on which it begins."""
    # A process-wide setting; it is only ever raised, an article is over its 128 KiB.
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD_LIMIT))
    lines = Lines(file)
    first = next((line for line in lines if line.strip()), "")
    begin = lines.number
    if delimiter == "," and "," not in first and ";" in first:
        # What spreadsheets write where the comma is the decimal sign.
        delimiter = ";"
    # Strict: a quote that is never closed is an error and not the rest of the file.
    reader = csv.reader(itertools.chain([first], lines), delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield begin, file.error(f"bad row: {error}", begin)
        except SourceError as error:
            yield begin, error
        else:
            if any(cell.strip() for cell in row):
                yield begin, row
        begin = lines.number + 1


def _header(file: SourceFile, row: Sequence[str], names: Names, line: int) -> list[str]:
    header = [cell.strip() for cell in row]
    if not all(header):
        raise file.error(f"column {header.index('') + 1} has no name in the header", line)
    if repeated := [name for name in header if header.count(name) > 1]:
        raise file.error(f"column {repeated[0]!r} is twice in the header", line)
    if not {*names["title"], *names["body"]} & set(header):
        raise file.error(f"no column for title or body among: {', '.join(header)}", line)
    return header


def _record(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    # Empty cells are absent values; so are cells missing at the end of a row.
    return {name: cell for name, cell in zip(header, row, strict=False) if cell.strip()}
