"""JSON and JSON Lines files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources.lines import Lines
from search_service.sources.reading import read_text
from search_service.sources.records import Names, record_result
from search_service.sources.source_file import SourceFile

__all__ = ["read_json", "read_json_lines"]

_LIST_KEY = "documents"
_SPACE = re.compile(r"[ \t\r\n,:]*")  # with what parts values: the text is known to be valid


def _not_json(written: str) -> Any:
    raise ValueError(f"{written} is not JSON")


_decoder = json.JSONDecoder(parse_constant=_not_json)


def read_json_lines(file: SourceFile, names: Names) -> Iterator[Document | SourceError]:
    """Yield a document per line, streamed; blank lines are passed over."""
    lines = Lines(file)
    number = 0
    while True:
        try:
            line = next(lines)
        except StopIteration:
            break
        except SourceError as error:
            number += 1
            yield error
            continue
        if line.strip():
            number += 1
            yield _line_result(file, line, names, number, lines.number)
    if not number:
        raise file.error("empty")


def _line_result(
    file: SourceFile, line: str, names: Names, number: int, at: int
) -> Document | SourceError:
    try:
        return record_result(file, _decoder.decode(line), names, number, at)
    except (ValueError, RecursionError) as error:
        return file.error(_reason(error), at)


def read_json(file: SourceFile, names: Names) -> Iterator[Document | SourceError]:
    """Yield the documents of an object, a list of objects, or ``{"documents": [...]}``.

    The file is one value, so that one mistake in its syntax spoils all of it.
    """
    text = read_text(file)
    try:
        value = _decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise file.error(_reason(error), getattr(error, "lineno", None)) from error
    listed = _listed(value)
    records = [value] if listed is None else listed
    if not records:
        raise file.error("empty: a list without records")
    starts: list[int] = []
    for number, record in enumerate(records, 1):
        result = record_result(file, record, names, number, None)
        if isinstance(result, SourceError):
            # Lines are counted only when something is wrong: it means to parse again.
            starts = starts or _record_lines(text, value)
            result = file.error(result.reason, starts[number - 1])
        yield result


def _listed(value: Any) -> list[Any] | None:
    inner = value.get(_LIST_KEY) if isinstance(value, dict) else value
    return inner if isinstance(inner, list) else None


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "bad JSON: nested too deeply"
    # The message of a JSONDecodeError without its position in the whole text.
    return f"bad JSON: {getattr(error, 'msg', None) or error}"


def _record_lines(text: str, value: Any) -> list[int]:
    """Return the line on which each record begins; ``text`` is valid JSON of ``value``."""
    start = _skip(text, 0)
    if _listed(value) is None:
        return [text.count("\n", 0, start) + 1]
    if isinstance(value, dict):
        start = _list_start(text, start)
    lines, line, seen = [], 1, 0
    position = _skip(text, start + 1)
    while text[position] != "]":
        line += text.count("\n", seen, position)
        seen = position
        lines.append(line)
        position = _skip(text, _decoder.raw_decode(text, position)[1])
    return lines


def _list_start(text: str, start: int) -> int:
    """Return where the value of the last key ``documents`` begins: that one counts."""
    found = position = _skip(text, start + 1)
    while text[position] != "}":
        key, end = _decoder.raw_decode(text, position)
        position = _skip(text, end)
        if key == _LIST_KEY:
            found = position
        position = _skip(text, _decoder.raw_decode(text, position)[1])
    return found


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position
