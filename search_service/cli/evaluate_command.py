"""``search-service evaluate``: how well queries with known answers are answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from search_service.cli.comparison import comparison_json, comparison_lines, metric_lines
from search_service.cli.failures import WRONG_USAGE
from search_service.cli.options import json_option, settings_with
from search_service.cli.streams import write_json
from search_service.cli.writing import write_lines
from search_service.config import ENGINES
from search_service.errors import MissingPackage, SourceError

__all__ = ["evaluate"]


@click.command(
    epilog="""\b
Examples:
  search-service evaluate my-collection --run before.run
  search-service evaluate my-collection --compare before.run
  search-service evaluate my-collection --json | jq '."ndcg@10"'
"""
)
@click.argument(
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="Engine to search with.  [env: SEARCH_ENGINE; default: whoosh]",
)
@json_option
@click.option(
    "--run",
    "run_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write what was found to FILE, in TREC's format.",
)
@click.option(
    "--compare",
    "earlier_file",
    metavar="RUN",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="List the queries won and lost against a file that --run wrote, and why.",
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    metavar="N",
    help="With --compare, list at most N queries won and N lost.",
)
def evaluate(
    *,
    folder: Path,
    engine: str | None,
    as_json: bool,
    run_file: Path | None,
    earlier_file: Path | None,
    limit: int,
) -> None:
    """Measure how well the queries of a test collection are answered.

    DIR holds corpus.jsonl, queries.jsonl and qrels.tsv (or qrels/test.tsv), as in BEIR. Its
    documents go into an index of their own, which is gone afterwards.
    """
    settings = settings_with(engine=engine)
    # Here, because it loads the engine, numpy and the word lists.
    from search_service import evaluation as ev

    with _told_as_usage():
        ev.require_measures()
        collection = ev.read_collection(folder)
        earlier = ev.read_run(earlier_file) if earlier_file else None
    with ev.indexed(collection, engine=settings.engine, settings=settings) as service:
        done = ev.evaluate(collection, service)
        if run_file:
            with _told_as_usage():
                ev.write_run(run_file, done.run, tag=f"search-service-{done.engine}")
        compared = ev.compare(collection, done, earlier) if earlier is not None else None
        if as_json:
            found = comparison_json(compared, service, limit) if compared else {}
            write_json({**done.to_json(), **found})
            return
        write_lines(metric_lines(done, compared))
        if compared:
            write_lines(comparison_lines(compared, service, limit))


class _Unusable(click.ClickException):
    """What was given is of no use; nothing was measured."""

    exit_code = WRONG_USAGE


@contextmanager
def _told_as_usage() -> Iterator[None]:
    try:
        yield
    except (SourceError, MissingPackage) as error:
        raise _Unusable(f"cannot evaluate: {error}") from error
