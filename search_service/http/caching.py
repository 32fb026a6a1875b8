"""Answers that a client may keep: a tag for each, and 304 while nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Response, request

__all__ = ["CONDITIONAL", "NOT_MODIFIED", "VALIDATORS", "revalidated"]

#: The header of a request that asks for an answer only if it is another one.
CONDITIONAL: Mapping[str, Any] = {
    "in": "header",
    "name": "If-None-Match",
    "description": "The ETag of an answer that the client has; if it still holds, 304 comes back.",
    "schema": {"type": "string"},
}

NOT_MODIFIED = "The answer that the client has still holds. Without a body."

#: The headers of such an answer.
VALIDATORS: Mapping[str, Any] = {
    "ETag": {
        "description": "Changes when the answer may have changed: with the index, its synonyms "
        "or the service. Weak, since the time taken (took_ms) does not count.",
        "schema": {"type": "string"},
    },
    "Cache-Control": {
        "description": "no-cache: keep it, but ask before it is used again.",
        "schema": {"type": "string"},
    },
}


def revalidated(
    view: Callable[..., Response], fingerprint: Callable[[], str]
) -> Callable[..., Response]:
    """Return ``view`` with tags from ``fingerprint``, which is asked before each answer.

    Were it asked afterwards, an answer of the commit before could get the tag
    of the one that came meanwhile, and be kept for good.
    """

    @wraps(view)
    def answer(*args: Any, **arguments: Any) -> Response:
        tag = _tag(fingerprint())
        sent = request.if_none_match
        # "*" means any answer at all; whether there is one, only the view knows.
        if not sent.star_tag and sent.contains_weak(tag):
            response = Response(status=304)
            del response.headers["Content-Type"]
        else:
            response = view(*args, **arguments)
        response.set_etag(tag, weak=True)
        response.cache_control.no_cache = True
        return response

    return answer


def _tag(state: str) -> str:
    asked = f"{state} {request.full_path}"
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:24]
