"""``search-service index``: documents from files into the index."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search_service.cli import opening
from search_service.cli.failures import FAILED_INPUT
from search_service.cli.lines import Line, Span, clean
from search_service.cli.options import index_dir_option, json_option, settings_with
from search_service.cli.progress import shown_progress
from search_service.cli.streams import write_json
from search_service.cli.writing import write_lines
from search_service.config import ENGINES, known_engines
from search_service.schema import Document

if TYPE_CHECKING:
    from search_service.results import IndexReport

    _Choice = click.Choice[str]
else:
    _Choice = click.Choice  # which takes no type before click 8.2

__all__ = ["index"]

# Metadata is what no other field takes; it cannot be named.
_FIELDS = tuple(f.name for f in dataclasses.fields(Document) if f.name != "metadata")


def _mapping(
    _: click.Context, __: click.Parameter, written: Sequence[str]
) -> dict[str, str] | None:
    """Return FIELD=NAME options as a mapping."""
    found: dict[str, str] = {}
    for pair in written:
        field, _equals, name = (part.strip() for part in pair.partition("="))
        if not field or not name:
            raise click.BadParameter(f"{pair!r} is not FIELD=NAME")
        if field not in _FIELDS:
            raise click.BadParameter(f"no field {field!r}; there are: {', '.join(_FIELDS)}")
        if field in found:
            raise click.BadParameter(f"{field!r} is given twice")
        found[field] = name
    return found or None


class _Engine(_Choice):
    """An engine; of one that there is not, it is told how to get those that there are."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of an engine, or raise an error of usage."""
        if value not in ENGINES:
            self.fail(f"no engine {value!r}; there are: {known_engines()}", param, ctx)
        return value


@click.command(
    short_help="Bring the index up to date with files (alias: reindex).",
    epilog="""\b
Examples:
  search-service index seeds
  search-service index --full articles/ more.csv
  search-service index --map body=النص --map title=العنوان table.csv
  search-service index --from-index --engine tantivy
""",
)
@click.argument(
    "paths",
    nargs=-1,
    metavar="PATH...",
    type=click.Path(exists=True, path_type=Path),
)
@click.option("--full", is_flag=True, help="Make the whole index anew, whatever is in it.")
@click.option(
    "--from-index",
    is_flag=True,
    help="Make the index anew from the documents in it, without PATH; keeps its engine by default.",
)
@click.option(
    "--engine",
    type=_Engine(ENGINES),
    help="Engine of a new index.  [env: SEARCH_ENGINE; default: whoosh]",
)
@index_dir_option
@click.option(
    "--map",
    "mapping",
    metavar="FIELD=NAME",
    multiple=True,
    callback=_mapping,
    help=f"Take a field ({', '.join(_FIELDS)}) from the column or key NAME; repeatable.",
)
@json_option
@click.pass_context
def index(
    ctx: click.Context,
    *,
    paths: tuple[Path, ...],
    full: bool,
    from_index: bool,
    engine: str | None,
    index_dir: Path | None,
    mapping: dict[str, str] | None,
    as_json: bool,
) -> None:
    """Bring the index up to date with files and folders (alias: reindex).

    Only what changed since the last time is analysed again. The report goes to standard
    output, progress and problems to standard error.
    """
    _check_sources(ctx, paths, from_index=from_index, fits=not (full or mapping))
    settings = settings_with(index_dir=index_dir)
    with (
        opening.open_service(settings, engine, rebuild=full or from_index) as service,
        shown_progress() as progress,
    ):
        if from_index:
            report = service.reindex(progress=progress)
        else:
            report = service.index_paths(paths, full=full, mapping=mapping, progress=progress)
    if as_json:
        write_json(report.to_json())
    else:
        _tell(report)
    if report.failed:
        ctx.exit(FAILED_INPUT)


def _check_sources(
    ctx: click.Context, paths: Sequence[Path], *, from_index: bool, fits: bool
) -> None:
    """Documents come from files or from the index; what is said of files is for files."""
    if not from_index and not paths:
        argument = next(p for p in ctx.command.params if p.name == "paths")
        raise click.MissingParameter(ctx=ctx, param=argument)
    if from_index and (paths or not fits):
        raise click.UsageError("--from-index goes without PATH, --full and --map", ctx)


def _tell(report: IndexReport) -> None:
    counts = ("added", "updated", "unchanged", "removed", "failed")
    counted = ", ".join(f"{getattr(report, name)} {name}" for name in counts)
    summary = f"documents: {counted}"
    total = f"{report.documents} in the index, {report.seconds:.1f} s"
    write_lines([Line((Span(summary),)), Line((Span(total),))])
    # Not isolated and never wrapped: path:line is for editors and grep to find.
    for problem in report.problems:
        click.echo(clean(str(problem)), file=sys.stderr)
