"""The pages for people, made on the server: the search page and the page of one document."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeAlias

from flask import Response, request
from werkzeug.exceptions import HTTPException

from search_service.http.backend import Backend
from search_service.http.blueprint import ServiceBlueprint
from search_service.http.errors import log_problem, problem_for
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

    blueprint.page("/", "home", _guarded(search_view))
    blueprint.page("/documents/<search_document_id:document_id>", "reader", _guarded(document_view))


def _welcome(backend: Backend, state: State) -> Response:
    documents = backend.stats().documents
    holding = language_of(state).count(documents, "documents")
    return page("welcome.html", state, documents=documents, holding=holding)


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
