"""How far indexing has come: a bar on a terminal, a few plain lines in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import click

from search_service.cli import streams
from search_service.cli.lines import clean

__all__ = ["ProgressLike", "shown_progress"]

# A log gets a line per tenth of the files, or more where one file is very large.
_DOCUMENTS_PER_LINE = 10_000


class ProgressLike(Protocol):
    """What the service tells while it indexes."""

    @property
    def files_done(self) -> int:
        """Files that are finished."""

    @property
    def files_total(self) -> int:
        """Files that were found."""

    @property
    def documents(self) -> int:
        """Documents read so far."""

    @property
    def current(self) -> str:
        """The file being read."""


@contextmanager
def shown_progress() -> Iterator[Callable[[ProgressLike], None]]:
    """Return what shows the progress that it is called with, on standard error."""
    if streams.is_terminal(sys.stderr):
        with _bar() as show:
            yield show
    else:
        yield PlainProgress()


class PlainProgress:
    """Writes a line now and then."""

    def __init__(self) -> None:
        self._last = (0, 0)

    def __call__(self, progress: ProgressLike) -> None:
        """Write a line if much has happened since the last."""
        tenths = 10 * progress.files_done // max(progress.files_total, 1)
        step = (tenths, progress.documents // _DOCUMENTS_PER_LINE)
        if step != self._last:
            self._last = step
            files = f"{progress.files_done}/{progress.files_total} files"
            click.echo(f"indexing: {files}, {progress.documents} documents", err=True)


@contextmanager
def _bar() -> Iterator[Callable[[ProgressLike], None]]:
    # Here, because only a terminal needs it.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from search_service.cli.writing import terminal

    columns = (
        TextColumn("indexing"),
        BarColumn(),
        MofNCompleteColumn(),
        # File names may hold what rich would take for markup.
        TextColumn("files, {task.fields[documents]} documents", markup=False),
        TextColumn("{task.description}", markup=False),
    )
    # Transient: the report that follows says it all.
    with Progress(*columns, console=terminal(sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=None, documents=0)

        def show(progress: ProgressLike) -> None:
            bar.update(
                task,
                completed=progress.files_done,
                total=progress.files_total,
                documents=progress.documents,
                description=clean(progress.current),
            )

        yield show
