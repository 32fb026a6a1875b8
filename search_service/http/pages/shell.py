"""What every page has around its content: the box, the languages, the footer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request, url_for

from search_service.http.context import request_id
from search_service.http.pages.state import Fault, State
from search_service.http.problems import Problem
from search_service.http.render import render
from search_service.http.wording import ARABIC, LANGUAGES, Wording

__all__ = ["MAX_TYPED", "error_page", "language_of", "page"]

MAX_TYPED = 800
"""Characters that the box takes: a URL with them is below what servers allow (8190 bytes).

A letter is six bytes there, of presentation forms nine.
"""

_LONGEST_VALUE = 60
#: The path of a page is the same in every language, and caches have to know.
_VARY = "Accept-Language"


def language_of(state: State) -> Wording:
    """Return the language that the reader chose, else the browser's, else Arabic."""
    if state.lang:
        return LANGUAGES[state.lang]
    # Not best_match, which takes a distant "en" before the "ar-EG" that comes first.
    for tag, quality in request.accept_languages:
        spoken = LANGUAGES.get(tag.partition("-")[0].lower())
        if spoken and quality > 0:
            return spoken
    return ARABIC


def page(template: str, state: State, status: int = 200, **values: Any) -> Response:
    """Return a page; ``values`` are those of its template."""
    t = language_of(state)
    response = render(
        template,
        status,
        scripts=True,
        t=t,
        state=state,
        max_typed=MAX_TYPED,
        other=LANGUAGES[t.other],
        other_url=_in(t.other),
        request_id=request_id(),
        **values,
    )
    response.vary.add(_VARY)
    return response


def error_page(state: State, faults: Sequence[Fault]) -> Response:
    """Return the page that says what in a URL makes no sense, and leads on without it."""
    shown = [Fault(fault.name, _shortened(fault.value)) for fault in faults]
    problem = Problem.of("validation", "")
    return page("error.html", state, problem.status, problem=problem, faults=shown)


def _in(code: str) -> str:
    """Return this page's URL in another language, everything else as it was sent."""
    sent = {name: request.args.getlist(name) for name in request.args}
    arguments = {**(request.view_args or {}), **sent, "lang": code}
    endpoint = (request.endpoint or "home").rpartition(".")[2]
    return url_for(f".{endpoint}", **arguments)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
