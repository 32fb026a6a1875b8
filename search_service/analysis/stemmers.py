"""Folded words to stems and roots: ``str -> str``, rules and exceptions from tables.

The stemmer looks for the longest known word inside a word (attached particles
before it, endings behind it) and only where it knows none does it cut by rule,
and then little: a wrong cut joins strangers, a missed cut only loses a relative.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from pyarabic import araby

from search_service.analysis.lexicon import Lexicon, load_lexicon
from search_service.analysis.measures import MEASURES_TABLE, load_measures, radicals
from search_service.analysis.tables import read_table

__all__ = ["AFFIX_TABLES", "Analysis", "ArabicStemmer", "load_stemmer"]

AFFIX_TABLES = {"proclitics.tsv": 3, "suffixes.tsv": 4, **MEASURES_TABLE}

_MIN_BASE = 2
_ARTICLES = ("ال", "لل")
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
# Classes of the words that never lose this letter before an ending.
_KEEPING = {"ا": ("verb", "adj"), "ي": ("name", "nisba")}
_BEFORE_FUNCTION = frozenset(("و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل"))
# Endings of verbs alone: person and object.
_OBJECTS = {"تني", "تنا", "ته", "تها", "تهم", "تك", "ناه", "ناها", "ناهم", "نني", "وني"}
_OBJECTS |= {"ونه", "ونها", "ونهم", "ونني"}
_ATTACHED = "وفبلك"
_PRESENT = "يتنا"
_SERVANT = "عبدال"  # names written as one word, عبدالمتين: whole, whatever they end in
_BEHIND_ARTICLE = frozenset(("", "ان", "ين", "ون", "ات", "ي", "يه"))
_NO_AFFIX: Sequence[str] = ("",)
_MAX_PREFIX = 4
_MAX_SUFFIX = 5
_LIKE_DUAL = 5  # letters of فعلان
# Letters of أقصى, which has a ى to lose; adjectives in ي that are longer are nisbas.
_ELATIVE = 4
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
        self._pasts = frozenset(lexicon.past.values())
        self._inflected = frozenset(
            base for base, kind in lexicon.bases.items() if kind.startswith("verb=")
        )
        self._full = {base: full for base, (_, _, full) in described.items() if full}
        self._whole_words = lexicon.bases.keys() | lexicon.function
        # Words from whose end nothing goes.
        self._whole = lexicon.keep_teh | lexicon.radical_heh | lexicon.function
        # Where the spelling that was folded away decides the root.
        exact = lexicon.homographs.keys() | lexicon.keep_teh
        self._depends_on_exact = exact | {
            base for base, full in self._full.items() if full in exact
        }
        self._of_base: dict[str, tuple[str, str]] = {}
        self._first_letters = "".join({prefix[0] for prefix in prefixes})
        self._last_letters = "".join({suffix[-1] for suffix in suffixes})

    def analyse(self, word: str, exact: str = "") -> Analysis:
        """Take a folded word apart into attached particles, base and ending.

        ``exact`` is the word as written: ألحق is a verb, الحق the truth.
        """
        if word in self._whole_words:
            found = Analysis("", word, "", True)
        else:
            known = self._longest_known(word)
            if word[0] in _ATTACHED:
                known = self._with_function(word, known) or known
            found = known or self._by_rule(word)
        if found.base in self._lexicon.like_articles:
            return self._with_article(found, exact or word)
        return found

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
        found = self._of_base.get(base) if analysis.known else None
        if found is None:
            found = self.stem_of(analysis), self.root_of(analysis)
            if analysis.known:
                self._of_base[base] = found
        if base in self._depends_on_exact:
            return found[0], self.root_of(analysis, exact)
        return found

    def stem_of(self, analysis: Analysis) -> str:
        """Return the stem of a word that was taken apart."""
        base = analysis.base
        return base if self._is_other(analysis) else self._canonical(base)

    def root_of(self, analysis: Analysis, exact: str = "") -> str:
        """Return the root-like form of a word that was taken apart.

        ``exact`` is the word as written. It tells إعلام (media) from أعلام
        (flags), and سفره (his journey) from سفرة (a meal, or سفره in haste).
        """
        if self._is_other(analysis):
            return self._radicals(analysis.base)
        base = self._full_spelling(analysis.base)
        if base in self._lexicon.homographs and self._is_homograph(base, analysis.prefix, exact):
            return base
        if self._is_possessed(base, analysis, exact):
            base = base[:-1]
        lemma = self._lexicon.singular.get(base, base)
        lemma = self._lexicon.past.get(lemma, lemma)
        stem = self._canonical(lemma)
        if stem in self._lexicon.keep_teh or "name" in (self._kind(lemma), self._kind(stem)):
            return stem
        return self._radicals(stem)

    def _is_other(self, analysis: Analysis) -> bool:
        """Whether a word is not what its base is elsewhere: النضر is a name, نضر "we harm"."""
        return not analysis.known and analysis.base in self._inflected

    def _is_possessed(self, base: str, analysis: Analysis, exact: str) -> bool:
        """Whether the word may be كتابه, his book, as well as كتابة typed without its dots."""
        if analysis.suffix or not exact.endswith(araby.HEH) or base not in self._lexicon.keep_teh:
            return False
        return base[:-1] in self._lexicon.bases and not analysis.prefix.endswith(_ARTICLES)

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

    def _with_article(self, found: Analysis, exact: str) -> Analysis:
        prefix = found.prefix + "ال"
        written = exact[len(found.prefix) : len(exact) - len(found.suffix)]
        itself = written in self._lexicon.like_articles[found.base]
        article = written.startswith("ال") and found.suffix in _BEHIND_ARTICLE
        if not article or itself or prefix not in self._prefixes:
            return found
        rest = found.base[2:]
        if rest not in self._lexicon.bases:
            # الواحات is the plural of واحة and not of ألواح.
            return found if found.suffix != "ات" else Analysis(prefix, rest + araby.HEH, "ات", True)
        return found._replace(prefix=prefix, base=rest)

    def _with_function(self, word: str, known: Analysis | None) -> Analysis | None:
        """Take وفيه apart, which is و and فيه, if ``known`` leaves no more of it."""
        for size in (1, 2):
            prefix, rest = word[:size], word[size:]
            if prefix not in _BEFORE_FUNCTION or rest not in self._lexicon.function:
                continue
            if len(rest) > size and (known is None or self._says_less(known, prefix, rest)):
                return Analysis(prefix, rest, "", True)
        return None

    def _says_less(self, known: Analysis, prefix: str, function: str) -> bool:
        kept = len(prefix) + len(function) - len(known.prefix) - len(known.suffix)
        if kept != len(function):
            return kept < len(function)
        # وفيه is not وفا, of which only half stands there; إليه in واليه is likelier than والي,
        # but وكيلا is وكيل.
        likelier = known.suffix != "ا" or self._kind(known.base) == "verb"
        return len(known.base) > kept or (prefix in "وف" and likelier)

    def _longest_known(self, word: str) -> Analysis | None:
        bases, suffixes = self._lexicon.bases, self._suffixes
        best: Analysis | None = None
        longest = 0.0
        starts = endings = _NO_AFFIX
        if word[0] in self._first_letters:
            starts = _affixes(word, self._prefixes, _MAX_PREFIX)
        if word[-1] in self._last_letters:
            endings = _affixes(word, suffixes, _MAX_SUFFIX, from_end=True)
        for prefix in starts:
            behind = word[len(prefix) :]
            left, cost, swallowed = len(behind), _COSTS.get(prefix, 0), prefix.endswith("لل")
            for ending in endings:
                size = left - len(ending)
                if size - cost <= longest or size < _MIN_BASE:
                    break
                rest = behind[:size]
                for restored, _ in suffixes[ending]:
                    base = rest + restored
                    if base in bases and self._fits(prefix, base, ending, restored):
                        best, longest = Analysis(prefix, base, ending, True), size - cost
                        break
                # للغة is ل and اللغة, whose own ل was swallowed.
                if swallowed and "ل" + rest in bases:
                    best, longest = Analysis(prefix[:-1], "ل" + rest, ending, True), size + 1
        return best

    def _fits(self, prefix: str, base: str, ending: str, restored: str) -> bool:
        # Two letters are too few to tell a word from chance, unless ال stands before them.
        if len(base) < (2 if prefix.endswith("ل") else 3):
            return False
        if ending and not self._takes(base, ending, restored):
            return False
        last = prefix[-1:]
        if base not in self._inflected:
            return last != "س" or base[0] in _PRESENT
        # A verb follows no preposition. التشيع is a noun, though تشيع is also a form of يشيع;
        # البيت is not ألبي, "I obey", with ت.
        return not (last in ("ب", "ك") or prefix.endswith(_ARTICLES) or base.startswith(_ARTICLES))

    def _takes(self, base: str, ending: str, restored: str) -> bool:
        kind = self._kinds.get(base, "")
        if restored:
            if ending == "اني":
                return kind == "verb"
            # سوري is from the name سوريا, but القوي not from ألقوا; سيدنا is not from سيدني.
            nisba = kind == "adj" and len(base) > _ELATIVE
            keeping = _KEEPING.get(restored, ())
            return ending[0] == "ء" or ("nisba" if nisba else kind) not in keeping
        if ending in _OBJECTS and kind != "verb" and base not in self._pasts:
            return False
        # ة becomes ت before endings, so كتابها is كتاب and ها, not كتابة and ا.
        if base[-1] == "ه":
            return base in self._lexicon.radical_heh
        if base[-1] != "ا":
            return True
        # شركات is not شركا, as شركاء may be typed, with ت; only verbs in أ end so: بدأت.
        began = kind == "verb" and base in self._lexicon.hamza_last
        return (began or ending[0] != "ت") and base not in self._lexicon.typed

    def _by_rule(self, word: str) -> Analysis:
        at = word.find(_SERVANT)
        if at == 0 or word[: max(at, 0)] in _BEFORE_FUNCTION:
            return Analysis(word[:at], word[at:], "", False)
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
        root = radicals(word, self._patterns)
        # فرحان is glad, from فرح; what is left of بستان without its ان is no word.
        stranger = len(word) == _LIKE_DUAL and word.endswith("ان") and root not in self._kinds
        return word if stranger and word[:3] not in self._kinds else root


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


@functools.cache
def load_stemmer() -> ArabicStemmer:
    """Build the stemmer from the packaged tables, once for the process."""
    prefixes = {prefix: int(least) for prefix, least, _ in read_table("proclitics.tsv", 3)}
    suffixes: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for suffix, restored, least, _ in read_table("suffixes.tsv", 4):
        suffixes[suffix].append(("" if restored == "-" else restored, int(least)))
    return ArabicStemmer(
        load_lexicon(),
        prefixes,
        {suffix: tuple(rows) for suffix, rows in suffixes.items()},
        load_measures(),
    )
