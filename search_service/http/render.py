"""HTML from templates, with the headers that every page has."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["render"]

# No script at all, and style only from this package's own files.
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def _url(endpoint: str, **values: Any) -> str:
    """Return the URL of an endpoint of the blueprint that this request is in."""
    return url_for(f".{endpoint}", **values)


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


def render(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page."""
    response = Response(_TEMPLATES.get_template(template).render(values), status=status)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
