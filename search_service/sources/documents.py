"""The readers, one per format, and the way to the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources.html_files import read_html
from search_service.sources.json_files import read_json, read_json_lines
from search_service.sources.markdown_files import read_markdown
from search_service.sources.records import Names, field_names
from search_service.sources.source_file import SourceFile
from search_service.sources.tables import read_csv, read_tsv
from search_service.sources.text_files import read_plain

__all__ = ["READERS", "Reader", "read_documents"]

# A reader yields documents, and a SourceError for each bad record; it raises a
# SourceError where the file as a whole is bad from there on.
Reader = Callable[[SourceFile, Names], Iterator[Document | SourceError]]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": read_plain,
        ".md": read_markdown,
        ".html": read_html,
        ".htm": read_html,
        ".json": read_json,
        ".jsonl": read_json_lines,
        ".ndjson": read_json_lines,
        ".csv": read_csv,
        ".tsv": read_tsv,
    }
)


def read_documents(
    file: SourceFile, mapping: Mapping[str, str] | None = None
) -> Iterator[Document | SourceError]:
    """Yield every document in ``file``, and an error for each part that is none.

    ``mapping`` names, per field of a document, what it is called in the records
    of this source (``{"body": "النص"}``); the known names still count after it.
    Raises :class:`ValueError` for a field in ``mapping`` that documents do not
    have; nothing that a file holds raises.
    """
    # Not a generator itself, so that a bad mapping is told at the call.
    return _read(file, field_names(mapping))


def _read(file: SourceFile, names: Names) -> Iterator[Document | SourceError]:
    reader = READERS.get(file.suffix)
    if reader is None:
        yield file.error(f"unknown suffix {file.suffix!r} (known: {', '.join(READERS)})")
        return
    try:
        yield from reader(file, names)
    except SourceError as error:
        yield error
    except RecursionError:
        yield file.error("nested too deeply")
