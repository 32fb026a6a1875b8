"""Text as SQLite can hold it."""

from __future__ import annotations

__all__ = ["sqlite_text"]


def sqlite_text(text: str) -> str:
    r"""Return a text that UTF-8 can hold; lone surrogates come in file names and ids.

    >>> sqlite_text("a\udc80")
    'a\\udc80'
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
