"""``search-service serve``: the HTTP service, in worker processes."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import click

from search_service.cli import opening
from search_service.cli.options import index_dir_option, settings_with

__all__ = ["serve"]


@click.command(
    epilog="""\b
Examples:
  search-service serve
  search-service serve --host 0.0.0.0 --port 80 --workers 8
"""
)
@click.option(
    "--host",
    metavar="ADDRESS",
    help="Address to listen on; 0.0.0.0 is all of them.  [env: SEARCH_HOST; default: 127.0.0.1]",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="N",
    help="Port to listen on.  [env: SEARCH_PORT; default: 8000]",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Server processes.  [env: SEARCH_WORKERS; default: 2]",
)
@click.option(
    "--timeout",
    type=click.IntRange(1),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="After this long without a sign of life a worker is replaced.",
)
@click.option(
    "--graceful-timeout",
    type=click.IntRange(1),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long requests may take to finish after SIGTERM.",
)
@index_dir_option
def serve(
    *,
    host: str | None,
    port: int | None,
    workers: int | None,
    timeout: int,
    graceful_timeout: int,
    index_dir: Path | None,
) -> None:
    """Serve the index over HTTP until SIGTERM or Ctrl-C."""
    settings = settings_with(host=host, port=port, workers=workers, index_dir=index_dir)
    # Before any worker starts: afterwards these would be lines in a log, over and over.
    _check_address(settings.host, settings.port)
    opening.open_ready(settings).close()

    # Here, because only this command needs gunicorn and flask.
    from search_service.cli.server import Server

    Server(settings, timeout, graceful_timeout).run()


def _check_address(host: str, port: int) -> None:
    """Raise a usage error unless the address can be listened on."""
    if port > 65535:  # from SEARCH_PORT: the option has a range of its own
        raise click.UsageError(f"port {port} does not exist: the last one is 65535")
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as trial:
            # As the server does; else a port that was just released would count as taken.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except (OSError, UnicodeError) as error:
        raise click.UsageError(_reason(host, port, error)) from error


def _reason(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken by another program: choose one with --port"
    reason = (isinstance(error, OSError) and error.strerror) or error
    return f"cannot listen on {host}, port {port}: {reason}"
