"""A file that may hold documents, and how it is named in errors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search_service.errors import SourceError

__all__ = ["SourceFile", "shown", "suffix_of"]

_GZIP = ".gz"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    ``root`` is the folder that was given (or the folder of a file that was
    given); ``id`` is the path from there, with forward slashes on every system.
    """

    path: Path
    root: Path
    id: str

    @property
    def suffix(self) -> str:
        """The suffix that chooses the reader: lower case, ``.gz`` taken off."""
        return suffix_of(self.path)

    @property
    def is_gzip(self) -> bool:
        """Whether the bytes on disk are compressed."""
        return self.path.suffix.lower() == _GZIP

    def error(self, reason: str, line: int | None = None) -> SourceError:
        """Return (not raise) the error that this file, or its ``line``, is bad."""
        return SourceError(shown(self.path), reason, line)


def suffix_of(path: Path) -> str:
    """Return the suffix of ``path`` in lower case, that of ``a.txt`` for ``a.txt.gz``."""
    inner = path.with_suffix("") if path.suffix.lower() == _GZIP else path
    return inner.suffix.lower()


def shown(path: Path | str) -> str:
    """Return ``path`` as text that can be printed, whatever bytes its name holds."""
    # Names that are not UTF-8 reach Python as lone surrogates, which no stream takes.
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")
