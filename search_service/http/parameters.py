"""What the endpoints take: schemas of query parameters and of JSON bodies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate
from webargs.fields import DelimitedList

from search_service.completing import MAX_COMPLETIONS
from search_service.faceting import FACETS
from search_service.marking import COUNTS, LENGTHS, TAGS, HighlightOptions
from search_service.nearest import unknown
from search_service.search_request import MAX_FILTERS, SORTS

__all__ = [
    "HIT_FIELDS",
    "MAX_PAGE",
    "MAX_SEARCHES",
    "MAX_SIZE",
    "AnalyzeParameters",
    "BatchBody",
    "NoParameters",
    "SearchBody",
    "SearchParameters",
    "SimilarParameters",
    "SuggestParameters",
]

MAX_SIZE = 100
MAX_PAGE = 1_000_000
#: Most searches in one request.
MAX_SEARCHES = 20
#: What a hit holds besides its id and score.
HIT_FIELDS = (
    *("title", "url", "date", "language", "tags", "metadata"),
    *("highlighted_title", "snippets", "explanation"),
)

_AS_EVER = HighlightOptions()

_Q = "The query; empty for all documents. Arabic needs no diacritics."
_SIZE = "Hits on a page."
_PAGE = "Which page, from 1."
_MATCH = (
    "Whether a document must have any of the words or all of them, where the query does not say."
)
_STRICT = "Refuse a query with syntax errors, rather than mend it and warn."
_EXPLAIN = "Add how the query was understood and how each score came about."
_EXACT = "Search for these words without other spellings, names and synonyms."
_SORT = "The order: by relevance, by date or by id; a - in front turns it around."
_FACET = "Of which fields the values are counted, over all documents that match."
_FILTER = (
    "Conditions on fields that every hit must meet; they change no score. With AND, OR, NOT and "
    "parentheses; several words of one value stand between quotation marks."
)
_FILTERS = ['tags:(سياسة OR "علوم الأرض")', "year:2014..2016"]
_FIELDS = "What a hit holds besides its id and score; all of it, unless given."
_SEARCHES = (
    f"Up to {MAX_SEARCHES} searches, each an object as the body of POST /v1/search is. "
    "What is wrong with one is told in its place among the results."
)
_TAG = "The element around matches in html."
_LENGTH = "About how long a snippet is, in code points."
_COUNT = "Most snippets of a hit."
_WHOLE = "One snippet with the whole text, in place of pieces of it."
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
    return _between((1, most))


def _between(bounds: tuple[int, int]) -> validate.Range:
    return validate.Range(*bounds)


class _Names(DelimitedList):
    """Names between commas."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        # For the default in the OpenAPI document, where it is a list.
        return list(value)


class _Known(validate.OneOf):
    """One of some names; another one is told the nearest of them."""

    def __init__(self, what: str, names: Sequence[str]) -> None:
        super().__init__(names)
        self._what = what
        self._names = names

    def __call__(self, value: Any) -> Any:
        if value not in self._names:
            sentence = unknown(self._what, str(value), self._names)
            raise ValidationError(f"{sentence[0].upper()}{sentence[1:]}.")
        return value


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class NoParameters(_Strict):
    """Of an endpoint that takes none."""


def _name(what: str, known: Sequence[str]) -> fields.String:
    return fields.String(validate=_Known(what, known))


def _filter() -> fields.String:
    return fields.String(validate=_unicode)


_FILTER_COUNT = validate.Length(max=MAX_FILTERS)
_EVERY_FACET = list(FACETS)


