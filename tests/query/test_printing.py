"""A printed tree is read as the same tree, for every query that can be typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.query.ast import Boost, Exact, Phrase, Term
from search_service.query.parser import parse, parse_lenient
from search_service.query.printing import printed, without_spans

PIECES = [
    *'اب1()+-:*?~^="«»\\.,_ ',
    *("كتاب", " AND ", " OR ", "NOT ", "title:", "date:2020..", "tag:", "~1", "^2", '"حزب الله"'),
]


@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join))
def test_what_is_printed_is_read_as_the_same_tree(query):
    node, _ = parse_lenient(query)
    text = printed(node)
    if text is not None:
        assert without_spans(parse(text)) == without_spans(node)
        # Nothing more is to be said: printing again changes nothing.
        assert printed(parse(text)) == text


@given(st.lists(st.sampled_from([*'اب1-:+()~^="«\\', "كتاب"]), min_size=1).map("".join))
def test_any_word_or_phrase_can_be_printed_whatever_signs_are_in_it(signs):
    text = f"ا{signs}ا"
    for node in (Term(text, (0, 0)), Phrase(text, (0, 0)), Exact(text, (0, 0))):
        shown = printed(node)
        assert shown is not None
        assert without_spans(parse(shown)) == node


@pytest.mark.parametrize(
    ("query", "text", "why"),
    [
        ("Covid-19", "Covid-19", "no escape where none is needed"),
        (r"\-سوق", r"\-سوق", "without it, it is an exclusion"),
        ("a OR (b AND c) d", "a OR b AND c d", "AND binds tighter than OR, OR than a space"),
        ("(a OR b) AND c", "(a OR b) AND c", "needed"),
        ("title:(a b)^2", "(title:a title:b)^2", "the field belongs to each word"),
        ("«حزب الله»~2", '"حزب الله"~2', "one kind of marks"),
        ("+a -b c", "+a -b c", "in the order in which it was typed"),
        ("date:2020..2021", "date:2020..2021", "a range"),
        ("a^0.00000001", "a^0.00000001", "no exponent, which is no number of the language"),
    ],
)
def test_a_query_is_printed_as_plainly_as_it_can_be(query, text, why):
    assert printed(parse(query)) == text, why


def test_what_no_query_can_say_is_not_printed():
    # AND in capital letters joins; as a word it can only be quoted.
    assert printed(Term("AND", (0, 0))) is None
    assert printed(Boost(Term("AND", (0, 0)), 2.0, (0, 0))) is None
