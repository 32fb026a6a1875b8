"""How schemas describe the members of answers."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

__all__ = ["Described", "described", "number", "text"]


def described(description: str, example: Any = None) -> dict[str, Any]:
    """Return the metadata of a member: what it is, and an example."""
    metadata: dict[str, Any] = {"description": description}
    if example is not None:
        metadata["examples"] = [example]
    return metadata


def text(description: str, example: Any = None, **options: Any) -> fields.String:
    """Return a member that holds text, required unless ``options`` say otherwise."""
    return fields.String(**{"required": True, **options}, metadata=described(description, example))


def number(description: str, example: Any = None, **options: Any) -> fields.Integer:
    """Return a member that holds a whole number of 0 or more, unless ``options`` say otherwise."""
    settings = {"required": True, "validate": validate.Range(min=0), **options}
    return fields.Integer(**settings, metadata=described(description, example))


class Described(Schema):
    """Base of all schemas of answers."""

    class Meta:
        """Nothing else: without it the document would allow members that no answer has."""

        unknown = RAISE
