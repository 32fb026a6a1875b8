"""Files to read, made on the spot."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping

import pytest

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources import SourceFile, read_documents

Result = Document | SourceError


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., SourceFile]:
    """Return a function that writes a file and names it as a walk would."""

    def write(name: str, content: str | bytes, encoding: str = "utf-8") -> SourceFile:
        data = content.encode(encoding) if isinstance(content, str) else content
        path = tmp_path_factory.mktemp("source") / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return SourceFile(path, path.parent, name)

    return write


@pytest.fixture(scope="session")
def read(source: Callable[..., SourceFile]) -> Callable[..., list[Result]]:
    """Return a function that writes a file and reads all that is in it."""

    def write_and_read(
        name: str,
        content: str | bytes,
        encoding: str = "utf-8",
        mapping: Mapping[str, str] | None = None,
    ) -> list[Result]:
        return list(read_documents(source(name, content, encoding), mapping))

    return write_and_read
