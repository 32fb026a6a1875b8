"""The words that the stemmer knows: bases, broken plurals, nouns that keep their ة.

All keys and values are in folded spelling.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pyarabic import araby

from search_service.analysis.folding import forms_of_all
from search_service.analysis.tables import read_table

__all__ = ["TABLES", "Lexicon", "load_lexicon"]

#: The tables that make up the lexicon, with their number of columns.
TABLES = {
    "bases.tsv": 3,
    "broken_plurals.tsv": 3,
    "stopwords.tsv": 3,
    "teh_marbuta.tsv": 2,
    "verbs.tsv": 3,
}

# تقول, نقول and أقول beside يقول. Before a hamza the first person has one letter less (آخذ).
_PERSONS = (araby.TEH, araby.NOON, araby.ALEF)

_ARTICLE = "ال"

# Classes of stopwords.tsv whose words take no more affixes than they are listed with.
_FUNCTION = frozenset(
    ("conjunction", "demonstrative", "particle", "preposition", "pronoun", "question", "relative")
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Known words.

    ``bases`` maps every known base to its class (noun, adj, verb, name,
    particle), followed by ``=word`` where it counts as another word: another
    spelling or person, or a nisba whose country no rule finds. ``function``
    holds words that are never taken apart. ``singular`` maps a broken plural to
    its singular; ``homographs`` gives, for a plural that folds to the same
    letters as other words (أعلام and إعلام), how those are spelled.
    ``past`` maps the present, the masdar and other forms of a verb to its past.
    ``keep_teh`` holds the nouns whose ة tells them from another word (مكتبة),
    ``radical_heh`` the words that end in a ه of their own (وجه), ``typed`` those in اء as they
    are typed without ء (سما), ``hamza_last`` those in أ, which is folded to ا (بدأ).
    ``like_articles`` tells how words are spelled that
    look like ال before another word (ألحق and الحق).
    """

    bases: Mapping[str, str]
    function: frozenset[str]
    singular: Mapping[str, str]
    homographs: Mapping[str, frozenset[str]]
    past: Mapping[str, str]
    keep_teh: frozenset[str]
    radical_heh: frozenset[str]
    typed: frozenset[str]
    hamza_last: frozenset[str]
    like_articles: Mapping[str, frozenset[str]]


#: What each listed word is in exact and in folded spelling.
_Written: TypeAlias = Mapping[str, tuple[str, str]]


@functools.cache
def load_lexicon() -> Lexicon:
    """Read the packaged tables, once for the process."""
    written = forms_of_all(_words())
    bases, spellings = _listed_bases(written)
    plurals = _add_plurals(bases, spellings, written)
    past, presents = _add_verbs(bases, spellings, written)
    keep_teh = frozenset(written[word][1] for word, _ in _rows("teh_marbuta.tsv"))
    bases.update({word: "noun" for word in keep_teh if word not in bases})
    _add_persons(bases, presents)
    typed = _add_typed_spellings(bases)
    singular = _singulars({plural: one for plural, (_, one) in plurals.items()})
    _add_sound_plurals(bases, singular)
    others = {plural: frozenset(spellings[plural] - plurals[plural][0]) for plural in singular}
    return Lexicon(
        bases=bases,
        # The ending of منها is its own; that of كانت, an auxiliary, is not.
        function=frozenset(
            written[word][1] for word, kind, _ in _rows("stopwords.tsv") if kind in _FUNCTION
        ),
        singular=singular,
        homographs={plural: found for plural, found in others.items() if found},
        past=past,
        keep_teh=keep_teh,
        radical_heh=frozenset(
            word for word, found in spellings.items() if {w[-1] for w in found} == {araby.HEH}
        ),
        typed=typed,
        hamza_last=frozenset(
            word
            for word, found in spellings.items()
            if any(spelling.endswith(araby.ALEF_HAMZA_ABOVE) for spelling in found)
        ),
        like_articles={
            word: frozenset(spellings.get(word, ()))
            for word in bases
            if word.startswith(_ARTICLE) and (word[2:] in bases or word[2:] + araby.HEH in bases)
        },
    )


def _words() -> Iterator[str]:
    """Yield every word of the tables that somebody asks the forms of."""
    for name in TABLES:
        for word, *others in _rows(name):
            yield word
            if name == "bases.tsv":
                yield others[0].partition("=")[2]
            else:
                yield from others[0].split()


