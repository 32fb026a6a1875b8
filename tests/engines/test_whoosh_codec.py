from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.engines.whoosh_codec import Terms

words = st.text(st.sampled_from("abب\ud800"), max_size=4)


def terms_of(texts: set[str]) -> tuple[Terms, list[bytes]]:
    """Return some texts as terms, and as sorted UTF-8."""
    encoded = sorted(text.encode("utf-8", "surrogatepass") for text in texts)
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.uint16)
    return Terms(np.frombuffer(b"".join(encoded), np.uint8), ends), encoded


@given(st.sets(words, max_size=300), words)
def test_a_term_is_found_by_its_number(texts: set[str], other: str) -> None:
    terms, encoded = terms_of(texts)
    for number, term in enumerate(encoded):
        assert terms.number(term) == number
    if other not in texts:
        assert terms.number(other.encode("utf-8", "surrogatepass")) is None


@pytest.mark.parametrize(
    ("texts", "other"),
    [
        ({"aba", "b"}, "ab"),  # a part of a term
        ({"ab", "ba"}, "bb"),  # across two terms
        ({"ab", "ba"}, "abba"),  # two terms
        ({"b"}, "a"),  # before the first
        ({"b"}, "c"),  # after the last
        (set(), "a"),
        ({"a"}, ""),
    ],
)
def test_what_lies_in_the_bytes_of_others_is_no_term(texts: set[str], other: str) -> None:
    assert terms_of(texts)[0].number(other.encode()) is None


def test_a_term_is_found_though_its_bytes_stand_earlier_too() -> None:
    terms, encoded = terms_of({"aab", "ab", "b"})
    assert [terms.number(term) for term in encoded] == [0, 1, 2]
