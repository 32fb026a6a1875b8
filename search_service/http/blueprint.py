"""A Flask blueprint whose operations are described in OpenAPI, and which answers all its URLs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import flask
import flask_smorest
from flask.sansio.blueprints import BlueprintSetupState
from marshmallow import Schema
from werkzeug.routing import PathConverter

from search_service.http.arguments import ArgumentParser
from search_service.http.caching import CONDITIONAL, NOT_MODIFIED, VALIDATORS, revalidated
from search_service.http.schemas import ProblemSchema
from search_service.http.unmatched import UNMATCHED, answer_options, answer_unmatched

__all__ = ["ServiceBlueprint"]

View: TypeAlias = Callable[..., flask.typing.ResponseReturnValue]
AnyView = TypeVar("AnyView", bound=View)

_READING = ("GET", "HEAD", "OPTIONS")
_WRITING = ("POST", "PUT", "PATCH", "DELETE", "TRACE")
_REQUEST_ID = {
    "X-Request-Id": {
        "description": "The id of this request: the client's own, or a new one.",
        "schema": {"type": "string"},
    }
}


class _DocumentIdConverter(PathConverter):
    """The rest of the path, whatever it is: ids may have slashes anywhere, even in front."""

    regex = "(?s:.+)"
    part_isolating = False


class ServiceBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # its base is untyped
    """Routes of two sorts: operations, which are documented, and pages, which are not."""

    ARGUMENTS_PARSER = ArgumentParser()

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.record(_add_converter)
        self.record(_add_unmatched)
        self.before_request(answer_options)

    def operation(
        self,
        rule: str,
        answer: type[Schema],
        *,
        method: str = "GET",
        query: type[Schema] | None = None,
        body: type[Schema] | None = None,
        path: Sequence[Mapping[str, Any]] = (),
        problems: Mapping[int, str] | None = None,
        tag: str = "search",
        fingerprint: Callable[[], str] | None = None,
    ) -> Callable[[AnyView], AnyView]:
        """Add a view that is documented; ``problems`` says when each error status comes.

        With ``fingerprint``, answers have an ETag, and a client that has the answer
        already gets 304.
        """

        def decorate(view: AnyView) -> AnyView:
            # flask-smorest describes by wrapping. Its wrappers are for views that return
            # something else than answers: here they carry the description and are not called.
            headers: Mapping[str, Any] = _REQUEST_ID
            described: Callable[..., Any] = view
            if fingerprint is not None:
                headers = {**_REQUEST_ID, **VALIDATORS}
                described = self.alt_response(304, description=NOT_MODIFIED)(described)
            described = self.response(200, answer, description="OK", headers=headers)(described)
            for status, when in {**(problems or {}), 500: "The service failed."}.items():
                described = self.alt_response(
                    status,
                    schema=ProblemSchema,
                    content_type="application/problem+json",
                    description=when,
                )(described)
            described = self.doc(operationId=view.__name__)(described)
            called: Callable[..., Any] = view
            if fingerprint is not None:
                called = revalidated(called, fingerprint)
            for schema, location in ((query, "query"), (body, "json")):
                if schema is not None:
                    described = self.arguments(schema, location=location)(described)
                    called = self.ARGUMENTS_PARSER.use_args(schema(), location=location)(called)
            vars(called)["_apidoc"] = vars(described)["_apidoc"]
            conditional = () if fingerprint is None else (CONDITIONAL,)
            self.add_url_rule(
                rule,
                view.__name__,
                called,
                methods=[method],
                parameters=[dict(parameter) for parameter in (*path, *conditional)],
                tags=[tag],
            )
            return view

        return decorate

    def page(self, rule: str, endpoint: str, view: View) -> None:
        """Add a view that is not part of the API and not documented."""
        flask.Blueprint.add_url_rule(self, rule, endpoint, view)


def _add_converter(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["search_document_id"] = _DocumentIdConverter


def _add_unmatched(state: BlueprintSetupState) -> None:
    """Answer unknown URLs and methods below the prefix; without a prefix they are the host's."""
    if not state.url_prefix:
        return
    # The first rule leaves the page at "/" what is its own.
    for rule, methods in (("/", _WRITING), ("/<path:unmatched>", (*_READING, *_WRITING))):
        state.add_url_rule(
            rule, UNMATCHED, answer_unmatched, methods=methods, provide_automatic_options=False
        )