class _Search(_Strict):
    q = fields.String(required=True, validate=_unicode, metadata=_doc(_Q, "طريق الحرير"))
    match = fields.String(
        load_default="any", validate=validate.OneOf(["any", "all"]), metadata=_doc(_MATCH, "all")
    )

    @post_load
    def _gather(self, found: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Make one value of how matches are to be shown; nothing is marked that nobody gets."""
        parts = ("tag", "length", "count", "whole")
        options = HighlightOptions(**{part: found.pop(f"highlight_{part}") for part in parts})
        if found["highlight"] and options != _AS_EVER:
            found["highlight"] = options
        if not {"highlighted_title", "snippets"} & set(found["chosen"]):
            found["highlight"] = False
        return found


# The same of GET and POST; a schema copies its fields.
_SORT_FIELD = fields.String(
    load_default="relevance",
    validate=_Known("sort", list(SORTS)),
    metadata=_doc(_SORT, "-date"),
)
_TAG_FIELD = fields.String(
    load_default=_AS_EVER.tag, validate=validate.OneOf(TAGS), metadata=_doc(_TAG, "em")
)


class SearchParameters(_Search):
    """Of ``GET /v1/search``."""

    size = fields.Integer(load_default=10, validate=_bounds(MAX_SIZE), metadata=_doc(_SIZE, 5))
    page = fields.Integer(load_default=1, validate=_bounds(MAX_PAGE), metadata=_doc(_PAGE, 1))
    sort = _SORT_FIELD
    filter = fields.List(
        _filter(),
        load_default=(),
        attribute="filters",
        validate=_FILTER_COUNT,
        metadata=_doc(f"{_FILTER} May be given several times.", _FILTERS),
    )
    facet = _Names(
        _name("facet", _EVERY_FACET),
        load_default=(),
        attribute="facets",
        metadata=_doc(f"{_FACET} Names between commas.", ["tags", "year"]),
    )
    chosen = _Names(
        _name("field", HIT_FIELDS),
        load_default=HIT_FIELDS,
        data_key="fields",
        metadata=_doc(f"{_FIELDS} Names between commas.", ["title", "url"]),
    )
    highlight = _QueryBoolean(load_default=True, metadata=_doc(_HIGHLIGHT))
    highlight_tag = _TAG_FIELD
    highlight_length = fields.Integer(
        load_default=_AS_EVER.length, validate=_between(LENGTHS), metadata=_doc(_LENGTH, 120)
    )
    highlight_count = fields.Integer(
        load_default=_AS_EVER.count, validate=_between(COUNTS), metadata=_doc(_COUNT, 1)
    )
    highlight_whole = _QueryBoolean(load_default=False, metadata=_doc(_WHOLE))
    strict = _QueryBoolean(load_default=False, metadata=_doc(_STRICT))
    explain = _QueryBoolean(load_default=False, metadata=_doc(_EXPLAIN))
    exact = _QueryBoolean(load_default=False, metadata=_doc(_EXACT))


class SearchBody(_Search):
    """Of ``POST /v1/search``: the same names, typed as JSON is."""

    size = _JsonInteger(load_default=10, validate=_bounds(MAX_SIZE), metadata=_doc(_SIZE, 5))
    page = _JsonInteger(load_default=1, validate=_bounds(MAX_PAGE), metadata=_doc(_PAGE, 1))
    sort = _SORT_FIELD
    filter = fields.List(
        _filter(),
        load_default=(),
        attribute="filters",
        validate=_FILTER_COUNT,
        metadata=_doc(_FILTER, _FILTERS),
    )
    facet = fields.List(
        _name("facet", _EVERY_FACET),
        load_default=(),
        attribute="facets",
        metadata=_doc(_FACET, ["tags", "year"]),
    )
    chosen = fields.List(
        _name("field", HIT_FIELDS),
        load_default=HIT_FIELDS,
        data_key="fields",
        metadata=_doc(_FIELDS, ["title", "url"]),
    )
    highlight = _JsonBoolean(load_default=True, metadata=_doc(_HIGHLIGHT))
    highlight_tag = _TAG_FIELD
    highlight_length = _JsonInteger(
        load_default=_AS_EVER.length, validate=_between(LENGTHS), metadata=_doc(_LENGTH, 120)
    )
    highlight_count = _JsonInteger(
        load_default=_AS_EVER.count, validate=_between(COUNTS), metadata=_doc(_COUNT, 1)
    )
    highlight_whole = _JsonBoolean(load_default=False, metadata=_doc(_WHOLE))
    strict = _JsonBoolean(load_default=False, metadata=_doc(_STRICT))
    explain = _JsonBoolean(load_default=False, metadata=_doc(_EXPLAIN))
    exact = _JsonBoolean(load_default=False, metadata=_doc(_EXACT))


class BatchBody(_Strict):
    """Of ``POST /v1/search/batch``."""

    searches = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(min=1, max=MAX_SEARCHES),
        metadata=_doc(_SEARCHES, [{"q": "طريق الحرير", "size": 3}, {"q": "", "facet": ["tags"]}]),
    )


class AnalyzeParameters(_Strict):
    """Of ``GET /v1/analyze``."""

    text = fields.String(
        required=True, validate=_unicode, metadata=_doc("The text to analyse.", "والمكتبات العربية")
    )


class SuggestParameters(_Strict):
    """Of ``GET /v1/suggest``."""

    q = fields.String(
        required=True, validate=_unicode, metadata=_doc("What was typed so far.", "الاميرك")
    )
    size = fields.Integer(
        load_default=8, validate=_bounds(MAX_COMPLETIONS), metadata=_doc("Most suggestions.", 8)
    )


class SimilarParameters(_Strict):
    """Of ``GET /v1/documents/{document_id}/similar``."""

    size = fields.Integer(
        load_default=5, validate=_bounds(MAX_SIZE), metadata=_doc("Most documents.", 5)
    )
