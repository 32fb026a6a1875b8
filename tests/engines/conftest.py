"""What all engine tests share."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search_service.engines.port import Engine
from search_service.schema import DEFAULT_SCHEMA
from tests.engines.contract import ENGINES, ON_DISK, factory

# A folder in memory, on Linux.
_MEMORY = Path("/dev/shm")  # noqa: S108 - only a place for folders with names of their own


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: no test pulls the plug, and hundreds of commits take a while."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    if os.access(_MEMORY, os.W_OK):
        # For tantivy, which does not ask Python to sync files.
        monkeypatch.setattr(tempfile, "tempdir", str(_MEMORY))


@pytest.fixture
def tmp_path(quick_disk: None) -> Iterator[Path]:
    """Return a folder where :func:`quick_disk` puts all of them."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine(name: str, tmp_path: Path) -> Iterator[Engine]:
    opened = factory(name)(tmp_path, DEFAULT_SCHEMA)
    yield opened
    opened.close()


@pytest.fixture(params=ON_DISK)
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Engine]:
    """Each call opens the same directory once more."""
    return lambda: factory(request.param)(tmp_path, DEFAULT_SCHEMA)
