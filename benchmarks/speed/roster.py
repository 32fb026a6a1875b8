"""Who is measured: what everybody is called, how they are started, and what they can do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from installed import lucene_command, xapian_python

from speed.corpus import KINDS

__all__ = ["BASELINE", "HIGHLIGHTED", "IDS", "OURS", "PAGE", "Entry", "roster"]

#: What the names of our engines begin with.
OURS = "ours-"

#: Everybody is compared with this one.
BASELINE = "stock-whoosh"

#: Modes: the engine alone; ten hits with their stored text; with marks in it.
IDS, PAGE, HIGHLIGHTED = "ids", "page", "highlighted"

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Entry:
    """A contestant; ``command()`` may raise ``NotHere``. ``searches`` are (kind, mode)."""

    name: str
    label: str
    command: Callable[[], list[str]]
    searches: Sequence[tuple[str, str]]

    @property
    def ours(self) -> bool:
        """Whether it is this service."""
        return self.name.startswith(OURS)

    def asked(self, kinds: Sequence[str]) -> Entry:
        """Return the same contestant, asked only queries of these kinds."""
        return replace(self, searches=[s for s in self.searches if s[0] in kinds])


def roster(engines: Sequence[str], lucene_jar: Path | None = None) -> list[Entry]:
    """Return our engines and then all peers, installed or not."""
    all_kinds = [(kind, PAGE) for kind in KINDS]
    marking = [*all_kinds, ("or", HIGHLIGHTED)]
    every = [(kind, mode) for kind in KINDS for mode in (IDS, PAGE, HIGHLIGHTED)]
    java = partial(lucene_command, lucene_jar, _HERE / "LuceneSpeed.java")
    return [
        *(_python(f"{OURS}{engine}", f"this service ({engine})", every) for engine in engines),
        _python(BASELINE, "stock Whoosh + Snowball", marking),
        _python("sqlite", "SQLite FTS5 (unicode61)", marking),
        _python("tantivy-snowball", "tantivy + Snowball", marking),
        _python("bm25s", "bm25s + Snowball", [("or", PAGE)]),
        Entry("xapian", "Xapian + Snowball", _xapian, marking),
        Entry("lucene", "Lucene ArabicAnalyzer", java, all_kinds),
    ]


def _python(name: str, label: str, searches: Sequence[tuple[str, str]]) -> Entry:
    return Entry(name, label, lambda: [sys.executable, "-m", "speed.child", name], searches)


def _xapian() -> list[str]:
    return [xapian_python(), str(_HERE / "xapian_speed.py")]
