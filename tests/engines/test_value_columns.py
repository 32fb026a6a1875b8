from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_service.engines.inverting import Inverter
from search_service.engines.value_columns import keyword_column, year_column

VALUES = ("a", "b", "أدب", "\ud800", "😀")
# Each document's values, and whether it is counted.
segments = st.lists(
    st.tuples(st.lists(st.sampled_from(VALUES), unique=True), st.booleans()), max_size=20
)


@given(segments)
def test_keywords_are_counted_for_any_documents(segment: list[tuple[list[str], bool]]) -> None:
    inverter = Inverter(positions=False)
    for number, (values, _) in enumerate(segment):
        inverter.add(number, values)
    column = keyword_column(inverter.lists(), len(segment))
    docs = np.array([n for n, (_, counted) in enumerate(segment) if counted], np.uint32)
    expected = Counter(value for values, counted in segment if counted for value in values)
    assert column.counts(docs) == dict(expected)


@given(st.lists(st.tuples(st.none() | st.dates(), st.booleans()), max_size=20))
def test_years_are_counted_where_there_is_a_day(segment: list[tuple[date | None, bool]]) -> None:
    days = np.array([day.toordinal() if day else 0 for day, _ in segment], np.uint32)
    docs = np.array([n for n, (_, counted) in enumerate(segment) if counted], np.uint32)
    expected = Counter(day.isoformat()[:4] for day, counted in segment if day and counted)
    assert year_column(days).counts(docs) == dict(expected)


def test_more_values_than_one_byte_can_number() -> None:
    inverter = Inverter(positions=False)
    for number in range(1000):
        inverter.add(number, (f"v{number}", "all"))
    column = keyword_column(inverter.lists(), 1000)
    assert column.counts(np.array([3, 999], np.uint32)) == {"v3": 1, "v999": 1, "all": 2}


def test_a_document_with_more_values_than_one_byte_can_count() -> None:
    inverter = Inverter(positions=False)
    many = tuple(f"v{number}" for number in range(70_000))
    inverter.add(0, many)
    inverter.add(1, many[-1:])
    column = keyword_column(inverter.lists(), 2)
    assert column.counts(np.array([1], np.uint32)) == {many[-1]: 1}
    assert column.counts(np.array([0, 1], np.uint32))[many[-1]] == 2
