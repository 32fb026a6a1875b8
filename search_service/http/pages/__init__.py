"""The pages for people, made on the server: the search page and the page of one document."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeAlias

from flask import Response, request
from werkzeug.exceptions import HTTPException, NotFound

from search_service.http.backend import Backend
from search_service.http.blueprint import ServiceBlueprint
from search_service.http.errors import (
    PROBLEM_JSON,
    log_problem,
    problem_for,
    problem_response,
)
from search_service.http.pages.document import document_page
from search_service.http.pages.results import results_page
from search_service.http.pages.shell import error_page, language_of, page
from search_service.http.pages.state import State, read_state

__all__ = ["add_pages"]

_View: TypeAlias = Callable[..., Response]


def add_pages(blueprint: ServiceBlueprint, backend: Backend) -> None:
    """Add the pages for people."""

    def search_view() -> Response:
        state, faults = read_state(request.args)
        if faults:
            return error_page(state, faults)
        return results_page(backend, state) if state.asks else _welcome(backend, state)

    def document_view(document_id: str) -> Response:
        state, _ = read_state(request.args)
        return document_page(backend, state, document_id)

    def not_found(error: NotFound) -> Response:
        if not _is_reader():
            return problem_response(problem_for(error))
        state, _ = read_state(request.args)
        return page("error.html", state, 404, problem=problem_for(error), faults=())

    blueprint.register_error_handler(404, not_found)
    blueprint.page("/", "home", _guarded(search_view))
    blueprint.page("/documents/<search_document_id:document_id>", "reader", _guarded(document_view))


def _welcome(backend: Backend, state: State) -> Response:
    documents = backend.stats().documents
    holding = language_of(state).count(documents, "documents")
    return page("welcome.html", state, documents=documents, holding=holding)


def _is_reader() -> bool:
    """Tell whether a page is wanted rather than a problem document: browsers say so."""
    accepted = request.accept_mimetypes
    return "/v1/" not in request.path and accepted["text/html"] > accepted[PROBLEM_JSON]


def _guarded(view: _View) -> _View:
    """Tell readers of errors in a sentence, where programs get a problem document."""

    @wraps(view)
    def guarded(**arguments: str) -> Response:
        try:
            return view(**arguments)
        except HTTPException:
            raise
        except Exception as error:
            problem = problem_for(error)
            log_problem(error, problem)
            state, _ = read_state(request.args)
            response = page("error.html", state, problem.status, problem=problem, faults=())
            response.headers.update(problem.headers)
            return response

    return guarded
