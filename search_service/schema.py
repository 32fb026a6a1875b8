"""What a document is, and which of its fields are searched, and how."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

__all__ = ["DEFAULT_SCHEMA", "MARKS", "Document", "Field", "FieldKind", "Schema", "Tier"]

#: The hidden field of what vowel marks say in a document (``analysis/vocalisation.py``).
MARKS = "marks"


class Tier(str, Enum):
    """The forms in which every word of a text field is indexed, strictest first."""

    EXACT = "exact"
    FOLDED = "folded"
    STEM = "stem"
    ROOT = "root"

    # That of Enum is computed anew whenever a tier is looked up.
    __hash__ = str.__hash__


class FieldKind(str, Enum):
    """How a field is indexed.

    Analysed text; whole values compared by their folded words; one whole value
    compared letter by letter; a day; a number.
    """

    TEXT = "text"
    KEYWORD = "keyword"
    ID = "id"
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """One searchable field.

    ``name`` is its name in queries (``tag:``), ``source`` the attribute of
    :class:`Document` that it is filled from (``tags``). A ``hidden`` field is
    filled from the text of other fields, and no query can name it.
    """

    name: str
    kind: FieldKind
    source: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """The searchable fields of an index, in a fixed order."""

    fields: tuple[Field, ...]

    def get(self, name: str) -> Field | None:
        """Return the field called ``name``, or ``None``."""
        return next((f for f in self.fields if f.name == name), None)

    @property
    def visible(self) -> tuple[Field, ...]:
        """The fields that a query can name, in order."""
        return tuple(f for f in self.fields if not f.hidden)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the visible fields, in order."""
        return tuple(f.name for f in self.visible)

    def of_kind(self, kind: FieldKind) -> tuple[Field, ...]:
        """Return the fields of one kind, in order."""
        return tuple(f for f in self.fields if f.kind is kind)

    def fingerprint(self) -> str:
        """Return a short hash that changes when a field is added, renamed or changes kind."""
        described = [[f.name, f.kind.value, f.source] for f in self.fields]
        return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:16]


DEFAULT_SCHEMA = Schema(
    (
        Field("title", FieldKind.TEXT, "title"),
        Field("body", FieldKind.TEXT, "body"),
        Field("id", FieldKind.ID, "id"),
        Field("tag", FieldKind.KEYWORD, "tags"),
        Field("language", FieldKind.KEYWORD, "language"),
        Field("date", FieldKind.DATE, "date"),
        Field("source", FieldKind.KEYWORD, "source"),
        Field(MARKS, FieldKind.KEYWORD, "", hidden=True),
    )
)


# Made once: json.dumps() and json.loads() look at their arguments for as long as it takes to write
# or read a short document.
_AS_TEXT = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str).encode
_FROM_TEXT = json.JSONDecoder().raw_decode

_NO_METADATA: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Document:
    """One document, as it goes in and as it comes out again.

    ``id`` is unique in an index: a later document with the same id replaces
    the earlier. ``url`` is where a reader finds the original (a URL or a
    path). ``date`` is the day of publication. ``language`` is a BCP 47 tag.
    ``metadata`` is any JSON object; it is stored, and of it ``source`` alone is searched.

    >>> Document(id="1", title="خبر", body="وصل القطار").title
    'خبر'
    """

    id: str
    title: str = ""
    body: str = ""
    url: str | None = None
    date: datetime.date | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=lambda: _NO_METADATA)

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise ValueError("a document needs a non-empty string as its id")
        if not isinstance(self.tags, tuple):
            # A list is what callers have at hand; a plain string would be taken letter by letter.
            tags = (self.tags,) if isinstance(self.tags, str) else tuple(self.tags)
            object.__setattr__(self, "tags", tags)

    @property
    def source(self) -> str | None:
        """Where the document is from: ``metadata["source"]``, else the host of its URL.

        A text in the metadata goes first; the host is without ``www.``. ``None``
        where there is neither.

        >>> Document(id="1", url="https://www.example.org/news/1").source
        'example.org'
        """
        named = self.metadata.get("source")
        if isinstance(named, str) and named.strip():
            return named.strip()
        if not self.url:
            return None
        try:
            host = urlsplit(self.url).hostname
        except ValueError:  # "http://[" and the like
            return None
        return host.removeprefix("www.") or None if host else None

    def to_json(self) -> dict[str, Any]:
        """Return the document as a JSON object; empty optional parts are left out."""
        parts = {
            "id": self.id,
            "title": self.title,
            "body": self.body,
            "url": self.url,
            "date": self.date.isoformat() if self.date else None,
            "language": self.language,
            "tags": list(self.tags),
            "metadata": dict(self.metadata),
        }
        always = {"id", "title", "body"}
        return {name: value for name, value in parts.items() if value or name in always}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Document:
        """Build a document from what :meth:`to_json` returned."""
        day = stored.get("date")
        return cls(
            id=stored["id"],
            title=stored.get("title", ""),
            body=stored.get("body", ""),
            url=stored.get("url"),
            date=datetime.date.fromisoformat(day) if day else None,
            language=stored.get("language"),
            tags=tuple(stored.get("tags", ())),
            metadata=stored.get("metadata", {}),
        )

    def to_text(self) -> str:
        """Return a line of JSON with all but the body, and the body behind it as it is.

        Equal documents have equal texts. What JSON does not know is written as
        its ``str``. May hold lone surrogates.
        """
        head = self.to_json()
        # Most of a document is its body, which is read and written faster without escapes.
        body = head.pop("body")
        return f"{_AS_TEXT(head)}\n{body}"

    @classmethod
    def from_text(cls, stored: str) -> Document:
        """Build a document from what :meth:`to_text` returned.

        >>> Document.from_text(Document(id="1", body="وصل القطار").to_text()).body
        'وصل القطار'
        """
        head, end = _FROM_TEXT(stored)
        head["body"] = stored[end + 1 :]
        return cls.from_json(head)

    @staticmethod
    def head(stored: str) -> dict[str, Any]:
        """Return what :meth:`from_json` takes, but for the body, of the beginning of a text."""
        head: dict[str, Any] = _FROM_TEXT(stored)[0]
        return head

    def content_hash(self) -> str:
        """Return a hash of everything in the document: equal hashes need no new analysis."""
        return hashlib.sha256(self.to_text().encode("utf-8", "surrogatepass")).hexdigest()[:32]
