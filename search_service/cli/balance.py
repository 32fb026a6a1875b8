"""Connections spread evenly over worker processes.

Which worker takes a new connection is chance, and where clients keep their
connections open it stays so: one worker may answer everything while another
idles. A worker with more connections than another closes one behind an answer,
as HTTP allows at any time; the client comes back, and mostly finds the idle one.
"""

from __future__ import annotations

import mmap
from typing import Any

__all__ = ["Balance"]

# A difference of one is as even as an odd number can be.
_UNEVEN = 2
# Counts are kept in a byte each; more than this is many.
_MOST, _ABSENT = 254, 255


class Balance:
    """How many connections each worker has, in memory that they share; hooks of gunicorn."""

    def __init__(self, workers: int) -> None:
        # More places than workers: while one ends, its successor may have started.
        self._counts = mmap.mmap(-1, 2 * workers)
        self._counts[:] = bytes([_ABSENT]) * len(self._counts)
        self._places: dict[Any, int] = {}
        self._own: int | None = None

    def hooks(self) -> dict[str, Any]:
        """Return gunicorn's settings that call this."""
        return {
            "pre_fork": self.begin,
            "post_fork": self.forked,
            "child_exit": self.end,
            "pre_request": self.look,
        }

    def begin(self, _: object, worker: Any) -> None:
        """Give a new worker a place; in the process that starts the workers."""
        free = set(range(len(self._counts))) - set(self._places.values())
        if free:
            self._places[worker] = min(free)

    def forked(self, _: object, worker: Any) -> None:
        """Remember the place; in the new worker."""
        self._own = self._places.get(worker)
        if self._own is not None:
            self._counts[self._own] = 0

    def end(self, _: object, worker: Any) -> None:
        """Free the place of a worker that has ended."""
        place = self._places.pop(worker, None)
        if place is not None:
            self._counts[place] = _ABSENT

    def look(self, worker: Any, request: Any) -> None:
        """Before a request: have its connection closed behind it if there are too many here."""
        if self._own is None:
            return
        own = min(worker.nr_conns, _MOST)
        self._counts[self._own] = own
        # Absent workers have the highest number.
        if own - min(self._counts[:]) >= _UNEVEN:
            request.force_close()
