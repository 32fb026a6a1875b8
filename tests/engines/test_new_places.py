"""A transaction finds the documents that it added itself, by whatever id."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service import id_filter
from search_service.engines.new_places import NewPlaces

# The second is how the first is often written where it cannot stand itself.
ids = st.sampled_from(["\ud800", "\\ud800", "خبر", "a", ""])
steps = st.lists(st.tuples(ids, st.none() | st.integers(0, 2**62)))


@pytest.mark.parametrize("size", [1, 1 << 20])
@given(steps)
def test_what_was_put_is_taken_once(size: int, done: list[tuple[str, int | None]]) -> None:
    expected: dict[str, int] = {}
    with pytest.MonkeyPatch.context() as patch:
        # With one byte, ids share their bits.
        patch.setattr(id_filter, "_BYTES", size)
        with closing(NewPlaces()) as places:
            for document_id, place in done:
                if place is None:
                    assert places.take(document_id) == expected.pop(document_id, None)
                else:
                    places.put(document_id, place)
                    expected[document_id] = place


def test_nothing_can_be_put_after_the_end() -> None:
    places = NewPlaces()
    places.close()
    with pytest.raises(sqlite3.ProgrammingError):
        places.put("a", 1)
