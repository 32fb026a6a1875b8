"""What every engine promises about the readings of long texts: they come back as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_service.engines.kept_readings import joined_readings, split_readings
from search_service.engines.port import Engine, IndexedDocument
from search_service.query.resolved import AllDocs
from tests.engines.contract import SURROGATE, doc, found, put, word

READINGS = {"title": b"\0\xff", "body": bytes(range(256)) * 50}


def long_doc(document_id: str, readings: dict[str, bytes], **rest: str) -> IndexedDocument:
    return replace(doc(document_id, **(rest or {"body": "a"})), readings=readings)


class TestReadings:
    def test_come_back_and_others_have_none(self, engine: Engine) -> None:
        put(engine, long_doc("long", READINGS), doc("short", "a"))
        assert engine.readings("long") == READINGS
        assert engine.readings("short") == engine.readings("unknown") == {}

    def test_are_no_part_of_the_document_nor_of_what_is_found(self, engine: Engine) -> None:
        put(engine, long_doc("long", READINGS, body="a", title="t"), doc("short", "a"))
        assert engine.fetch(["long"]) == [doc("long", "a", "t").document]
        assert sorted(each.id for each in engine.all_documents()) == ["long", "short"]
        assert sorted(found(engine, word("a"))) == ["long", "short"]
        assert engine.stats().documents == 2

    def test_go_with_a_document_that_is_replaced_or_deleted(self, engine: Engine) -> None:
        put(engine, *(long_doc(i, READINGS) for i in ("again", "now short", "gone", "stays")))
        put(engine, long_doc("again", {"body": b"new"}), doc("now short", "a"), delete=["gone"])
        assert engine.readings("again") == {"body": b"new"}
        assert engine.readings("now short") == engine.readings("gone") == {}
        assert engine.readings("stays") == READINGS

    def test_of_the_last_of_equal_ids_count(self, engine: Engine) -> None:
        put(engine, long_doc("1", READINGS), long_doc("1", {"body": b"2"}))
        assert engine.readings("1") == {"body": b"2"}

    def test_of_a_document_with_a_lone_surrogate(self, engine: Engine) -> None:
        put(engine, long_doc(SURROGATE, READINGS, body=f"a {SURROGATE}"))
        assert engine.readings(SURROGATE) == READINGS

    def test_are_not_seen_before_the_commit_nor_after_a_rollback(self, engine: Engine) -> None:
        put(engine, doc("1", "a"))
        writer = engine.writer()
        writer.add(long_doc("1", READINGS))
        assert engine.readings("1") == {}
        writer.rollback()
        assert engine.readings("1") == {}

    def test_outlive_merging_and_opening_again(self, reopen: Callable[[], Engine]) -> None:
        writing = reopen()
        # Every third is replaced later, so that merging leaves some out.
        for number in range(12):
            put(writing, long_doc(f"{number}", {"body": b"%d" % number}), doc(f"s{number}", "a b"))
        put(writing, *(long_doc(f"{number}", {"body": b"new"}) for number in range(0, 12, 3)))
        for number in range(12):
            put(writing, doc(f"t{number}", "a"), delete=[f"s{number}"])
        writing.close()
        engine = reopen()
        assert len(found(engine, AllDocs())) == 24
        for number in range(12):
            expected = b"new" if number % 3 == 0 else b"%d" % number
            assert engine.readings(f"{number}") == {"body": expected}
            assert engine.readings(f"t{number}") == {}


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.binary(), max_size=4))
def test_readings_of_any_fields_become_one_piece_and_come_back(readings: dict[str, bytes]) -> None:
    assert split_readings(joined_readings(readings)) == readings


@settings(max_examples=300)
@given(piece=st.binary(max_size=80) | st.binary(max_size=9).map(lambda b: b"\x02\0\0\0[]" + b))
def test_any_bytes_are_readings_or_none(piece: bytes) -> None:
    assert isinstance(split_readings(piece), dict)


@pytest.mark.parametrize("names", [b"5", b"[5]", b'[["a"]]', b'[["a", "b"]]', b"{", b"\xff"])
def test_a_damaged_list_of_names_means_no_readings(names: bytes) -> None:
    assert split_readings(bytes([len(names), 0, 0, 0]) + names + b"content") == {}
