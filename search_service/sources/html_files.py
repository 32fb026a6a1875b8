"""HTML pages: the article, without menus and side columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources.cleaning import FieldError
from search_service.sources.html_page import (
    block_text,
    declared_encoding,
    page_record,
    parse_page,
    without_menus,
)
from search_service.sources.reading import read_text, unix_lines
from search_service.sources.records import KNOWN_NAMES, Names, to_document
from search_service.sources.source_file import SourceFile

__all__ = ["read_html"]

# Under this trafilatura takes its last resort, which runs paragraphs together.
_ENOUGH = 250


def read_html(file: SourceFile, names: Names) -> Iterator[Document | SourceError]:
    """Yield the one document of a page; nothing is fetched from the network."""
    tree = parse_page(unix_lines(read_text(file, declared_encoding)))
    if tree is None:
        raise file.error("not an HTML page")
    record = {name: value for name, value in page_record(tree).items() if value}
    record["body"] = _without_title(_main_text(tree), record.get("title"))
    try:
        yield to_document(record, KNOWN_NAMES, file.id, file.id)
    except FieldError as error:
        yield file.error(str(error))


def _main_text(tree: Any) -> str:
    """Return the text of the article, or all text where none can be told from the rest."""
    # Imported here: it takes longer than all the rest of the package.
    from trafilatura import bare_extraction

    page = without_menus(tree)
    # Recall before precision: an article is better found with a line too many.
    found: Any = bare_extraction(
        page, favor_recall=True, include_comments=False, include_tables=True
    )
    text = block_text(found.body) if found is not None else ""
    return text if len(text) >= _ENOUGH else _all_text(page) or text


def _all_text(page: Any) -> str:
    for path in ("//article[not(ancestor::article)]", "//main", "//body"):
        parts = [block_text(element) for element in page.xpath(path)]
        if any(parts):
            return "\n".join(filter(None, parts))
    return block_text(page)


def _without_title(text: str, title: str | None) -> str:
    first, _, rest = text.partition("\n")
    return rest if title is not None and first == title else text
