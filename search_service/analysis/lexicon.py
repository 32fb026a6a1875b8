"""The words that the stemmer knows: bases, broken plurals, nouns that keep their ة.

All keys and values are in folded spelling.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyarabic import araby

from search_service.analysis.folding import exact_form, fold
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
    ``radical_heh`` the words that end in a ه of their own (وجه).
    """

    bases: Mapping[str, str]
    function: frozenset[str]
    singular: Mapping[str, str]
    homographs: Mapping[str, frozenset[str]]
    past: Mapping[str, str]
    keep_teh: frozenset[str]
    radical_heh: frozenset[str]


@functools.cache
def load_lexicon() -> Lexicon:
    """Read the packaged tables, once for the process."""
    bases, spellings = _listed_bases()
    plurals: dict[str, tuple[str, str]] = {}
    for word, forms, _ in _rows("broken_plurals.tsv"):
        for form in (word, *forms.split()):
            bases.setdefault(fold(form), "noun")
            spellings[fold(form)].add(exact_form(form))
        for form in forms.split():
            plurals.setdefault(fold(form), (exact_form(form), fold(word)))
    past = _add_verbs(bases)
    keep_teh = frozenset(fold(word) for word, _ in _rows("teh_marbuta.tsv"))
    bases.update({word: "noun" for word in keep_teh if word not in bases})
    _add_persons(bases)
    _add_typed_spellings(bases)
    singular = _singulars({plural: one for plural, (_, one) in plurals.items()})
    others = {plural: frozenset(spellings[plural] - {plurals[plural][0]}) for plural in singular}
    return Lexicon(
        bases=bases,
        # The ending of منها is its own; that of كانت, an auxiliary, is not.
        function=frozenset(fold(w) for w, kind, _ in _rows("stopwords.tsv") if kind in _FUNCTION),
        singular=singular,
        homographs={plural: found for plural, found in others.items() if found},
        past=past,
        keep_teh=keep_teh,
        radical_heh=frozenset(
            word for word, found in spellings.items() if {w[-1] for w in found} == {araby.HEH}
        ),
    )


def _listed_bases() -> tuple[dict[str, str], defaultdict[str, set[str]]]:
    bases: dict[str, str] = {}
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for word, kind, _ in _rows("bases.tsv"):
        kind_alone, same, other = kind.partition("=")
        # نادي the club and نادى he called fold to one: nouns take more endings.
        if kind != "verb" or fold(word) not in bases:
            bases[fold(word)] = kind_alone + same + fold(other)
        spellings[fold(word)].add(exact_form(word))
    return bases, spellings


def _add_verbs(bases: dict[str, str]) -> dict[str, str]:
    """Add the verbs and their forms to ``bases``; return the past of each form."""
    past: dict[str, str] = {}
    for word, forms, _ in _rows("verbs.tsv"):
        folded = [fold(form) for form in forms.split()]
        base = _without_person(fold(word), folded[0])
        bases.setdefault(base, "verb")
        for form in folded:
            bases.setdefault(form, "verb" if form.startswith(araby.YEH) else "noun")
            past.setdefault(form, base)
    return past


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


def _add_persons(bases: dict[str, str]) -> None:
    """Add تقول, نقول and أقول for يقول, unless they are words of their own (تقدم progress)."""
    for word, kind in list(bases.items()):
        if kind == "verb" and word[0] == araby.YEH and len(word) > 3:
            for person in _PERSONS:
                if (person, word[1]) != (araby.ALEF, araby.ALEF):
                    bases.setdefault(person + word[1:], f"verb={word}")


def _add_typed_spellings(bases: dict[str, str]) -> None:
    """Add قايد for قائد and سما for سماء, as people type them, unless they are words."""
    for word, kind in list(bases.items()):
        if "اء" not in word:
            continue
        typed = word[:-1] if word.endswith("اء") else word.replace("اء", "اي")
        if len(typed) > 2:
            bases.setdefault(typed, kind if "=" in kind or kind == "particle" else f"{kind}={word}")
