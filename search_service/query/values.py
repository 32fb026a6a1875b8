"""Dates as people type them, read as the days that they cover."""

from __future__ import annotations

import calendar
import re
from datetime import date

from search_service.analysis.letters import to_ascii_digits

__all__ = ["first_day", "last_day"]

_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")


def _parts(text: str) -> tuple[int, int | None, int | None]:
    found = _DATE.fullmatch(to_ascii_digits(text.strip()))
    if found is None:
        raise ValueError(f"{text!r} is no date; write 2020, 2020-06 or 2020-06-15")
    year, month, day = (int(part) if part else None for part in found.groups())
    return year or 0, month, day


def first_day(text: str) -> date:
    """Return the first day that ``2020``, ``2020-06`` or ``2020-06-15`` covers.

    Raises ``ValueError`` with a sentence for a person. Digits of any script will do.

    >>> first_day("٢٠٢٠")
    datetime.date(2020, 1, 1)
    """
    year, month, day = _parts(text)
    return _date(text, year, 1 if month is None else month, 1 if day is None else day)


def last_day(text: str) -> date:
    """Return the last day that ``2020``, ``2020-06`` or ``2020-06-15`` covers.

    >>> last_day("2020-02")
    datetime.date(2020, 2, 29)
    """
    year, month, day = _parts(text)
    month = 12 if month is None else month
    if day is None:
        known = 1 <= month <= 12 and year >= 1
        day = calendar.monthrange(year, month)[1] if known else 1
    return _date(text, year, month, day)


def _date(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no day {text!r} in the calendar") from None
