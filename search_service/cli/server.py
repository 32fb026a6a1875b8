"""Gunicorn, set up from settings instead of from its own command line and files."""

from __future__ import annotations

import gc
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

from search_service.cli import opening
from search_service.cli.balance import Balance
from search_service.config import Settings
from search_service.http.app import create_app
from search_service.http.backend import LazyBackend

if TYPE_CHECKING:
    from search_service.service import SearchService

__all__ = ["Server", "options", "url"]

THREADS = 4

# In memory where there is such a folder: on a slow disk a busy worker would look dead.
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes and unlinks its own file there


def url(settings: Settings) -> str:
    """Return the address for a browser.

    >>> url(Settings(host="::1"))
    'http://[::1]:8000/'
    """
    return f"http://{_authority(settings)}/"


def options(settings: Settings, timeout: int, graceful_timeout: int) -> dict[str, Any]:
    """Return gunicorn's settings."""

    def when_ready(_: object) -> None:
        click.echo(f"serving {settings.index_dir} on {url(settings)} (Ctrl-C stops)")

    return {
        "bind": _authority(settings),
        "workers": settings.workers,
        # Threads, so that an idle connection (browsers keep some) does not hold up a process.
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": timeout,
        "graceful_timeout": graceful_timeout,
        # The most that gunicorn allows: the search box takes 800 letters, of six to nine bytes.
        "limit_request_line": 8190,
        # Each worker opens the index for itself: open files must not be shared by a fork.
        "preload_app": False,
        "worker_tmp_dir": str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None,
        # Newer releases open a socket in the home folder, which a container's user lacks.
        "control_socket_disable": True,
        "when_ready": when_ready,
        **Balance(settings.workers).hooks(),
    }


# Seconds for reading words before the first answer.
_PATIENCE = 10.0


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    """Serves the index that ``settings`` name, in as many processes as they say."""

    def __init__(self, settings: Settings, timeout: int, graceful_timeout: int) -> None:
        self._settings = settings
        self._options = options(settings, timeout, graceful_timeout)
        # gunicorn ends a worker that takes longer than its timeout to load.
        self._patience = min(_PATIENCE, timeout / 3)
        super().__init__(prog="search-service serve")

    def load_config(self) -> None:
        """Hand our options to gunicorn; those that this release does not know are left out."""
        for name, option in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, option)

    def load(self) -> Any:
        """Return the WSGI application; called in each worker, after the fork."""
        # As the application's own factory for WSGI servers does: one line per request.
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
        backend = LazyBackend(self._open)
        app = create_app(backend, self._settings)
        backend.warm()
        # What is loaded by now stays: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        return app

    def _open(self) -> SearchService:
        service = opening.open_service(self._settings)
        # Reading words beside the first searches would slow all of them down.
        service.prepare(self._patience)
        return service


def _authority(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"
