"""What the endpoints answer: schemas that describe it in the OpenAPI document.

They describe and do not build: the values of :mod:`search_service.results`
know their own JSON shape, and a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from search_service.schema import Tier

__all__ = [
    "AnalysisSchema",
    "DocumentSchema",
    "HealthSchema",
    "ProblemSchema",
    "SearchResultsSchema",
    "StatsSchema",
]

_TIERS = [tier.value for tier in Tier]
_ID = "The document's id, unique in the index."
_URL = "Where a reader finds the original: a URL or a path."


def _doc(description: str, example: Any = None) -> dict[str, Any]:
    described: dict[str, Any] = {"description": description}
    if example is not None:
        described["examples"] = [example]
    return described


def _text(description: str, example: Any = None, **options: Any) -> fields.String:
    return fields.String(**{"required": True, **options}, metadata=_doc(description, example))


def _number(description: str, example: Any = None, **options: Any) -> fields.Integer:
    settings = {"required": True, "validate": validate.Range(min=0), **options}
    return fields.Integer(**settings, metadata=_doc(description, example))


class _Described(Schema):
    class Meta:
        # Without it the document would allow members that no answer has.
        unknown = RAISE


class RangeSchema(_Described):
    """A match in a snippet, counted in code points and, for JavaScript, in UTF-16 units."""

    start = _number("First character, in code points from the beginning of the snippet.", 4)
    end = _number("Behind the last character, in code points.", 11)
    utf16_start = _number("As start, in UTF-16 units.", 4)
    utf16_end = _number("As end, in UTF-16 units.", 11)
    tier = _text(
        "The strictest form in which the word matched.", "folded", validate=validate.OneOf(_TIERS)
    )


class SnippetSchema(_Described):
    """A piece of a field with its matches."""

    field = _text("The field that the piece is from.", "body")
    text = _text("The piece, as it stands in the document.", "كان طريق الحرير شبكة من الطرق")
    html = _text(
        "The piece as safe HTML: everything escaped, matches in mark elements.",
        "كان <mark>طريق</mark> <mark>الحرير</mark> شبكة من الطرق",
    )
    ranges = fields.List(
        fields.Nested(RangeSchema), required=True, metadata=_doc("The matches, in order.")
    )


class HitSchema(_Described):
    """One found document."""

    id = _text(_ID, "history/002-silk-road")
    score = fields.Float(required=True, metadata=_doc("Higher is better.", 7.25))
    title = _text("The title; may be empty.", "قوافل طريق الحرير")
    url = _text(_URL, "https://example.org/2", allow_none=True)
    date = fields.Date(
        required=True, allow_none=True, metadata=_doc("Day of publication.", "2021-05-04")
    )
    language = _text("BCP 47 tag.", "ar", allow_none=True)
    tags = fields.List(fields.String(), required=True, metadata=_doc("Tags.", ["تاريخ"]))
    metadata = fields.Dict(
        keys=fields.String(), required=True, metadata=_doc("Whatever was stored with it.")
    )
    highlighted_title = fields.Nested(
        SnippetSchema,
        required=True,
        allow_none=True,
        metadata=_doc("The title with its matches; null where not asked for or not matched."),
    )
    snippets = fields.List(
        fields.Nested(SnippetSchema), required=True, metadata=_doc("The best pieces of the text.")
    )
    explanation = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        metadata=_doc("With explain: the part of each field.tier:term in the score."),
    )


class WarningSchema(_Described):
    """Something in the query that was understood otherwise than it may have been meant."""

    code = _text("Stable, for programs.", "unbalanced-quote")
    message = _text("A sentence for a person.", "a quotation mark is not closed")
    start = _number("Where it begins in the query, in code points.", 0)
    end = _number("Where it ends in the query, in code points.", 5)


class CorrectionSchema(_Described):
    """A word of the query that may be misspelt."""

    start = _number("Where it begins in the query, in code points.", 0)
    end = _number("Where it ends in the query, in code points.", 6)
    typed = _text("The word as it was typed.", "المضاهرات")
    meant = _text("What may be meant.", "المظاهرات")


class SuggestionSchema(_Described):
    """A query that may have been meant."""

    query = _text("The corrected query.", "المظاهرات")
    total = _number("How many documents it finds.", 12)
    corrections = fields.List(
        fields.Nested(CorrectionSchema), required=True, metadata=_doc("What was changed.")
    )


class SearchResultsSchema(_Described):
    """A page of hits."""

    query = _text("The query as it was given.", "طريق الحرير")
    total = _number("All documents that match.", 42)
    page = _number("This page.", 1)
    size = _number("Most hits on a page.", 10)
    took_ms = fields.Float(required=True, metadata=_doc("Milliseconds.", 3.7))
    hits = fields.List(fields.Nested(HitSchema), required=True, metadata=_doc("Best first."))
    warnings = fields.List(
        fields.Nested(WarningSchema), required=True, metadata=_doc("About the query.")
    )
    suggestions = fields.List(
        fields.Nested(SuggestionSchema),
        required=True,
        metadata=_doc("Queries in other spellings that find more, the likeliest first."),
    )
    explanation = fields.Dict(
        keys=fields.String(), metadata=_doc("With explain: the query as it was understood.")
    )


class DocumentSchema(_Described):
    """One document. Optional members are left out where the document has none."""

    id = _text(_ID, "history/002-silk-road")
    title = _text("The title; may be empty.", "قوافل طريق الحرير")
    body = _text("The whole text.", "كان طريق الحرير شبكة من الطرق")
    url = _text(_URL, "https://example.org/2", required=False)
    date = fields.Date(metadata=_doc("Day of publication.", "2021-05-04"))
    language = _text("BCP 47 tag.", "ar", required=False)
    tags = fields.List(fields.String(), metadata=_doc("Tags.", ["تاريخ"]))
    metadata = fields.Dict(keys=fields.String(), metadata=_doc("Whatever was stored with it."))


class StepSchema(_Described):
    """One rule that changed a word."""

    rule = _text("Which rule.", "strip proclitic وال")
    tier = _text("In which form.", "stem", validate=validate.OneOf(_TIERS))
    before = _text("The word before.", "والمكتبات")
    after = _text("The word after.", "مكتبات")


class FormsSchema(_Described):
    """The forms in which a word is indexed, strictest first."""

    exact = _text("As written.", "والمكتبات")
    folded = _text("Letters of one sound made one.", "والمكتبات")
    stem = _text("Without prefixes and suffixes.", "مكتب")
    root = _text("The root.", "كتب")


class AnalyzedTokenSchema(_Described):
    """A word of the text, and what becomes of it."""

    text = _text("The word as it stands in the text.", "والمكتبات")
    start = _number("First character, in code points.", 0)
    end = _number("Behind the last character, in code points.", 9)
    position = _number("Which word of the text, from 0.", 0)
    forms = fields.Nested(FormsSchema, required=True)
    steps = fields.List(
        fields.Nested(StepSchema), required=True, metadata=_doc("The rules, in order.")
    )


class AnalysisSchema(_Described):
    """A text and its words as the index sees them."""

    text = _text("The text.", "والمكتبات العربية")
    tokens = fields.List(
        fields.Nested(AnalyzedTokenSchema), required=True, metadata=_doc("In order.")
    )


class StatsSchema(_Described):
    """What the index is and holds."""

    engine = _text("The engine that made the index.", "whoosh")
    format = _number("Version of the index format.", 1)
    generation = _number("Rises with every change.", 3)
    documents = _number("Documents in the index.", 120)
    tokens = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata=_doc("Words in each text field.", {"title": 700, "body": 41000}),
    )
    bytes = _number("Size on disk.", 2_400_000)
    created = _text("When the index was made, UTC.", "2025-01-01T00:00:00Z")
    updated = _text("When it last changed, UTC.", "2025-01-02T00:00:00Z")
    analyzer = _text("Fingerprint of the analysis.", "0f3a9c1e5b7d2468")
    schema = _text("Fingerprint of the fields.", "8642d7b5e1c9a3f0")


class HealthSchema(_Described):
    """One word."""

    status = _text("The state.", "ok", validate=validate.OneOf(["ok", "ready"]))


class FieldErrorSchema(_Described):
    """What is wrong with one field."""

    field = _text("The parameter or body member.", "size")
    message = _text("What is wrong.", "Must be greater than or equal to 1 ...")


class SpanSchema(_Described):
    """A part of the query, in code points."""

    start = _number("First character.", 0)
    end = _number("Behind the last character.", 5)


class ProblemSchema(_Described):
    """An error, as RFC 9457 has it."""

    type = _text("A kind of this service, or about:blank.", "/problems/validation")
    title = _text("The kind in words.", "The request has unusable parameters")
    status = _number("The HTTP status.", 422)
    detail = _text("This error in words.", "Look at: size.")
    instance = _text("The path that was asked for.", "/v1/search")
    request_id = _text("As in X-Request-Id and in the log.", "5f0c7c0f3c1d4a0c9a0e")
    errors = fields.List(fields.Nested(FieldErrorSchema), metadata=_doc("Of kind validation."))
    span = fields.Nested(SpanSchema, metadata=_doc("Of kind query-syntax."))
