"""JSON as bytes, the same whatever application the blueprint is mounted in."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from flask import Response

__all__ = ["json_response"]


def json_response(
    value: Any,
    status: int = 200,
    *,
    mimetype: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return ``value`` as JSON in UTF-8, its keys in their order.

    Not ``flask.jsonify``: that follows the settings of the host application,
    and escapes Arabic to ASCII unless told otherwise.
    """
    response = Response(_encode(value), status=status, mimetype=mimetype)
    response.headers.update(headers or {})
    return response


def _encode(value: Any) -> bytes:
    try:
        text = _dumps(value)
    except ValueError:
        text = _dumps(_finite(value))
    # Half of a surrogate pair has no UTF-8; "\ud800" is also how JSON escapes it.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _dumps(value: Any) -> str:
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, default=str, separators=(",", ":")
    )


def _finite(value: Any) -> Any:
    """Return ``value`` with null for NaN and infinity, which JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return value
