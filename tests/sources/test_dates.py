"""Which written dates are understood."""

from __future__ import annotations

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.sources.dates import parse_date

MAY_17 = datetime.date(2020, 5, 17)


@pytest.mark.parametrize(
    "written",
    [
        "2020-05-17",
        "2020-5-17",
        "20200517",
        "2020/05/17",
        "2020.05.17",
        "17/05/2020",
        "17-5-2020",
        "17.05.2020",
        " 2020-05-17\n",
        "2020-05-17T08:30",
        "2020-05-17T08:30:00Z",
        "2020-05-17T23:59:59.123456+03:00",
        "2020-05-17 08:30:00 +0300",
        "20200517T083000Z",
        "٢٠٢٠-٠٥-١٧",
        "٢٠٢٠/٠٥/١٧",
        "١٧/٠٥/٢٠٢٠",
        "۱۷/۰۵/۲۰۲۰",
        "\u200f١٧/٠٥/٢٠٢٠\u200e",
    ],
)
def test_a_day(written: str) -> None:
    assert parse_date(written) == MAY_17


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-05", datetime.date(2020, 5, 1)),
        ("2020/5", datetime.date(2020, 5, 1)),
        ("2020", datetime.date(2020, 1, 1)),
        ("٢٠٢٠", datetime.date(2020, 1, 1)),
    ],
)
def test_a_month_or_a_year_is_its_first_day(written: str, day: datetime.date) -> None:
    assert parse_date(written) == day


def test_the_day_is_the_one_written_whatever_the_time_zone() -> None:
    assert parse_date("2020-05-17T23:30:00-11:00") == MAY_17


@pytest.mark.parametrize(
    "written",
    [
        "",
        "أمس",
        "2020-13-01",
        "2020-02-30",
        "31/04/2020",
        "05/17/2020",
        "17/05/20",
        "0000-01-01",
        "2020-05-17 صباحا",
        "1589673600",
        "2020-05-17T",
        "17 مايو 2020",
    ],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date(written)


@given(st.dates())
def test_any_day_written_as_iso_comes_back(day: datetime.date) -> None:
    assert parse_date(day.isoformat()) == day


@given(st.datetimes(timezones=st.timezones()))
def test_any_time_written_as_iso_is_its_day(time: datetime.datetime) -> None:
    # Offsets of seconds existed before standard time only, and no format writes them.
    time = time.replace(tzinfo=datetime.timezone.utc)
    assert parse_date(time.isoformat()) == time.date()


@given(st.text())
def test_any_other_text_is_refused_with_a_value_error(written: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_date(written), datetime.date)
