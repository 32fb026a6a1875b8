"""Stop words, and the other spellings and names of a word."""

from __future__ import annotations

import pytest

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.words import (
    Alternative,
    Expansion,
    load_stop_words,
    load_variants,
    parse_variants,
)
from search_service.schema import Tier

ANALYZER = Analyzer()
TABLE = [
    ("يناير | كانون الثاني | جانفي", "month"),
    ("أغسطس | =آب", "month"),
    ("أمريكا | أميركا", "country"),
    ("فيسبوك | فيس بوك", "name"),
]
VARIANTS = parse_variants(TABLE, ANALYZER)


def expansions(query: str) -> list[Expansion]:
    return list(VARIANTS.expansions([token.forms for token in ANALYZER.analyze(query)]))


def names(query: str) -> set[str]:
    return {
        " ".join(alternative.terms)
        for expansion in expansions(query)
        for alternative in expansion.alternatives
    }


@pytest.mark.parametrize(
    "word",
    [
        "ما",
        "ماذا",
        "من",
        "متى",
        "أين",
        "كيف",
        "كم",
        "لماذا",
        "هل",
        "أي",
        "في",
        "على",
        "إلى",
        "عن",
        "the",
        "of",
    ],
)
def test_question_and_function_words_are_stop_words(word: str) -> None:
    assert ANALYZER.normalize(word) in load_stop_words()


@pytest.mark.parametrize("word", ["فى", "الى", "علي"])
def test_stop_words_are_known_in_every_spelling(word: str) -> None:
    assert ANALYZER.normalize(word) in load_stop_words()


@pytest.mark.parametrize("word", ["كتاب", "حرب", "العراق", "سنة", "مدينة", "قال", "war"])
def test_words_with_a_meaning_are_no_stop_words(word: str) -> None:
    assert ANALYZER.normalize(word) not in load_stop_words()


def test_a_word_has_the_other_words_of_its_group() -> None:
    assert names("أمريكا") == {"اميركا"}
    assert names("أميركا") == {"امريكا"}


def test_a_word_is_found_by_its_stem() -> None:
    assert names("وأمريكا") == {"اميركا"}, "with a particle"
    assert names("الأمريكية") == {"اميركا"}, "as an adjective"


def test_a_word_outside_all_groups_has_no_other_name() -> None:
    assert expansions("كتاب") == []


PACKAGED = load_variants()


def packaged(query: str) -> set[str]:
    words = [token.forms for token in ANALYZER.analyze(query)]
    return {" ".join(other.terms) for other in PACKAGED.of(words)}


@pytest.mark.parametrize(
    ("word", "digits"),
    [
        ("واحدة", "1"),
        ("اثنتين", "2"),
        ("ثلاث", "3"),
        ("بأربعة", "4"),
        ("خمسة", "5"),
        ("ست", "6"),
        ("سبعة", "7"),
        ("ثماني", "8"),
        ("تسع", "9"),
        ("عشرة", "10"),
        ("اثنتي عشرة", "12"),
        ("ثلاثة عشر", "13"),
    ],
)
def test_a_number_in_words_is_also_a_number_in_digits(word: str, digits: str) -> None:
    assert digits in packaged(word)


@pytest.mark.parametrize("digits", ["3", "٣", "۳"])
def test_a_number_in_digits_is_also_a_word(digits: str) -> None:
    assert packaged(digits) == {"ثلاث"}


@pytest.mark.parametrize(
    "word",
    ["ثالث", "أربعون", "الاثنين", "الخميس", "سبعين", "أحد", "عشيرة"],  # ordinals, tens, days
)
def test_other_words_of_the_same_root_are_no_numbers(word: str) -> None:
    assert not any(map(str.isdigit, packaged(word)))


def test_a_month_of_two_words_is_one_name() -> None:
    (expansion,) = expansions("كانون الثاني")
    assert (expansion.start, expansion.end) == (0, 2)
    assert expansion.alternatives == (
        Alternative(Tier.STEM, ("يناير",)),
        Alternative(Tier.STEM, ("جانفي",)),
    )


def test_a_month_of_one_word_has_a_name_of_two() -> None:
    (expansion,) = expansions("يناير")
    assert Alternative(Tier.STEM, ("كانون", "ثاني")) in expansion.alternatives


def test_half_a_name_is_no_name() -> None:
    assert expansions("كانون") == []


def test_an_expansion_says_which_words_it_is_of() -> None:
    found = [(e.start, e.end) for e in expansions("معارك كانون الثاني في أمريكا")]
    assert found == [(1, 3), (4, 5)]


def test_a_word_with_an_equals_sign_counts_only_as_written() -> None:
    assert names("آب") == {"اغسطس"}
    assert names("أب") == set(), "father is not August"
    assert names("اب") == set(), "folded alike, written otherwise"


def test_the_other_name_of_a_word_is_searched_as_written_too() -> None:
    (expansion,) = expansions("أغسطس")
    assert expansion.alternatives == (Alternative(Tier.EXACT, ("آب",)),)


def test_a_name_of_one_word_may_be_two() -> None:
    assert names("فيسبوك") == {"فيس بوك"}
    assert names("فيس بوك") == {"فيسبوك"}


def test_longer_runs_come_first() -> None:
    both = parse_variants([("كانون | مجمرة", ""), ("كانون الثاني | يناير", "")], ANALYZER)
    words = [token.forms for token in ANALYZER.analyze("كانون الثاني")]
    assert [(e.start, e.end) for e in both.expansions(words)] == [(0, 2), (0, 1)]


def test_a_word_of_two_groups_has_the_names_of_both() -> None:
    both = parse_variants([("أيار | مايو", ""), ("مايو | ماي", "")], ANALYZER)
    (expansion,) = both.expansions([ANALYZER.analyze("مايو")[0].forms])
    assert {alternative.terms for alternative in expansion.alternatives} == {("ايار",), ("ماي",)}


def test_no_groups_expand_nothing() -> None:
    assert list(parse_variants([], ANALYZER).expansions([])) == []


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("يناير", "كانون الثاني"),
        ("فبراير", "شباط"),
        ("أبريل", "نيسان"),
        ("مايو", "أيار"),
        ("يونيو", "حزيران"),
        ("يوليو", "تموز"),
        ("سبتمبر", "أيلول"),
        ("أكتوبر", "تشرين الأول"),
        ("نوفمبر", "تشرين الثاني"),
        ("ديسمبر", "كانون الأول"),
        ("أمريكا", "أميركا"),
        ("ميليشيا", "مليشيا"),
    ],
)
def test_the_packaged_groups_know(word: str, other: str) -> None:
    words = [token.forms for token in ANALYZER.analyze(word)]
    stems = tuple(token.forms.stem for token in ANALYZER.analyze(other))
    found = [a for e in load_variants().expansions(words) for a in e.alternatives]
    assert Alternative(Tier.STEM, stems) in found


def test_the_packaged_groups_tell_august_from_a_father() -> None:
    def months(word: str) -> set[tuple[str, ...]]:
        words = [token.forms for token in ANALYZER.analyze(word)]
        return {a.terms for e in load_variants().expansions(words) for a in e.alternatives}

    assert ("اغسطس",) in months("آب")
    assert ("اغسطس",) not in months("أب")
