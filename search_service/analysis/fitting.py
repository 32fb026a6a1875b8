"""Which particles and endings a known word takes.

A word has traits, a particle or an ending bars some of them, and they fit where no
trait is barred. Both are sets of bits, so that one step tells.
"""

from __future__ import annotations

from collections.abc import Container

from search_service.analysis.lexicon import Lexicon

__all__ = ["ARTICLES", "barred_between", "traits_of"]

#: How an attached article is written.
ARTICLES = ("ال", "لل")

_NOTHING = 0
(
    _UNFIT,  # takes nothing at all
    _SHORT,  # two letters
    _NOT_PRESENT,  # no person of the present
    _PERSON,  # another person of a verb
    _VERB,
    _NO_VERB,
    _NAME,
    _NISBA,
    _ELATIVE,  # an adjective of four letters, such as أقصى, which has a ى to lose
    _NO_OBJECT,  # not a verb in any form
    _FEMININE,  # ends in ة
    _TYPED,  # an اء that lost its ء
    _LONG_ALEF,  # ends in ا, but is no verb in أ
) = (1 << bit for bit in range(13))

_KINDS = {"verb": _VERB, "name": _NAME}
_ELATIVE_LETTERS = 4
_PRESENT = "يتنا"

# Endings of verbs alone: person and object.
_OBJECTS = {"تني", "تنا", "ته", "تها", "تهم", "تك", "ناه", "ناها", "ناهم", "نني", "وني"}
_OBJECTS |= {"ونه", "ونها", "ونهم", "ونني"}
# Words that never lose this letter before an ending. سوري is from the name سوريا, but القوي not
# from ألقوا; سيدنا is not from سيدني.
_KEEPING = {"ا": _VERB | _ELATIVE, "ي": _NAME | _NISBA}


def traits_of(base: str, lexicon: Lexicon, pasts: Container[str]) -> int:
    """Return the traits of a known word; ``pasts`` are the verbs of ``lexicon`` in the past."""
    if base not in lexicon.bases or len(base) < 2:
        return _UNFIT
    kind, other_word, _ = lexicon.bases[base].partition("=")
    traits = _SHORT if len(base) == 2 else _NOTHING
    traits |= _traits_of_kind(base, kind, base in pasts)
    if kind == "verb" and other_word:
        traits |= _UNFIT if base.startswith(ARTICLES) else _PERSON
    elif base[0] not in _PRESENT:
        traits |= _NOT_PRESENT
    return traits | _traits_of_end(base, kind, lexicon)


def _traits_of_kind(base: str, kind: str, is_past: bool) -> int:
    if kind == "verb":
        return _VERB
    traits = _NO_VERB if is_past else _NO_VERB | _NO_OBJECT
    if kind == "adj":
        # Those in ي that are longer are nisbas.
        return traits | (_NISBA if len(base) > _ELATIVE_LETTERS else _ELATIVE)
    return traits | _KINDS.get(kind, _NOTHING)


def _traits_of_end(base: str, kind: str, lexicon: Lexicon) -> int:
    if base[-1] == "ه":
        return _NOTHING if base in lexicon.radical_heh else _FEMININE
    if base[-1] != "ا":
        return _NOTHING
    typed = _TYPED if base in lexicon.typed else _NOTHING
    return typed if kind == "verb" and base in lexicon.hamza_last else typed | _LONG_ALEF


def barred_between(prefix: str, ending: str, restored: str) -> int:
    """Return what a word must not be to stand between ``prefix`` and ``ending``.

    ``restored`` are the letters that the ending took the place of.
    """
    barred = _UNFIT
    # Two letters are too few to tell a word from chance, unless ال stands before them.
    if not prefix.endswith("ل"):
        barred |= _SHORT
    if prefix.endswith("س"):
        barred |= _NOT_PRESENT
    # A verb follows no preposition. التشيع is a noun, though تشيع is also a form of يشيع;
    # البيت is not ألبي, "I obey", with ت.
    if prefix.endswith(("ب", "ك", *ARTICLES)):
        barred |= _PERSON
    return barred | _barred_before(ending, restored) if ending else barred


def _barred_before(ending: str, restored: str) -> int:
    if restored:
        if ending == "اني":
            return _NO_VERB
        return _NOTHING if ending[0] == "ء" else _KEEPING.get(restored, _NOTHING)
    # ة becomes ت before endings, so كتابها is كتاب and ها, not كتابة and ا.
    barred = _FEMININE | _TYPED
    if ending in _OBJECTS:
        barred |= _NO_OBJECT
    # شركات is not شركا, as شركاء may be typed, with ت; only verbs in أ end so: بدأت.
    return barred | _LONG_ALEF if ending[0] == "ت" else barred
