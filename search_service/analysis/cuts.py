"""Where a word may be cut: attached particles before its base, an ending behind it.

The particles and the ending that a word shows decide which cuts there are and in
which order to try them. There are few such pairs, so each is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple, TypeAlias

from search_service.analysis.fitting import barred_between

__all__ = ["MIN_BASE", "CutByRule", "Cuts", "KnownCut", "Plan"]

#: The least letters that a cut leaves.
MIN_BASE = 2

#: A cut that leaves a known word: where its letters begin and end (None: with the word), the
#: letters to put back, what the known word must not be (see ``barred_between``), and the least
#: length of the whole word. A plain tuple, for millions are unpacked.
KnownCut: TypeAlias = tuple[int, int | None, str, int, int]

#: A cut where no word is known: the least length of the whole word, where the base begins and
#: ends, and the letters to put back.
CutByRule: TypeAlias = tuple[int, int, int | None, str]

# Letters that a particle costs when cuts are compared by what they leave. كتابين is كتاب and ين
# rather than ك and تأبين: a lone letter has to earn its cut. الدين is the religion rather than
# two of ألد, القوي is strong: behind ال, what remains is the likelier to be a word.
_COSTS: Mapping[str, float] = {
    **dict.fromkeys("بلكفس", 1),
    **dict.fromkeys(map("".join, product("وف", "بلكس")), 0.75),
    "ال": -1.5,
    "وال": -0.5,
    "بال": -0.5,
}


class Plan(NamedTuple):
    """The cuts of a word in the order to try them; the first that can be made is the best.

    ``known`` are those that leave a known word, other than the whole one.
    """

    known: tuple[KnownCut, ...]
    by_rule: tuple[CutByRule, ...]


class _Letters(dict[str, "_Letters"]):
    """What may come next after the first letters of an affix, the last first in endings."""

    __slots__ = ("longest",)

    def __init__(self, longest: str) -> None:
        super().__init__()
        self.longest = longest


class Cuts:
    """Finds the cuts of words.

    ``prefixes`` maps every particle to the least length of what remains where no
    word is known (0: it stays), ``suffixes`` every ending to rows of the letters
    to put back and that length.
    """

    def __init__(
        self, prefixes: Mapping[str, int], suffixes: Mapping[str, Sequence[tuple[str, int]]]
    ) -> None:
        self._prefixes = {"": 0, **prefixes}
        self._suffixes = {"": (("", 0),), **suffixes}
        self._starts = _letters((prefix, prefix) for prefix in prefixes)
        self._ends = _letters((suffix[::-1], suffix) for suffix in suffixes)
        self._plans: dict[tuple[str, str], Plan] = {}
        self._same: dict[KnownCut, KnownCut] = {}

    def of(self, word: str) -> Plan:
        """Return the cuts of a folded word."""
        start, end = self._starts, self._ends
        for letter in word:
            deeper = start.get(letter)
            if deeper is None:
                break
            start = deeper
        for letter in word[::-1]:
            deeper = end.get(letter)
            if deeper is None:
                break
            end = deeper
        affixes = start.longest, end.longest
        return self._plans.get(affixes) or self._make(*affixes)

    def _make(self, prefix: str, suffix: str) -> Plan:
        starts = [prefix[:size] for size in range(len(prefix) + 1)]
        endings = [suffix[size:] for size in range(len(suffix), -1, -1)]
        shown = [start for start in starts if start in self._prefixes]
        shown_last = [ending for ending in endings if ending in self._suffixes]
        plan = Plan(self._known(shown, shown_last), tuple(self._by_rule(shown, shown_last)))
        return self._plans.setdefault((prefix, suffix), plan)

    def _known(self, prefixes: Sequence[str], endings: Sequence[str]) -> tuple[KnownCut, ...]:
        """Return the cuts that leave most first, and of equals those with short particles."""
        ranked: list[tuple[float, KnownCut]] = []
        for prefix, ending in product(prefixes, endings):
            size = len(prefix) + len(ending)
            cost, stop, least = size + _COSTS.get(prefix, 0), -len(ending) or None, size + MIN_BASE
            # للغة is ل and اللغة, whose own ل was swallowed.
            if prefix.endswith("لل"):
                barred = barred_between("", "", "")
                ranked.append((cost, (len(prefix) - 1, stop, "", barred, least)))
            for restored, _ in self._suffixes[ending]:
                barred = barred_between(prefix, ending, restored)
                ranked.append((cost, (len(prefix), stop, restored, barred, least)))
        ranked.sort(key=lambda row: row[0])
        # No particle with no ending cuts nothing.
        return tuple(self._same.setdefault(cut, cut) for _, cut in ranked if cut[4] > MIN_BASE)

    def _by_rule(self, prefixes: Sequence[str], endings: Sequence[str]) -> Iterator[CutByRule]:
        """Yield the cuts with the longest particle first, then with the longest ending."""
        for prefix in reversed(prefixes):
            start, remains = len(prefix), self._prefixes[prefix]
            if prefix and not remains:
                continue
            for ending in reversed(endings):
                for restored, base in self._suffixes[ending]:
                    if base:
                        least = max(remains, len(ending) + max(base, MIN_BASE))
                        yield start + least, start, -len(ending), restored
            if prefix:
                yield start + remains, start, None, ""


def _letters(affixes: Iterable[tuple[str, str]]) -> _Letters:
    """Return a tree of the letters of each affix, given with the affix itself."""
    root = _Letters("")
    for letters, affix in sorted(affixes):
        node = root
        for letter in letters:
            node = node.setdefault(letter, _Letters(node.longest))
        node.longest = affix
    return root
