"""What the endpoints answer, searches aside: schemas that describe it in the OpenAPI document.

They describe and do not build; a test holds them and the answers together.
"""

from __future__ import annotations

from marshmallow import fields, validate

from search_service.http.describing import Described
from search_service.http.describing import described as _doc
from search_service.http.describing import number as _number
from search_service.http.describing import text as _text
from search_service.http.search_schemas import ID, TIERS, URL

__all__ = [
    "AnalysisSchema",
    "DocumentSchema",
    "HealthSchema",
    "ProblemSchema",
    "ReadinessSchema",
    "StatsSchema",
]

_PROBLEM = "synonyms.tsv, line 3: an empty member; remove the | or tab or => too many"


class DocumentSchema(Described):
    """One document. Optional members are left out where the document has none."""

    id = _text(ID, "history/002-silk-road")
    title = _text("The title; may be empty.", "قوافل طريق الحرير")
    body = _text("The whole text.", "كان طريق الحرير شبكة من الطرق")
    url = _text(URL, "https://example.org/2", required=False)
    date = fields.Date(metadata=_doc("Day of publication.", "2021-05-04"))
    language = _text("BCP 47 tag.", "ar", required=False)
    tags = fields.List(fields.String(), metadata=_doc("Tags.", ["تاريخ"]))
    metadata = fields.Dict(keys=fields.String(), metadata=_doc("Whatever was stored with it."))


class StepSchema(Described):
    """One rule that changed a word."""

    rule = _text("Which rule.", "strip proclitic وال")
    tier = _text("In which form.", "stem", validate=validate.OneOf(TIERS))
    before = _text("The word before.", "والمكتبات")
    after = _text("The word after.", "مكتبات")


class FormsSchema(Described):
    """The forms in which a word is indexed, strictest first."""

    exact = _text("As written.", "والمكتبات")
    folded = _text("Letters of one sound made one.", "والمكتبات")
    stem = _text("Without prefixes and suffixes.", "مكتب")
    root = _text("The root.", "كتب")


class AnalyzedTokenSchema(Described):
    """A word of the text, and what becomes of it."""

    text = _text("The word as it stands in the text.", "والمكتبات")
    start = _number("First character, in code points.", 0)
    end = _number("Behind the last character, in code points.", 9)
    position = _number("Which word of the text, from 0.", 0)
    forms = fields.Nested(FormsSchema, required=True)
    steps = fields.List(
        fields.Nested(StepSchema), required=True, metadata=_doc("The rules, in order.")
    )


class AnalysisSchema(Described):
    """A text and its words as the index sees them."""

    text = _text("The text.", "والمكتبات العربية")
    tokens = fields.List(
        fields.Nested(AnalyzedTokenSchema), required=True, metadata=_doc("In order.")
    )


class StatsSchema(Described):
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
    synonyms = _number("Groups of the user's table of synonyms that are in force.", 12)
    problems = fields.List(
        fields.String(),
        required=True,
        metadata=_doc("What is amiss though searches are answered.", [_PROBLEM]),
    )


class HealthSchema(Described):
    """One word."""

    status = _text("The state.", "ok", validate=validate.OneOf(["ok"]))


class ReadinessSchema(Described):
    """The index can answer."""

    status = _text("The state.", "ready", validate=validate.OneOf(["ready"]))
    details = fields.List(
        fields.String(),
        required=True,
        metadata=_doc("What is amiss though searches are answered.", [_PROBLEM]),
    )


class FieldErrorSchema(Described):
    """What is wrong with one field."""

    field = _text("The parameter or body member.", "size")
    message = _text("What is wrong.", "Must be greater than or equal to 1 ...")


class SpanSchema(Described):
    """A part of the query, or of a filter, in code points."""

    start = _number("First character.", 0)
    end = _number("Behind the last character.", 5)


class ProblemSchema(Described):
    """An error, as RFC 9457 has it."""

    type = _text("A kind of this service, or about:blank.", "/problems/validation")
    title = _text("The kind in words.", "The request has unusable parameters")
    status = _number("The HTTP status.", 422)
    detail = _text("This error in words.", "Look at: size.")
    instance = _text("The path that was asked for.", "/v1/search")
    request_id = _text("As in X-Request-Id and in the log.", "5f0c7c0f3c1d4a0c9a0e")
    errors = fields.List(fields.Nested(FieldErrorSchema), metadata=_doc("Of kind validation."))
    span = fields.Nested(SpanSchema, metadata=_doc("Of kind query-syntax, and of filters."))
