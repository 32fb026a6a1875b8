"""Words typed with the keyboard in the wrong layout, read as the keys that were struck."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.keyboard import typed_in_other_layout
from search_service.analysis.tables import read_table


@pytest.mark.parametrize(
    ("typed", "readings", "why"),
    [
        ("hgsghl", ("السلام",), "plain letters"),
        ("hg;jhf", ("الكتاب",), "; is ك"),
        ("Hlv", ("أمر",), "with shift, h is أ"),
        ("Hgsghl", ("ألسلام",), "shift is taken as it was held"),
        ("ADL", ("شيم",), "capital letters that type marks or signs count as without shift"),
        ("اثممخ", ("hello",), "the other way round"),
        ("لاخ", ("bo", "gho"), "لا is one key, or two"),
        ("hgكتاب", (), "two layouts in one word"),
        ("كتاب2", (), "digits are on the same keys in both"),
        ("", (), "nothing typed"),
    ],
)
def test_keys_are_read_in_the_other_layout(typed, readings, why):
    assert typed_in_other_layout(typed) == readings, why


SINGLE = [key for key, letters, _ in read_table("keyboard.tsv", 3) if len(letters) == 1]


@given(st.text(st.sampled_from(SINGLE)))
def test_reading_back_gives_what_was_typed(keys):
    for letters in typed_in_other_layout(keys):
        assert keys.lower() in typed_in_other_layout(letters)


def test_every_letter_of_the_alphabet_has_a_key():
    letters = "".join(letters for _, letters, _ in read_table("keyboard.tsv", 3))
    assert set("ابتثجحخدذرزسشصضطظعغفقكلمنهوي") <= set(letters)
