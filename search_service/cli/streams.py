"""Standard input, output and error: always UTF-8, and terminals told from pipes."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any, TextIO

import click

__all__ = ["is_terminal", "use_utf8", "words_or_stdin", "write_json"]

# What JSON may hold as it is but a terminal would act on: C1 controls and
# those that turn the direction of everything after them.
_ACTED_ON = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

_UNDECODED = re.compile("[\udc80-\udcff]")


def use_utf8() -> None:
    r"""Write UTF-8 whatever the locale says.

    Lone surrogates, which is how Python hands over arguments and file names
    that are not UTF-8, come out as ``\udcXX``: readable, and valid in JSON.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def is_terminal(stream: TextIO) -> bool:
    """Tell whether a person reads (or types into) ``stream`` directly."""
    return stream.isatty()


def words_or_stdin(words: Sequence[str]) -> str | None:
    """Return the words as one text, or what was piped in if there are none (or only ``-``).

    ``None`` where a person would have to type it.
    """
    if words and tuple(words) != ("-",):
        return _as_utf8(" ".join(words))
    if is_terminal(sys.stdin):
        return None
    # Bytes, since the text layer would decode them as the locale says.
    return sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")


def _as_utf8(argument: str) -> str:
    """Return an argument that the locale (``LC_ALL=C``) could not decode as what it is in UTF-8."""
    if not _UNDECODED.search(argument):
        return argument
    return os.fsencode(argument).decode("utf-8", errors="surrogateescape")


def write_json(value: Any) -> None:
    """Write ``value`` to stdout, letters as letters, two spaces per level."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if is_terminal(sys.stdout):
        # The same JSON, spelled so that a stored text cannot command the terminal.
        text = _ACTED_ON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    click.echo(text)
