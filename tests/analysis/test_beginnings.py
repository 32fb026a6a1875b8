"""What a word that is being typed may begin with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.beginnings import (
    attached,
    beginnings,
    common_particles,
    is_definite,
    lead,
    particles,
    typed_end,
)
from search_service.analysis.folding import fold


@pytest.mark.parametrize(
    ("typed", "read", "why"),
    [
        ("", [], "nothing typed"),
        ("ك", [("", "ك", 0)], "a letter alone begins a word"),
        ("ال", [("", "ال", 0)], "an article needs something behind it"),
        ("الك", [("", "الك", 0), ("ال", "ك", 0)], "الكتاب, or a word like الكترون"),
        ("للك", [("", "للك", 0), ("لل", "ك", 0)], "للكتاب; a lone ل needs more letters behind it"),
        ("وزا", [("", "وزا", 0)], "وزارة, not و and two letters"),
        ("وامر", [("", "وامر", 0), ("و", "امر", 1)], "و is the commonest particle"),
        ("بامر", [("", "بامر", 0), ("ب", "امر", 2)], "ب is likelier a letter of the word"),
        ("سيكو", [("", "سيكو", 0)], "س stays on its verb"),
        ("book", [("", "book", 0)], "no particles but in Arabic"),
    ],
)
def test_what_was_typed_is_read_with_and_without_particles(typed, read, why):
    assert [tuple(one) for one in beginnings(typed)] == read, why


@pytest.mark.parametrize("particle", particles())
def test_a_particle_is_its_lead_and_maybe_the_article(particle):
    rebuilt = attached(lead(particle), "ال", definite=True) if is_definite(particle) else particle
    assert rebuilt == particle


def test_the_article_is_the_first_of_the_common_particles():
    first, *others = common_particles()
    assert first == "ال"
    assert {"و", "ب", "لل", "وال"} <= set(others)
    assert not {"وب", "وبال"} & set(others)


@pytest.mark.parametrize(
    ("written", "letters", "end", "why"),
    [
        ("كتاب", 2, 2, "a letter for a letter"),
        ("كتاب", 9, 4, "not behind the end"),
        ("كِتَاب", 2, 4, "marks belong to the letter before them"),
        ("كـــتاب", 1, 4, "tatweel as well"),
        ("ﻻعب", 2, 1, "a ligature of two letters"),
        ("٢٠١٤", 2, 2, "digits of any script"),
        ("", 3, 0, "nothing there"),
    ],
)
def test_the_typed_part_of_a_written_word(written, letters, end, why):
    assert typed_end(written, letters) == end, why


@given(st.text(max_size=300), st.integers(0, 70))
def test_the_typed_part_is_inside_the_word_and_long_enough(written, letters):
    end = typed_end(written, letters)
    assert 0 <= end <= len(written)
    assert end == len(written) or len(fold(written[:end])) >= letters
