"""``search-service``: the group of commands, and what holds for all of them."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

import click

from search_service.cli.analyze_command import analyze
from search_service.cli.evaluate_command import evaluate
from search_service.cli.failures import OutputClosed, exit_status
from search_service.cli.index_command import index
from search_service.cli.search_command import search
from search_service.cli.serve_command import serve
from search_service.cli.similar_command import similar
from search_service.cli.stats_command import stats
from search_service.cli.streams import use_utf8
from search_service.cli.suggest_command import suggest

__all__ = ["cli", "main"]

PROGRAM = "search-service"
ALIASES = {"reindex": "index"}


class Commands(click.Group):
    """A group whose errors are one line on stderr and one of the documented exit statuses."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and end the process with its exit status."""
        use_utf8()
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        sys.exit(exit_status(run))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and write out what is still buffered while errors can be told."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Click would end with 1, which means something else here.
            raise OutputClosed from None
        return done

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name or alias."""
        return super().get_command(ctx, ALIASES.get(cmd_name, cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest; click does that only since 8.4."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = difflib.get_close_matches(name, [*self.commands, *ALIASES], n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    # Here, because finding the package's metadata takes longer than all of --help.
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version(PROGRAM)
    except PackageNotFoundError:
        found = "(a checkout that is not installed)"
    click.echo(f"{PROGRAM} {found}")
    ctx.exit()


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"max_content_width": 100},
    epilog="""\b
Exit status:
  0  all is well, also when nothing was found
  1  some input failed, and the rest is indexed; or no document has this ID
  2  wrong usage, a setting or an engine that cannot be used, or a bad query (--strict)
  3  the index cannot be used: missing, made by another version, locked, damaged
  130 after Ctrl-C; 141 when the reader of the output has gone (| head)

\b
Example:
  search-service index seeds
  search-service search المدينة القديمة

Settings come from options, else from SEARCH_* variables, else from the defaults.
""",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Full-text search for Arabic documents."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (index, search, suggest, similar, analyze, stats, serve, evaluate):
    cli.add_command(_command)


def main() -> NoReturn:
    """Run the command line; the entry point of ``search-service``."""
    # The name is fixed, since `python -m search_service` would call itself __main__.py.
    cli.main(prog_name=PROGRAM)
    raise AssertionError("click ends the process")
