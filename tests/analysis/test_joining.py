"""Texts of terms per tier: the same terms as those of the analyzer, one after the other."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.joining import TextJoiner
from search_service.schema import Tier
from search_service.terms import JoinedTerms, beside, joined

ANALYZER = Analyzer()

# Words and signs that stand for several words, Latin, marks, signs that codes take the place of.
texts = st.one_of(
    st.text(alphabet="ابتكلمنوهيةأإ ﻻﷺ\u064e\u200fABcd@!/1٢.\ud800😀\n"),
    st.lists(st.sampled_from(["وبالكتاب", "كُتُب", "ﷺ", "A/B", "Covid-19", "٢٠٢٤"])).map(" ".join),
)


@given(texts)
@example("")
def test_they_hold_the_terms_of_the_analyzer(text: str) -> None:
    assert dict(TextJoiner(ANALYZER, 100).terms(text)) == ANALYZER.terms(text)


@given(texts)
def test_whatever_is_remembered_the_terms_are_the_same(text: str) -> None:
    joiner = TextJoiner(ANALYZER, 2)
    first, second = (joiner.terms(f"{text} {text}").texts for _ in range(2))
    assert first == second
    assert dict(JoinedTerms(first)) == ANALYZER.terms(f"{text} {text}")


@given(texts)
def test_terms_in_any_form_join_to_the_same_text(text: str) -> None:
    terms = TextJoiner(ANALYZER, 100).terms(text)
    assert [joined(terms, tier) for tier in Tier] == [
        joined(ANALYZER.terms(text), tier) for tier in Tier
    ]


def test_what_stands_beside_a_term_is_the_same_in_any_form() -> None:
    # Two words of one stem, one of them twice, and a word of another.
    text = "كتاب وكتاب مدرسة كتاب"
    forms = (TextJoiner(ANALYZER, 100).terms(text), ANALYZER.terms(text))
    for terms in forms:
        found = list(beside(terms, Tier.STEM, {"كتاب"}, Tier.EXACT))
        assert found == [("كتاب", "كتاب"), ("كتاب", "وكتاب"), ("كتاب", "كتاب")]
        assert list(beside(terms, Tier.STEM, {"قطار"}, Tier.EXACT)) == []
