"""Every error that this package raises on purpose.

    SearchServiceError
    ├── SettingsError          a setting or environment variable has an unusable value
    ├── AnalysisError          an analysis data file (word list, pattern table) is broken
    ├── QuerySyntaxError       a strict query cannot be understood; has the span
    │   └── FilterError        a filter cannot be understood; has the filter and the span in it
    ├── SourceError            a file or record cannot become a document; has path and line
    ├── DocumentNotFound       no document has the id that was asked for
    ├── MissingPackage         an optional part needs a package that is not installed
    ├── RemoteError            a service at another address gives no answer, or not a usable one
    └── EngineError            the index cannot be read or written
        ├── EngineUnavailable  the engine is unknown, or its package is not installed
        ├── IndexMismatch      the index was made by another format, engine, schema or analyzer
        └── IndexLocked        another writer holds the index

Errors keep their evidence as attributes, so that each edge (HTTP, command
line) can show it in its own way. Nothing below the edges catches them.
"""

from __future__ import annotations

__all__ = [
    "AnalysisError",
    "DocumentNotFound",
    "EngineError",
    "EngineUnavailable",
    "FilterError",
    "IndexLocked",
    "IndexMismatch",
    "MissingPackage",
    "QuerySyntaxError",
    "RemoteError",
    "SearchServiceError",
    "SettingsError",
    "SourceError",
]


class SearchServiceError(Exception):
    """Base of all errors of this package. ``str(error)`` is a sentence for a person."""


class SettingsError(SearchServiceError):
    """A setting has a value that cannot be used; the message names the setting."""


class AnalysisError(SearchServiceError):
    """A data file of the analysis (word list, pattern table) cannot be used."""


class QuerySyntaxError(SearchServiceError):
    """A query, parsed strictly, is wrong.

    ``span`` is the half-open range of code points in the query string that the
    message is about.
    """

    def __init__(self, message: str, span: tuple[int, int]) -> None:
        super().__init__(f"{message} (characters {span[0]} to {span[1]})")
        self.message = message
        self.span = span


class FilterError(QuerySyntaxError):
    """A filter is wrong, or holds what is no condition on a field.

    ``filter`` is the whole expression, ``span`` the part of it that ``reason``
    is about.
    """

    def __init__(self, filter: str, reason: str, span: tuple[int, int]) -> None:
        super().__init__(f"filter {shortened(filter)!r}: {reason}", span)
        self.filter = filter
        self.reason = reason


class SourceError(SearchServiceError):
    """A file, or one record in it, cannot become a document.

    ``path`` is the file as it was named or found; ``line`` is 1-based, or
    ``None`` where the reason concerns the whole file.
    """

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {reason}")
        self.path = path
        self.reason = reason
        self.line = line


class DocumentNotFound(SearchServiceError):
    """No document in the index has this id."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"no document with the id {document_id!r}")
        self.document_id = document_id


class MissingPackage(SearchServiceError):
    """An optional part needs a package that is not installed; the message is how to get it."""


class RemoteError(SearchServiceError):
    """A service at another address gives no answer, or one that is of no use.

    ``url`` is what was asked for; ``status`` is that of HTTP, or ``None``
    where nothing came back.
    """

    def __init__(self, message: str, url: str, status: int | None = None) -> None:
        super().__init__(message)
        self.url = url
        self.status = status


class EngineError(SearchServiceError):
    """The index cannot be read or written (damaged, disk full, not permitted)."""


class EngineUnavailable(EngineError):
    """The engine is unknown or its package is not installed; the message says what to do.

    ``install`` is the command that installs what is missing, empty where there is none.
    """

    def __init__(self, message: str, install: str = "") -> None:
        super().__init__(message)
        self.install = install


class IndexMismatch(EngineError):
    """The index on disk was made with something else; the message is the command that mends it."""


class IndexLocked(EngineError):
    """Another writer holds the index; the message says who, where that is known."""


_SHOWN = 80


def shortened(text: str) -> str:
    """Return a text as a message may repeat it: of a long one, the beginning.

    >>> shortened("tags:علوم")
    'tags:علوم'
    """
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
