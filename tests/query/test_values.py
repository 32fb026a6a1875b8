"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.query.values import first_day, last_day


@pytest.mark.parametrize(
    ("text", "first", "last", "why"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31), "a year is all its days"),
        ("2020-06", date(2020, 6, 1), date(2020, 6, 30), "a month is all its days"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "leap year"),
        ("2021-02", date(2021, 2, 1), date(2021, 2, 28), "no leap year"),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28), "centuries are no leap years"),
        ("2020-06-15", date(2020, 6, 15), date(2020, 6, 15), "a day is itself"),
        ("2020/6/5", date(2020, 6, 5), date(2020, 6, 5), "slashes, and no zeros"),
        ("٢٠٢٠-٠٦-١٥", date(2020, 6, 15), date(2020, 6, 15), "Arabic digits"),
        ("۲۰۲۰", date(2020, 1, 1), date(2020, 12, 31), "Persian digits"),
        (" 2020 ", date(2020, 1, 1), date(2020, 12, 31), "white space around"),
        ("0001", date(1, 1, 1), date(1, 12, 31), "the first year there is"),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31), "the last month there is"),
    ],
)
def test_a_date_covers_days(text: str, first: date, last: date, why: str) -> None:
    assert (first_day(text), last_day(text)) == (first, last), why


@pytest.mark.parametrize("read", [first_day, last_day])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2020-13", "there is no day"),
        ("2020-00", "there is no day"),
        ("2021-02-29", "there is no day"),
        ("2020-06-00", "there is no day"),
        ("0000", "there is no day"),
        ("أمس", "is no date"),
        ("20", "is no date"),
        ("15-06-2020", "is no date"),
        ("2020-06-15T10:00", "is no date"),
        ("2020-", "is no date"),
        ("", "is no date"),
    ],
)
def test_what_is_no_date_says_so(read, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(text)


def test_the_reason_shows_how_to_write_a_date() -> None:
    with pytest.raises(ValueError, match="write 2020, 2020-06 or 2020-06-15"):
        first_day("يونيو")


@given(st.dates())
def test_every_day_reads_as_itself(day: date) -> None:
    assert first_day(day.isoformat()) == last_day(day.isoformat()) == day


@given(st.text(alphabet="0123456789٠١٢٣-/. ۲", max_size=12))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        first = first_day(text)
    except ValueError:
        with pytest.raises(ValueError, match="no da"):
            last_day(text)
    else:
        assert first <= last_day(text)
