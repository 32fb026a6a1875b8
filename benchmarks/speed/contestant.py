"""What every contestant that Python can load has to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from passages import Passage

__all__ = ["Contestant", "Search", "Searcher"]

#: A search, ready to be made and timed; returns the number of hits on the page.
Search = Callable[[], int]

#: From a query's words to its search. What it does is not timed.
Searcher = Callable[[Sequence[str]], Search]


class Contestant(Protocol):
    """Made only if everything that it needs is installed."""

    def index(self, folder: Path, passages: Iterable[Passage]) -> int:
        """Index into ``folder``, which does not exist yet, and return how many documents."""

    def searcher(self, folder: Path, kind: str, mode: str) -> Searcher:
        """Open an index for queries of a kind; modes are those that the roster lists."""
