"""Words taken apart: what is cut, what is known, what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis.english import english_stem
from search_service.analysis.folding import fold
from search_service.analysis.lexicon import load_lexicon
from search_service.analysis.stemmers import Analysis, ArabicStemmer, load_stemmer
from search_service.analysis.tables import read_table

STEMMER = load_stemmer()
LEXICON = load_lexicon()

folded_words = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويء", min_size=1, max_size=12)
known_words = st.sampled_from(sorted(LEXICON.bases))


@pytest.mark.parametrize(
    ("word", "prefix", "base", "suffix"),
    [
        ("وبالكتاب", "وبال", "كتاب", ""),
        ("كتابهما", "", "كتاب", "هما"),
        ("واغراضها", "و", "اغراض", "ها"),
        ("حكومتها", "", "حكومه", "تها"),
        ("سنوات", "", "سنوات", ""),
        ("للغه", "ل", "لغه", ""),
        ("كتابها", "", "كتاب", "ها"),
        ("وجهها", "", "وجه", "ها"),
        ("كتابين", "", "كتاب", "ين"),
        ("التشيع", "ال", "تشيع", ""),
        ("سكانها", "", "سكان", "ها"),
        ("منها", "", "منها", ""),
    ],
    ids=[
        "a chain of three particles",
        "the longest ending",
        "both sides",
        "ة comes back",
        "a listed plural is not cut",
        "a swallowed ل comes back",
        "ة would be ت before ها",
        "a radical ه stays ه before ها",
        "a lone letter has to earn its cut",
        "a verb has no article",
        "function words take no particles",
        "function words take no endings",
    ],
)
def test_a_known_word_is_found_inside(word: str, prefix: str, base: str, suffix: str) -> None:
    assert STEMMER.analyse(word) == Analysis(prefix, base, suffix, known=True)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("الزغطوط", "زغطوط"),
        ("وزغطوط", "زغطوط"),
        ("زغطوطات", "زغطوط"),
        ("بزغطوط", "بزغطوط"),
        ("فزغطوط", "فزغطوط"),
        ("سزغطوط", "سزغطوط"),
    ],
    ids=[
        "the article goes",
        "and goes",
        "a plural goes",
        "ب may belong to the word",
        "ف may belong to the word",
        "س may belong to the word",
    ],
)
def test_of_an_unknown_word_little_is_cut(word: str, stem: str) -> None:
    assert not STEMMER.analyse(word).known
    assert STEMMER.stem(word) == stem


def test_a_word_read_with_its_hamza_is_told_from_one_that_folds_like_it() -> None:
    parts = STEMMER.analyse("اعلام")
    assert STEMMER.root_of(parts, "أعلام") == STEMMER.root("علم")
    assert STEMMER.root_of(parts, "إعلام") == "اعلام"


def test_without_its_hamza_it_may_be_either() -> None:
    parts = STEMMER.analyse("اعلام")
    assert STEMMER.root_of(parts, "اعلام") == STEMMER.root("علم")


@pytest.mark.parametrize(
    ("word", "prefix", "base", "suffix"),
    [
        ("الدين", "ال", "دين", ""),  # the religion, rather than two of ألد
        ("الحكم", "ال", "حكم", ""),  # the rule, rather than a form of ألح
        ("القوي", "ال", "قوي", ""),  # strong, rather than a nisba of ألقوا
        ("شركات", "", "شركه", "ات"),  # companies, rather than شركاء without its hamza
        ("سيدنا", "", "سيد", "نا"),  # our lord, rather than of Sydney
        ("بدات", "", "بدا", "ت"),  # she began: the ا is a hamza
        ("وفيه", "و", "فيه", ""),  # and in it, rather than a form of وفاء
        ("واليه", "و", "اليه", ""),  # and to him, rather than his governor
        ("وكيلا", "", "وكيل", "ا"),  # as an agent, rather than and a kilo
        ("وسكان", "و", "سكان", ""),  # and inhabitants, rather than and will be
        ("فكتبت", "ف", "كتب", "ت"),  # so she wrote, rather than so like Tibet
        ("يقرءون", "", "يقرا", "ءون"),  # they read: the hamza takes another seat
        ("ساعدتني", "", "ساعد", "تني"),
    ],
)
def test_the_likelier_of_two_ways_is_taken(word: str, prefix: str, base: str, suffix: str) -> None:
    assert STEMMER.analyse(word) == Analysis(prefix, base, suffix, known=True)


@pytest.mark.parametrize(
    ("with_hamza", "with_article", "base"),
    [
        ("ألسنة", "السنة", "سنه"),  # tongues, the year
        ("ألباب", "الباب", "باب"),  # minds, the door
        ("ألحق", "الحق", "حق"),  # he joined, the truth
        ("آلام", "الأم", "ام"),  # pains, the mother
        ("ألغاز", "الغاز", "غاز"),  # riddles, the gas
    ],
)
def test_a_hamza_tells_a_first_letter_from_an_article(
    with_hamza: str, with_article: str, base: str
) -> None:
    word = fold(with_hamza)
    assert STEMMER.analyse(word, with_hamza) == Analysis("", word, "", known=True)
    assert STEMMER.analyse(word, with_article) == Analysis("ال", base, "", known=True)
    assert STEMMER.analyse("و" + word, "و" + with_article) == Analysis("وال", base, "", known=True)


def test_a_plural_that_lists_have_as_a_word_counts_as_its_singular() -> None:
    assert STEMMER.stem("كلمات") == STEMMER.stem("كلمه")
    assert STEMMER.stem("معدات") != STEMMER.stem("معده"), "equipment is no stomach"


def test_an_unknown_word_is_not_taken_for_the_form_of_a_verb() -> None:
    assert STEMMER.stem("النضر") == "نضر", "a name, though نضر is a form of يضر"
    assert STEMMER.stem("نضر") == STEMMER.stem("يضر")


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        (singular, plural)
        for singular, plurals, _ in read_table("broken_plurals.tsv", 3)[:300]
        for plural in plurals.split()[:1]
    ],
)
def test_a_listed_plural_has_the_root_of_a_singular(singular: str, plural: str) -> None:
    one = LEXICON.singular.get(fold(plural))
    if one is None:
        pytest.skip(f"{plural} folds like {singular}")
    parts = STEMMER.analyse(fold(plural), plural)
    assert STEMMER.root_of(parts, plural) == STEMMER.root(one)


@given(known_words)
def test_a_known_word_is_never_cut(word: str) -> None:
    # Without its hamza, ألحان looks like ال before حان: how it is written decides.
    # Of some forms of verbs no spelling is listed; those are read as nouns with the article.
    for exact in LEXICON.like_articles.get(word, (word,)):
        assert STEMMER.analyse(word, exact) == Analysis("", word, "", known=True)


@given(folded_words)
def test_the_parts_of_a_word_are_the_word(word: str) -> None:
    parts = STEMMER.analyse(word)
    assert word.startswith(parts.prefix)
    assert word.endswith(parts.suffix)
    assert len(parts.prefix) + len(parts.suffix) < len(word)


@given(folded_words)
def test_stem_and_root_are_never_empty(word: str) -> None:
    assert STEMMER.stem(word)
    assert STEMMER.root(word)


@given(folded_words)
def test_the_article_does_not_change_the_stem_of_an_unknown_long_word(word: str) -> None:
    parts = STEMMER.analyse("ال" + word)
    if not parts.known and len(word) > 2:
        assert parts.prefix == "ال"


def test_the_stemmer_is_built_once() -> None:
    assert load_stemmer() is load_stemmer()
    assert isinstance(load_stemmer(), ArabicStemmer)


@pytest.mark.parametrize(
    ("word", "stem"), [("soldiers", "soldier"), ("running", "run"), ("s", "s"), ("日本", "日本")]
)
def test_english_stems(word: str, stem: str) -> None:
    assert english_stem(word) == stem


@given(st.text(min_size=1, max_size=64))
def test_english_stems_are_never_empty(word: str) -> None:
    assert english_stem(word)


@given(st.one_of(folded_words, known_words), st.sampled_from(["", "و", "بال", "لل"]))
def test_stem_and_root_together_are_those_of_the_word_taken_apart(word: str, prefix: str) -> None:
    whole = prefix + word
    parts = STEMMER.analyse(whole, whole)
    together = STEMMER.stem_and_root(whole, whole)
    assert together == (STEMMER.stem_of(parts), STEMMER.root_of(parts, whole))
