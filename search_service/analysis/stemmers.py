"""Folded words to stems and roots: ``str -> str``, rules and exceptions from tables.

The stemmer looks for the longest known word inside a word (attached particles
before it, endings behind it) and only where it knows none does it cut by rule,
and then little: a wrong cut joins strangers, a missed cut only loses a relative.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from pyarabic import araby

from search_service.analysis.lexicon import Lexicon, load_lexicon
from search_service.analysis.tables import read_table

__all__ = ["AFFIX_TABLES", "Analysis", "ArabicStemmer", "load_stemmer"]

AFFIX_TABLES = {"proclitics.tsv": 3, "suffixes.tsv": 4, "patterns.tsv": 2}

_MIN_BASE = 2
_ARTICLES = ("ال", "لل")
_RARE_PREFIXES = frozenset("بلكفس")
_NO_AFFIX: Sequence[str] = ("",)
_MAX_PREFIX = 4
_MAX_SUFFIX = 5
_RADICALS = "فعل"
_WHOLE = "="
# Weak letters come and go within one root (مقال، تقويم، قيمة), so they count as one where a
# measure shows which letters are the root's; elsewhere they tell لون from لين.
_WEAK = str.maketrans(dict.fromkeys("ويء", "ا"))
# The seat of a hamza changes with the ending: إحياء, إحيائه.
_SEATS = str.maketrans(dict.fromkeys("ؤئ", "ء"))


class Analysis(NamedTuple):
    """How a word was taken apart. ``known`` tells whether the base is in the lexicon."""

    prefix: str
    base: str
    suffix: str
    known: bool


class ArabicStemmer:
    """Stems and roots of folded Arabic words. Holds tables only, so it is safe to share."""

    def __init__(
        self,
        lexicon: Lexicon,
        prefixes: Mapping[str, int],
        suffixes: Mapping[str, tuple[tuple[str, int], ...]],
        patterns: Mapping[int, re.Pattern[str]],
    ) -> None:
        self._lexicon = lexicon
        self._prefixes = prefixes
        self._suffixes = {"": (("", 0),), **suffixes}
        self._patterns = patterns
        described = {base: kind.partition("=") for base, kind in lexicon.bases.items()}
        self._kinds = {base: kind for base, (kind, _, _) in described.items()}
        self._full = {base: full for base, (_, _, full) in described.items() if full}
        self._whole_words = lexicon.bases.keys() | lexicon.function
        # Words from whose end nothing goes.
        self._whole = lexicon.keep_teh | lexicon.radical_heh | lexicon.function
        # Where the spelling that was folded away decides the root.
        self._depends_on_exact = lexicon.homographs.keys() | lexicon.keep_teh
        self._of_base: dict[str, tuple[str, str]] = {}
        self._first_letters = "".join({prefix[0] for prefix in prefixes})
        self._last_letters = "".join({suffix[-1] for suffix in suffixes})

    def analyse(self, word: str) -> Analysis:
        """Take a folded word apart into attached particles, base and ending."""
        if word in self._whole_words:
            return Analysis("", word, "", True)
        known = self._longest_known(word)
        return known if known is not None else self._by_rule(word)

    def stem(self, word: str) -> str:
        """Return the stem of a folded word, never empty."""
        return self.stem_of(self.analyse(word))

    def root(self, word: str) -> str:
        """Return the root-like form of a folded word: what broken plurals share."""
        return self.root_of(self.analyse(word))

    def stem_and_root(self, analysis: Analysis, exact: str) -> tuple[str, str]:
        """Return :meth:`stem_of` and :meth:`root_of` together.

        Most words of a text share a few thousand known bases, so what follows
        from a base is kept.
        """
        base = analysis.base
        found = self._of_base.get(base)
        if found is None:
            found = self.stem_of(analysis), self.root_of(analysis)
            if analysis.known:
                self._of_base[base] = found
        if self._full_spelling(base) in self._depends_on_exact:
            return found[0], self.root_of(analysis, exact)
        return found

    def stem_of(self, analysis: Analysis) -> str:
        """Return the stem of a word that was taken apart."""
        return self._canonical(analysis.base)

    def root_of(self, analysis: Analysis, exact: str = "") -> str:
        """Return the root-like form of a word that was taken apart.

        ``exact`` is the word as written. It tells إعلام (media) from أعلام
        (flags), and سفره (his journey) from سفرة (a meal, or سفره in haste).
        """
        base = self._full_spelling(analysis.base)
        if base in self._lexicon.homographs and self._is_homograph(base, analysis.prefix, exact):
            return base
        if base in self._lexicon.keep_teh and exact.endswith(araby.HEH):
            base = base[:-1] if base[:-1] in self._lexicon.bases else base
        lemma = self._lexicon.singular.get(base, base)
        lemma = self._lexicon.past.get(lemma, lemma)
        stem = self._canonical(lemma)
        if stem in self._lexicon.keep_teh or "name" in (self._kind(lemma), self._kind(stem)):
            return stem
        return self._radicals(stem)

    def _is_homograph(self, plural: str, prefix: str, exact: str) -> bool:
        written = exact[len(prefix) :].translate(_SEATS)
        others = self._lexicon.homographs[plural]
        return any(written.startswith(other.translate(_SEATS)) for other in others)

    def _kind(self, base: str) -> str:
        return self._kinds.get(base, "")

    def _full_spelling(self, base: str) -> str:
        return self._full.get(base, base)

    def _canonical(self, base: str) -> str:
        base = self._full_spelling(base)
        if base.endswith("ي") and self._kind(base) == "adj":
            base = self._without_nisba(base)
        if base in self._whole:
            return base
        if base.endswith("ه") and len(base) > _MIN_BASE:
            base = base[:-1]
        return base[:-1] if base.endswith("اء") and len(base) > _MIN_BASE + 1 else base

    def _without_nisba(self, adjective: str) -> str:
        for restored, _ in self._suffixes["ي"]:
            base = adjective[:-1] + restored
            # ألماني is from ألمانيا; ألمان, the people, is only its own plural.
            circular = self._lexicon.singular.get(base) == adjective
            if len(base) > _MIN_BASE and not circular and self._kind(base) not in ("", "adj"):
                return base
        return adjective[:-1] if len(adjective) > _MIN_BASE + 2 else adjective

    def _longest_known(self, word: str) -> Analysis | None:
        bases, suffixes = self._lexicon.bases, self._suffixes
        best: Analysis | None = None
        longest = 0
        starts = endings = _NO_AFFIX
        if word[0] in self._first_letters:
            starts = _affixes(word, self._prefixes, _MAX_PREFIX)
        if word[-1] in self._last_letters:
            endings = _affixes(word, suffixes, _MAX_SUFFIX, from_end=True)
        for prefix in starts:
            behind = word[len(prefix) :]
            # كتابين is كتاب and ين rather than ك and تأبين: a lone letter has to earn its cut.
            cost = prefix in _RARE_PREFIXES
            for ending in endings:
                size = len(behind) - len(ending)
                if size - cost <= longest or size < _MIN_BASE:
                    break
                rest = behind[:size]
                for restored, _ in suffixes[ending]:
                    base = rest + restored
                    if base in bases and self._fits(prefix, base, "" if restored else ending):
                        best, longest = Analysis(prefix, base, ending, True), size - cost
                        break
                # للغة is ل and اللغة, whose own ل was swallowed.
                if prefix.endswith("لل") and "ل" + rest in bases:
                    best, longest = Analysis(prefix[:-1], "ل" + rest, ending, True), size + 1
        return best

    def _fits(self, prefix: str, base: str, ending: str) -> bool:
        # Two letters are too few to tell a word from chance, unless ال stands before them.
        if len(base) < (2 if prefix.endswith("ل") else 3):
            return False
        # ة becomes ت before endings, so كتابها is كتاب and ها, not كتابة and ا.
        if ending and base[-1] == "ه" and base not in self._lexicon.radical_heh:
            return False
        # التشيع is a noun, though تشيع is also a form of يشيع; البيت is not ألبي, "I obey", with ت.
        article = prefix.endswith(_ARTICLES) or base.startswith(_ARTICLES)
        return not (article and self._lexicon.bases[base].startswith("verb="))

    def _by_rule(self, word: str) -> Analysis:
        prefix = self._longest_cut(word, self._prefixes)
        rest = word[len(prefix) :]
        for size in range(min(_MAX_SUFFIX, len(rest) - _MIN_BASE), 0, -1):
            for restored, least in self._suffixes.get(rest[-size:], ()):
                if least and len(rest) - size >= least:
                    return Analysis(prefix, rest[:-size] + restored, rest[-size:], False)
        return Analysis(prefix, rest, "", False)

    @staticmethod
    def _longest_cut(word: str, prefixes: Mapping[str, int]) -> str:
        for size in range(_MAX_PREFIX, 0, -1):
            least = prefixes.get(word[:size], 0)
            if least and len(word) - size >= least:
                return word[:size]
        return ""

    def _radicals(self, word: str) -> str:
        pattern = self._patterns.get(len(word))
        fit = pattern.fullmatch(word) if pattern else None
        return ("".join(filter(None, fit.groups())).translate(_WEAK) if fit else "") or word


def _affixes(
    word: str, known: Container[str], most: int, *, from_end: bool = False
) -> Sequence[str]:
    """Return the known affixes of a word, the empty one first, then by length."""
    found = [""]
    for size in range(1, min(most, len(word) - _MIN_BASE) + 1):
        affix = word[-size:] if from_end else word[:size]
        if affix in known:
            found.append(affix)
    return found


def _pattern(measures: Iterable[str]) -> re.Pattern[str]:
    """Return measures of one length as one expression whose groups are the root letters."""
    slots = re.compile(f"[{_RADICALS}]")
    # A measure that keeps the word whole has no groups.
    return re.compile(
        "|".join(
            slots.sub("." if measure.startswith(_WHOLE) else "(.)", measure.removeprefix(_WHOLE))
            for measure in measures
        )
    )


@functools.cache
def load_stemmer() -> ArabicStemmer:
    """Build the stemmer from the packaged tables, once for the process."""
    prefixes = {prefix: int(least) for prefix, least, _ in read_table("proclitics.tsv", 3)}
    suffixes: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for suffix, restored, least, _ in read_table("suffixes.tsv", 4):
        suffixes[suffix].append(("" if restored == "-" else restored, int(least)))
    measures: defaultdict[int, list[str]] = defaultdict(list)
    for measure, _ in read_table("patterns.tsv", 2):
        measures[len(measure.removeprefix(_WHOLE))].append(measure)
    return ArabicStemmer(
        load_lexicon(),
        prefixes,
        {suffix: tuple(rows) for suffix, rows in suffixes.items()},
        {length: _pattern(rows) for length, rows in measures.items()},
    )
