"""For WSGI servers: ``gunicorn 'search_service.http.wsgi:create()'``."""

from __future__ import annotations

import logging
import os

from flask import Flask

from search_service.config import Settings
from search_service.http.app import create_app
from search_service.http.backend import Backend, LazyBackend

__all__ = ["create"]


def create() -> Flask:
    """Return the application that the environment describes.

    The index is opened at the first request, which is after a server has
    forked its workers; each worker opens it for itself.
    """
    # Does nothing where the server has set up logging already.
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = Settings.from_env(os.environ)
    return create_app(LazyBackend(lambda: _open(settings)), settings)


def _open(settings: Settings) -> Backend:
    # Here, so that the engine's package is loaded by the workers that need it.
    from search_service.service import SearchService

    service = SearchService.open(settings=settings)
    service.prepare()
    return service
