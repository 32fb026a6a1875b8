"""``search-service stats``: what the index is and holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search_service.cli import opening
from search_service.cli.lines import Line, Span, clean, value
from search_service.cli.options import index_dir_option, json_option, settings_with
from search_service.cli.streams import write_json
from search_service.cli.writing import write_lines

if TYPE_CHECKING:
    from search_service.results import Stats

__all__ = ["stats"]


@click.command(
    epilog="""\b
Example:
  search-service stats
  search-service stats --json | jq .documents
"""
)
@json_option
@index_dir_option
def stats(as_json: bool, index_dir: Path | None) -> None:
    """Show what the index is and holds."""
    with opening.open_ready(settings_with(index_dir=index_dir)) as service:
        found = service.stats()
    if as_json:
        write_json(found.to_json())
    else:
        write_lines(_lines(found))


def _lines(found: Stats) -> Iterator[Line]:
    facts = found.to_json()
    tokens, problems = facts.pop("tokens"), facts.pop("problems")
    facts |= {f"tokens in {field}": count for field, count in tokens.items()}
    width = max(map(len, facts)) + 2
    for name, fact in facts.items():
        yield Line((Span(f"{name:<{width}}", "dim"), Span(clean(str(fact)))))
    for problem in problems:
        yield Line(value(problem), width, f"{'problem':<{width}}")
