"""Filters: what they mean, and what is told of those that mean nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.analyzer import Analyzer
from search_service.errors import FilterError, QuerySyntaxError
from search_service.query.filtering import MAX_CONDITIONS, filter_for, filter_nodes, filtered
from search_service.query.resolved import Bool, KeywordTerm, Node, RangeTerm, Term, leaves
from search_service.schema import DEFAULT_SCHEMA, Tier

POLITICS = KeywordTerm("tag", "سياسه")
SCIENCE = KeywordTerm("tag", "علوم")


def days(first: date | None, last: date | None) -> RangeTerm:
    return RangeTerm("date", first, last)


def read(analyzer: Analyzer, *filters: str) -> tuple[Node, ...]:
    return filter_nodes(filters, DEFAULT_SCHEMA, analyzer)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("tags:سياسة", POLITICS),
        ("tag:سياسة", POLITICS),  # the field's other name
        ("tags:سِياسه", POLITICS),  # compared by folded words, as in a query
        ('tags:"سياسة"', POLITICS),
        ("tags:=سياسة", POLITICS),
        ('tags:"علوم الأرض"', KeywordTerm("tag", "علوم_الارض")),
        ('source:"bbc.com"', KeywordTerm("source", "bbc_com")),
        ("source:bbc.com", KeywordTerm("source", "bbc_com")),
        ("language:AR", KeywordTerm("language", "ar")),
        ("id:a/B.html", KeywordTerm("id", "a/B.html")),  # ids are compared letter by letter
        ("date:2020-01-05", days(date(2020, 1, 5), date(2020, 1, 5))),
        ("date:2020-01-01..2020-06-30", days(date(2020, 1, 1), date(2020, 6, 30))),
        ("date:2020-02..", days(date(2020, 2, 1), None)),
        ("year:2020", days(date(2020, 1, 1), date(2020, 12, 31))),
        ("year:٢٠٢٠", days(date(2020, 1, 1), date(2020, 12, 31))),  # digits of Arabic keyboards
        ("year:2014..2016", days(date(2014, 1, 1), date(2016, 12, 31))),
        ("year:..2016", days(None, date(2016, 12, 31))),
        ("tags:سياسة AND tags:علوم", Bool(must=(POLITICS, SCIENCE))),
        ("tags:سياسة tags:علوم", Bool(must=(POLITICS, SCIENCE))),
        ("tags:سياسة OR tags:علوم", Bool(should=(POLITICS, SCIENCE))),
        ("tags:(سياسة OR علوم)", Bool(should=(POLITICS, SCIENCE))),
        ("NOT tags:سياسة", Bool(must_not=(POLITICS,))),
        ("-tags:سياسة", Bool(must_not=(POLITICS,))),
        ("tags:علوم -tags:سياسة", Bool(must=(SCIENCE,), must_not=(POLITICS,))),
    ],
)
def test_a_filter_becomes_conditions_on_whole_values(
    analyzer: Analyzer, text: str, node: Node
) -> None:
    assert read(analyzer, text) == (node,)


@pytest.mark.parametrize(
    ("text", "part", "reason"),
    [
        ("", "", "no condition"),
        ("*", "*", "no condition"),
        ("سياسة", "سياسة", "without a field"),
        ("tags:علوم الأرض", "الأرض", "between quotation marks"),
        ("title:سوق", "title:سوق", "title is text"),
        ("tgas:سياسة", "tgas:سياسة", "did you mean tags?"),
        ("tags:سيا*", "tags:سيا*", "whole values"),
        ("tags:سياسة~1", "tags:سياسة~1", "whole values"),
        ("tags:سياسة^2", "tags:سياسة^2", "changes no score"),
        ('tags:"؟!"', 'tags:"؟!"', "no word"),
        ("tags: سياسة", "tags:", "behind the colon"),
        ("date:أمس", "date:أمس", "no date"),
        ("date:2021..2020", "date:2021..2020", "ends before it begins"),
        ("year:20", "year:20", "no year"),
        ("year:0000", "year:0000", "no year"),  # the calendar begins with the year 1
        ("year:2020-01", "year:2020-01", "no year"),
        ("year:2016..2014", "year:2016..2014", "ends before it begins"),
        ("tags:ا..ب", "tags:ا..ب", "no order"),
        ("(tags:سياسة", "(", "parenthesis"),
        ("tags:سياسة AND", "AND", "nothing to join"),
        ('tags:"سياسة', '"', "quotation mark"),
    ],
)
def test_anything_else_is_an_error_that_says_what_and_where(
    analyzer: Analyzer, text: str, part: str, reason: str
) -> None:
    with pytest.raises(FilterError) as caught:
        read(analyzer, text)
    assert caught.value.filter == text
    assert text[slice(*caught.value.span)] == part
    assert reason in caught.value.reason
    assert repr(text) in str(caught.value)


def test_a_wrong_filter_can_be_caught_as_a_wrong_query(analyzer: Analyzer) -> None:
    with pytest.raises(QuerySyntaxError):
        read(analyzer, "tags:سياسة", "tags:")


def test_of_a_very_long_filter_the_message_shows_the_beginning(analyzer: Analyzer) -> None:
    with pytest.raises(FilterError) as caught:
        read(analyzer, "tgas:" + "س" * 5000)
    assert len(str(caught.value)) < 400


def test_conditions_are_counted_over_all_filters(analyzer: Analyzer) -> None:
    half = " OR ".join(["tags:علوم"] * (MAX_CONDITIONS // 2))
    assert len(read(analyzer, half, half)) == 2
    with pytest.raises(FilterError, match=f"{MAX_CONDITIONS} conditions"):
        read(analyzer, half, half, "tags:علوم")


def test_without_filters_a_query_stays_as_it_is() -> None:
    query = Term(("body",), Tier.STEM, "كتاب")
    assert filtered(query, ()) is query
    assert filtered(query, (POLITICS, SCIENCE)) == Bool(must=(query, POLITICS, SCIENCE))


@given(st.text(max_size=40))
def test_any_text_is_a_filter_or_a_filter_error(analyzer: Analyzer, text: str) -> None:
    span, found = (0, 0), []
    try:
        (node,) = read(analyzer, text)
        found = list(leaves(node))
    except FilterError as error:
        span = error.span
    assert 0 <= span[0] <= span[1] <= len(text)
    assert all(isinstance(leaf, KeywordTerm | RangeTerm) for leaf in found)
    assert all(leaf.weight == 0 for leaf in found if isinstance(leaf, KeywordTerm))


WRITTEN = st.text(st.sampled_from("سياأ ه'\"\\()*?~^=:-._\u200f“«!5aB"), max_size=12) | st.text()


@given(WRITTEN)
def test_the_filter_for_a_value_finds_that_value(analyzer: Analyzer, value: str) -> None:
    term = analyzer.keyword(value)
    if term:
        assert read(analyzer, filter_for("tags", value)) == (KeywordTerm("tag", term),)
    if any(sign.isprintable() and not sign.isspace() for sign in value):
        assert read(analyzer, filter_for("id", value)) == (KeywordTerm("id", value),)
