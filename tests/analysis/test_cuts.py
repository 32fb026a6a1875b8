"""The cuts of a word, in the order to try them."""

from __future__ import annotations

from search_service.analysis.cuts import Cuts

CUTS = Cuts(
    {"ال": 3, "و": 4, "ل": 0, "لل": 3},
    {"ه": (("", 3),), "ته": (("ه", 3),), "ات": (("ه", 3), ("", 3))},
)


def known(word: str) -> list[str]:
    return [word[start:stop] + restored for start, stop, restored, _, _ in CUTS.of(word).known]


def by_rule(word: str) -> str:
    cuts = CUTS.of(word).by_rule
    return next(
        (word[start:stop] + back for least, start, stop, back in cuts if len(word) >= least), word
    )


def test_a_word_without_particle_and_ending_has_no_cuts() -> None:
    assert CUTS.of("قمر") == ((), ())


def test_what_leaves_more_letters_comes_first_and_letters_come_back() -> None:
    assert known("حكومته") == ["حكومت", "حكومه"]


def test_the_rows_of_one_ending_keep_their_order() -> None:
    assert known("سيارات") == ["سياره", "سيار"]


def test_a_lone_letter_has_to_earn_its_cut() -> None:
    # Either cut takes one letter, but a particle of one letter is rarer than it looks.
    assert known("لبنه") == ["لبن", "بنه", "بن"]


def test_a_swallowed_letter_comes_back() -> None:
    assert known("للغه")[:3] == ["للغ", "لغه", "لغه"]


def test_what_a_rule_leaves_has_the_least_length_of_the_tables() -> None:
    assert by_rule("والقمر") == "القمر"
    assert by_rule("وقمر") == "وقمر"
    assert by_rule("زغطوطته") == "زغطوطه"
