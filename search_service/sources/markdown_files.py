"""Markdown files: front matter, a title, and the text without its marks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources.cleaning import FieldError
from search_service.sources.front_matter import BrokenFrontMatterError, split_front_matter
from search_service.sources.reading import read_text, unix_lines
from search_service.sources.records import Names, pick, to_document
from search_service.sources.source_file import SourceFile
from search_service.sources.text_files import title_and_rest

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["plain_text", "read_markdown"]

_TAGS = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    heading: bool = False


def read_markdown(file: SourceFile, names: Names) -> Iterator[Document | SourceError]:
    """Yield the one document of a Markdown file.

    The title is that of the front matter, or the first heading, or the first
    line; a heading at the top that repeats it is not repeated in the body.
    """
    try:
        record, text = split_front_matter(unix_lines(read_text(file)))
    except BrokenFrontMatterError as error:
        raise file.error(str(error), error.line) from error
    blocks = _blocks(text)
    named, title = pick(record, names["title"])
    title = title or next((" ".join(b.text.split()) for b in blocks if b.heading), None)
    body = _join(blocks[1:] if blocks and blocks[0] == _Block(str(title), True) else blocks)
    if title is None:
        title, body = title_and_rest(body)
    # Ours come first among the names, whatever the front matter calls its own.
    rest = {name: value for name, value in record.items() if name != named}
    whole = {**rest, names["title"][0]: title, names["body"][0]: body}
    try:
        yield to_document(whole, names, file.id, file.id)
    except FieldError as error:
        yield file.error(str(error))


def plain_text(markdown: str) -> str:
    """Return the text of ``markdown``: words, link texts and code, without marks."""
    return _join(_blocks(markdown))


def _join(blocks: Sequence[_Block]) -> str:
    return "\n\n".join(block.text for block in blocks)


def _blocks(markdown: str) -> list[_Block]:
    # Imported here: only Markdown files need it.
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    return [block for block in _walk(tokens) if block.text.strip()]


def _walk(tokens: Sequence[Token]) -> Iterator[_Block]:
    """Yield a block per paragraph, heading, list item, piece of code and table row."""
    cells: list[str] | None = None
    opened = ""
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield _Block("\t".join(cells or ()))
            cells = None
        elif token.type == "inline":
            text = _inline(token.children or ())
            if cells is None:
                yield _Block(text.strip(), opened == "heading_open")
            else:
                cells.append(text)
        elif token.type in ("fence", "code_block"):
            yield _Block(token.content.rstrip("\n"))
        elif token.type == "html_block":
            yield _Block(html.unescape(_TAGS.sub("", token.content)).strip())
        opened = token.type


def _inline(tokens: Sequence[Token]) -> str:
    return "".join(map(_inline_text, tokens))


def _inline_text(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.children:  # an image, with its description
        return _inline(token.children)
    return token.content if token.type in ("text", "text_special", "code_inline") else ""
