"""Written dates to days."""

from __future__ import annotations

import datetime
import re

__all__ = ["parse_date"]

_TIME = r"(?:[T ]\d{1,2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?"

# ``\d`` matches the digits of every script, and int() reads them.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}",
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_TIME}",
        rf"(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<year>\d{{4}}){_TIME}",
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})",
        r"(?P<year>\d{4})",
    )
)

# Marks of writing direction, which editors leave around numbers in Arabic text.
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def parse_date(written: str) -> datetime.date:
    """Return the day that ``written`` names.

    Understood: ISO 8601 dates and times (the day as written, in no other time
    zone), ``YYYY/MM/DD``, ``DD/MM/YYYY``, ``YYYY-MM`` and ``YYYY`` (their first
    day), in the digits of any script. Raises :class:`ValueError` for the rest.

    >>> parse_date("١٧/٠٥/٢٠٢٠")
    datetime.date(2020, 5, 17)
    """
    bare = _DIRECTION.sub("", written).strip()
    for form in _FORMS:
        if match := form.fullmatch(bare):
            parts = {"month": 1, "day": 1} | {k: int(v) for k, v in match.groupdict().items()}
            return datetime.date(**parts)
    raise ValueError("not a date")
