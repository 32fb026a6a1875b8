"""Folded words to stems and roots: ``str -> str``, rules and exceptions from tables.

The stemmer looks for the longest known word inside a word (attached particles
before it, endings behind it) and only where it knows none does it cut by rule,
and then little: a wrong cut joins strangers, a missed cut only loses a relative.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from pyarabic import araby

from search_service.analysis.cuts import MIN_BASE, CutByRule, Cuts
from search_service.analysis.fitting import ARTICLES, traits_of
from search_service.analysis.lexicon import Lexicon, load_lexicon
from search_service.analysis.measures import MEASURES_TABLE, Measures, load_measures, radicals
from search_service.analysis.tables import read_table

__all__ = ["AFFIX_TABLES", "Analysis", "ArabicStemmer", "load_stemmer"]

AFFIX_TABLES = {"proclitics.tsv": 3, "suffixes.tsv": 4, **MEASURES_TABLE}

_BEFORE_FUNCTION = frozenset(("و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل"))
_SERVANT = "عبدال"  # names written as one word, عبدالمتين: whole, whatever they end in
_BEHIND_ARTICLE = frozenset(("", "ان", "ين", "ون", "ات", "ي", "يه"))
_LIKE_DUAL = 5  # letters of فعلان
# The seat of a hamza changes with the ending: إحياء, إحيائه.
_SEATS = str.maketrans(dict.fromkeys("ؤئ", "ء"))


class Analysis(NamedTuple):
    """How a word was taken apart. ``known`` tells whether the base is in the lexicon."""

    prefix: str
    base: str
    suffix: str
    known: bool


#: What follows from a known word alone: its traits, stem and root. The root is empty where more
#: than the word decides.
_Known: TypeAlias = tuple[int, str, str]

#: A word taken apart: where the letters of its base begin and end (None: with the word), the
#: base, and what is known of it. A plain tuple, for one is made for every new word.
_Parts: TypeAlias = tuple[int, int | None, str, _Known | None]


class _KnownWords(dict[str, _Known]):
    """Known word -> what follows from it, worked out when first asked for."""

    def __init__(self, make: Callable[[str], _Known]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> _Known:
        return self.setdefault(word, self._make(word))


class ArabicStemmer:
    """Stems and roots of folded Arabic words; what it keeps is bounded, and safe to share."""

    def __init__(
        self,
        lexicon: Lexicon,
        prefixes: Mapping[str, int],
        suffixes: Mapping[str, tuple[tuple[str, int], ...]],
        measures: Mapping[int, Measures],
    ) -> None:
        self._lexicon = lexicon
        self._prefixes = prefixes
        self._suffixes = suffixes
        self._measures = measures
        self._cuts = Cuts(prefixes, suffixes)
        self._pasts = frozenset(lexicon.past.values())
        self._words = lexicon.bases.keys() | lexicon.function
        self._known = _KnownWords(self._know)
        # Words from whose end nothing goes.
        self._whole = lexicon.keep_teh | lexicon.radical_heh | lexicon.function
        self._with_particle = frozenset(
            particle + word
            for particle in _BEFORE_FUNCTION
            for word in lexicon.function
            if len(word) > len(particle)
        )

    def analyse(self, word: str, exact: str = "") -> Analysis:
        """Take a folded word apart into attached particles, base and ending.

        ``exact`` is the word as written: ألحق is a verb, الحق the truth.
        """
        return self._with_article(_apart(word, self._parts(word)), exact or word)

    def _parts(self, word: str) -> _Parts:
        words, known = self._words, self._known
        if word in words:
            return 0, None, word, known[word]
        cuts = self._cuts.of(word)
        for start, stop, restored, barred, least in cuts.known:
            base = word[start:stop] + restored
            if base in words:
                found = known[base]
                if not found[0] & barred and len(word) >= least:
                    parts: _Parts = start, stop, base, found
                    break
        else:
            parts = self._by_rule(word, cuts.by_rule)
        if word in self._with_particle:
            return self._with_function(word, parts) or parts
        return parts

    def stem(self, word: str) -> str:
        """Return the stem of a folded word, never empty."""
        return self.stem_of(self.analyse(word))

    def root(self, word: str) -> str:
        """Return the root-like form of a folded word: what broken plurals share."""
        return self.root_of(self.analyse(word))

    def stem_and_root(self, word: str, exact: str) -> tuple[str, str]:
        """Return the stem and the root of a folded word that is written ``exact``.

        The same as :meth:`stem_of` and :meth:`root_of` of its :meth:`analyse`, but
        most words of a text share a few thousand known bases, so what follows
        from a base is kept.
        """
        parts = self._parts(word)
        _, _, base, known = parts
        if known:
            _, stem, root = known
            if root:
                return stem, root
        elif base not in self._words:
            stem = self._without_feminine(base)
            return stem, self._root_of_stem(stem)
        analysis = self._with_article(_apart(word, parts), exact)
        return self.stem_of(analysis), self.root_of(analysis, exact)

    def _know(self, word: str) -> _Known:
        lexicon, full = self._lexicon, self._full_spelling(word)
        alone = Analysis("", word, "", True)
        # Where the spelling that was folded away decides the root.
        exact = any(one in lexicon.homographs or one in lexicon.keep_teh for one in (word, full))
        root = "" if exact or word in lexicon.like_articles else self.root_of(alone)
        return traits_of(word, lexicon, self._pasts), self.stem_of(alone), root

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
        return stem if self._kind(lemma) == "name" else self._root_of_stem(stem)

    def _root_of_stem(self, stem: str) -> str:
        if stem in self._words and (stem in self._lexicon.keep_teh or self._kind(stem) == "name"):
            return stem
        return self._radicals(stem)

    def _is_other(self, analysis: Analysis) -> bool:
        """Whether a word is not what its base is elsewhere: النضر is a name, نضر "we harm"."""
        return not analysis.known and self._lexicon.bases.get(analysis.base, "").startswith("verb=")

    def _is_possessed(self, base: str, analysis: Analysis, exact: str) -> bool:
        """Whether the word may be كتابه, his book, as well as كتابة typed without its dots."""
        if analysis.suffix or not exact.endswith(araby.HEH) or base not in self._lexicon.keep_teh:
            return False
        return base[:-1] in self._lexicon.bases and not analysis.prefix.endswith(ARTICLES)

    def _is_homograph(self, plural: str, prefix: str, exact: str) -> bool:
        written = exact[len(prefix) :].translate(_SEATS)
        others = self._lexicon.homographs[plural]
        return any(written.startswith(other.translate(_SEATS)) for other in others)

    def _kind(self, base: str) -> str:
        return self._lexicon.bases.get(base, "").partition("=")[0]

    def _full_spelling(self, base: str) -> str:
        return self._lexicon.bases.get(base, "").partition("=")[2] or base

    def _canonical(self, base: str) -> str:
        base = self._full_spelling(base)
        if base.endswith("ي") and self._kind(base) == "adj":
            base = self._without_nisba(base)
        return self._without_feminine(base)

    def _without_feminine(self, base: str) -> str:
        if base[-1] not in "هء" or base in self._whole:
            return base
        if base.endswith("ه") and len(base) > MIN_BASE:
            base = base[:-1]
        return base[:-1] if base.endswith("اء") and len(base) > MIN_BASE + 1 else base

    def _without_nisba(self, adjective: str) -> str:
        for restored, _ in self._suffixes["ي"]:
            base = adjective[:-1] + restored
            # ألماني is from ألمانيا; ألمان, the people, is only its own plural.
            circular = self._lexicon.singular.get(base) == adjective
            if len(base) > MIN_BASE and not circular and self._kind(base) not in ("", "adj"):
                return base
        return adjective[:-1] if len(adjective) > MIN_BASE + 2 else adjective

    def _with_article(self, found: Analysis, exact: str) -> Analysis:
        if found.base not in self._lexicon.like_articles:
            return found
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

    def _with_function(self, word: str, parts: _Parts) -> _Parts | None:
        """Take وفيه apart, which is و and فيه, if ``parts`` leave no more of it."""
        known = _apart(word, parts) if parts[3] else None
        for size in (1, 2):
            prefix, rest = word[:size], word[size:]
            if prefix not in _BEFORE_FUNCTION or rest not in self._lexicon.function:
                continue
            if len(rest) > size and (known is None or self._says_less(known, prefix, rest)):
                return size, None, rest, self._known[rest]
        return None

    def _says_less(self, known: Analysis, prefix: str, function: str) -> bool:
        kept = len(prefix) + len(function) - len(known.prefix) - len(known.suffix)
        if kept != len(function):
            return kept < len(function)
        # وفيه is not وفا, of which only half stands there; إليه in واليه is likelier than والي,
        # but وكيلا is وكيل.
        likelier = known.suffix != "ا" or self._kind(known.base) == "verb"
        return len(known.base) > kept or (prefix in "وف" and likelier)

    @staticmethod
    def _by_rule(word: str, cuts: Sequence[CutByRule]) -> _Parts:
        if _SERVANT in word:
            at = word.find(_SERVANT)
            if at == 0 or word[:at] in _BEFORE_FUNCTION:
                return at, None, word[at:], None
        letters = len(word)
        for least, start, stop, restored in cuts:
            if letters >= least:
                return start, stop, word[start:stop] + restored, None
        return 0, None, word, None

    def _radicals(self, word: str) -> str:
        root = radicals(word, self._measures)
        if len(word) != _LIKE_DUAL or not word.endswith("ان"):
            return root
        # فرحان is glad, from فرح; what is left of بستان without its ان is no word.
        bases = self._lexicon.bases
        return root if root in bases or word[:3] in bases else word


def _apart(word: str, parts: _Parts) -> Analysis:
    start, stop, base, known = parts
    return Analysis(word[:start], base, word[stop:] if stop else "", known is not None)


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
