"""Arabic full-text search: index a folder of documents, search it, see why.

>>> from search_service import Document, SearchService
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from search_service.schema import Document

if TYPE_CHECKING:
    from search_service.service import SearchService

__all__ = ["Document", "SearchService", "__version__"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: a program that only wants --help need not wait for NumPy and Whoosh.
    if name == "SearchService":
        from search_service.service import SearchService

        return SearchService
    if name == "__version__":
        from importlib.metadata import version

        return version("search-service")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
