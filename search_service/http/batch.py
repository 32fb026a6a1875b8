"""Several searches in one request: each is answered by itself, one's problem is not the others'."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import marshmallow as ma

from search_service import errors
from search_service.http.arguments import InvalidArgumentsError, field_errors
from search_service.http.errors import problem_for, problem_json
from search_service.http.parameters import SearchBody

__all__ = ["answers"]


def answers(
    searches: Sequence[Any], search: Callable[[dict[str, Any]], Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return for each search its results, or the problem that it would have been answered with.

    ``search`` takes checked arguments. What is not the fault of one search,
    such as an index that cannot be read, is raised.
    """
    return [_answer(body, search) for body in searches]


def _answer(body: Any, search: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return search(_checked(body))
    except (InvalidArgumentsError, errors.QuerySyntaxError) as error:
        return problem_json(problem_for(error))


def _checked(body: Any) -> dict[str, Any]:
    schema = SearchBody()
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ma.ValidationError as error:
        # A schema's messages are always by field.
        found = error.messages_dict
        raise InvalidArgumentsError(field_errors(found, schema)) from error
    return loaded