def _listed_bases(written: _Written) -> tuple[dict[str, str], defaultdict[str, set[str]]]:
    bases: dict[str, str] = {}
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for word, kind, _ in _rows("bases.tsv"):
        kind_alone, same, other = kind.partition("=")
        # نادي the club and نادى he called fold to one: nouns take more endings.
        exact, folded = written[word]
        if kind != "verb" or folded not in bases:
            bases[folded] = kind_alone + same + written[other][1]
        spellings[folded].add(exact)
    return bases, spellings


def _add_plurals(
    bases: dict[str, str], spellings: defaultdict[str, set[str]], written: _Written
) -> dict[str, tuple[set[str], str]]:
    """Add broken plurals and their singulars; return each one's spellings and singular."""
    plurals: dict[str, tuple[set[str], str]] = {}
    for word, forms, _ in _rows("broken_plurals.tsv"):
        one = written[word][1]
        for form in (word, *forms.split()):
            exact, folded = written[form]
            bases.setdefault(folded, "noun")
            spellings[folded].add(exact)
        for form in forms.split():
            exact, folded = written[form]
            own, singular_of = plurals.setdefault(folded, (set(), one))
            if singular_of == one:
                own.add(exact)
    return plurals


def _add_verbs(
    bases: dict[str, str], spellings: defaultdict[str, set[str]], written: _Written
) -> tuple[dict[str, str], set[str]]:
    """Add the verbs and their forms to ``bases`` and how they are spelled to ``spellings``.

    Return the past of each form, and the presents.
    """
    past: dict[str, str] = {}
    presents = set()
    for word, forms, _ in _rows("verbs.tsv"):
        all_forms = [written[form] for form in (word, *forms.split())]
        for exact, folded_form in all_forms:
            spellings[folded_form].add(exact)
        folded = [folded_form for _, folded_form in all_forms[1:]]
        base = _without_person(all_forms[0][1], folded[0])
        bases.setdefault(base, "verb")
        presents.add(folded[0])
        for form in folded:
            bases.setdefault(form, "verb" if _is_verb(form, base) else "noun")
            past.setdefault(form, base)
    return past, presents


def _is_verb(form: str, past: str) -> bool:
    # أعطت and أعطوا stand beside يعطي where the past is أعطى; إعطاء is a noun.
    return form[0] == araby.YEH or form.endswith("وا") or form == past[:-1] + araby.TEH


def _without_person(past: str, present: str) -> str:
    # درست is listed where درس, "he studied", is more often the noun; the ت is not of the root.
    return past[:-1] if past[-1] == araby.TEH != present[-1] else past


def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    return read_table(name, TABLES[name])


def _singulars(direct: Mapping[str, str]) -> dict[str, str]:
    """Follow chains to their end, so that أفكار, فكر and فكرة share one singular."""
    found = {}
    for plural, one in direct.items():
        seen = {plural}
        last = one
        while last not in seen and last in direct:
            seen.add(last)
            last = direct[last]
        # In a circle (مأرب and مآرب fold to one word) there is nothing to follow.
        if last not in seen:
            found[plural] = last
    return found


def _add_persons(bases: dict[str, str], presents: Container[str]) -> None:
    """Add تقول, نقول and أقول for يقول, unless they are words of their own (تقدم progress)."""
    for word, kind in list(bases.items()):
        # Of three letters only what is surely a present: يقف; not أمت, "I died", which is rather
        # a part of أمتي, "my nation".
        if kind == "verb" and word[0] == araby.YEH and (len(word) > 3 or word in presents):
            for person in _PERSONS:
                if (person, word[1]) != (araby.ALEF, araby.ALEF):
                    bases.setdefault(person + word[1:], f"verb={word}")


def _add_sound_plurals(bases: dict[str, str], singular: Mapping[str, str]) -> None:
    """Let كلمات count as كلمة, though lists have it as a word of its own."""
    for word, kind in list(bases.items()):
        one = word[:-2]
        listed = kind == "noun" and word.endswith("ات")
        if listed and singular.get(word) in (one, one + "ه"):
            bases[word] = f"noun={singular[word]}"


def _add_typed_spellings(bases: dict[str, str]) -> frozenset[str]:
    """Add قايد for قائد and سما for سماء, as people type them, unless they are words.

    Return those that lost their last letter.
    """
    shortened = set()
    for word, kind in list(bases.items()):
        if "اء" not in word:
            continue
        at_end = word.endswith("اء")
        typed = word[:-1] if at_end else word.replace("اء", "اي")
        if len(typed) > 2 and typed not in bases:
            bases[typed] = kind if "=" in kind or kind == "particle" else f"{kind}={word}"
            if at_end:
                shortened.add(typed)
    return frozenset(shortened)
