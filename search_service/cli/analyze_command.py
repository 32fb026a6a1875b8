"""``search-service analyze``: what becomes of each word, and by which rules."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from search_service.cli import opening, streams
from search_service.cli.lines import Line, Span, clean, isolated, value
from search_service.cli.options import TextCommand, index_dir_option, json_option, settings_with
from search_service.cli.writing import write_lines
from search_service.schema import Tier

__all__ = ["analyze"]

_COLUMNS = ("word", "position", *(tier.value for tier in Tier))


@click.command(
    cls=TextCommand,
    epilog="""\b
Examples:
  search-service analyze والمكتبات
  search-service analyze --json 'كتاب جديد' | jq '.[].forms.stem'
  search-service analyze < page.txt
""",
)
@click.argument("text", nargs=-1, metavar="[TEXT]...", type=click.UNPROCESSED)
@json_option
@index_dir_option
def analyze(text: tuple[str, ...], as_json: bool, index_dir: Path | None) -> None:
    """Show how text is cut into words, and each word's forms.

    Without TEXT, or with - alone, the text is read from standard input.
    """
    wanted = streams.words_or_stdin(text)
    if wanted is None:
        raise click.UsageError("Missing argument 'TEXT': give words, or pipe a text in.")
    # The words' forms do not depend on the index, so one that does not fit is no obstacle.
    with opening.open_service(settings_with(index_dir=index_dir), rebuild=True) as service:
        tokens = service.analyze(wanted)
    if as_json:
        streams.write_json(tokens)
        return
    if streams.is_terminal(sys.stdout):
        write_lines(_table_lines(tokens))
    else:
        _write_tabs(tokens)
    write_lines(_step_lines(tokens))


def _cells(token: Mapping[str, Any]) -> list[str]:
    forms = [token["forms"][tier.value] for tier in Tier]
    return [str(cell) for cell in (token["text"], token["position"], *forms)]


def _table_lines(tokens: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """Yield aligned columns; each cell isolated, or neighbouring ones would change places."""
    # Here, because pipes do without it.
    from rich.cells import cell_len

    rows = [tuple(map(clean, row)) for row in (_COLUMNS, *map(_cells, tokens))]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        spans: list[Span] = []
        for cell, width in zip(row, widths, strict=True):
            spans += value(cell, "" if number else "bold")
            # A mark above a letter has no width of its own, so str.ljust would not do.
            spans.append(Span(" " * (width - cell_len(cell) + 2)))
        yield Line(tuple(spans))


def _write_tabs(tokens: Sequence[Mapping[str, Any]]) -> None:
    click.echo("\t".join(_COLUMNS))
    for token in tokens:
        click.echo("\t".join(map(clean, _cells(token))))


def _step_lines(tokens: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    for token in tokens:
        steps = token.get("steps", ())
        if steps:
            yield Line()
            yield Line(isolated([Span(token["text"], "bold")]))
        for step in steps:
            yield Line(_step(step), indent=2)


def _step(step: Mapping[str, Any]) -> tuple[Span, ...]:
    return (
        Span(f"{step['tier']:<7}", "dim"),
        *value(step["before"]),
        Span(" → "),
        *value(step["after"]),
        Span("  "),
        *value(step["rule"], "dim"),
    )
