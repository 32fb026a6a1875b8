"""Plain text files: the first line that is not blank is the title."""

from __future__ import annotations

from collections.abc import Iterator

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources.cleaning import FieldError
from search_service.sources.reading import read_text, unix_lines
from search_service.sources.records import KNOWN_NAMES, Names, to_document
from search_service.sources.source_file import SourceFile

__all__ = ["read_plain", "title_and_rest"]


def read_plain(file: SourceFile, names: Names) -> Iterator[Document | SourceError]:
    """Yield the one document of a text file; a file of one line has no body."""
    title, body = title_and_rest(unix_lines(read_text(file)))
    try:
        yield to_document({"title": title, "body": body}, KNOWN_NAMES, file.id, file.id)
    except FieldError as error:  # the path is no usable id
        yield file.error(str(error))


def title_and_rest(text: str) -> tuple[str, str]:
    """Return the first line that is not blank, and what follows it."""
    title, _, rest = text.strip().partition("\n")
    return title.strip(), rest.strip()
