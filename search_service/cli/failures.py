"""Errors to exit statuses and one line on stderr each.

0    all is well
1    some input failed, the rest is indexed
2    wrong usage, an unusable setting or engine, a bad query
3    the index cannot be used
130  interrupted (128 + SIGINT)
141  nobody reads the output any more (128 + SIGPIPE)
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from search_service.cli.lines import clean
from search_service.errors import (
    DocumentNotFound,
    EngineUnavailable,
    QuerySyntaxError,
    SearchServiceError,
    SettingsError,
    SourceError,
)

__all__ = ["FAILED_INPUT", "INDEX_UNUSABLE", "WRONG_USAGE", "OutputClosed", "exit_status"]

FAILED_INPUT = 1
WRONG_USAGE = 2
INDEX_UNUSABLE = 3
INTERRUPTED = 130
OUTPUT_CLOSED = 141


class OutputClosed(Exception):
    """Whoever read our output (``| head``) has gone; not an error to speak of."""


def exit_status(run: Callable[[], Any]) -> int:
    """Return the exit status of ``run()``, its errors told on stderr.

    Other exceptions than those below are bugs, and bugs keep their traceback.
    """
    try:
        return run() or 0
    except click.Abort:
        return _tell("interrupted", INTERRUPTED)
    except click.ClickException as error:
        return _tell(_usage(error), error.exit_code)
    except SearchServiceError as error:
        return _tell(str(error), _status_of(error))
    except OutputClosed:
        _silence_stdout()
        return OUTPUT_CLOSED
    except OSError as error:
        # A full disk or a missing permission: the system's own words say what and where.
        return _tell(str(error), INDEX_UNUSABLE)


def _status_of(error: SearchServiceError) -> int:
    match error:
        case QuerySyntaxError() | SettingsError() | EngineUnavailable():
            return WRONG_USAGE
        case SourceError() | DocumentNotFound():
            return FAILED_INPUT
    return INDEX_UNUSABLE


def _usage(error: click.ClickException) -> str:
    message = error.format_message()
    message = message[:1].lower() + message[1:]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message} (see: {error.ctx.command_path} --help)"
    return message


def _tell(message: str, status: int) -> int:
    with contextlib.suppress(BrokenPipeError):
        click.echo(f"error: {' '.join(clean(message).split())}", err=True)
    return status


def _silence_stdout() -> None:
    """Let the interpreter's last flush succeed; the recipe of the signal module's manual."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
