"""``search-service search``: a query in, ranked documents out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from search_service.cli import opening
from search_service.cli.facets import facet_lines
from search_service.cli.hits import (
    expansion_lines,
    relaxation_lines,
    result_lines,
    suggestion_lines,
    warning_lines,
)
from search_service.cli.options import TextCommand, index_dir_option, json_option, settings_with
from search_service.cli.streams import words_or_stdin, write_json
from search_service.cli.writing import write_lines

__all__ = ["search"]

# What one page may hold; the service refuses more.
MAX_SIZE = 100


@click.command(
    cls=TextCommand,
    epilog="""\b
Examples:
  search-service search المدينة القديمة
  search-service search '"الطاقة الشمسية" tag:علوم'
  search-service search -- -حرب سلام
  search-service search مدينة --facet tags,year --filter 'tags:علوم' --sort -date
  search-service search --json مدينة | jq -r '.hits[].id'
""",
)
@click.argument("query", nargs=-1, metavar="[QUERY]...", type=click.UNPROCESSED)
@json_option
@click.option("--explain", is_flag=True, help="Show how the query was understood and scored.")
@click.option(
    "--size",
    type=click.IntRange(1, MAX_SIZE),
    default=10,
    show_default=True,
    metavar="N",
    help=f"Hits per page, at most {MAX_SIZE}.",
)
@click.option(
    "--page",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="Page, from 1.",
)
@click.option(
    "--match",
    type=click.Choice(["any", "all"]),
    default="any",
    show_default=True,
    help="Whether a document needs any or all of the words.",
)
@click.option("--strict", is_flag=True, help="Refuse a query with mistakes instead of guessing.")
@click.option("--exact", is_flag=True, help="No other spellings, names and synonyms of the words.")
@click.option(
    "--facet",
    metavar="NAMES",
    callback=lambda *given: tuple((given[2] or "").replace(",", " ").split()),
    help="Count the values of these: tags, source, language, year; with commas between.",
)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="CONDITION",
    help="Only documents that meet this, as tags:علوم or year:2014..2016. Repeatable.",
)
@click.option(
    "--sort",
    default="relevance",
    show_default=True,
    metavar="ORDER",
    help="relevance, date or id; -date and -id the other way round.",
)
@index_dir_option
def search(
    *,
    query: tuple[str, ...],
    as_json: bool,
    explain: bool,
    size: int,
    page: int,
    match: Literal["any", "all"],
    strict: bool,
    exact: bool,
    facet: tuple[str, ...],
    filters: tuple[str, ...],
    sort: str,
    index_dir: Path | None,
) -> None:
    """Search the index.

    Several words need no quotes. Without QUERY, or with - alone, the query is read from
    standard input. A word that begins with a dash is excluded; -- before the query keeps
    it from being taken for an option.
    """
    text = _query(query)
    with opening.open_ready(settings_with(index_dir=index_dir)) as service:
        try:
            results = service.search(
                text,
                size=size,
                page=page,
                match=match,
                strict=strict,
                explain=explain,
                exact=exact,
                facets=facet,
                filters=filters,
                sort=sort,
            )
        except ValueError as error:
            # The service knows limits that the options do not, as of pages far behind.
            raise click.UsageError(str(error)) from error
    if as_json:
        write_json(results.to_json())
        return
    write_lines(warning_lines(results.warnings), sys.stderr)
    write_lines(suggestion_lines(results), sys.stderr)
    write_lines(relaxation_lines(results, match), sys.stderr)
    write_lines(expansion_lines(results), sys.stderr)
    write_lines(result_lines(results))
    write_lines(facet_lines(results))


def _query(words: tuple[str, ...]) -> str:
    text = words_or_stdin(words)
    if words and words != ("-",):
        return text or ""
    # An empty argument is a query, if a strange one; an empty pipe is a mistake.
    if text is None or not text.strip():
        raise click.UsageError("Missing argument 'QUERY': give words, or pipe a query in.")
    return text.strip()
