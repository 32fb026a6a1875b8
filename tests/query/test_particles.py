"""Names that no word list knows, with a particle written as one with them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.words import Alternative, Expansion
from search_service.query.particles import with_or_without_particle, with_particles
from search_service.schema import Tier

ANALYZER = Analyzer()


def found(word: str, counts: Mapping[str, int]) -> set[str]:
    (token,) = ANALYZER.analyze(word)
    return set(with_or_without_particle(token.forms, lambda stem: counts.get(stem, 0)))


def test_a_name_is_found_with_the_particles_that_the_collection_has_before_it() -> None:
    counts = {"غوتيريش": 9, "لغوتيريش": 2, "بغوتيريش": 1}
    assert found("غوتيريش", counts) == {"لغوتيريش", "بغوتيريش"}


def test_a_name_that_stands_nowhere_alone_is_found_too() -> None:
    assert found("غوتيريش", {"لغوتيريش": 1}) == {"لغوتيريش"}


def test_a_typed_particle_goes_if_the_collection_knows_what_remains() -> None:
    assert found("لغوتيريش", {"غوتيريش": 1}) == {"غوتيريش"}
    assert found("لغوتيريش", {"غوتيريش": 9, "لغوتيريش": 1}) == {"غوتيريش"}


@pytest.mark.parametrize(
    ("word", "counts"),
    [
        ("وائل", {"ائل": 9}),  # a name that the lexicon knows
        ("باريس", {"اريس": 9}),
        ("تشقير", {}),  # nothing like it in the collection
        ("رونوف", {"برونوف": 40}),  # far commoner: a word of its own, not رونوف with ب
        ("برونوف", {"برونوف": 5, "رونوف": 40}),  # so frequent a word is no accident
        ("برونوف", {"برونوف": 1, "رونوف": 4}),  # not known well enough
        ("ضيحة", {"فضيح": 9}),  # فضيحة is a word
        ("غزل", {"لغزل": 1}),  # three letters are too few
        ("Guterres", {"لguterr": 1}),
    ],
)
def test_a_wrong_guess_is_worse_than_none(word: str, counts: Mapping[str, int]) -> None:
    assert found(word, counts) == set()


def test_two_particles_before_it_make_a_name_of_a_word() -> None:
    assert found("رونوف", {"برونوف": 40, "لرونوف": 3}) == {"برونوف", "لرونوف"}


def expansions(query: str, names: list[Expansion], counts: Mapping[str, int]) -> list[Expansion]:
    units = [(token.forms,) for token in ANALYZER.analyze(query)]
    return with_particles(names, units, lambda stem: counts.get(stem, 0))


def test_what_is_found_stands_beside_other_names_in_order() -> None:
    other = Alternative(Tier.STEM, ("غوتيرس",))
    names = [Expansion(1, 2, (other,))]
    first, second = expansions("تشقير غوتيريش", names, {"بتشقير": 1, "لغوتيريش": 1})
    assert (first.start, first.alternatives[0].terms) == (0, ("بتشقير",))
    assert [one.terms for one in second.alternatives] == [("غوتيرس",), ("لغوتيريش",)]


def test_words_inside_a_longer_name_are_left_alone() -> None:
    names = [Expansion(0, 2, (Alternative(Tier.STEM, ("x",)),))]
    assert expansions("تشقير غوتيريش", names, {"بتشقير": 1}) == names


def test_only_so_many_words_are_looked_up() -> None:
    asked: list[str] = []
    units = [(token.forms,) for token in ANALYZER.analyze("غوتيريش " * 100)]
    with_particles([], units, lambda stem: asked.append(stem) or 0)
    assert 0 < len(asked) <= 200


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=1, max_size=12))
def test_a_guess_differs_from_the_word_by_one_letter_in_front(word: str) -> None:
    (token,) = ANALYZER.analyze(word)
    stem = token.forms.stem
    for other in with_or_without_particle(token.forms, lambda one: 1 if one != stem else 0):
        assert other[1:] == stem or other == stem[1:]
