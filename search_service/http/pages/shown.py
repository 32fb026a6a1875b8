"""What templates show of documents: links, tags, days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from search_service.http.pages.state import State
from search_service.query.filtering import filter_for
from search_service.schema import Document

__all__ = ["language_tag", "shortened", "source_name", "tag_links"]

_LONGEST_PART = 60

_TAG_OF_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_WORD = re.compile(r"[^\W_]")


def language_tag(language: str | None) -> str | None:
    """Return a document's language if it looks like one: it becomes an attribute."""
    return language if language and _TAG_OF_LANGUAGE.fullmatch(language) else None


def source_name(url: str | None, metadata: Mapping[str, Any]) -> str | None:
    """Return where a document is from, as filters know it."""
    return Document(id="-", url=url, metadata=metadata).source


def tag_links(tags: tuple[str, ...], state: State) -> list[dict[str, str | None]]:
    """Return tags, each with the page of all documents that have it, if it can be asked for."""
    everything = State(lang=state.lang)
    return [
        {
            "name": tag,
            "url": everything.toggled(filter_for("tags", tag)).url if _WORD.search(tag) else None,
        }
        for tag in tags
    ]


def shortened(part: str) -> str:
    """Return a part of a query as a page repeats it: of a long one, the beginning."""
    return part if len(part) <= _LONGEST_PART else f"{part[:_LONGEST_PART]}…"
