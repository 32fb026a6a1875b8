"""One record (JSON object, table row, front matter) to one document."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources.cleaning import FieldError, clean_text, clean_value
from search_service.sources.dates import parse_date
from search_service.sources.source_file import SourceFile

__all__ = [
    "KNOWN_NAMES",
    "Names",
    "field_names",
    "pick",
    "record_result",
    "split_tags",
    "to_document",
]

Names = Mapping[str, Sequence[str]]

# Per field of a document, the names that it may have in a record, best first.
KNOWN_NAMES: Names = {
    "id": ("id", "_id"),
    "title": ("title",),
    "body": ("body", "text", "content"),
    "url": ("url", "link", "path"),
    "date": ("date", "published", "published_at", "publication_date"),
    "language": ("language", "lang"),
    "tags": ("tags", "keywords", "categories"),
}

_MAX_ID = 512
_TAG_SEPARATORS = re.compile("[|,;\u060c\u061b]")
_KINDS = {bool: "true or false", list: "a list", dict: "an object"}


def field_names(mapping: Mapping[str, str] | None = None) -> Names:
    """Return the names to look for, those of ``mapping`` (our field -> theirs) first.

    Raises :class:`ValueError` for a field that documents do not have: that is
    the caller's mistake, no file's.
    """
    mapping = mapping or {}
    if unknown := sorted(set(mapping) - set(KNOWN_NAMES)):
        raise ValueError(f"no such field: {', '.join(unknown)} (known: {', '.join(KNOWN_NAMES)})")
    return {
        field: (mapping[field], *known) if field in mapping else known
        for field, known in KNOWN_NAMES.items()
    }


def pick(record: Mapping[str, Any], names: Sequence[str]) -> tuple[str, Any]:
    """Return the first of ``names`` that has a value in ``record``, and the value.

    Nulls and blank text count as no value; ``("", None)`` where there is none.
    """
    return next(
        ((name, record[name]) for name in names if not _blank(record.get(name))), ("", None)
    )


def record_result(
    file: SourceFile, record: object, names: Names, number: int, line: int | None
) -> Document | SourceError:
    """Return the document of the record ``number`` (from 1), or why it is none."""
    if not isinstance(record, Mapping):
        return file.error(f"record {number} must be an object, not {_kind(record)}", line)
    try:
        return to_document(record, names, f"{file.id}#{number}")
    except FieldError as error:
        return file.error(str(error), line)


def to_document(
    record: Mapping[str, Any], names: Names, default_id: str, default_url: str | None = None
) -> Document:
    """Build a document; what no field takes becomes its metadata.

    Raises :class:`FieldError` naming the field whose value cannot be used.
    """
    found = {field: pick(record, names[field]) for field in KNOWN_NAMES}
    title = _text(*found["title"]).strip()
    body = _text(*found["body"])
    if not title and not body.strip():
        raise FieldError("neither title nor body")
    return Document(
        id=_id(_text(*found["id"]).strip() or default_id),
        title=title,
        body=body,
        url=_text(*found["url"]).strip() or default_url,
        date=_date(*found["date"]),
        language=_text(*found["language"]).strip() or None,
        tags=_tags(*found["tags"]),
        metadata=_metadata(record, names, {name for name, _ in found.values()}),
    )


def split_tags(written: str) -> list[str]:
    """Return the parts between bars, commas and semicolons, Latin or Arabic."""
    return _TAG_SEPARATORS.split(written)


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _kind(value: object) -> str:
    return _KINDS.get(type(value), f"{value!r:.40}")


def _text(name: str, value: Any) -> str:
    """Return text; a number is taken as it is written, since files rarely quote an id."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise FieldError(f"{name}: must be text, not {_kind(value)}")
    return str(value)


def _id(written: str) -> str:
    if len(written) > _MAX_ID:
        raise FieldError(f"id: {len(written)} characters long, more than {_MAX_ID}")
    if any(unicodedata.category(character) == "Cc" for character in written):
        raise FieldError(f"id: has a control character: {written!r}")
    return written


def _date(name: str, value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    written = _text(name, value)
    try:
        return parse_date(written) if written else None
    except ValueError as error:
        raise FieldError(f"{name}: bad date {written[:80]!r}") from error


def _tags(name: str, value: Any) -> tuple[str, ...]:
    """Return the tags without repeats; only one text, not a list, is split."""
    if isinstance(value, (list, tuple)):
        parts = [_text(name, part) for part in value]
    else:
        parts = split_tags(_text(name, value))
    return tuple(dict.fromkeys(tag for part in parts if (tag := part.strip())))


def _metadata(record: Mapping[str, Any], names: Names, used: set[str]) -> dict[str, Any]:
    known = {name for group in names.values() for name in group}
    rest = {
        clean_text(str(name)): clean_value(str(name), value)
        for name, value in record.items()
        # A second name of a field (`keywords` beside `tags`) is kept if it says something.
        if name not in used and not (name in known and _blank(value))
    }
    inner = rest.pop("metadata", None)
    if isinstance(inner, dict):
        # What Document.to_json wrote comes back as it was.
        return inner | rest
    return rest if inner is None else rest | {"metadata": inner}
