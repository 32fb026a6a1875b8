"""Which names and values of a record become which field."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from search_service.schema import Document
from search_service.sources.cleaning import FieldError
from search_service.sources.records import KNOWN_NAMES, field_names, to_document


def document(mapping: dict[str, str] | None = None, /, **record: Any) -> Document:
    return to_document({"title": "عنوان", **record}, field_names(mapping), "f#1")


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        *[(name, "id", "x1") for name in KNOWN_NAMES["id"]],
        *[(name, "body", "نص") for name in KNOWN_NAMES["body"]],
        *[(name, "url", "u") for name in KNOWN_NAMES["url"]],
        *[(name, "language", "ar") for name in KNOWN_NAMES["language"]],
    ],
)
def test_every_known_name_of_a_text_field(name: str, field: str, value: str) -> None:
    made = document(**{name: value})

    assert getattr(made, field) == value
    assert made.metadata == {}


@pytest.mark.parametrize("name", KNOWN_NAMES["date"])
def test_every_known_name_of_the_date(name: str) -> None:
    assert document(**{name: "2020-05-17"}).date == datetime.date(2020, 5, 17)


@pytest.mark.parametrize("name", KNOWN_NAMES["tags"])
def test_every_known_name_of_the_tags(name: str) -> None:
    assert document(**{name: ["أ", "ب"]}).tags == ("أ", "ب")


def test_a_record_without_an_id_takes_the_given_one() -> None:
    assert document().id == document(id="").id == document(id=None).id == "f#1"


@pytest.mark.parametrize(("value", "id_"), [(12, "12"), (1.5, "1.5"), (0, "0"), (" a ", "a")])
def test_ids_become_trimmed_text(value: object, id_: str) -> None:
    assert document(id=value).id == id_


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("بحر|صيد", ("بحر", "صيد")),
        ("بحر, صيد", ("بحر", "صيد")),
        ("بحر، صيد", ("بحر", "صيد")),
        ("بحر؛ صيد;لؤلؤ", ("بحر", "صيد", "لؤلؤ")),
        (" بحر عميق ", ("بحر عميق",)),
        ("بحر||بحر|", ("بحر",)),
        (["بحر, عميق", 7, ""], ("بحر, عميق", "7")),
        (5, ("5",)),
        (None, ()),
        ("", ()),
    ],
)
def test_tags(written: object, tags: tuple[str, ...]) -> None:
    assert document(tags=written).tags == tags


def test_the_first_name_with_a_value_wins_and_the_others_are_metadata() -> None:
    made = document(body="", text="متن", content="محتوى", keywords=["أ"], tags=["ب"])

    assert (made.body, made.tags) == ("متن", ("ب",))
    assert made.metadata == {"content": "محتوى", "keywords": ["أ"]}


def test_other_names_are_metadata_with_their_json_values() -> None:
    rest = {"views": 3, "rate": 0.5, "open": True, "none": None, "list": [1, {"a": "ب"}]}

    assert document(**rest).metadata == rest


def test_a_mapping_comes_before_the_known_names() -> None:
    made = document({"title": "العنوان", "body": "النص"}, العنوان="خبر", النص="متن", body="غيره")

    assert (made.title, made.body) == ("خبر", "متن")
    assert made.metadata == {"title": "عنوان", "body": "غيره"}


def test_the_known_names_still_count_in_records_without_the_mapped_one() -> None:
    assert document({"body": "النص"}, text="متن").body == "متن"


def test_days_and_times_are_taken_as_dates() -> None:
    day = datetime.date(2020, 5, 17)

    assert document(date=day).date == day
    assert (
        document(date=datetime.datetime(2020, 5, 17, 8, 30, tzinfo=datetime.timezone.utc)).date
        == day
    )
    assert document(date=2020).date == datetime.date(2020, 1, 1)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"title": ["أ"]}, "title: must be text, not a list"),
        ({"text": {"a": 1}}, "text: must be text, not an object"),
        ({"id": True}, "id: must be text, not true or false"),
        ({"url": []}, "url: must be text, not a list"),
        ({"lang": {}}, "lang: must be text, not an object"),
        ({"date": "أمس"}, "date: bad date 'أمس'"),
        ({"published": ["2020"]}, "published: must be text, not a list"),
        ({"tags": {"a": 1}}, "tags: must be text, not an object"),
        ({"tags": [["a"]]}, "tags: must be text, not a list"),
        ({"tags": False}, "tags: must be text, not true or false"),
        ({"id": "a" * 513}, "id: 513 characters long, more than 512"),
        ({"id": "a\tb"}, "id: has a control character: 'a\\tb'"),
        ({"title": " ", "body": "\n"}, "neither title nor body"),
        ({"title": None, "x": 1}, "neither title nor body"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(record: dict[str, Any], message: str) -> None:
    with pytest.raises(FieldError) as caught:
        document(**record)

    assert str(caught.value) == message


def test_an_id_of_512_characters_is_allowed() -> None:
    assert len(document(id="ب" * 512).id) == 512
