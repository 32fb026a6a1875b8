"""``search-service similar``: documents like one."""

from __future__ import annotations

from pathlib import Path

import click

from search_service.cli import opening, streams
from search_service.cli.hits import result_lines
from search_service.cli.options import index_dir_option, json_option, settings_with
from search_service.cli.search_command import MAX_SIZE
from search_service.cli.writing import write_lines

__all__ = ["similar"]


@click.command(
    epilog="""\b
Examples:
  search-service similar history/002-silk-road-caravans.html
  search-service similar --json report-library-2019 | jq -r '.hits[].id'
""",
)
@click.argument("document_id", metavar="ID")
@json_option
@click.option(
    "--size",
    type=click.IntRange(1, MAX_SIZE),
    default=5,
    show_default=True,
    metavar="N",
    help=f"Most documents, at most {MAX_SIZE}.",
)
@index_dir_option
def similar(document_id: str, as_json: bool, size: int, index_dir: Path | None) -> None:
    """Find documents like the one with this ID.

    Those come first that share most of the words which tell what the document is about.
    """
    with opening.open_ready(settings_with(index_dir=index_dir)) as service:
        results = service.similar(document_id, size=size)
    if as_json:
        streams.write_json(results.to_json())
        return
    write_lines(result_lines(results))
