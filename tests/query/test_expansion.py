"""Prefixes, wildcards and fuzzy words: which terms they stand for, and how long that takes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.query import expansion
from search_service.query.ast import Fuzzy, Prefix, Wildcard
from search_service.query.expansion import (
    Pattern,
    expand,
    fuzzy_pattern,
    pattern_of,
    prefix_pattern,
    wildcard_pattern,
)

WORDS = ["اقتصاد", "كاتب", "كتاب", "كتابه", "كتب", "مكتب", "مكتبه"]


def fitting(pattern: Pattern | None) -> set[str]:
    assert pattern is not None
    return {word for word in WORDS if pattern.distance(word) is not None}


def test_a_prefix_stands_for_all_words_that_begin_so() -> None:
    assert fitting(prefix_pattern("كتا")) == {"كتاب", "كتابه"}


def test_the_word_itself_is_nearest_to_a_prefix() -> None:
    pattern = prefix_pattern("كتاب")
    assert pattern is not None
    assert pattern.distance("كتاب") == 0
    assert pattern.distance("كتابه") == 1


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("ك*ب", {"كاتب", "كتاب", "كتب"}),
        ("كت?ب", {"كتاب"}),
        ("*كتب", {"كتب", "مكتب"}),
        ("?كتب*", {"مكتب", "مكتبه"}),
        ("كتب", {"كتب"}),
        ("*", set(WORDS)),
        ("[ك]تب", set()),
    ],
)
def test_a_wildcard_stands_for_all_words_of_its_shape(shape: str, words: set[str]) -> None:
    assert fitting(wildcard_pattern(shape)) == words


def test_a_bracket_in_a_wildcard_is_a_bracket() -> None:
    pattern = wildcard_pattern("[ab]*")
    assert pattern is not None
    assert pattern.distance("[ab]c") == 0
    assert pattern.distance("ac") is None


@pytest.mark.parametrize(
    ("word", "distance", "words"),
    [
        ("كتاب", 1, {"كتاب", "كتابه", "كتب", "كاتب"}),
        ("اقتاد", 1, {"اقتصاد"}),
        ("كتبا", 1, {"كتاب", "كتب"}),  # two neighbours swapped is one edit
        ("اقتاض", 1, set()),
        ("كتاب", 2, {"كتاب", "كتابه", "كتب", "كاتب"}),
    ],
)
def test_a_fuzzy_word_stands_for_all_words_near_it(
    word: str, distance: int, words: set[str]
) -> None:
    pattern = fuzzy_pattern(word, distance)
    assert pattern is not None
    assert {w for w in fitting(pattern) if w.startswith(pattern.start)} == words


def test_every_pattern_names_how_its_words_begin() -> None:
    patterns = [prefix_pattern("كتا"), wildcard_pattern("كت?ب*"), fuzzy_pattern("كتاب", 2)]
    assert [p.start for p in patterns if p] == ["كتا", "كت", "ك"]


@pytest.mark.parametrize("node", [Prefix("ـ", (0, 1)), Fuzzy("ـ", (0, 1)), Wildcard("", (0, 1))])
def test_nothing_stands_for_nothing(node) -> None:
    assert pattern_of(node, lambda _: "") is None


def test_the_letters_of_a_pattern_are_normalized_and_its_stars_are_not() -> None:
    pattern = pattern_of(Wildcard("مكت?ة", (0, 5)), lambda piece: piece.replace("ة", "ه"))
    assert pattern is not None
    assert pattern.distance("مكتبه") == 0


def test_the_commonest_words_are_kept() -> None:
    found = expand(Pattern("", lambda _: 0), [[("نادر", 1), ("شائع", 9), ("وسط", 5)]], 2)
    assert found == (("شائع", "وسط"), True)


def test_the_nearest_words_are_kept_before_the_commonest() -> None:
    fuzzy = fuzzy_pattern("كتب", 2)
    assert fuzzy is not None
    found = expand(fuzzy, [[("كتب", 1), ("كتاب", 5), ("كاتبه", 99)]], 2)
    assert found == (("كتب", "كتاب"), True)


def test_a_word_of_two_fields_counts_once_with_both_frequencies() -> None:
    found = expand(Pattern("", lambda _: 0), [[("ا", 2), ("ب", 3)], [("ا", 2)]], 1)
    assert found == (("ا",), True)


def test_all_words_are_kept_where_they_are_few() -> None:
    assert expand(Pattern("", lambda _: 0), [[("ا", 1), ("ب", 1)]], 2) == (("ا", "ب"), False)


def test_only_so_much_of_a_vocabulary_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expansion, "_MAX_SCANNED", 3)
    looked: list[str] = []
    terms = ((looked.append(str(i)) or str(i), 1) for i in range(100))

    found = expand(Pattern("", lambda term: 0 if term == "1" else None), [terms, [("1", 1)]], 9)

    assert found == (("1",), True)
    assert len(looked) == 4


@pytest.mark.parametrize("shape", ["*a*a*a*a*a*a*a*a*b", "*?*?*?*?*?*b", "a*" * 30 + "b"])
def test_no_wildcard_takes_long(shape: str) -> None:
    pattern = wildcard_pattern(shape)
    assert pattern is not None
    started = time.process_time()
    for _ in range(1000):
        assert pattern.distance("a" * 64) is None
    assert time.process_time() - started < 1


def test_a_wildcard_longer_than_any_term_fits_nothing_and_is_not_compiled() -> None:
    assert wildcard_pattern("؟?" * 50_000) is None


@given(
    st.text(alphabet="*?abc[]!", min_size=1, max_size=12), st.text(alphabet="abc[]!", max_size=8)
)
def test_a_wildcard_is_what_it_says(shape: str, word: str) -> None:
    pattern = wildcard_pattern(shape)
    assert pattern is not None
    assert (pattern.distance(word) == 0) == _fits(shape, word)
    if pattern.distance(word) == 0:
        assert word.startswith(pattern.start)


def _fits(shape: str, word: str) -> bool:
    """Tell the same in the slow and plain way."""
    if not shape:
        return not word
    if shape[0] == "*":
        return any(_fits(shape[1:], word[i:]) for i in range(len(word) + 1))
    return bool(word) and shape[0] in ("?", word[0]) and _fits(shape[1:], word[1:])
