"""What searches in five real news articles have to find, as data.

Articles are named by the number that their file names begin with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["EXPECTATIONS", "MARKED", "Expectation", "articles_with"]

_ALL = frozenset({"000", "001", "002", "003", "004"})


@dataclass(frozen=True)
class Expectation:
    """What a query finds: exactly these, one of them first, at least these."""

    query: str
    exactly: frozenset[str] | None = None
    first: str | None = None
    at_least: frozenset[str] = frozenset()

    def problem(self, found: Sequence[str]) -> str | None:
        """Return what is wrong with the articles found, best first, or nothing."""
        if self.exactly is not None and (
            set(found) != self.exactly or len(found) != len(set(found))
        ):
            return f"not exactly {' '.join(sorted(self.exactly))}"
        if self.first is not None and list(found[:1]) != [self.first]:
            return f"{self.first} is not first"
        missing = self.at_least - set(found)
        return f"without {' '.join(sorted(missing))}" if missing else None


EXPECTATIONS = (
    Expectation("+القوات +الأمريكية", exactly=_ALL),
    Expectation("+القوات +الاميركيه", exactly=_ALL),
    Expectation("جهود مكافحة الارهاب", first="001"),
    Expectation("المليشيات", exactly=_ALL - {"001"}),
    Expectation("ميليشيا", exactly=_ALL - {"001"}),
    Expectation("انهاء التحالف الدولي", first="001"),
    Expectation("=كيوبوست", exactly=frozenset({"000"})),
    Expectation('"كتائب حزب الله"', exactly=_ALL - {"001"}),
    Expectation("Covid-19", exactly=frozenset({"000"})),
    Expectation('"٣ آلاف"', exactly=frozenset({"003", "004"})),
    Expectation('"3 آلاف"', exactly=frozenset({"003", "004"})),
    Expectation("قطار الفرات", first="002"),
    Expectation("قيارة", first="002", at_least=frozenset({"000"})),
    Expectation('"كانون الثاني"', exactly=frozenset({"000", "002", "003"})),
    Expectation("يناير", exactly=frozenset({"000", "002", "003"})),
)

#: A query, and what the best article marks: its own letters (heh is U+06BE there), no more.
MARKED = ("جهود مكافحة الارهاب", ("جھود", "الإرھاب"))


def articles_with(letters: str, folder: Path) -> frozenset[str]:
    """Return the articles in ``folder`` that write ``letters`` anywhere."""
    files = folder.glob("*.txt")
    return frozenset(f.name[:3] for f in files if letters in f.read_text(encoding="utf-8"))
