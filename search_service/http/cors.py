"""CORS: which other sites' scripts may read the API (https://fetch.spec.whatwg.org/#http-cors)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request, url_for
from flask.sansio.scaffold import Scaffold

__all__ = ["install_cors"]

_API = "/v1/"
_SENT = "Content-Type, If-None-Match, X-Request-Id"
_READ = "ETag, Retry-After, X-Request-Id"
# Seconds for which a browser need not ask again whether it may send a request.
_REMEMBERED = "600"


def install_cors(scaffold: Scaffold, origins: Sequence[str]) -> None:
    """Let scripts of ``origins`` read the API; ``*`` is all of them, none leaves it as it is.

    Pages, documentation and health checks stay closed. No cookies: there are none.
    """
    if not origins:
        return

    def finish(response: Response) -> Response:
        if _is_api():
            _allow(response, origins)
        return response

    scaffold.after_request(finish)


def _is_api() -> bool:
    prefix = url_for(".openapi").removesuffix("/openapi.json")
    return (request.script_root + request.path).startswith(prefix + _API)


def _allow(response: Response, origins: Sequence[str]) -> None:
    any_origin = "*" in origins
    if not any_origin:
        # A cache must not give one site the answer for another.
        response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin is None or not (any_origin or origin in origins):
        return
    response.headers["Access-Control-Allow-Origin"] = "*" if any_origin else origin
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = _SENT
        response.headers["Access-Control-Max-Age"] = _REMEMBERED
    else:
        response.headers["Access-Control-Expose-Headers"] = _READ
