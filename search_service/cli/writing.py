"""Lines to a stream: wrapped, coloured and isolated on a terminal, plain in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

import click

from search_service.cli import streams
from search_service.cli.lines import FSI, PDI, Line, plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = ["terminal", "write_lines"]

# Even in a very narrow window a line keeps room for a word.
_LEAST_WIDTH = 20


def write_lines(lines: Iterable[Line], stream: TextIO | None = None) -> None:
    """Write lines to ``stream``, standard output if none is given."""
    stream = stream or sys.stdout
    if not streams.is_terminal(stream):
        for line in lines:
            click.echo(plain(line), file=stream)
        return
    console = terminal(stream)
    for line in lines:
        for text in _wrapped(line, console):
            # Wrapped already; rich would count the indentation a second time.
            console.print(text, soft_wrap=True)


def terminal(stream: TextIO) -> Console:
    """Return a console on a terminal; it takes text literally and honours NO_COLOR."""
    # Here, because pipes do without it and it takes longer to load than to search.
    from rich.console import Console

    return Console(file=stream, force_terminal=True, highlight=False, markup=False, emoji=False)


def _wrapped(line: Line, console: Console) -> Iterator[Text]:
    from rich.text import Text

    whole = Text.assemble(*((span.text, span.style) for span in line.spans))
    width = max(console.width - line.indent, _LEAST_WIDTH)
    label, is_open = line.label, False
    for part in whole.wrap(console, width, overflow="fold"):
        part.rstrip()
        text, is_open = _closed(part, is_open)
        yield Text.assemble(f"{label:>{line.indent}}", text)
        label = ""


def _closed(part: Text, was_open: bool) -> tuple[Text, bool]:
    """Return one wrapped line whose isolates are complete, and whether one goes on after it."""
    from rich.text import Text

    plain_part = part.plain
    is_open = plain_part.rfind(FSI) > plain_part.rfind(PDI) or (was_open and PDI not in plain_part)
    return Text.assemble(FSI if was_open else "", part, PDI if is_open else ""), is_open
