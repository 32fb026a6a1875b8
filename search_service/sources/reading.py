"""Files to bytes and text; everything that can go wrong on the way is a SourceError."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from search_service.errors import SourceError
from search_service.sources.encoding import BadEncodingError, decode
from search_service.sources.source_file import SourceFile

__all__ = ["MAX_BYTES", "open_bytes", "os_reason", "read_text", "unix_lines"]

# Of a file that is read whole, and of one line of the others: a gzip file of
# some megabytes may unpack to more than the machine's memory.
MAX_BYTES = 512 * 1024 * 1024

_REASONS: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, "does not exist"),
    (PermissionError, "permission denied"),
    (IsADirectoryError, "is a directory, not a file"),
)


def os_reason(error: OSError) -> str:
    """Return in plain words why the system refused a file."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return f"cannot be read: {error.strerror or error}"


@contextmanager
def open_bytes(file: SourceFile) -> Iterator[BinaryIO]:
    """Open ``file`` for reading, unpacked if it ends in ``.gz``.

    Raises :class:`~search_service.errors.SourceError` for whatever goes wrong
    while opening it, and while reading it inside the ``with`` block.
    """
    try:
        if file.is_gzip:
            with gzip.open(file.path, "rb") as packed:
                yield cast(BinaryIO, packed)  # reads like one, but is not declared one
        else:
            with file.path.open("rb") as plain:
                yield plain
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise file.error(f"bad gzip: {error}") from error
    except OSError as error:
        raise file.error(os_reason(error)) from error


def read_text(file: SourceFile, declared: Callable[[bytes], str | None] | None = None) -> str:
    """Return the whole text of ``file``; ``declared`` finds the encoding it names itself.

    Raises :class:`~search_service.errors.SourceError` for a file that cannot be
    read, is too big, is no text, or is empty.
    """
    with open_bytes(file) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_big(file)
    try:
        text = decode(data, declared(data) if declared else None)
    except BadEncodingError as error:
        raise file.error(str(error), error.line) from error
    if not text.strip():
        raise file.error("empty")
    return text


def too_big(file: SourceFile) -> SourceError:
    """Return the error for a file, or a line of one, over :data:`MAX_BYTES`."""
    return file.error(f"too big: more than {MAX_BYTES} bytes; split it, or use JSON Lines")


def unix_lines(text: str) -> str:
    """Return ``text`` with every line end written as a newline."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
