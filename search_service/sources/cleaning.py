"""Values from a file, made fit to be stored as JSON in UTF-8."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["FieldError", "clean_text", "clean_value"]

_MAX_DEPTH = 100

# JSON escapes can write halves of characters and NULs; the first cannot be
# encoded, the second cuts strings short in C libraries.
_UNFIT = re.compile("[\ud800-\udfff\0]")


class FieldError(ValueError):
    """A field has a value that cannot be used; the message names the field."""


def clean_text(text: str) -> str:
    """Return ``text`` with lone surrogates and NULs replaced by U+FFFD."""
    return _UNFIT.sub("\ufffd", text)


def clean_value(name: str, value: Any, depth: int = 0) -> Any:
    """Return ``value`` as plain JSON: objects, lists, clean text, finite numbers.

    Days become ISO text. Raises :class:`FieldError`, with ``name``, for numbers
    that JSON has no way to write and for nesting over 100 levels.
    """
    if depth > _MAX_DEPTH:
        raise FieldError(f"{name}: nested more than {_MAX_DEPTH} levels deep")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {
            clean_text(str(key)): clean_value(name, item, depth + 1) for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [clean_value(name, item, depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise FieldError(f"{name}: {value} is no number that JSON can hold")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return value.isoformat() if isinstance(value, datetime.date) else clean_text(str(value))
