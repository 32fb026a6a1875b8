"""What surrounds every request: its id, its headers, its line in the log."""

from __future__ import annotations

import logging
import re
import time
import uuid

from flask import Response, request
from flask.sansio.scaffold import Scaffold

__all__ = ["MAX_BODY_BYTES", "install_context", "request_id"]

MAX_BODY_BYTES = 1_048_576
"""Longest request body; enough for a query of far more than 10,000 words."""

_log = logging.getLogger(__name__)

_SANE_ID = re.compile(r"[!-~]{1,128}")
_ID_KEY = "search_service.request_id"
_START_KEY = "search_service.start"


def request_id() -> str:
    """Return the id of this request: the client's own where that is sane, else a new one.

    It is kept in the WSGI environment, not in ``flask.g``, which outlives a
    request when an application context is already open.
    """
    known = request.environ.get(_ID_KEY)
    if known is None:
        sent = request.headers.get("X-Request-Id", "")
        known = sent if _SANE_ID.fullmatch(sent) else uuid.uuid4().hex
        request.environ[_ID_KEY] = known
    return str(known)


def install_context(scaffold: Scaffold) -> None:
    """Give the requests of an application or a blueprint their limits, headers and log line."""
    scaffold.before_request(_begin)
    scaffold.after_request(_finish)


def _begin() -> None:
    request.environ[_START_KEY] = time.perf_counter()
    # Per request, because the application's own MAX_CONTENT_LENGTH belongs to the host.
    request.max_content_length = MAX_BODY_BYTES


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    started = request.environ.get(_START_KEY)
    took = 0.0 if started is None else (time.perf_counter() - started) * 1000
    # Without the query string: what people search for is not for the log. %r, because
    # a path may hold a line break.
    _log.info(
        "%s %r %d %.1f ms request_id=%s",
        request.method,
        request.path,
        response.status_code,
        took,
        request_id(),
    )
    return response
