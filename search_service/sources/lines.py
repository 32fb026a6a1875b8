"""A file as lines: streamed if it is UTF-8, and going on after a broken line."""

from __future__ import annotations

import io
from collections.abc import Iterator

from search_service.sources.encoding import is_damaged_utf8, is_utf16
from search_service.sources.reading import MAX_BYTES, open_bytes, read_text, too_big
from search_service.sources.source_file import SourceFile

__all__ = ["Lines"]


class Lines(Iterator[str]):
    """The lines of a file, each with its newline.

    ``number`` is that of the line returned last, from 1. A line that is no text
    raises a :class:`~search_service.errors.SourceError` with its number, and the
    next call goes on with the line after it. When the file itself fails (bad
    gzip, not permitted) the error has no line, and nothing follows it.
    """

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.number = 0
        self._raw = _raw_lines(file)

    def __next__(self) -> str:
        raw = next(self._raw)
        self.number += 1
        line = raw if isinstance(raw, str) else self._decode(raw)
        if "\0" in line:
            raise self.file.error("bad encoding: holds NUL characters", self.number)
        return line

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            reason = f"bad encoding: broken UTF-8 at byte {error.start} of the line"
            raise self.file.error(reason, self.number) from error


def _raw_lines(file: SourceFile) -> Iterator[bytes | str]:
    if _is_utf8(file):
        yield from _byte_lines(file)
    else:
        # Which old encoding it is takes the whole text to tell.
        yield from io.StringIO(read_text(file), newline="\n")


def _byte_lines(file: SourceFile) -> Iterator[bytes]:
    with open_bytes(file) as stream:
        while line := stream.readline(MAX_BYTES + 1):
            if len(line) > MAX_BYTES:
                raise too_big(file)
            yield line


def _is_utf8(file: SourceFile) -> bool:
    """Tell by the first line that is not plain ASCII; a broken one may be UTF-8 too."""
    with open_bytes(file) as stream:
        if is_utf16(stream.read(4096)):
            return False
    for line in _byte_lines(file):
        if not line.isascii():
            return _fits_utf8(line)
    return True


def _fits_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return is_damaged_utf8(line)
    return True
