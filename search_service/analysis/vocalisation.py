"""Vowel marks: what they say about the letters of a word, and whether two words contradict.

The marks of a word are written as one sign per letter, in the letters of Tim
Buckwalter's transliteration: ``a u i`` for the short vowels, ``o`` for sukun,
``F N K`` for tanwin, ``-`` for nothing, with ``~`` before it for shadda. So
عَلَّمَ is ``علم|a~aa``. What is written by several marks and sounds alike is one
sign: the dagger alef is a fatha, which most texts write in its place, and the
Quranic and curly shapes are the plain ones. All other small signs of the Quran
(pauses, silent letters, madd) are about reciting and say nothing here.

Rules of agreement, for words with the same letters:

- A letter without marks says nothing, so a word without marks contradicts none.
- Vowel against another vowel or sukun is a contradiction; so is shadda against
  a vowel or sukun alone (عَلِمَ, he knew; عَلَّمَ, he taught).
- The vowel of the last letter says nothing, and tanwin never does: they tell
  the word's place in the sentence (إعراب), not which word it is. So does the
  vowel before an attached pronoun: كِتَابُهُ and كِتَابَهُ. Only shadda against sukun
  remains there: أنَّ is not أنْ.
- Shadda behind the article's lam says nothing: it is spoken before every sun
  letter, whether it is written or not (الشَّمس and الشَمس).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.folding import fold_arabic
from search_service.analysis.letters import ARABIC, MARKS, PRESTRIP, STRIP, character_class
from search_service.analysis.tokenizer import WORD
from search_service.schema import Tier
from search_service.terms import beside

__all__ = ["SEPARATOR", "agreement", "document_terms", "marked", "typed_term"]

#: Stands between the parts of a term; no word holds it.
SEPARATOR = "|"

# No Arabic word is longer; with its marks and stem, a term stays below 170 code points.
_LONGEST = 40

_SHADDA = "\N{ARABIC SHADDA}"
_NOTHING = "-"
_SUKUN = "o"
_SHORT_VOWELS = "aui"

# Dagger alef, alef below and inverted damma are long vowels, written where a short one would be.
_SIGNS = {
    "\N{ARABIC FATHA}\N{ARABIC SMALL FATHA}\N{ARABIC CURLY FATHA}"
    "\N{ARABIC LETTER SUPERSCRIPT ALEF}": "a",
    "\N{ARABIC DAMMA}\N{ARABIC SMALL DAMMA}\N{ARABIC CURLY DAMMA}\N{ARABIC INVERTED DAMMA}": "u",
    "\N{ARABIC KASRA}\N{ARABIC SMALL KASRA}\N{ARABIC CURLY KASRA}\N{ARABIC SUBSCRIPT ALEF}": "i",
    "\N{ARABIC SUKUN}\N{ARABIC SMALL HIGH DOTLESS HEAD OF KHAH}": _SUKUN,
    "\N{ARABIC FATHATAN}\N{ARABIC OPEN FATHATAN}\N{ARABIC CURLY FATHATAN}": "F",
    "\N{ARABIC DAMMATAN}\N{ARABIC OPEN DAMMATAN}\N{ARABIC CURLY DAMMATAN}": "N",
    "\N{ARABIC KASRATAN}\N{ARABIC OPEN KASRATAN}\N{ARABIC CURLY KASRATAN}": "K",
}
_VOWELS = {mark: sign for marks, sign in _SIGNS.items() for mark in marks}
_SPEAKING = {*_VOWELS, _SHADDA}

# Marks as presentation forms: each shows one mark on a space or a tatweel.
_LONE_FORMS = {
    mark: plain
    for mark in MARKS
    if mark not in _SPEAKING
    and (plain := unicodedata.normalize("NFKC", mark).strip(" \N{ARABIC TATWEEL}")) in _SPEAKING
}
_PREPARE = {**PRESTRIP, **{ord(mark): plain for mark, plain in _LONE_FORMS.items()}}

# One look over a text that has none of them is all that it costs.
_SPEAKS = re.compile(f"[{character_class(''.join((*_SPEAKING, *_LONE_FORMS)))}]").search
_IS_WORD = re.compile(f"[{character_class(ARABIC)}]+").fullmatch
_ONE_SIGN = re.compile("~?[a-zA-Z-]")

_SUN_LETTER = re.compile("(?:[وف]?[بك]?[اٱ]ل|[وف]?لل)(?=[تثدذرزسشصضطظلن])").match
_PRONOUN = re.compile("(?:هما|ها|هم|هن|ه|كما|كم|نا)$").search
# With fewer letters left, what looks attached is a part of the word: له before a pronoun, and
# behind particles كتب, which is not تب.
_BEFORE_PRONOUN = 2
_BEHIND_PARTICLES = 3

# What may stand before and behind a word's own letters without changing the marks inside it.
_IS_FRONT = re.compile("[وف]?(?:لل|[بلكس]?(?:ال)?)").fullmatch
_IS_BACK = re.compile(
    "(?:ت|تا|تم|تما|تن|نا|ن|وا|ون|ين|ان|ا|ات|ه|ها|هم|هن|هما|ك|كم|كن|كما|ني)?"
).fullmatch


@lru_cache(maxsize=1 << 15)
def marked(word: str) -> str | None:
    """Return a word's letters and marks as one term, ``None`` for a word that has no marks.

    The letters are those of :func:`~search_service.analysis.folding.exact_form`.
    The term holds no white space and at most 121 code points; longer words
    than 40 letters have none, nor has what is not one word of Arabic letters.

    >>> marked("كَتَبَ"), marked("عَلَّمَ"), marked("كتـــٰب"), marked("كتب")
    ('كتب|aaa', 'علم|a~aa', 'كتب|-a-', None)
    """
    if not _SPEAKS(word):
        return None
    letters, groups = _apart(unicodedata.normalize("NFKC", word.translate(_PREPARE)))
    if not _IS_WORD(letters) or len(letters) > _LONGEST:
        return None
    signs = [_sign(group) for group in groups]
    _settle(letters, signs)
    return f"{letters}{SEPARATOR}{''.join(signs)}" if set(signs) != {_NOTHING} else None


def _apart(composed: str) -> tuple[str, list[list[str]]]:
    letters = ""
    groups: list[list[str]] = []
    for character in composed:
        if character in _SPEAKING:
            if groups:
                groups[-1].append(character)
        elif ord(character) not in STRIP:
            letters += character
            groups.append([])
    return letters, groups


def _sign(marks: Sequence[str]) -> str:
    vowels = {_VOWELS[mark] for mark in marks if mark != _SHADDA}
    # Two vowels on one letter are a slip of the hand: nobody knows which was meant.
    vowel = vowels.pop() if len(vowels) == 1 else _NOTHING
    return f"~{vowel}" if _SHADDA in marks else vowel


def _settle(letters: str, signs: list[str]) -> None:
    """Give the two ways in which some marks are placed one form."""
    article = _SUN_LETTER(letters)
    if article:
        signs[article.end()] = signs[article.end()].removeprefix("~")
    # كتابًا and كتاباً: tanwin belongs to the letter that it is spoken with.
    if signs[-1] == "F" and letters[-1] in "اى" and signs[-2:-1] in (["-"], ["~-"], ["a"], ["~a"]):
        signs[-2:] = [f"{signs[-2][:-1]}F", _NOTHING]


def agreement(one: str, other: str, *, exact: bool = False) -> bool | None:
    """Tell whether two terms of :func:`marked` may be the same spoken word.

    ``True`` where they say the same of some letter and nowhere contradict each
    other, ``False`` where they contradict, ``None`` where they have nothing to
    compare: one of them has no marks, or they do not have their letters in
    common. Particles before a word and endings behind it do not keep it from
    being compared, nor do spellings (ة and ه). With ``exact``, letters must be
    the same, and every mark counts, the last one too.

    >>> agreement("كتب|aaa", "كتب|uia"), agreement("كتب|aaa", "وكتبت|aaaao")
    (False, True)
    """
    # One order for both ways round: of two words, the shorter is looked for in the longer.
    (_, letters, signs), (_, longer, beside) = sorted(_read(term, exact) for term in (one, other))
    if not signs or not beside or (exact and letters != longer):
        return None
    core = _core(letters, longer)
    if core is None:
        return None
    first, at, size = core
    ending = frozenset() if exact else _ending(letters[first : first + size])
    pairs = zip(signs[first : first + size], beside[at : at + size], strict=True)
    says = [
        (_says(sign, exact, i in ending), _says(other_sign, exact, i in ending))
        for i, (sign, other_sign) in enumerate(pairs)
    ]
    both = [(a, b) for said in says for a, b in zip(*said, strict=True) if None not in (a, b)]
    return all(a == b for a, b in both) if both else None


def _read(term: str, exact: bool) -> tuple[int, str, list[str]]:
    letters, _, signs = term.partition(SEPARATOR)
    return len(letters), letters if exact else fold_arabic(letters), _ONE_SIGN.findall(signs)


def _core(letters: str, longer: str) -> tuple[int, int, int] | None:
    """Return where in each of two words their common letters begin, and how many these are."""
    at = _place(letters, longer)
    if at is not None:
        return 0, at, len(letters)
    # Each may have a particle or an ending that the other lacks: وكتب and كتبت.
    for skipped, core in _without_front(letters):
        if (at := _place(core, longer)) is not None:
            return skipped, at, len(core)
    for skipped, core in _without_front(longer):
        if (at := _place(core, letters)) is not None:
            return at, skipped, len(core)
    return None


def _place(core: str, word: str) -> int | None:
    at = word.find(core)
    if at >= 0 and _IS_FRONT(word[:at]) and _IS_BACK(word[at + len(core) :]):
        return at
    return None


def _without_front(word: str) -> Iterator[tuple[int, str]]:
    """Yield what may be a word behind its particles, if enough is left, and their length."""
    for skipped in range(1, len(word) - _BEHIND_PARTICLES + 1):
        if _IS_FRONT(word[:skipped]):
            yield skipped, word[skipped:]


def _ending(letters: str) -> frozenset[int]:
    """Return the places of the letters whose vowel depends on the sentence."""
    pronoun = _PRONOUN(letters)
    last = len(letters) - 1
    if pronoun and pronoun.start() >= _BEFORE_PRONOUN:
        return frozenset((last, pronoun.start() - 1))
    return frozenset((last,))


def _says(sign: str, exact: bool, ending: bool) -> tuple[bool | None, str | None]:
    """Return whether a letter is doubled, and its vowel; ``None`` where that is not said."""
    vowel = sign[-1]
    if exact:
        return (True if "~" in sign else None if vowel == _NOTHING else False), (
            None if vowel == _NOTHING else vowel
        )
    if "~" in sign:
        return True, vowel if vowel in _SHORT_VOWELS and not ending else None
    if ending or vowel not in (*_SHORT_VOWELS, _SUKUN):
        return (False if vowel == _SUKUN else None), None
    return False, vowel


def typed_term(word: str, exact: str) -> str | None:
    """Return :func:`marked` of a word whose exact form is ``exact``, where the two are one word."""
    term = marked(word)
    return term if term and term.startswith(exact + SEPARATOR) else None


def document_terms(
    texts: Sequence[str], terms: Sequence[Mapping[Tier, Sequence[str]]], analyzer: Analyzer
) -> tuple[str, ...]:
    """Return what a document says of its vocalised words, as ``stem|letters|signs``.

    ``texts`` are those of its fields, and ``terms`` what :meth:`Analyzer.terms`
    makes of each. For every stem that has marks at least once, there are also
    the words without marks that share it (``stem|letters|``): they may be
    anything. Texts without marks have none.
    """
    said: Counter[tuple[str, str]] = Counter()
    found: dict[str, None] = {}
    for word in chain.from_iterable(map(_vocalised, texts)):
        tokens = analyzer.analyze(word)
        term = typed_term(word, tokens[0].forms.exact) if len(tokens) == 1 else None
        if term:
            stem = tokens[0].forms.stem
            said[stem, tokens[0].forms.exact] += 1
            found[f"{stem}{SEPARATOR}{term}"] = None
    bare = _bare(said, terms) if found else ()
    return (*found, *(f"{stem}{SEPARATOR}{exact[:_LONGEST]}{SEPARATOR}" for stem, exact in bare))


def _bare(
    said: Mapping[tuple[str, str], int], terms: Sequence[Mapping[Tier, Sequence[str]]]
) -> list[tuple[str, str]]:
    """Return stem and letters of the words that stand more often than they stand with marks."""
    stems = {stem for stem, _ in said}
    in_all: Counter[tuple[str, str]] = Counter()
    for part in terms:
        in_all.update(beside(part, Tier.STEM, stems, Tier.EXACT))
    return [pair for pair, count in in_all.items() if count > said.get(pair, 0)]


def _vocalised(text: str) -> Iterator[str]:
    """Yield the words with marks; between them, looking for the next mark is all there is to do."""
    at = 0
    while mark := _SPEAKS(text, at):
        # No word holds a space, so what lies between two splits as it would in the whole text.
        start = max(text.rfind(" ", at, mark.start()) + 1, at)
        end = text.find(" ", mark.end())
        at = end if end >= 0 else len(text)
        yield from filter(_SPEAKS, WORD.findall(text[start:at]))
