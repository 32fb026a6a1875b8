"""From JSON back to the values of :mod:`search_service.results`: what ``to_json`` wrote.

One function reads them all, by the types of their members. A member that is
missing takes its default and one that is unknown is passed over, so that a
program and a service of neighbouring versions understand each other.
"""

from __future__ import annotations

import datetime
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from search_service.query.ast import QueryWarning
from search_service.results import Snippet
from search_service.results_completion import Completion

__all__ = ["from_json"]

T = TypeVar("T")
Json = Mapping[str, Any]


def from_json(kind: type[T], value: Any) -> T:
    """Return the value of type ``kind`` whose ``to_json`` gave ``value``.

    Raises ``ValueError`` that names the member, if it was something else:

    >>> from search_service.results import Hit
    >>> from_json(Hit, {"id": "1", "score": "high"})
    Traceback (most recent call last):
        ...
    ValueError: Hit.score must be a number, not 'high'
    """
    read: T = _read(kind, value, kind.__name__)
    return read


def _read(kind: Any, value: Any, where: str) -> Any:
    if kind is Any:
        return value
    reader = _BY_ORIGIN.get(get_origin(kind))
    if reader:
        return reader(get_args(kind), value, where)
    if is_dataclass(kind):
        return _members(kind, _object(value, where), where)
    if issubclass(kind, Enum):
        return _choice([each.value for each in kind], value, where, kind)
    if kind is datetime.date:
        return _day(value, where)
    return _plain(kind, value, where)


def _members(kind: Any, stored: Json, where: str) -> Any:
    stored = _WRITTEN_OTHERWISE.get(kind, dict)(stored)
    given = {}
    for member, its_kind in _described(kind):
        if member.name in stored:
            place = f"{where}.{member.name}"
            given[member.name] = _read(its_kind, stored[member.name], place)
        elif member.default is MISSING and member.default_factory is MISSING:
            raise ValueError(f"{where}.{member.name} is missing")
    return kind(**given)


@cache
def _described(kind: Any) -> tuple[tuple[Field[Any], Any], ...]:
    """Return the members of a dataclass, each with its type (no string)."""
    hints = get_type_hints(kind)
    return tuple((member, hints[member.name]) for member in fields(kind))


# ---------------------------------------------------------------- members of several values


def _optional(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and types.NoneType in kinds:
        return None
    (kind,) = (each for each in kinds if each is not types.NoneType)
    return _read(kind, value, where)


def _sequence(kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _wrong(where, "a list", value)
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise _wrong(where, f"a list of {len(kinds)}", value)
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(_read(kind, each, f"{where}[{number}]") for number, (kind, each) in pairs)


def _mapping(kinds: tuple[Any, ...], value: Any, where: str) -> dict[str, Any]:
    inner = _object(value, where)
    return {name: _read(kinds[1], each, f"{where}[{name!r}]") for name, each in inner.items()}


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(where, "an object", value)
    return value


# ---------------------------------------------------------------- single values


def _literal(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    return _choice(list(choices), value, where, lambda chosen: chosen)


def _choice(choices: list[Any], value: Any, where: str, make: Callable[[Any], Any]) -> Any:
    if value not in choices:
        raise _wrong(where, f"one of {', '.join(map(str, choices))}", value)
    return make(value)


def _day(value: Any, where: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _wrong(where, "a day as 2020-12-31", value) from None


_NAMES = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}


def _plain(kind: type[Any], value: Any, where: str) -> Any:
    # JSON has one kind of number: another program may write 7.0 as 7.
    accepted = (int, float) if kind is float else (kind,)
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise _wrong(where, _NAMES[kind], value)
    try:
        return kind(value)
    except OverflowError:
        # A whole number beyond all floats.
        raise _wrong(where, _NAMES[kind], value) from None


def _wrong(where: str, expected: str, value: Any) -> ValueError:
    return ValueError(f"{where} must be {expected}, not {_shortened(repr(value))}")


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


_BY_ORIGIN: Mapping[Any, Callable[[tuple[Any, ...], Any, str], Any]] = {
    Union: _optional,
    types.UnionType: _optional,
    tuple: _sequence,
    Mapping: _mapping,
    Literal: _literal,
}


# ---------------------------------------------------------------- other names in JSON


def _snippet(stored: Json) -> Json:
    return {("marks" if name == "ranges" else name): each for name, each in stored.items()}


def _warning(stored: Json) -> Json:
    return {**stored, "span": _pair(stored)}


def _completion(stored: Json) -> Json:
    ranges = stored.get("ranges")
    marks = list(map(_pair, ranges)) if isinstance(ranges, list) else ranges
    return {**stored, "marks": marks}


def _pair(place: Any) -> Any:
    """Return start and end of a range; what is no range is for its reader to refuse."""
    return [place.get("start"), place.get("end")] if isinstance(place, dict) else place


_WRITTEN_OTHERWISE: Mapping[Any, Callable[[Json], Json]] = {
    Snippet: _snippet,
    QueryWarning: _warning,
    Completion: _completion,
}
