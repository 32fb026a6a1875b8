"""What vowel marks say of a word: agreement, contradiction, and where they say nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.folding import exact_form
from search_service.analysis.letters import MARKS
from search_service.analysis.vocalisation import (
    SEPARATOR,
    agreement,
    document_terms,
    marked,
    typed_term,
)

AGREE, CONTRADICT, NOTHING = True, False, None


def compared(one: str, other: str, *, exact: bool = False) -> bool | None:
    """Return the agreement of two words as written; one without marks is its letters alone."""
    terms = [marked(word) or exact_form(word) + SEPARATOR for word in (one, other)]
    return agreement(*terms, exact=exact)


@pytest.mark.parametrize(
    ("one", "other", "found", "why"),
    [
        ("كَتَبَ", "كَتَبَ", AGREE, "the same word"),
        ("كَتَبَ", "كُتِبَ", CONTRADICT, "he wrote; it was written"),
        ("كَتَبَ", "كتب", NOTHING, "a word without marks may be any of its readings"),
        ("كَتَبَ", "كُتُب", CONTRADICT, "he wrote; books"),
        ("كَتَبَ", "كَتّبَ", CONTRADICT, "he wrote; he made write"),
        ("عَلِمَ", "عَلَّمَ", CONTRADICT, "he knew; he taught: vowel and shadda differ"),
        ("عَلَم", "عَلَّم", CONTRADICT, "flag; he taught: shadda alone differs"),
        ("عِلْم", "عَلَم", CONTRADICT, "knowledge; flag"),
        ("قَلْب", "قَلَب", CONTRADICT, "heart; he turned: sukun against a vowel"),
        ("مُدَرِّسة", "مَدْرَسة", CONTRADICT, "a teacher; a school"),
        ("مُدَرِّسة", "مُدَرِسة", CONTRADICT, "where the vowel is written, a shadda would be too"),
        ("مُدَرِّسة", "مُدَرّسة", AGREE, "shadda without its vowel"),
        ("مُدَرِّسة", "مدرّسة", AGREE, "only the shadda, which tells most"),
        ("عَلّم", "علِم", CONTRADICT, "shadda without vowel against vowel without shadda"),
        ("كُتِبَ", "كُتب", AGREE, "the first letter's mark is enough for most readers"),
        ("كُتب", "كتِب", NOTHING, "marks on different letters: nothing to compare"),
        ("مَلِك", "مَلَك", CONTRADICT, "king; angel"),
        ("كِتَابٌ", "كِتَابٍ", AGREE, "nominative and genitive of one word"),
        ("كِتَابُ", "كِتَابَ", AGREE, "case ending of a word that another follows"),
        ("كِتابٌ", "كِتابْ", AGREE, "a pause drops the ending"),
        ("كتابٌ", "كتابٍ", NOTHING, "endings alone tell nothing"),
        ("يَكْتُبُ", "يَكْتُبْ", AGREE, "indicative and jussive"),
        ("كِتَابًا", "كِتَاباً", AGREE, "tanwin before the alef or on it"),
        ("كُتُبًا", "كَتَبَا", CONTRADICT, "books; the two of them wrote"),
        ("هُدًى", "هُدَى", AGREE, "guidance, with and without the article's tanwin"),
        ("كِتَابُهُ", "كِتَابَهُ", AGREE, "case ending before a pronoun"),
        ("كِتَابُهَا", "كِتَابِهَا", AGREE, "the same before ها"),
        ("كُلُّهُ", "كُلِّهِ", AGREE, "also in a short word"),
        ("كُلُّهُ", "كَلُّهُ", CONTRADICT, "which the other vowels still tell apart"),
        ("بِهِ", "بَهُ", CONTRADICT, "a word needs two letters before a pronoun"),
        ("أَنَّ", "أَنْ", CONTRADICT, "two particles: shadda against sukun, even at the end"),
        ("أَنَّ", "إِنَّ", CONTRADICT, "the seats of hamza are joined, their vowels are not"),
        ("حَقٌّ", "حَقٌ", AGREE, "a shadda left out at the end, where its vowel says nothing"),
        ("الشَّمس", "الشَمس", AGREE, "shadda after the article is spoken, often not written"),
        ("والنُّور", "والنُور", AGREE, "the same behind a particle"),
        ("لِلنَّاس", "لِلنَاس", AGREE, "the same where ل and ال are لل"),
        ("السَّلام", "السِّلام", CONTRADICT, "the vowel there counts"),
        ("ٱلرَّحۡمَٰنِ", "الرَّحْمنِ", AGREE, "Quranic spelling: dagger alef, wasla, its own sukun"),
        ("رَحْمٰن", "رَحْمَن", AGREE, "dagger alef, or the fatha that stands in its place"),
        ("هٰذا", "هُذا", CONTRADICT, "a dagger alef is no damma"),
        ("ﻛَﺘَﺐَ", "كَتَبَ", AGREE, "presentation forms of letters"),
        ("كﹷتﹷب", "كَتَب", AGREE, "presentation forms of marks"),
        ("کَتَبَ", "كَتَبَ", AGREE, "Persian kaf"),
        ("کَتَبَ", "كُتِبَ", CONTRADICT, "Persian kaf hides no contradiction"),
        ("كَـتَـبَ", "كَتَبَ", AGREE, "tatweel"),
        ("كَ‌تَبَ", "كَتَبَ", AGREE, "an invisible joiner between the letters"),
        ("عَلَّمَ", "عَلَّمَ", AGREE, "shadda and vowel typed in either order"),
        ("مَدرَسَه", "مُدَرِّسَة", CONTRADICT, "ة and ه are one here"),
        ("عَلِيّ", "عَلَى", CONTRADICT, "the name; on: ي and ى are one, the vowels are not"),
        ("كَتَبَ", "وَكُتِبَ", CONTRADICT, "a particle before the word"),
        ("وَكَتَبَ", "كُتِبَ", CONTRADICT, "or before the typed one"),
        ("كَتَبَ", "كُتِبَتْ", CONTRADICT, "an ending behind the word"),
        ("وَكَتَبَ", "كُتِبَتْ", CONTRADICT, "a particle before one, an ending behind the other"),
        ("وَلَد", "بَلَد", NOTHING, "a first letter that belongs to the word is no particle"),
        ("كَتَبَ", "فَكَتَبُوهُ", NOTHING, "two endings are not taken apart"),
        ("كَتَبَ", "كَتَبْتُ", AGREE, "an ending changes the vowel before it"),
        ("كَتَبَ", "يَكْتُبُ", NOTHING, "another form of the verb has other vowels"),
        ("مَلِك", "مَلَكِيّ", NOTHING, "the adjective has vowels of its own"),
        ("بَيْت", "بِنْت", NOTHING, "other letters"),
        ("كَِتب", "كُتب", NOTHING, "two vowels on one letter are a slip"),
        ("كۖتَب", "كتَب", AGREE, "a sign for reciters is no vowel"),
    ],
)
def test_two_words(one: str, other: str, found: bool | None, why: str) -> None:
    assert compared(one, other) is found, why
    assert compared(other, one) is found, f"the other way round: {why}"


@pytest.mark.parametrize(
    ("one", "other", "found", "why"),
    [
        ("كَتَبَ", "كَتَبَ", AGREE, "to the last mark"),
        ("كَتَبَ", "كَتَبُ", CONTRADICT, "the ending counts"),
        ("كِتَابٌ", "كِتَابٍ", CONTRADICT, "tanwin too"),
        ("كَتَبَ", "كَتب", AGREE, "what is not marked contradicts nothing"),
        ("كَتَبَ", "كتب", NOTHING, "but something must be"),
        ("كَتَبَ", "وَكَتَبَ", NOTHING, "only the same letters"),
        ("مَدرَسَه", "مَدرَسَة", NOTHING, "in the same spelling"),
        ("كِتَابًا", "كِتَاباً", AGREE, "tanwin before the alef or on it is one spelling"),
        ("حَقٌّ", "حَقٌ", CONTRADICT, "shadda counts at the end as well"),
    ],
)
def test_two_words_exactly(one: str, other: str, found: bool | None, why: str) -> None:
    assert compared(one, other, exact=True) is found, why
    assert compared(other, one, exact=True) is found, f"the other way round: {why}"


@pytest.mark.parametrize(
    ("word", "term", "why"),
    [
        ("كَتَبَ", "كتب|aaa", "one sign per letter"),
        ("عَلَّمَ", "علم|a~aa", "shadda before its vowel"),
        ("كتب", None, "no marks"),
        ("كۖتب", None, "no mark that says anything"),
        ("َ", None, "a mark without a letter"),
        ("٥ً", None, "a number"),
        ("café", None, "an accent is no vowel mark"),
        ("ﷺَ", None, "one sign for several words"),
        ("كَ" + "ب" * 40, None, "longer than any word"),
        ("ؤُ", "ؤ|u", "hamza on its seat is a letter"),
    ],
)
def test_a_term(word: str, term: str | None, why: str) -> None:
    assert marked(word) == term, why


class TestDocumentTerms:
    def terms(self, analyzer: Analyzer, *texts: str) -> set[str]:
        return set(document_terms(texts, [analyzer.terms(text) for text in texts], analyzer))

    def test_are_none_without_marks(self, analyzer: Analyzer) -> None:
        assert self.terms(analyzer, "كتب الولد", "درسه") == set()

    def test_are_every_reading_once(self, analyzer: Analyzer) -> None:
        assert self.terms(analyzer, "كَتَبَ ثم كُتِبَ ثم كَتَبَ") == {"كتب|كتب|aaa", "كتب|كتب|uia"}

    def test_have_the_word_without_marks_only_if_it_stands_so(self, analyzer: Analyzer) -> None:
        assert self.terms(analyzer, "كُتِبَ ثم كتب") == {"كتب|كتب|uia", "كتب|كتب|"}

    def test_have_other_words_of_the_stem(self, analyzer: Analyzer) -> None:
        assert self.terms(analyzer, "كُتِبَ وكتب") == {"كتب|كتب|uia", "كتب|وكتب|"}

    def test_look_at_all_fields_together(self, analyzer: Analyzer) -> None:
        assert self.terms(analyzer, "كتب", "كُتِبَ") == {"كتب|كتب|uia", "كتب|كتب|"}

    @pytest.mark.parametrize("space", ["\n", "\t", "،", " ", "\u00a0", "؛ "])
    def test_do_not_depend_on_what_stands_between_words(
        self, analyzer: Analyzer, space: str
    ) -> None:
        text = space.join(("قال", "كَتَبَ", "ثم", "كُتِبَ", "هنا"))
        assert self.terms(analyzer, text) == {"كتب|كتب|aaa", "كتب|كتب|uia"}


LETTERS = "كتبعلمهيةىاأإآؤئلسر"
VOCALISED = st.lists(
    st.tuples(
        st.sampled_from(LETTERS), st.sampled_from(["", "َ", "ُ", "ِ", "ْ", "ً", "ٌ", "َّ", "ِّ", "ّ", "ٰ"])
    ),
    min_size=1,
    max_size=8,
).map(lambda pairs: "".join(map("".join, pairs)))
ANY_TEXT = st.one_of(
    st.text(max_size=30),
    st.text(alphabet=LETTERS + MARKS + " ـ‌﷽ﷺﻻ5٥a|", max_size=30),
)


@given(word=VOCALISED, exact=st.booleans())
def test_a_word_never_contradicts_itself(word: str, exact: bool) -> None:
    assert compared(word, word, exact=exact) is not False


@given(word=VOCALISED, exact=st.booleans())
def test_a_word_never_contradicts_its_letters(word: str, exact: bool) -> None:
    assert compared(word, exact_form(word), exact=exact) is None


@given(one=VOCALISED, other=VOCALISED, exact=st.booleans())
def test_agreement_is_the_same_both_ways(one: str, other: str, exact: bool) -> None:
    assert compared(one, other, exact=exact) is compared(other, one, exact=exact)


@given(text=ANY_TEXT)
def test_any_text_has_terms_that_an_index_can_hold(analyzer: Analyzer, text: str) -> None:
    for term in document_terms([text], [analyzer.terms(text)], analyzer):
        assert 0 < len(term) <= 200
        assert not any(map(str.isspace, term))
        assert term.count(SEPARATOR) == 2


@given(word=st.one_of(VOCALISED, ANY_TEXT))
def test_the_letters_of_a_term_are_the_exact_form(word: str) -> None:
    term = marked(word)
    assert term is None or term.startswith(exact_form(word) + SEPARATOR)
    assert typed_term(word, exact_form(word)) == term
