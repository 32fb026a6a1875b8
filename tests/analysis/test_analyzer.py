"""From raw text to terms: what holds for every text."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_service.analysis import analyzer as module
from search_service.analysis.analyzer import MAX_KEYWORD_LENGTH, Analyzer
from search_service.analysis.letters import ARABIC, CONTROLS, DIGITS, MARKS
from search_service.analysis.token import MAX_TERM_LENGTH
from search_service.schema import Tier

ANALYZER = Analyzer()

# Arabic, what stands in and around it, Latin, and everything else, surrogates and NUL included.
texts = st.one_of(
    st.text(alphabet=ARABIC + MARKS + CONTROLS + DIGITS + "ـ،؛؟ .,'’«»-/"),
    st.text(alphabet=st.characters(exclude_categories=())),
    st.text(alphabet="ابتكلمنوهيةأإ ﻻﷺ\u200f\u202eabcİßﬁ①½\0\ud800😀\n"),
)


def all_terms(text: str) -> list[str]:
    return [term for token in ANALYZER.analyze(text) for term in token.forms]


@given(st.text(alphabet="اأإآىيیكکةهسلمو\u064e\u0640ﻻﷺ٢2²Ss'’.ée "))
@example("أسد أَسَـد")
def test_words_with_one_exact_form_have_all_forms_in_common(text: str) -> None:
    forms = {token.forms for token in ANALYZER.analyze(text)}
    assert len(forms) == len({one.exact for one in forms})


@given(texts)
@example("")
@example("\0")
@example("\ud800\udfff")
@example("👨‍👩‍👧 عائلة")
@example("abc \u202eعربي\u202c 123")
@example("ﷺ")
def test_no_text_is_refused_and_offsets_rise(text: str) -> None:
    tokens = ANALYZER.analyze(text)
    assert [token.position for token in tokens] == list(range(len(tokens)))
    for token, following in itertools.pairwise(tokens):
        same_sign = (token.start, token.end) == (following.start, following.end)
        assert token.end <= following.start or same_sign
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)


@given(texts, st.data())
@example("قال ﷺ: وصل ُ القطار", None)
def test_tokens_with_terms_are_those_of_all_tokens_that_have_one(
    text: str, data: st.DataObject | None
) -> None:
    some = st.sets(st.sampled_from(["كتاب", *all_terms(text)]))
    terms = data.draw(some) if data else {"عليه", "قطار"}
    found = ANALYZER.tokens_with(text, terms)
    assert found == [t for t in ANALYZER.analyze(text) if not terms.isdisjoint(t.forms)]
    assert data or [token.position for token in found] == [3, 6]


@given(texts, st.data())
def test_pieces_with_terms_are_those_that_have_a_token_with_one(
    text: str, data: st.DataObject
) -> None:
    terms = data.draw(st.sets(st.sampled_from(["كتاب", *all_terms(text)])))
    pieces = text.split(" ")
    found = list(ANALYZER.pieces_with(pieces, terms))
    assert found == [i for i, each in enumerate(pieces) if ANALYZER.tokens_with(each, terms)]


def test_pieces_have_terms_whatever_signs_they_touch() -> None:
    pieces = ["«قرأ", "الكتاب،", "قرأ.", "قرأ-الكتاب", "…", "الكتب"]
    # One is two words, one none. كتب is a book's plural, whose stem is its own.
    assert list(ANALYZER.pieces_with(pieces, {"كتاب"})) == [1, 3]


@given(texts)
def test_the_surface_of_a_token_has_the_forms_of_the_token(text: str) -> None:
    for token in ANALYZER.analyze(text):
        alone = [found.forms for found in ANALYZER.analyze(text[token.start : token.end])]
        assert token.forms in alone


@given(texts)
def test_terms_are_short_words_without_white_space(text: str) -> None:
    for term in all_terms(text):
        assert 1 <= len(term) <= MAX_TERM_LENGTH
        assert not any(character.isspace() for character in term)


@given(texts)
def test_terms_are_the_forms_of_the_tokens(text: str) -> None:
    tokens = ANALYZER.analyze(text)
    assert ANALYZER.terms(text) == {
        tier: tuple(token.forms.of(tier) for token in tokens) for tier in Tier
    }


@given(texts, texts, texts)
def test_a_word_has_the_same_forms_alone_and_in_a_sentence(
    before: str, word: str, after: str
) -> None:
    alone = [token.forms for token in ANALYZER.analyze(word)]
    inside = [token.forms for token in ANALYZER.analyze(f"{before} {word} {after}")]
    first = len(ANALYZER.analyze(before))
    assert inside[first : first + len(alone)] == alone


@given(texts)
def test_the_exact_form_is_found_by_itself(text: str) -> None:
    for token in ANALYZER.analyze(text):
        exact = token.forms.exact
        assert [again.forms.exact for again in ANALYZER.analyze(exact)] == [exact]


@given(texts)
def test_explained_steps_lead_from_the_surface_to_every_form(text: str) -> None:
    for token in ANALYZER.explain(text):
        reached = token["text"]
        for tier in Tier:
            for step in token["steps"]:
                if step["tier"] == tier.value:
                    # One sign for several words has one first step for each of them.
                    assert step["before"] == reached
                    assert step["before"] != step["after"]
                    reached = step["after"]
            assert reached == token["forms"][tier.value]


def test_an_explanation_names_what_was_cut() -> None:
    (token,) = ANALYZER.explain("وبالكتابين")
    rules = [step["rule"] for step in token["steps"]]
    assert any("وبال" in rule and "known word" in rule for rule in rules)
    assert any("cut ending ين" in rule for rule in rules)


def test_an_explanation_says_where_a_rule_guessed() -> None:
    (token,) = ANALYZER.explain("الزغطوط")
    assert any("by rule" in step["rule"] for step in token["steps"])


def test_an_explanation_of_a_number_ends_with_its_form() -> None:
    (token,) = ANALYZER.explain("٥٬٢٠٠")
    assert token["steps"][-1]["after"] == "5200"


def test_a_sign_for_several_words_gives_tokens_of_one_range() -> None:
    tokens = ANALYZER.analyze("النبي ﷺ قال")
    assert [(token.start, token.end) for token in tokens] == [(0, 5), *[(6, 7)] * 4, (8, 11)]
    assert [token.position for token in tokens] == [0, 1, 2, 3, 4, 5]


def test_offsets_point_into_vocalised_text() -> None:
    text = "ـ مُحَمَّدٌ ﷲ"
    assert [text[token.start : token.end] for token in ANALYZER.analyze(text)][:2] == [
        "مُحَمَّدٌ",
        "ﷲ",
    ]


@pytest.mark.parametrize("letter", ["ك", "a", "1", "ـ", "\u064b", "\u200f", "ﷺ", "e\u0301"])
def test_a_megabyte_without_a_space_ends_soon(letter: str) -> None:
    started = time.monotonic()
    tokens = Analyzer().analyze(letter * (1_000_000 // len(letter.encode())))
    assert time.monotonic() - started < 30
    assert all(len(term) <= MAX_TERM_LENGTH for token in tokens for term in token.forms)


def test_terms_of_nothing_are_empty_in_every_tier() -> None:
    assert ANALYZER.terms("،؛؟") == dict.fromkeys(Tier, ())


@given(texts)
def test_a_part_of_a_word_is_normalized_and_never_refused(text: str) -> None:
    assert isinstance(ANALYZER.normalize(text), str)


@pytest.mark.parametrize(
    ("part", "normal"),
    [("مدرسة", "مدرسه"), ("أك", "اك"), ("Caf\u00e9", "cafe"), ("٢٠", "20"), ("وال", "وال")],
    ids=["ة folds", "alef folds", "accents fold", "digits fold", "nothing is cut"],
)
def test_normalize_folds_and_does_not_stem(part: str, normal: str) -> None:
    assert ANALYZER.normalize(part) == normal


@pytest.mark.parametrize(
    ("value", "keyword"),
    [
        ("علوم الأرض", "علوم_الارض"),
        ("علومُ  الأرضِ", "علوم_الارض"),
        ("Middle East", "middle_east"),
        ("،", ""),
    ],
    ids=["folded words", "marks and spaces do not count", "Latin", "nothing but signs"],
)
def test_a_keyword_is_one_term(value: str, keyword: str) -> None:
    assert ANALYZER.keyword(value) == keyword


@given(texts)
def test_keywords_are_short_and_without_white_space(value: str) -> None:
    keyword = ANALYZER.keyword(value)
    assert len(keyword) <= MAX_KEYWORD_LENGTH
    assert not any(character.isspace() for character in keyword)


def test_all_analyzers_have_one_fingerprint() -> None:
    assert Analyzer().fingerprint() == ANALYZER.fingerprint()


def test_other_rules_have_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ANALYZER.fingerprint()
    monkeypatch.setattr(module, "RULES_VERSION", module.RULES_VERSION + 1)
    assert ANALYZER.fingerprint() != before


def test_other_tables_have_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ANALYZER.fingerprint()
    monkeypatch.setattr(module, "tables_digest", lambda *names: ",".join(names))
    assert ANALYZER.fingerprint() != before


def test_a_full_cache_forgets_and_goes_on() -> None:
    small = Analyzer(remembered=2)
    text = "كتاب قلم بيت كتاب"
    assert small.terms(text) == ANALYZER.terms(text)


def test_threads_may_share_an_analyzer() -> None:
    shared = Analyzer()
    sentences = [f"والكتاب رقم {number} في المكتبة library" for number in range(50)] * 4
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(shared.terms, sentences))
    assert found == [ANALYZER.terms(sentence) for sentence in sentences]
