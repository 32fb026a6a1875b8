"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["machine"]

_PACKAGES = ("search-service", "whoosh3", "tantivy", "numpy", "bm25s", "PyStemmer")


def machine() -> dict[str, str]:
    """Return the day, processor, cores, memory, load, and versions, each as a text."""
    return {
        "day": datetime.now(timezone.utc).date().isoformat(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{_memory() / (1 << 30):.0f} GB",
        "load at the start": f"{os.getloadavg()[0]:.1f}",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{name: found for name in _PACKAGES if (found := _version(name))},
        "SQLite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
