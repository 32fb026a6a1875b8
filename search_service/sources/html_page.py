"""What an HTML page says of itself, and its text in blocks."""

from __future__ import annotations

import re
from typing import Any

from search_service.sources.dates import parse_date
from search_service.sources.records import split_tags

__all__ = ["block_text", "declared_encoding", "page_record", "parse_page", "without_menus"]

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_SITE_SEPARATOR = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
_MENUS = """//nav | //*[@role='navigation' or @role='search']
    | //aside[not(ancestor::article)]
    | //*[self::header or self::footer or @role='banner' or @role='contentinfo']
         [not(ancestor::article or ancestor::main or self::body)]"""
_SILENT = frozenset(
    ("title", "script", "style", "template", "noscript", "iframe", "svg", "button", "select")
)
# Tags of HTML, and those that trafilatura turns them into (its <head> is a heading).
_INLINE_NAMES = """
    a abbr acronym b bdi bdo big cite code data del dfn em font hi i img ins kbd label mark
    q ref rp rt ruby s samp small span strike strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_CELLS = frozenset(("td", "th", "cell"))


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that a page names in its first kilobytes, if it does."""
    match = _CHARSET.search(data[:4096])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


def parse_page(text: str) -> Any:
    """Return the lxml tree of a page, ``None`` if there is nothing in it."""
    # Imported here: it takes longer than all the rest of the package.
    from trafilatura import load_html

    # It refuses fragments that do not say near their beginning that they are HTML.
    return load_html(text if "<html" in text[:50].lower() else f"<html>{text}")


def page_record(tree: Any) -> dict[str, Any]:
    """Return what the head and the marks of a page say, as a record with our names."""
    return {
        "title": _title(tree),
        "date": _date(tree),
        "tags": [
            *_values(tree, "//meta[@property='article:tag']/@content"),
            *split_tags(_first(tree, _meta("name", "keywords")) or ""),
        ],
        "url": _first(tree, "//link[@rel='canonical']/@href"),
        "language": _first(tree, "/html/@lang", "/html/@xml:lang", "//body/@lang"),
        "author": _first(tree, _meta("name", "author")),
        "description": _first(
            tree, _meta("name", "description"), "//meta[@property='og:description']/@content"
        ),
    }


def without_menus(tree: Any) -> Any:
    """Take navigation, page heads and feet, and side columns out of ``tree``."""
    # Of a short article trafilatura would keep them, for want of anything longer.
    for element in tree.xpath(_MENUS):
        if element.getparent() is not None:
            element.drop_tree()
    return tree


def block_text(element: Any) -> str:
    """Return the text of ``element``, one line per paragraph, item or table row."""
    lines = (" ".join(line.split()) for line in "".join(_pieces(element)).split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(element: Any) -> list[str]:
    name = element.tag if isinstance(element.tag, str) else ""  # comments have no name
    edge = " " if name in _CELLS else "" if name in _INLINE else "\n"
    if not name or name in _SILENT:
        return [" "]
    # Line ends in the source are spaces; in <pre> they are worth no rule of their own.
    pieces = [edge, " ".join((element.text or "").split("\n"))]
    for child in element:
        pieces += _pieces(child)
        pieces.append(" ".join((child.tail or "").split("\n")))
    return [*pieces, edge]


def _meta(attribute: str, value: str) -> str:
    lower = "translate(@{0}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
    return f"//meta[{lower.format(attribute)}='{value}']/@content"


def _values(tree: Any, path: str) -> list[str]:
    texts = (" ".join(str(value).split()) for value in tree.xpath(path))
    return [text for text in texts if text]


def _first(tree: Any, *paths: str) -> str | None:
    return next((value for path in paths for value in _values(tree, path)), None)


def _title(tree: Any) -> str | None:
    headings = [" ".join(heading.text_content().split()) for heading in tree.xpath("//h1")]
    title = _first(tree, "//meta[@property='og:title']/@content", "//title/text()")
    if title is None:
        return next(filter(None, headings), None)
    # "Article | Site": the site's name is cut off where the page shows what the article's is.
    for match in _SITE_SEPARATOR.finditer(title):
        article = title[: match.start()]
        if article and any(heading.startswith(article) for heading in headings):
            return article
    return title


def _date(tree: Any) -> str | None:
    stated = _first(
        tree, "//meta[@property='article:published_time']/@content", _meta("name", "date")
    )
    if stated:
        return stated
    # <time> marks hours and durations as well; the first day is the article's.
    return next(filter(_is_date, _values(tree, "//time/@datetime")), None)


def _is_date(written: str) -> bool:
    try:
        parse_date(written)
    except ValueError:
        return False
    return True
