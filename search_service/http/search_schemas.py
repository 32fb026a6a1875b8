"""What searches answer: schemas that describe it in the OpenAPI document.

They describe and do not build: the values of :mod:`search_service.results`
know their own JSON shape, and a test holds the two together.
"""

from __future__ import annotations

from marshmallow import fields, validate

from search_service.advice import Reason
from search_service.faceting import FACETS, MAX_VALUES
from search_service.http.describing import Described
from search_service.http.describing import described as _doc
from search_service.http.describing import number as _number
from search_service.http.describing import text as _text
from search_service.schema import Tier

__all__ = ["ID", "TIERS", "URL", "BatchSchema", "SearchResultsSchema"]

TIERS = [tier.value for tier in Tier]
ID = "The document's id, unique in the index."
URL = "Where a reader finds the original: a URL or a path."

_REASONS = [reason.value for reason in Reason]


class RangeSchema(Described):
    """A match in a snippet, counted in code points and, for JavaScript, in UTF-16 units."""

    start = _number("First character, in code points from the beginning of the snippet.", 4)
    end = _number("Behind the last character, in code points.", 11)
    utf16_start = _number("As start, in UTF-16 units.", 4)
    utf16_end = _number("As end, in UTF-16 units.", 11)
    tier = _text(
        "The strictest form in which the word matched.", "folded", validate=validate.OneOf(TIERS)
    )


class SnippetSchema(Described):
    """A piece of a field with its matches."""

    field = _text("The field that the piece is from.", "body")
    text = _text("The piece, as it stands in the document.", "كان طريق الحرير شبكة من الطرق")
    start = _number("Where the piece begins in the whole field, in code points.", 0)
    html = _text(
        "The piece as safe HTML: everything escaped, matches in mark elements.",
        "كان <mark>طريق</mark> <mark>الحرير</mark> شبكة من الطرق",
    )
    ranges = fields.List(
        fields.Nested(RangeSchema), required=True, metadata=_doc("The matches, in order.")
    )


class HitSchema(Described):
    """One found document; with fields, its id, its score and what else was asked for."""

    id = _text(ID, "history/002-silk-road")
    score = fields.Float(required=True, metadata=_doc("Higher is better.", 7.25))
    title = _text("The title; may be empty.", "قوافل طريق الحرير", required=False)
    url = _text(URL, "https://example.org/2", required=False, allow_none=True)
    date = fields.Date(allow_none=True, metadata=_doc("Day of publication.", "2021-05-04"))
    language = _text("BCP 47 tag.", "ar", required=False, allow_none=True)
    tags = fields.List(fields.String(), metadata=_doc("Tags.", ["تاريخ"]))
    metadata = fields.Dict(keys=fields.String(), metadata=_doc("Whatever was stored with it."))
    highlighted_title = fields.Nested(
        SnippetSchema,
        allow_none=True,
        metadata=_doc("The title with its matches; null where not asked for or not matched."),
    )
    snippets = fields.List(
        fields.Nested(SnippetSchema), metadata=_doc("The best pieces of the text.")
    )
    explanation = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        metadata=_doc("With explain: the part of each field.tier:term in the score."),
    )


class WarningSchema(Described):
    """Something in the query that was understood otherwise than it may have been meant."""

    code = _text("Stable, for programs.", "unbalanced-quote")
    message = _text("A sentence for a person.", "a quotation mark is not closed")
    start = _number("Where it begins in the query, in code points.", 0)
    end = _number("Where it ends in the query, in code points.", 5)


class CorrectionSchema(Described):
    """A word of the query that may be misspelt."""

    start = _number("Where it begins in the query, in code points.", 0)
    end = _number("Where it ends in the query, in code points.", 6)
    typed = _text("The word as it was typed.", "المضاهرات")
    meant = _text("What may be meant.", "المظاهرات")


class SuggestionSchema(Described):
    """A query that may have been meant."""

    query = _text("The corrected query.", "المظاهرات")
    total = _number("How many documents it finds.", 12)
    corrections = fields.List(
        fields.Nested(CorrectionSchema), required=True, metadata=_doc("What was changed.")
    )


class ExpansionSchema(Described):
    """Words of the query that have other spellings or names, which were searched as well."""

    start = _number("Where they begin in the query, in code points.", 0)
    end = _number("Where they end in the query, in code points.", 6)
    typed = _text("The words as they were typed.", "أمريكا")
    also = fields.List(
        fields.String(), required=True, metadata=_doc("What was searched besides.", ["أميركا"])
    )
    kind = _text(
        "spelling: the same in other letters, or by another name; synonym: from the user's table.",
        "spelling",
        validate=validate.OneOf(["spelling", "synonym"]),
    )


class RelaxationSchema(Described):
    """A less strict query, where the one that was given finds nothing."""

    query = _text("The less strict query.", '"مجلس السلم"~5')
    match = _text("What to search it with.", "any", validate=validate.OneOf(["any", "all"]))
    total = _number("How many documents it finds.", 12)
    reason = _text(
        "What it gives up; stable, for programs.", "near", validate=validate.OneOf(_REASONS)
    )


class WordTotalSchema(Described):
    """One word of the query, and how many documents have it."""

    query = _text("The word as a query of its own.", "مجلس")
    start = _number("Where it begins in the query, in code points.", 0)
    end = _number("Where it ends in the query, in code points.", 4)
    total = _number("How many documents it finds alone.", 12)


class FacetValueSchema(Described):
    """A value of a field, and how many of the matching documents have it."""

    value = _text("The value, as filters take it.", "علوم الأرض")
    label = _text("The value as documents write it.", "علوم الأرض")
    count = _number("Matching documents that have it.", 12, validate=validate.Range(min=1))
    filter = _text("The filter that narrows a search to it.", 'tags:"علوم الأرض"')


class FacetSchema(Described):
    """The commonest values of a field among the matching documents."""

    field = _text("The field.", "tags", validate=validate.OneOf(list(FACETS)))
    values = fields.List(
        fields.Nested(FacetValueSchema),
        required=True,
        validate=validate.Length(max=MAX_VALUES),
        metadata=_doc("By count, the commonest first, then by label."),
    )
    others = _number("How many more values there are.", 0)


class SearchResultsSchema(Described):
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
    expansions = fields.List(
        fields.Nested(ExpansionSchema),
        required=True,
        metadata=_doc("What was searched besides the words of the query; with exact, nothing."),
    )
    relaxed = fields.List(
        fields.Nested(RelaxationSchema),
        required=True,
        metadata=_doc("Where nothing was found: less strict queries that find something."),
    )
    word_totals = fields.List(
        fields.Nested(WordTotalSchema),
        required=True,
        metadata=_doc("Where nothing was found: what each of several words finds alone."),
    )
    facets = fields.List(
        fields.Nested(FacetSchema),
        required=True,
        metadata=_doc("With facet: the values of each field asked for, in that order."),
    )
    explanation = fields.Dict(
        keys=fields.String(), metadata=_doc("With explain: the query as it was understood.")
    )


class BatchSchema(Described):
    """The answers to several searches."""

    results = fields.List(
        fields.Raw(
            metadata={
                "description": "Results, or the problem that kept the search from being answered.",
                "anyOf": [
                    {"$ref": "#/components/schemas/SearchResults"},
                    {"$ref": "#/components/schemas/Problem"},
                ],
            }
        ),
        required=True,
        metadata=_doc("One for each search, in their order."),
    )
