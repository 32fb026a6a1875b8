"""``/openapi.json``, and a page made from it: no scripts, nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

from flask import Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from search_service.config import Settings
from search_service.http.blueprint import ServiceBlueprint
from search_service.http.openapi import openapi_document
from search_service.http.problems import KINDS
from search_service.http.render import render
from search_service.http.responses import json_response

__all__ = ["add_docs"]

Json = Mapping[str, Any]


def add_docs(blueprint: ServiceBlueprint, settings: Settings) -> None:
    """Add the OpenAPI document, its page, and the addresses of the kinds of problem."""

    def openapi() -> Response:
        return json_response(openapi_document(settings, _prefix()))

    def docs() -> Response:
        document = openapi_document(settings, _prefix())
        return render(
            "docs.html",
            info=document["info"],
            operations=list(_operations(document, _prefix())),
            schemas=list(_schemas(document)),
            kinds=KINDS.values(),
        )

    def problem(slug: str) -> AnyResponse:
        # The "type" of every problem document leads to its explanation.
        if slug not in KINDS:
            raise NotFound
        return redirect(url_for(".docs", _anchor=f"problem-{slug}"))

    blueprint.page("/openapi.json", "openapi", openapi)
    blueprint.page("/docs", "docs", docs)
    blueprint.page("/problems/<slug>", "problem", problem)


def _prefix() -> str:
    """Return where this blueprint is mounted, with what a proxy has put before it."""
    return url_for(".openapi").removesuffix("/openapi.json")


def _operations(document: Json, prefix: str) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method == "parameters":
                continue
            body = operation.get("requestBody", {})
            rows = [_parameter(each) for each in shared + operation.get("parameters", [])]
            fields = list(_members(_resolve(document, _schema_of(body)))) if body else []
            link = prefix + _example_url(path, rows)
            yield {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": prefix + path,
                "summary": operation["summary"],
                "description": operation.get("description", ""),
                "parameters": rows,
                "body": fields,
                "responses": list(_responses(operation)),
                "link": link if method == "get" else None,
                "shown": unquote_plus(link),
                "address": request.host_url.rstrip("/") + link,
                "example": _example_body(fields),
            }


def _parameter(parameter: Json) -> dict[str, Any]:
    row = _row(parameter["name"], parameter["schema"], bool(parameter.get("required")))
    return {**row, "in": parameter["in"], "description": parameter.get("description", "")}


def _members(schema: Json) -> Iterator[dict[str, Any]]:
    required = schema.get("required", [])
    for name, member in schema.get("properties", {}).items():
        yield _row(name, member, name in required)


def _row(name: str, schema: Json, required: bool) -> dict[str, Any]:
    low, high = schema.get("minimum"), schema.get("maximum")
    value = next(iter(schema.get("examples", [])), None)
    return {
        "name": name,
        "required": required,
        "type": _type(schema),
        "ref": _ref(schema),
        "description": schema.get("description", ""),
        "default": json.dumps(schema["default"]) if "default" in schema else None,
        "bounds": f"{low}–{high}" if low is not None and high is not None else None,
        "choices": schema.get("items", schema).get("enum", []),
        "example": _shown(value),
        "value": value,
    }


def _shown(value: Any) -> Any:
    """Return an example as a page shows it: names as they are, else as JSON."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _type(schema: Json) -> str:
    """Return a schema's type in words: ``list of Hit``, ``string or null``."""
    for key in ("anyOf", "allOf", "oneOf"):
        if key in schema:
            return " or ".join(_type(each) for each in schema[key])
    if "$ref" in schema:
        return _name_of(schema["$ref"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    kind = schema.get("type", "any")
    words = " or ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{words} ({schema['format']})" if "format" in schema else words


def _ref(schema: Json) -> str | None:
    """Return the name of the schema that this one refers to, if it does."""
    if "$ref" in schema:
        return _name_of(schema["$ref"])
    inner = [schema["items"]] if "items" in schema else []
    inner += [each for key in ("anyOf", "allOf", "oneOf") for each in schema.get(key, [])]
    return next((found for each in inner if (found := _ref(each))), None)


def _name_of(reference: str) -> str:
    return reference.rpartition("/")[2]


def _resolve(document: Json, schema: Json) -> Json:
    reference = schema.get("$ref")
    found: Json = document["components"]["schemas"][_name_of(reference)] if reference else schema
    return found


def _schema_of(described: Json) -> Json:
    """Return the schema of a request body or a response: each has one content type here."""
    schema: Json = next(iter(described["content"].values()))["schema"]
    return schema


def _responses(operation: Json) -> Iterator[dict[str, Any]]:
    for status, response in sorted(operation["responses"].items()):
        # 304 has no body to describe; the header that asks for it is among the parameters.
        # The body of 414 is the server's.
        if "content" in response:
            yield {
                "status": status,
                "description": response["description"],
                "schema": _name_of(_schema_of(response)["$ref"]),
            }


def _schemas(document: Json) -> Iterator[dict[str, Any]]:
    for name, schema in document["components"]["schemas"].items():
        yield {"name": name, "members": list(_members(schema))}


def _example_url(path: str, rows: list[dict[str, Any]]) -> str:
    for row in rows:
        if row["in"] == "path":
            path = path.replace(f"{{{row['name']}}}", quote(str(row["value"])))
    query = {r["name"]: r["value"] for r in rows if r["in"] == "query" and r["required"]}
    return f"{path}?{urlencode(query)}" if query else path


def _example_body(rows: list[dict[str, Any]]) -> str:
    given = {row["name"]: row["value"] for row in rows if row["value"] is not None}
    return json.dumps(given, ensure_ascii=False)
