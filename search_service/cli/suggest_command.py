"""``search-service suggest``: what may be meant by what was typed so far."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search_service.cli import opening, streams
from search_service.cli.lines import Line, Span, isolated, value
from search_service.cli.options import TextCommand, index_dir_option, json_option, settings_with
from search_service.cli.writing import write_lines

if TYPE_CHECKING:
    from search_service.results import Completion

__all__ = ["suggest"]

# What the service gives at a time; it refuses more.
MAX_SIZE = 20


@click.command(
    cls=TextCommand,
    epilog="""\b
Examples:
  search-service suggest المدين
  search-service suggest --json 'طريق الح' | jq -r '.suggestions[].text'
  search-service suggest 'المدينة '
""",
)
@click.argument("text", nargs=-1, metavar="[TEXT]...", type=click.UNPROCESSED)
@json_option
@click.option(
    "--size",
    type=click.IntRange(1, MAX_SIZE),
    default=8,
    show_default=True,
    metavar="N",
    help=f"Most suggestions, at most {MAX_SIZE}.",
)
@index_dir_option
def suggest(text: tuple[str, ...], as_json: bool, size: int, index_dir: Path | None) -> None:
    """Complete what was typed so far.

    The last word is completed from the words of the documents; titles that have all of TEXT
    follow. Behind a space at the end there are titles alone. Without TEXT, or with - alone,
    the text is read from standard input.
    """
    typed = streams.words_or_stdin(text)
    if typed is None:
        raise click.UsageError("Missing argument 'TEXT': give words, or pipe a text in.")
    typed = typed.rstrip("\r\n")
    with opening.open_ready(settings_with(index_dir=index_dir)) as service:
        found = service.suggest(typed, size=size)
    if as_json:
        streams.write_json({"query": typed, "suggestions": [one.to_json() for one in found]})
        return
    write_lines(map(_line, found))


def _line(one: Completion) -> Line:
    behind = (Span("  "), *value(one.id, "green")) if one.id else (Span(f"  {one.count}", "dim"),)
    return Line((*isolated(_pieces(one)), *behind))


def _pieces(one: Completion) -> Iterator[Span]:
    done = 0
    for start, end in one.marks:
        yield Span(one.text[done:start])
        yield Span(one.text[start:end], "bold")
        done = end
    yield Span(one.text[done:])
