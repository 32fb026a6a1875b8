"""What to do about what a disk refuses."""

from __future__ import annotations

import errno
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

__all__ = ["advice", "with_advice"]

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
_FORBIDDEN = frozenset((errno.EACCES, errno.EPERM))

# tantivy's errors have the number in their text alone; SQLite's have words of their own.
_NUMBER = re.compile(r"\b(?:os error|Os \{ code:) (\d+)")
_WORDS = {
    "disk is full": errno.ENOSPC,
    "readonly database": errno.EACCES,
}
_DAMAGED = ("disk image is malformed", "file is not a database")

# A thread of tantivy's ended. Why, it does not say; but a disk with less room than this is full.
_KILLED = "writer was killed"
_LEAST_ROOM = 1 << 20


def advice(error: BaseException, folder: Path | None = None) -> str:
    """Return what a person can do about an error of the disk, as sentences behind a space.

    ``folder`` is where the index lies. Returns an empty text where nothing is known.

    >>> advice(OSError(errno.ENOSPC, "No space left on device"), Path("/srv/index"))
    ' Make room on the disk that holds /srv/index, and try again.'
    """
    said, where = str(error), folder or "the index"
    number = _number(error, said)
    if _KILLED in said:
        if folder is None or _room(folder) >= _LEAST_ROOM:
            return f" Look whether the disk that holds {where} is full, and try again."
        number = errno.ENOSPC
    if number in _FULL:
        return f" Make room on the disk that holds {where}, and try again."
    if number == errno.EFBIG:
        return " A limit on the size of files was met: raise it (ulimit -f), and try again."
    if number == errno.EROFS:
        return f" The disk that holds {where} can only be read: mount it for writing."
    if number in _FORBIDDEN:
        return f" The user {_user()} must be allowed to read and write {where} and all in it."
    if any(words in said for words in _DAMAGED):
        return " What is known of the files is damaged: index once with --full to make it anew."
    return ""


def with_advice(told: str, error: BaseException, folder: Path | None = None) -> str:
    """Return what is told of an error, and behind it what a person can do, where that is known.

    >>> with_advice("no index", OSError(errno.EROFS, "Read-only file system"), Path("/srv/index"))
    'no index. The disk that holds /srv/index can only be read: mount it for writing.'
    """
    remedy = advice(error, folder)
    return f"{told.rstrip('.')}.{remedy}" if remedy else told


def _number(error: BaseException, said: str) -> int | None:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    found = _NUMBER.search(said)
    if found:
        return int(found[1])
    return next((number for words, number in _WORDS.items() if words in said), None)


def _room(folder: Path) -> int:
    with suppress(OSError):
        return shutil.disk_usage(folder).free
    return _LEAST_ROOM


def _user() -> str:
    return f"with the number {os.getuid()}" if hasattr(os, "getuid") else "of this program"
