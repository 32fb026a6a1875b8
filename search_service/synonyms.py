"""The user's table of synonyms, followed as it changes; searches need no restart and no index."""

from __future__ import annotations

import hashlib
import logging
import stat
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.synonym_table import MAX_BYTES, parse_synonyms
from search_service.analysis.words import Variants, load_variants
from search_service.errors import AnalysisError

__all__ = ["FILE_NAME", "Synonyms"]

#: What the table is called where it lies in the index folder.
FILE_NAME = "synonyms.tsv"

#: The file is looked at once in so many seconds, however many searches there are.
CHECK_SECONDS = 1.0

# A file written this recently may be written again within the same tick of its clock.
_SETTLED_SECONDS = 2.0

_log = logging.getLogger(__name__)

_Stamp: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _State:
    """What was read last: ``variants`` are in force, ``problem`` why the file's own are not.

    ``digest`` is of the file, ``in_force`` of the file that the variants are from.
    """

    variants: Variants
    groups: int = 0
    stamp: _Stamp | None = None
    digest: bytes | None = None
    in_force: bytes | None = None
    problem: str | None = None


class Synonyms:
    """The packaged variants with those of one file; safe between threads.

    A file that is not there, or is gone, is an empty table. One that cannot be
    used leaves the table before it in force, and :meth:`problem` says why. No
    method raises, whatever the file is.
    """

    def __init__(self, path: Path, analyzer: Analyzer) -> None:
        self._path = path
        self._analyzer = analyzer
        self._reading = threading.Lock()
        self._state: _State | None = None
        self._next_check = 0.0

    def variants(self) -> Variants:
        """Return what is in force now."""
        return self._current().variants

    def groups(self) -> int:
        """Return how many groups of the file are in force."""
        return self._current().groups

    def fingerprint(self) -> str:
        """Return a text that changes whenever other synonyms come in force."""
        digest = self._current().in_force
        return digest.hex() if digest else ""

    def problem(self) -> str | None:
        """Return why the file as it is now is not in force, with line and remedy, or ``None``."""
        return self._current().problem

    def _current(self) -> _State:
        state = self._state
        if state is not None and time.monotonic() < self._next_check:
            return state
        # Whoever finds another thread reading goes on with what was in force, if there is any.
        if not self._reading.acquire(blocking=state is None) and state is not None:
            return state
        try:
            if self._state is None or time.monotonic() >= self._next_check:
                self._state = self._read(self._state or _State(load_variants()))
                self._next_check = time.monotonic() + CHECK_SECONDS
            return self._state
        finally:
            self._reading.release()

    def _read(self, known: _State) -> _State:
        """Return the state of the file as it is now; ``known`` itself if it did not change."""
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
            if stamp == known.stamp:
                return known
            if not stat.S_ISREG(status.st_mode):
                return self._unreadable(known, "not a file; remove or rename it")
            with self._path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return self._gone(known)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            return self._unreadable(known, f"cannot be read ({reason}); mend or remove it")
        settled = time.time() - status.st_mtime > _SETTLED_SECONDS
        return self._parsed(replace(known, stamp=stamp if settled else None), data)

    def _parsed(self, known: _State, data: bytes) -> _State:
        digest = hashlib.sha256(data).digest()
        if digest == known.digest:
            return known
        try:
            table = parse_synonyms(self._path.name, data, self._analyzer)
        except AnalysisError as error:
            return self._refused(replace(known, digest=digest), str(error))
        _log.info("%s: groups of synonyms in force: %d", self._path, table.groups)
        variants = load_variants().with_pairs(table.pairs)
        return _State(variants, table.groups, known.stamp, digest, in_force=digest)

    def _unreadable(self, known: _State, reason: str) -> _State:
        # Without stamp and digest, so that it is read as soon as it can be.
        blank = replace(known, stamp=None, digest=None)
        return self._refused(blank, f"{self._path.name}: {reason}")

    def _refused(self, known: _State, problem: str) -> _State:
        if problem != known.problem:
            kept = f"synonyms stay as they were, groups in force: {known.groups}"
            _log.error("%s is not used: %s; %s", self._path, problem, kept)
        return replace(known, problem=problem)

    def _gone(self, known: _State) -> _State:
        if known.groups or known.problem:
            _log.info("%s is gone: no synonyms in force", self._path)
        return _State(load_variants())
