"""404 and 405 below the prefix of a mounted blueprint.

Flask asks no blueprint about a URL that matches no rule, so the answer would
be the host's HTML page. A last rule that matches everything below the prefix
makes these URLs ours; but it also hides from Flask which methods a URL has,
so that 405 and OPTIONS are worked out here, from the other rules.
"""

from __future__ import annotations

from typing import NoReturn

from flask import Response, current_app, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, MapAdapter

__all__ = ["UNMATCHED", "answer_options", "answer_unmatched"]

UNMATCHED = "unmatched"


def answer_unmatched(unmatched: str = "") -> NoReturn:
    """Raise 404 or 405, or the redirect to the URL as it should be written."""
    _own_rules().match(method=request.method)
    raise NotFound


def answer_options() -> Response | None:
    """Answer OPTIONS with the methods of this URL; leave other methods to the views."""
    if request.method != "OPTIONS" or _is_unmatched(request.endpoint):
        return None
    response = Response()
    response.allow.update(_own_rules().allowed_methods())
    return response


def _own_rules() -> MapAdapter:
    """Return this blueprint's rules without the one that matches everything."""
    url_map = current_app.url_map
    own = f"{request.blueprint}."
    rules = [
        rule.empty()
        for rule in url_map.iter_rules()
        if rule.endpoint.startswith(own) and not _is_unmatched(rule.endpoint)
    ]
    return Map(rules, converters=url_map.converters).bind_to_environ(request.environ)


def _is_unmatched(endpoint: str | None) -> bool:
    return endpoint is not None and endpoint.endswith(f".{UNMATCHED}")
