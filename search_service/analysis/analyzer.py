"""The analyzer: the ordered chain from raw text to tokens with a term per tier.

The order, and why:

1. Split the raw text into words; marks and invisible signs are word characters
   (folding after splitting would leave stray pieces, and offsets would move).
2. Exact form: compose, take presentation forms apart, drop marks. It comes
   before folding because ``=word`` asks for the letters as written.
3. Folded form: from the exact form, letter by letter.
4. Stem, from the folded form: word lists are kept in folded spelling, so that
   one row serves every spelling.
5. Root, from the same taking apart as the stem.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, compress, count, repeat
from operator import not_
from typing import Any

from search_service.analysis.english import english_stem
from search_service.analysis.folding import exact_form, fold_arabic, fold_latin, number_form
from search_service.analysis.lexicon import TABLES
from search_service.analysis.remembering import Remembered
from search_service.analysis.stemmers import AFFIX_TABLES, ArabicStemmer, load_stemmer
from search_service.analysis.tables import tables_digest
from search_service.analysis.token import MAX_TERM_LENGTH, Forms, Token
from search_service.analysis.tokenizer import EDGES, PARTS, WORD, is_arabic, is_number, is_plain
from search_service.schema import Tier

__all__ = ["Analyzer", "pieces"]

#: Values of keyword fields are cut to this many code points.
MAX_KEYWORD_LENGTH = 256

#: Raised with every change of the code that changes terms; tables count by their contents.
RULES_VERSION = 3

# Bounds the memory of the cache, which holds up to twice as many words of about 300 bytes.
_CACHE_WORDS = 1 << 18

_TIERS = len(Tier)


def pieces(text: str) -> Iterator[str]:
    """Yield the pieces of a text that words are looked for in, without the signs around them.

    No word holds a space, and most pieces are one word.
    """
    return map(str.strip, text.split(), repeat(EDGES))


class _Forms(Remembered[tuple[str, ...]]):
    """Mostly :class:`Forms`; the forms of several words, one after the other, of what is no word.

    A sign may stand for several words, and a piece of text may hold some.
    """

    def key(self, word: str, made: tuple[str, ...]) -> str:
        # Most words are their own exact form.
        return made[0] if made and made[0] == word else word


class Analyzer:
    """Turns text into tokens; safe to share between threads.

    ``remembered`` bounds the words whose forms are kept at hand, up to twice
    as many: fewer take less memory and more time.

    >>> [token.forms.stem for token in Analyzer().analyze("وبالكتاب")]
    ['كتاب']
    """

    def __init__(self, remembered: int = _CACHE_WORDS) -> None:
        self._stemmer: ArabicStemmer = load_stemmer()
        self._cache = _Forms(self.forms_in, remembered)

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of ``text`` in order.

        ``text[token.start:token.end]`` is the word as written. A sign that
        stands for several words (ﷺ) gives several tokens of the same range.
        Never raises, whatever the text.
        """
        tokens: list[Token] = []
        add, cache, make = tokens.append, self._cache, Token._make
        position = 0
        for match in WORD.finditer(text):
            start, end = match.span()
            for forms in _apart(cache[match.group()]):
                add(make((start, end, position, forms)))
                position += 1
        return tokens

    def tokens_with(self, text: str, terms: AbstractSet[str]) -> list[Token]:
        """Return those tokens of ``text`` of which a form is in ``terms``.

        Takes much less time than :meth:`analyze` where they are few.

        >>> Analyzer().tokens_with("قرأ الكتاب", {"كتاب"})[0][:3]
        (4, 10, 1)
        """
        parts = PARTS(text)
        words = list(map(self._cache.__getitem__, parts[1::2]))
        tokens: list[Token] = []
        start = position = last = 0
        for word in compress(count(), map(not_, map(terms.isdisjoint, words))):
            before, last = last, 2 * word + 1
            start += sum(map(len, parts[before:last]))
            position += sum(map(len, words[before // 2 : word])) // _TIERS
            tokens += (
                Token(start, start + len(parts[last]), number, forms)
                for number, forms in enumerate(_apart(words[word]), position)
                if not terms.isdisjoint(forms)
            )
        return tokens

    def pieces_with(self, pieces: Sequence[str], terms: AbstractSet[str]) -> Iterator[int]:
        """Yield the numbers of those ``pieces`` in which :meth:`tokens_with` finds a token.

        To rule out the others takes much less time than to read them. Pieces are cut at spaces.

        >>> list(Analyzer().pieces_with(["قرأ", "الكتاب."], {"كتاب"}))
        [1]
        """
        words = map(str.strip, pieces, repeat(EDGES))
        forms = map(self._cache.__getitem__, words)
        return compress(count(), map(not_, map(terms.isdisjoint, forms)))

    def terms(self, text: str) -> dict[Tier, tuple[str, ...]]:
        """Return the terms of ``text`` per tier, one per position: what is indexed."""
        forms = list(chain.from_iterable(map(self._cache.__getitem__, pieces(text))))
        return {tier: tuple(forms[column::_TIERS]) for column, tier in enumerate(Tier)}

    def forms(self, word: str) -> tuple[Forms, ...]:
        """Return the forms of a word that ``WORD`` found; a sign may stand for several words."""
        return _apart(self._cache[word])

    def normalize(self, word: str) -> str:
        """Return the folded form of a part of a word, for prefixes, wildcards and fuzzy words."""
        exact = exact_form(word)
        if is_number(exact):
            return number_form(exact)
        return fold_arabic(exact) if is_arabic(exact) else fold_latin(exact)

    def keyword(self, value: str) -> str:
        """Return a whole value, such as a tag, as one term: its folded words; may be empty.

        >>> Analyzer().keyword("علوم الأرض")
        'علوم_الارض'
        """
        return "_".join(token.forms.folded for token in self.analyze(value))[:MAX_KEYWORD_LENGTH]

    def fingerprint(self) -> str:
        """Return a short hash of all rules and word lists: equal means the same terms."""
        digest = tables_digest(*TABLES, *AFFIX_TABLES)
        return hashlib.sha256(f"{RULES_VERSION}:{digest}".encode()).hexdigest()[:16]

    def explain(self, text: str) -> list[dict[str, Any]]:
        """Return every token of ``text`` as a JSON object with its forms and each step to them."""
        return [
            {
                "text": text[token.start : token.end],
                "start": token.start,
                "end": token.end,
                "position": token.position,
                "forms": token.forms._asdict(),
                "steps": self._steps(text[token.start : token.end], token.forms),
            }
            for token in self.analyze(text)
        ]

    def _steps(self, word: str, forms: Forms) -> list[dict[str, str]]:
        steps = [
            _step(Tier.EXACT, "compose, drop marks and tatweel", word, forms.exact),
            _step(Tier.FOLDED, "join the spellings of letters", forms.exact, forms.folded),
        ]
        if is_arabic(forms.folded):
            steps += self._arabic_steps(forms)
        elif not is_number(forms.folded):
            steps.append(_step(Tier.STEM, "Snowball English", forms.folded, forms.stem))
        return [step for step in steps if step["before"] != step["after"]]

    def _arabic_steps(self, forms: Forms) -> list[dict[str, str]]:
        parts = self._stemmer.analyse(forms.folded, forms.exact)
        known = "known word" if parts.known else "by rule"
        without_prefix = forms.folded[len(parts.prefix) :]
        return [
            _step(
                Tier.STEM, f"cut particle {parts.prefix} ({known})", forms.folded, without_prefix
            ),
            _step(Tier.STEM, f"cut ending {parts.suffix} ({known})", without_prefix, parts.base),
            _step(Tier.STEM, "feminine ة, nisba ي, final ء, person", parts.base, forms.stem),
            _step(Tier.ROOT, "singular of a broken plural, root letters", forms.stem, forms.root),
        ]

    def forms_in(self, piece: str) -> tuple[str, ...]:
        """Return the forms of the words in a piece of text, one after the other.

        Nearly all pieces are one word. What is found is not remembered.
        """
        if is_plain(piece) and len(piece) <= MAX_TERM_LENGTH:
            return self._arabic_forms(piece)
        words = WORD.findall(piece)
        if words != [piece]:
            return tuple(chain.from_iterable(map(self._cache.__getitem__, words)))
        exact = exact_form(piece)
        if is_number(piece):
            number = number_form(piece)[:MAX_TERM_LENGTH]
            return Forms(number, number, number, number)
        parts = WORD.findall(exact)
        if parts != [exact]:
            # One sign for several words, or nothing left but marks.
            forms = map(self._cache.__getitem__, filter(None, map(exact_form, parts)))
            return tuple(chain.from_iterable(forms))
        return self._word_forms(exact[:MAX_TERM_LENGTH])

    def _word_forms(self, exact: str) -> Forms:
        if not is_arabic(exact):
            folded = fold_latin(exact)
            stem = english_stem(folded)
            return Forms(exact, folded, stem, stem)
        return self._arabic_forms(exact)

    def _arabic_forms(self, exact: str) -> Forms:
        folded = fold_arabic(exact)
        stem, root = self._stemmer.stem_and_root(folded, exact)
        # One copy of equal terms is enough; the stems of known words are shared already.
        return Forms(exact, folded, folded if stem == folded else stem, root)


def _apart(forms: tuple[str, ...]) -> tuple[Forms, ...]:
    """Return the forms of one word, or of several one after the other, word by word."""
    if isinstance(forms, Forms):
        return (forms,)
    return tuple(Forms(*forms[i : i + _TIERS]) for i in range(0, len(forms), _TIERS))


def _step(tier: Tier, rule: str, before: str, after: str) -> dict[str, str]:
    return {"tier": tier.value, "rule": rule, "before": before, "after": after}
