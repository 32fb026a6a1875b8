"""What went out as JSON comes back as the same value, or as an error that says where."""

from __future__ import annotations

import dataclasses
import datetime
import json
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service import results, results_completion
from search_service.from_json import from_json
from search_service.query.ast import QueryWarning
from search_service.results import Hit, Mark, SearchResults, Snippet, Stats
from search_service.schema import Document, Tier

WITH_JSON: list[type[Any]] = [
    each
    for each in {**vars(results), **vars(results_completion)}.values()
    if isinstance(each, type) and dataclasses.is_dataclass(each) and hasattr(each, "to_json")
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
SINGLE = {str: st.text(), int: st.integers(), float: st.floats(allow_nan=False), Any: JSON}


def any_value_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return arbitrary values of a type, made of what the types of its members say."""
    origin, kinds = get_origin(kind), get_args(kind)
    if kind in SINGLE:
        return SINGLE[kind]
    if origin is tuple and kinds[-1] is Ellipsis:
        return st.lists(any_value_of(kinds[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(any_value_of, kinds))
    if origin is Mapping:
        return st.dictionaries(any_value_of(kinds[0]), any_value_of(kinds[1]), max_size=2)
    if origin in (Union, types.UnionType):
        return st.one_of(*map(any_value_of, kinds))
    if origin is Literal:
        return st.sampled_from(kinds)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        members = {f.name: any_value_of(hints[f.name]) for f in dataclasses.fields(kind)}
        return st.builds(kind, **members)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return st.from_type(kind)


def sent(value: Any) -> Any:
    return json.loads(json.dumps(value.to_json(), ensure_ascii=False))


@pytest.mark.parametrize("kind", WITH_JSON, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_result_comes_back_as_it_was(kind: Any, data: st.DataObject) -> None:
    value = data.draw(any_value_of(kind))
    assert from_json(kind, sent(value)) == value


def test_the_types_of_results_are_among_them() -> None:
    names = {kind.__name__ for kind in WITH_JSON}
    assert {"SearchResults", "Hit", "Snippet", "Suggestion", "Facet", "Completion"} <= names


some_text = st.text(min_size=1)


@given(
    st.builds(
        Document,
        id=some_text,
        title=st.text(),
        body=st.text(),
        # An empty one is left out of the JSON, as None is.
        url=st.none() | some_text,
        date=st.none() | st.dates(),
        language=st.none() | some_text,
        tags=st.lists(st.text()).map(tuple),
        metadata=st.dictionaries(st.text(), JSON),
    )
)
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    assert from_json(Document, sent(document)) == document


def test_marks_and_warnings_have_other_names_in_json_and_come_back() -> None:
    mark = Mark(0, 4, Tier.STEM)
    found = SearchResults(
        query='"كتاب',
        total=1,
        page=1,
        size=10,
        took_ms=1.5,
        hits=(
            Hit(
                "1",
                2.0,
                "كتاب",
                None,
                datetime.date(2024, 1, 16),
                "ar",
                (),
                {},
                highlighted_title=Snippet("title", "كتاب", 0, (mark,), "<mark>كتاب</mark>"),
                snippets=(Snippet("body", "الكتاب", 512, (), "الكتاب"),),
            ),
        ),
        warnings=(QueryWarning("unbalanced-quote", "a quotation mark alone", (0, 1)),),
    )
    read = from_json(SearchResults, sent(found))
    assert read == found
    assert read.hits[0].snippets[0].start == 512
    assert read.warnings[0].span == (0, 1)


# ---------------------------------------------------------------- versions that differ


def test_what_a_later_service_adds_is_passed_over() -> None:
    stored = {**sent(Snippet("body", "نص", 0, (), "نص")), "voice": "deep"}
    assert from_json(Snippet, stored).text == "نص"


def test_what_an_earlier_service_does_not_send_takes_its_default() -> None:
    stored = {"query": "x", "total": 0, "page": 1, "size": 10, "took_ms": 1.0, "hits": []}
    assert from_json(SearchResults, stored) == SearchResults("x", 0, 1, 10, 1.0, ())


def test_a_whole_number_does_where_any_number_is_due() -> None:
    # JavaScript writes 7.0 as 7.
    score = from_json(Scored, {"scores": {"body": 7}}).scores["body"]
    assert (score, type(score)) == (7.0, float)


@dataclasses.dataclass(frozen=True)
class Scored:
    scores: Mapping[str, float]


# ---------------------------------------------------------------- what is not a result

HIT = {
    "id": "1",
    "score": 1.0,
    "title": "",
    "url": None,
    "date": None,
    "language": None,
    "tags": [],
    "metadata": {},
}
RESULTS = {"query": "", "total": 0, "page": 1, "size": 10, "took_ms": 1.0, "hits": []}


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (Hit, [], r"Hit must be an object, not \[\]"),
        (Hit, {}, "Hit.id is missing"),
        (Hit, {**HIT, "id": 1}, "Hit.id must be a string, not 1"),
        (Hit, {**HIT, "id": None}, "Hit.id must be a string, not None"),
        (Hit, {**HIT, "score": 10**400}, "Hit.score must be a number, not 1000"),
        (Hit, {**HIT, "score": True}, "Hit.score must be a number, not True"),
        (Hit, {**HIT, "tags": "ثقافة"}, "Hit.tags must be a list, not 'ثقافة'"),
        (Hit, {**HIT, "tags": ["a", 2]}, r"Hit.tags\[1\] must be a string, not 2"),
        (Hit, {**HIT, "date": "yesterday"}, "Hit.date must be a day as 2020-12-31"),
        (Hit, {**HIT, "date": 2020}, "Hit.date must be a day as 2020-12-31"),
        (Hit, {**HIT, "explanation": {"a": "b"}}, r"Hit.explanation\['a'\] must be a number"),
        (SearchResults, {**RESULTS, "total": 1.5}, "total must be a whole number, not 1.5"),
        (SearchResults, {**RESULTS, "hits": [HIT, 3]}, r"SearchResults.hits\[1\] must be an obj"),
        (
            SearchResults,
            {**RESULTS, "warnings": [{"code": "x", "message": "y"}]},
            r"warnings\[0\].span\[0\] must be a whole number, not None",
        ),
        (
            Mark,
            {"start": 0, "end": 1, "tier": "blurred"},
            "Mark.tier must be one of exact, folded, stem, root, not 'blurred'",
        ),
        (Mark, {"start": 0, "end": 1, "tier": ["exact"]}, "Mark.tier must be one of"),
        (Stats, "x" * 100, f"Stats must be an object, not '{'x' * 59}…"),
        (Document, {"id": ""}, "a document needs a non-empty string as its id"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(kind: Any, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_json(kind, value)


@pytest.mark.parametrize("kind", [*WITH_JSON, Document], ids=lambda kind: kind.__name__)
@given(value=JSON)
def test_arbitrary_json_gives_a_value_or_a_value_error(kind: Any, value: Any) -> None:
    try:
        assert isinstance(from_json(kind, value), kind)
    except ValueError:
        return
