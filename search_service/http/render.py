"""HTML from templates, with the headers that every page has."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["render"]

# Nothing from elsewhere, nothing written into the page itself: only this package's own files.
_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
_WITH_SCRIPTS = (*_POLICY, "script-src 'self'", "connect-src 'self'")


def _url(endpoint: str, **values: Any) -> str:
    """Return the URL of an endpoint of the blueprint that this request is in."""
    return url_for(f".{endpoint}", **values)


def _api(path: str) -> str:
    """Return the URL of an operation of the API, under the prefix that this request is under."""
    return _url("openapi").removesuffix("/openapi.json") + path


# Not the host application's environment: its templates could stand in for these by name,
# and its settings could turn the escaping off.
_TEMPLATES = Environment(
    loader=PackageLoader("search_service.http"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["url"] = _url
_TEMPLATES.globals["api"] = _api


def render(template: str, status: int = 200, *, scripts: bool = False, **values: Any) -> Response:
    """Return a page; with ``scripts``, those of this package may run."""
    response = Response(_TEMPLATES.get_template(template).render(values), status=status)
    response.headers["Content-Security-Policy"] = "; ".join(_WITH_SCRIPTS if scripts else _POLICY)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
