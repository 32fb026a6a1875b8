"""Names of two words that are also written as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.compounds import begins_compound, compounds
from search_service.analysis.words import Variants, load_variants

ANALYZER = Analyzer()


def written(text: str) -> set[str]:
    words = [token.forms for token in ANALYZER.analyze(text)]
    return {compound.written for compound in compounds(words)}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("عبدالشفيق", "عبد الشفيق"),  # a name that no list has
        ("أبوخليل", "ابو خليل"),
        ("ذوالشامة", "ذو الشامه"),
        ("تقيالدين", "تقي الدين"),
    ],
)
def test_a_name_written_as_one_is_also_two_words(one: str, two: str) -> None:
    assert two in written(one)


@pytest.mark.parametrize("name", ["وعبدالشفيق", "لعبدالشفيق", "وبعبدالشفيق"])
def test_particles_before_a_name_do_not_matter(name: str) -> None:
    assert written(name) == {"عبد الشفيق"}


@pytest.mark.parametrize(
    ("two", "one"),
    [
        ("عبد الشفيق", "عبدالشفيق"),
        ("وعبد الشفيق", "عبدالشفيق"),
        ("لأبي خليل", "ابوخليل"),  # joined, the name stands in the nominative
        ("ذي الشامة", "ذوالشامه"),
    ],
)
def test_a_name_in_two_words_is_also_written_as_one(two: str, one: str) -> None:
    assert one in written(two)


def test_a_name_part_with_cases_stands_in_all_of_them() -> None:
    assert written("أبي خليل") == {"ابوخليل", "ابو خليل", "ابا خليل"}


@pytest.mark.parametrize(
    "text",
    [
        "أبيات",  # verses: a word that the lists know
        "والدين",  # two parents: what stands before الدين is a particle
        "بالله",
        "عبد",
        "عبد خالد",  # a slave of Khalid: no ال
        "كتاب الله",  # two words that nobody writes as one
        "في الدين",
    ],
)
def test_other_words_are_no_compounds(text: str) -> None:
    assert written(text) == set()


def test_what_stems_are_searched_are_those_of_the_index() -> None:
    (found,) = compounds([token.forms for token in ANALYZER.analyze("عبد المتين")])
    assert found.stems == (ANALYZER.analyze("لعبدالمتين")[0].forms.stem,)


def test_a_name_by_rule_is_a_variant_unless_there_are_to_be_none() -> None:
    words = [token.forms for token in ANALYZER.analyze("عبدالشفيق")]
    assert [other.terms for other in load_variants().of(words)] == [("عبد", "شفيق")]
    assert Variants().of(words) == ()


PIECES = ("عبد", "ابو", "ابي", "ذو", "ذا", "ال", "الله", "الدين", "و", "ب", "خليل", "شامه", "نور")
glued = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)


@given(word=glued, following=glued)
def test_a_word_that_begins_no_compound_is_none_and_makes_none_with_the_next(
    word: str, following: str
) -> None:
    words = [token.forms for token in ANALYZER.analyze(f"{word} {following}")]
    assert begins_compound(words[0]) or not [*compounds(words[:1]), *compounds(words)]
