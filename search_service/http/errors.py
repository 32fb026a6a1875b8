"""Exceptions become problem documents (RFC 9457), here and nowhere else.

``problem_for`` says what a client may know of an exception; ``install_errors``
makes an application or a blueprint answer so. What a client may not know (a
path, a command, a stack trace) goes to the log, under the same request id.
"""

from __future__ import annotations

import logging
from functools import singledispatch
from typing import Any
from urllib.parse import quote

from flask import Response, request, url_for
from flask.sansio.scaffold import Scaffold
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, default_exceptions
from werkzeug.sansio.response import Response as AnyResponse

from search_service import errors
from search_service.http.arguments import InvalidArgumentsError, MalformedBodyError
from search_service.http.context import MAX_BODY_BYTES, request_id
from search_service.http.problems import Problem
from search_service.http.responses import json_response

__all__ = [
    "PROBLEM_JSON",
    "install_errors",
    "log_problem",
    "problem_for",
    "problem_json",
    "problem_response",
]

PROBLEM_JSON = "application/problem+json"

_log = logging.getLogger(__name__)


@singledispatch
def problem_for(error: Exception) -> Problem:
    """Return what a client may know of an exception."""
    return Problem(
        500,
        "Internal Server Error",
        "The service failed in a way that was not foreseen. Its log has the reason, under the "
        "request id.",
    )


@problem_for.register
def _(error: HTTPException) -> Problem:
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    return Problem(error.code or 500, error.name, error.description or error.name, headers=headers)


@problem_for.register
def _(error: RequestEntityTooLarge) -> Problem:
    return Problem(413, error.name, f"A body may be {MAX_BODY_BYTES:,} bytes long.")


@problem_for.register
def _(error: InvalidArgumentsError) -> Problem:
    listed = [{"field": field, "message": message} for field, message in error.errors]
    named = ", ".join(dict.fromkeys(field for field, _ in error.errors))
    return Problem.of("validation", f"Look at: {named}.", extra={"errors": listed})


@problem_for.register
def _(error: MalformedBodyError) -> Problem:
    return Problem.of("malformed-body", str(error))


@problem_for.register
def _(error: errors.QuerySyntaxError) -> Problem:
    start, end = error.span
    return Problem.of("query-syntax", error.message, extra={"span": {"start": start, "end": end}})


@problem_for.register
def _(error: errors.FilterError) -> Problem:
    start, end = error.span
    where = {"field": "filter", "message": f"{errors.shortened(error.filter)!r}: {error.reason}"}
    extra = {"errors": [where], "span": {"start": start, "end": end}}
    return Problem.of("validation", "Look at: filter.", extra=extra)


@problem_for.register
def _(error: errors.DocumentNotFound) -> Problem:
    return Problem.of("document-not-found", "No document in the index has this id.")


@problem_for.register
def _(error: errors.EngineError) -> Problem:
    return Problem.of("index-unavailable", "The index cannot be read at the moment.")


@problem_for.register
def _(error: errors.EngineUnavailable) -> Problem:
    if not error.install:
        return Problem.of("index-unavailable", "The index cannot be read at the moment.")
    # The command names a package and tells nothing of this computer.
    detail = f"The engine of the index is not installed. Install it: {error.install}"
    return Problem.of("index-unavailable", detail)


@problem_for.register
def _(error: errors.IndexMismatch) -> Problem:
    return Problem.of("index-mismatch", "The index must be rebuilt before it can be searched.")


@problem_for.register
def _(error: errors.IndexLocked) -> Problem:
    return Problem.of(
        "index-locked", "The index is being written; try again.", headers={"Retry-After": "5"}
    )


def log_problem(error: Exception, problem: Problem) -> None:
    """Log what the client is not told: the reason of every answer of 500 and above."""
    if isinstance(error, errors.EngineError):
        _log.error("%s: %s request_id=%s", type(error).__name__, error, request_id())
    elif problem.status >= 500 and not isinstance(error, HTTPException):
        _log.error("unforeseen error request_id=%s", request_id(), exc_info=error)


def problem_response(problem: Problem) -> Response:
    """Return a problem as ``application/problem+json``."""
    body = problem_json(problem)
    response = json_response(body, problem.status, mimetype=PROBLEM_JSON, headers=problem.headers)
    response.headers["X-Request-Id"] = request_id()
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem of this request as a JSON object."""
    return {
        "type": _type_of(problem),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": quote(request.script_root + request.path, safe="/:@!$&'()*+,;=~"),
        "request_id": request_id(),
        **problem.extra,
    }


def _type_of(problem: Problem) -> str:
    if problem.kind is None or request.blueprint is None:
        return "about:blank"
    return url_for(".problem", slug=problem.kind)


def _answer(error: Exception) -> AnyResponse:
    if isinstance(error, HTTPException) and error.response is not None:
        return error.response
    problem = problem_for(error)
    log_problem(error, problem)
    return problem_response(problem)


def install_errors(scaffold: Scaffold) -> None:
    """Answer every error of an application or a blueprint with a problem document.

    Each status code is registered by itself too: Flask prefers an
    application's handler for 404 to a blueprint's handler for all of HTTP, and
    the host's HTML page is no answer to a client of the API.
    """
    for code in default_exceptions:
        scaffold.register_error_handler(code, _answer)
    scaffold.register_error_handler(HTTPException, _answer)
    scaffold.register_error_handler(Exception, _answer)
