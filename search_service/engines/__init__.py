"""Engines: the port and one adapter per engine, imported only when it is chosen."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module

from search_service.config import known_engines
from search_service.engines.port import EngineFactory
from search_service.errors import EngineUnavailable

__all__ = ["load_engine"]

_MODULES = {
    "whoosh": "search_service.engines.whoosh",
    "tantivy": "search_service.engines.tantivy",
}

# The oldest Python that there is a usable release of an engine's package for.
_OLDEST = {"tantivy": (3, 11)}

# The engines whose writer takes a bound on its memory.
_BOUNDED = ("tantivy",)


def load_engine(name: str, *, writer_memory: int | None = None) -> EngineFactory:
    """Return the function that opens an index with the engine called ``name``.

    ``writer_memory`` is what a writer may keep before it writes, in MB, for
    the engines that can be told. Raises
    :class:`~search_service.errors.EngineUnavailable` for an unknown name, and
    where the engine's package is not installed or cannot be on this Python.
    """
    module = _MODULES.get(name)
    if module is None:
        raise EngineUnavailable(f"no engine {name!r}; there are: {known_engines()}")
    oldest = _OLDEST.get(name, (3,))
    if sys.version_info < oldest:
        needed, present = (".".join(map(str, v[:2])) for v in (oldest, sys.version_info))
        raise EngineUnavailable(
            f"the engine {name!r} needs Python {needed} or newer, and this is {present}; "
            "use a newer one, or another engine"
        )
    try:
        factory = import_module(module).open_engine
    except ModuleNotFoundError as error:
        install = f"pip install 'search-service[{name}]'"
        raise EngineUnavailable(
            f"the engine {name!r} needs the package {error.name!r}, which is not installed; "
            f"install it: {install}",
            install,
        ) from error
    except ImportError as error:  # of another release, or made for another system
        install = f"pip install --upgrade --force-reinstall 'search-service[{name}]'"
        raise EngineUnavailable(
            f"the engine {name!r} cannot be loaded ({error}); install it anew: {install}", install
        ) from error
    if writer_memory is not None and name in _BOUNDED:
        factory = partial(factory, writer_memory=writer_memory)
    opener: EngineFactory = factory
    return opener
