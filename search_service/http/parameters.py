"""What the endpoints take: schemas of query parameters and of JSON bodies."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

__all__ = [
    "MAX_PAGE",
    "MAX_SIZE",
    "AnalyzeParameters",
    "NoParameters",
    "SearchBody",
    "SearchParameters",
]

MAX_SIZE = 100
MAX_PAGE = 1_000_000

_Q = "The query; empty for all documents. Arabic needs no diacritics."
_SIZE = "Hits on a page."
_PAGE = "Which page, from 1."
_MATCH = (
    "Whether a document must have any of the words or all of them, where the query does not say."
)
_STRICT = "Refuse a query with syntax errors, rather than mend it and warn."
_EXPLAIN = "Add how the query was understood and how each score came about."
_HIGHLIGHT = "Add the title and pieces of the text with the matches marked."


def _unicode(text: str) -> None:
    """Refuse half surrogate pairs, which JSON can write but no text can contain."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError(f"Not Unicode text (character {error.start}).") from error


class _QueryBoolean(fields.Boolean):
    """``true`` or ``false``, also ``1`` or ``0``, as they come in a URL."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(truthy={"true", "1"}, falsy={"false", "0"}, **kwargs)


class _JsonBoolean(fields.Boolean):
    """JSON's ``true`` or ``false`` and nothing that looks like it."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class _JsonInteger(fields.Integer):
    """A JSON number without a fraction; not a string of digits, not ``true``."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        number = not isinstance(value, bool) and isinstance(value, (int, float))
        if not number or value != value // 1:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, *args, **kwargs)


def _doc(description: str, example: Any = None) -> dict[str, Any]:
    described: dict[str, Any] = {"description": description}
    if example is not None:
        described["examples"] = [example]
    return described


def _bounds(most: int) -> validate.Range:
    return validate.Range(min=1, max=most)


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class NoParameters(_Strict):
    """Of an endpoint that takes none."""


class _Search(_Strict):
    q = fields.String(required=True, validate=_unicode, metadata=_doc(_Q, "طريق الحرير"))
    match = fields.String(
        load_default="any", validate=validate.OneOf(["any", "all"]), metadata=_doc(_MATCH, "all")
    )


class SearchParameters(_Search):
    """Of ``GET /v1/search``."""

    size = fields.Integer(load_default=10, validate=_bounds(MAX_SIZE), metadata=_doc(_SIZE, 5))
    page = fields.Integer(load_default=1, validate=_bounds(MAX_PAGE), metadata=_doc(_PAGE, 1))
    strict = _QueryBoolean(load_default=False, metadata=_doc(_STRICT))
    explain = _QueryBoolean(load_default=False, metadata=_doc(_EXPLAIN))
    highlight = _QueryBoolean(load_default=True, metadata=_doc(_HIGHLIGHT))


class SearchBody(_Search):
    """Of ``POST /v1/search``: the same names, typed as JSON is."""

    size = _JsonInteger(load_default=10, validate=_bounds(MAX_SIZE), metadata=_doc(_SIZE, 5))
    page = _JsonInteger(load_default=1, validate=_bounds(MAX_PAGE), metadata=_doc(_PAGE, 1))
    strict = _JsonBoolean(load_default=False, metadata=_doc(_STRICT))
    explain = _JsonBoolean(load_default=False, metadata=_doc(_EXPLAIN))
    highlight = _JsonBoolean(load_default=True, metadata=_doc(_HIGHLIGHT))


class AnalyzeParameters(_Strict):
    """Of ``GET /v1/analyze``."""

    text = fields.String(
        required=True, validate=_unicode, metadata=_doc("The text to analyse.", "والمكتبات العربية")
    )
