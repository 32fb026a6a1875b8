"""Reading the arguments of a request, and saying precisely what is wrong with them."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from webargs.core import is_json
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

__all__ = ["ArgumentParser", "InvalidArgumentsError", "MalformedBodyError", "field_errors"]

_MOST_ERRORS = 20
_LONGEST_NAME = 60


class InvalidArgumentsError(Exception):
    """Parameters or body fields cannot be used; ``errors`` has (field, message) pairs."""

    def __init__(self, errors: Iterable[tuple[str, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__(str(self.errors))


class MalformedBodyError(Exception):
    """The body is not JSON in UTF-8; the message is for the client."""


class ArgumentParser(FlaskParser):
    """webargs' parser, made strict: nothing unknown, nothing twice, a body only as JSON."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - webargs declares it an instance variable
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "json": ma.RAISE,
    }

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """Return the query parameters; one that is given twice is an error, unless it is a list."""
        found = super().load_querystring(req, schema)
        lists = found.multiple_keys
        twice = [name for name, values in req.args.lists() if len(values) > 1 and name not in lists]
        if twice:
            raise ma.ValidationError({name: ["Given more than once."] for name in twice})
        return found

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Return the body read as JSON."""
        if not is_json(req.mimetype):
            raise UnsupportedMediaType(
                "Send the body as JSON, with Content-Type: application/json."
            )
        try:
            return json.loads(_body(req).decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise MalformedBodyError(f"The body is not UTF-8 (byte {error.start}).") from error
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            raise MalformedBodyError(f"The body is not JSON: {error.msg} ({where}).") from error
        except (ValueError, RecursionError) as error:
            # A number of thousands of digits, or brackets in brackets in brackets.
            raise MalformedBodyError("The body is not JSON that this service can read.") from error

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Raise :class:`InvalidArgumentsError` in place of webargs' ``abort(422)``."""
        # webargs puts the messages under the location: {"query": {"size": [...]}}.
        messages: Any = error.messages
        (found,) = messages.values()
        by_field = found if isinstance(found, Mapping) else {"_schema": found}
        raise InvalidArgumentsError(field_errors(by_field, schema)) from error


def _body(req: Request) -> bytes:
    """Return the body, or raise 413; of a chunked one werkzeug gives what is below the limit."""
    body = req.get_data()
    limit = req.max_content_length
    if req.content_length is None and limit is not None and len(body) >= limit:
        raise RequestEntityTooLarge
    return body


def field_errors(found: Mapping[str, Any], schema: ma.Schema) -> Iterator[tuple[str, str]]:
    """Yield (field, message) pairs for the messages that loading with ``schema`` gave."""
    known = [field.data_key or name for name, field in schema.fields.items()]
    for field, messages in list(found.items())[:_MOST_ERRORS]:
        if field == "_schema":
            yield "body", "Must be a JSON object."
        elif field not in known:
            yield str(field)[:_LONGEST_NAME], _unknown(str(field)[:_LONGEST_NAME], known)
        else:
            yield field, " ".join(dict.fromkeys(_sentences(messages)))


def _sentences(messages: Any) -> Iterator[str]:
    """Yield the messages of a field; those of a list come by the number of the item."""
    if isinstance(messages, Mapping):
        for inner in list(messages.values())[:_MOST_ERRORS]:
            yield from _sentences(inner)
    else:
        yield from map(str, messages)


def _unknown(name: str, known: list[str]) -> str:
    if not known:
        return "Unknown: nothing can be given here."
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"Unknown.{hint} Known: {', '.join(known)}."
