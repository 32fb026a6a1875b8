"""Engines: the port and one adapter per engine, imported only when it is chosen."""

from __future__ import annotations

from importlib import import_module

from search_service.engines.port import EngineFactory
from search_service.errors import EngineUnavailable

__all__ = ["load_engine"]

_MODULES = {"whoosh": "search_service.engines.whoosh"}


def load_engine(name: str) -> EngineFactory:
    """Return the function that opens an index with the engine called ``name``.

    Raises :class:`~search_service.errors.EngineUnavailable` for an unknown name
    and where the engine's package is not installed.
    """
    module = _MODULES.get(name)
    if module is None:
        raise EngineUnavailable(f"no engine {name!r}; there are: {', '.join(_MODULES)}")
    try:
        factory: EngineFactory = import_module(module).open_engine
    except ModuleNotFoundError as error:
        raise EngineUnavailable(
            f"the engine {name!r} needs the package {error.name!r}, which is not installed"
        ) from error
    return factory
