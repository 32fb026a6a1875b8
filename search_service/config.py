"""Settings: every knob's name, default and help in one place.

Nothing else in the package reads the environment.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search_service.errors import SettingsError

__all__ = ["ENGINES", "MOST_MEMORY", "Settings", "known_engines"]

ENGINES = ("whoosh", "tantivy")

#: Most megabytes that tantivy takes: four threads with hardly more than 4,000 each.
MOST_MEMORY = 16_000

# More are a typing mistake: each takes 100 MB and more.
_MOST_PROCESSES = 256

# What each engine needs besides this package.
_EXTRAS = {"tantivy": "pip install 'search-service[tantivy]'"}

# As browsers send it: small letters, no path, not even a slash behind it.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s,A-Z]+")


def _positive(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise ValueError("must be more than 0")
    return number


def _whole(text: str, least: int, most: int | None = None) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ValueError("must be a whole number") from None
    if number < least:
        raise ValueError(f"must be at least {least}")
    if most is not None and number > most:
        raise ValueError(f"must be at most {most}")
    return number


def _count(text: str) -> int:
    return _whole(text, 1)


def _memory(text: str) -> int:
    return _whole(text, 1, MOST_MEMORY)


def _processes(text: str) -> int:
    return _whole(text, 0, _MOST_PROCESSES)


def known_engines() -> str:
    """Return the names of all engines, and how to get those that do not come along.

    >>> known_engines()
    "whoosh, tantivy (pip install 'search-service[tantivy]')"
    """
    return ", ".join(f"{name} ({_EXTRAS[name]})" if name in _EXTRAS else name for name in ENGINES)


def _engine(text: str) -> str:
    if text not in ENGINES:
        raise ValueError(f"no such engine; there are: {known_engines()}")
    return text


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(filter(None, (part.strip() for part in text.split(","))))
    for origin in origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise ValueError(f"{origin!r} is no origin; write https://example.org, or * for all")
    return origins


def _setting(default: Any, env: str, read: Callable[[str], Any], help: str) -> Any:
    return field(default=default, metadata={"env": env, "read": read, "help": help})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings as one frozen value; :meth:`from_env` reads ``SEARCH_*`` variables."""

    index_dir: Path = _setting(
        Path("index"), "SEARCH_INDEX_DIR", Path, "Folder that holds the index."
    )
    engine: str = _setting(
        "whoosh",
        "SEARCH_ENGINE",
        _engine,
        f"Engine that a new index is made with: {', '.join(ENGINES)}.",
    )
    writer_memory: int = _setting(
        250,
        "SEARCH_WRITER_MEMORY",
        _memory,
        "Megabytes of new documents that the tantivy engine keeps before it writes a segment.",
    )
    processes: int = _setting(
        0,
        "SEARCH_PROCESSES",
        _processes,
        "Processes that work on big inputs, its own among them; 0 for one per processor.",
    )
    lock_timeout: float = _setting(
        10.0,
        "SEARCH_LOCK_TIMEOUT",
        _positive,
        "Seconds that a second writer waits for the first before it gives up.",
    )
    max_expansions: int = _setting(
        200,
        "SEARCH_MAX_EXPANSIONS",
        _count,
        "Most index terms that one wildcard, prefix or fuzzy word stands for.",
    )
    max_query_words: int = _setting(
        1000,
        "SEARCH_MAX_QUERY_WORDS",
        _count,
        "Most words of a query that are searched; the rest is cut with a warning.",
    )
    synonyms: Path | None = _setting(
        None,
        "SEARCH_SYNONYMS",
        Path,
        "Table of synonyms; without it, `synonyms.tsv` in the index folder.",
    )
    host: str = _setting("127.0.0.1", "SEARCH_HOST", str, "Address that the server listens on.")
    port: int = _setting(8000, "SEARCH_PORT", _count, "Port that the server listens on.")
    workers: int = _setting(2, "SEARCH_WORKERS", _count, "Server processes.")
    cors_origins: tuple[str, ...] = _setting(
        (),
        "SEARCH_CORS_ORIGINS",
        _origins,
        "Sites whose scripts may read the API: origins between commas, or `*` for all.",
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Return the settings with those in ``environ`` in place of the defaults.

        Raises :class:`~search_service.errors.SettingsError` with the variable's
        name and value where a value cannot be used.
        """
        found: dict[str, Any] = {}
        for setting in dataclasses.fields(cls):
            name = setting.metadata["env"]
            if name not in environ:
                continue
            try:
                found[setting.name] = setting.metadata["read"](environ[name])
            except ValueError as error:
                raise SettingsError(f"{name}={environ[name]!r}: {error}") from error
        return cls(**found)
