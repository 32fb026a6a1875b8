"""The one place where the command line opens the service."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from search_service.config import Settings
from search_service.errors import EngineError

if TYPE_CHECKING:
    from search_service.service import SearchService

__all__ = ["open_ready", "open_service"]


def open_service(
    settings: Settings, engine: str | None = None, *, rebuild: bool = False
) -> SearchService:
    """Open the index that ``settings`` name, and make it if there is none.

    With ``rebuild`` what is there is not looked at.
    """
    # Here, because it loads the engine, numpy and the word lists.
    from search_service.service import SearchService

    return SearchService.open(settings.index_dir, engine=engine, settings=settings, rebuild=rebuild)


def open_ready(settings: Settings) -> SearchService:
    """Open an index that can answer.

    Raises :class:`~search_service.errors.EngineError` otherwise, also where
    there is no index: a mistyped folder is not an empty index.
    """
    from search_service.generations import IndexFolder

    if IndexFolder(settings.index_dir).stamp() is None:
        folder = shlex.quote(str(settings.index_dir))
        raise EngineError(
            f"there is no index in {folder}; make one: "
            f"search-service index --index-dir {folder} PATH..."
        )
    service = open_service(settings)
    try:
        service.check_ready()
    except BaseException:
        service.close()
        raise
    return service
