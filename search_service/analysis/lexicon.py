"""The words that the stemmer knows: bases, broken plurals, nouns that keep their ة.

All keys and values are in folded spelling.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from search_service.analysis.folding import fold
from search_service.analysis.tables import read_table

__all__ = ["TABLES", "Lexicon", "load_lexicon"]

#: The tables that make up the lexicon, with their number of columns.
TABLES = {"bases.tsv": 3, "broken_plurals.tsv": 3, "teh_marbuta.tsv": 2}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Known words.

    ``bases`` maps every known base to its class (noun, adj, verb, name,
    particle); ``singular`` maps a broken plural to its singular; ``keep_teh``
    holds the nouns whose ة tells them from another word.
    """

    bases: Mapping[str, str]
    singular: Mapping[str, str]
    keep_teh: frozenset[str]


@functools.cache
def load_lexicon() -> Lexicon:
    """Read the packaged tables, once for the process."""
    bases: dict[str, str] = {}
    singular: dict[str, str] = {}
    for word, plurals, _ in read_table("broken_plurals.tsv", TABLES["broken_plurals.tsv"]):
        folded = fold(word)
        bases.setdefault(folded, "noun")
        for plural in plurals.split():
            bases.setdefault(fold(plural), "noun")
            singular.setdefault(fold(plural), folded)
    for word, kind, _ in read_table("bases.tsv", TABLES["bases.tsv"]):
        bases[fold(word)] = kind
    keep_teh = frozenset(fold(row[0]) for row in read_table("teh_marbuta.tsv", 2))
    for word in keep_teh:
        bases.setdefault(word, "noun")
    # A plural that is itself a singular (a title such as نساء is not) must not point elsewhere:
    # a chain plural -> singular -> singular would make the root depend on the order of rows.
    singular = {plural: one for plural, one in singular.items() if plural != one}
    _add_typed_spellings(bases, singular)
    return Lexicon(bases, singular, keep_teh)


def _add_typed_spellings(bases: dict[str, str], singular: dict[str, str]) -> None:
    # People type قايد for قائد and سما for سماء; the bare form is known by its full one,
    # unless it is a word of its own.
    for word, kind in list(bases.items()):
        if "اء" not in word:
            continue
        typed = word[:-1] if word.endswith("اء") else word.replace("اء", "اي")
        if len(typed) > 2 and typed not in bases:
            bases[typed] = f"={word}" if kind != "particle" else kind
