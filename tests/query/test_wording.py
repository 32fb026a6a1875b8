"""Words, phrases and runs of words as weighted leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.synonym_table import parse_synonyms
from search_service.analysis.token import Forms
from search_service.analysis.words import Variants, load_variants
from search_service.query import resolved as r
from search_service.query.naming import names_of_phrase, names_of_words
from search_service.query.units import Unit
from search_service.query.wording import phrase_node, sequence_nodes, tells, word_node
from search_service.ranking import NAME_WEIGHTS, TIER_WEIGHTS
from search_service.schema import Tier

BOTH = ("title", "body")

Words = Callable[[str], list[Forms]]


@pytest.fixture(scope="module")
def words(analyzer: Analyzer) -> Words:
    return lambda text: [token.forms for token in analyzer.analyze(text)]


def phrase(
    said: list[Forms],
    fields: tuple[str, ...],
    slop: int,
    weight: float,
    names: Variants | None = None,
) -> r.Node | None:
    names_found = list(names_of_phrase(said, names or load_variants()))
    return phrase_node(said, names_found, fields, slop, weight)


def side_by_side(
    units: Sequence[Unit],
    fields: tuple[str, ...],
    weight: float,
    *,
    every: bool,
    names: Variants | None = None,
) -> Iterator[r.Node]:
    names_found = list(names_of_words(units, names or load_variants()))
    return sequence_nodes(units, names_found, fields, weight, every=every)


def leaves(node: r.Node | None) -> list[r.Node]:
    return list(r.leaves(node)) if node else []


def phrases(node: r.Node | None, tier: Tier) -> set[str]:
    return {
        " ".join(term for slot in leaf.slots for term in slot)
        for leaf in leaves(node)
        if isinstance(leaf, r.Phrase) and leaf.tier is tier
    }


@pytest.fixture(scope="module")
def synonyms(analyzer: Analyzer) -> Variants:
    table = parse_synonyms("synonyms.tsv", "سيارة | مركبة | wheeled vehicle".encode(), analyzer)
    return load_variants().with_pairs(table.pairs)


class TestOneWord:
    def test_has_its_term_in_every_tier_with_the_weight_of_the_tier(self, words: Words) -> None:
        node = word_node(words("والكتابُ")[0], ("body",), 1.0)
        assert {leaf.tier: (leaf.term, leaf.weight) for leaf in node.should} == {  # type: ignore[union-attr]
            Tier.EXACT: ("والكتاب", TIER_WEIGHTS[Tier.EXACT]),
            Tier.FOLDED: ("والكتاب", TIER_WEIGHTS[Tier.FOLDED]),
            Tier.STEM: ("كتاب", TIER_WEIGHTS[Tier.STEM]),
            Tier.ROOT: ("كتب", TIER_WEIGHTS[Tier.ROOT]),
        }

    def test_counts_once_more_in_the_title_if_it_is_asked_of_all_fields(self, words: Words) -> None:
        [word] = words("كتاب")
        extra = [leaf for leaf in leaves(word_node(word, BOTH, 1.0)) if leaf.fields != BOTH]  # type: ignore[union-attr]
        assert extra == [r.Term(("title",), Tier.STEM, "كتاب", 0.3)]
        assert len(leaves(word_node(word, ("title",), 1.0))) == len(Tier)

    def test_is_worth_its_boost(self, words: Words) -> None:
        once, twice = (leaves(word_node(words("كتاب")[0], BOTH, w)) for w in (1.0, 2.0))
        assert [leaf.weight * 2 for leaf in once] == [leaf.weight for leaf in twice]  # type: ignore[union-attr]


class TestPhrase:
    def test_is_looked_for_as_spelled_and_by_stems(self, words: Words) -> None:
        node = phrase(words("دار الكتب"), BOTH, 2, 1.0)
        assert leaves(node) == [
            r.Phrase(BOTH, Tier.FOLDED, (("دار",), ("الكتب",)), 2, TIER_WEIGHTS[Tier.FOLDED]),
            r.Phrase(BOTH, Tier.STEM, (("دار",), ("كتب",)), 2, TIER_WEIGHTS[Tier.STEM]),
        ]

    def test_keeps_stop_words(self, words: Words) -> None:
        assert "من الي" in phrases(phrase(words("من إلى"), BOTH, 0, 1.0), Tier.FOLDED)

    def test_of_one_word_is_that_word_and_not_its_family(self, words: Words) -> None:
        [leaf] = leaves(phrase(words("الكتاب"), BOTH, 0, 1.0))
        assert (leaf.tier, leaf.term) == (Tier.FOLDED, "الكتاب")  # type: ignore[union-attr]

    def test_of_no_word_is_nothing(self) -> None:
        assert phrase([], BOTH, 0, 1.0) is None

    @pytest.mark.parametrize(
        ("typed", "other"),
        [
            ("15 يناير", "15 كانون ثاني"),  # one word for two
            ("كانون الثاني 2020", "يناير 2020"),  # two words for one
            ("السفن الأمريكية", "سفن اميركا"),  # a spelling
        ],
    )
    def test_is_also_looked_for_in_other_words(self, words: Words, typed: str, other: str) -> None:
        node = phrase(words(typed), BOTH, 0, 1.0)
        assert other in phrases(node, Tier.STEM)

    def test_in_other_words_weighs_less(self, words: Words) -> None:
        node = phrase(words("15 يناير"), BOTH, 0, 2.0)
        assert leaves(node)[-1].weight == 2.0 * NAME_WEIGHTS["spelling"]  # type: ignore[union-attr]

    def test_with_a_synonym_weighs_less_still(self, words: Words, synonyms: Variants) -> None:
        node = phrase(words("سيارة جديدة"), BOTH, 0, 1.0, synonyms)
        assert leaves(node)[-1].weight == NAME_WEIGHTS["synonym"] < NAME_WEIGHTS["spelling"]  # type: ignore[union-attr]

    def test_takes_a_name_that_counts_only_as_written_as_written(self, words: Words) -> None:
        # آب the month; folded, it would be أب the father.
        node = phrase(words("15 أغسطس"), BOTH, 0, 1.0)
        assert "15 آب" in phrases(node, Tier.EXACT)
        assert not any("اب" in found.split() for found in phrases(node, Tier.STEM))

    def test_of_many_months_has_few_rewordings(self, words: Words) -> None:
        node = phrase(words("يناير " * 500), BOTH, 0, 1.0)
        assert len(leaves(node)) < 20


class TestWordsSideBySide:
    def test_give_a_node_each(self, words: Words) -> None:
        units = [(word,) for word in words("سفن قديمة")]
        assert len(list(side_by_side(units, BOTH, 1.0, every=False))) == 2

    def test_of_one_name_are_one_node_with_the_other_name(self, words: Words) -> None:
        units = [(word,) for word in words("معرض كانون الثاني الكبير")]
        nodes = list(side_by_side(units, BOTH, 1.0, every=False))
        assert len(nodes) == 3
        assert r.Term(BOTH, Tier.STEM, "يناير", NAME_WEIGHTS["spelling"]) in leaves(nodes[1])

    @pytest.mark.parametrize("every", [False, True])
    def test_of_one_name_are_both_needed_only_if_every_word_is(
        self, words: Words, every: bool
    ) -> None:
        units = [(word,) for word in words("كانون الثاني")]
        [node] = side_by_side(units, BOTH, 1.0, every=every)
        assert isinstance(node, r.Bool)
        pair = node.should[0]
        assert isinstance(pair, r.Bool)
        assert len(pair.must if every else pair.should) == 2
        # Beside the pair, not below it: the other name alone satisfies the node.
        assert r.Term(BOTH, Tier.STEM, "يناير", NAME_WEIGHTS["spelling"]) in node.should

    def test_one_word_has_its_other_name_of_two_words_as_a_phrase(self, words: Words) -> None:
        [node] = side_by_side([tuple(words("يناير"))], BOTH, 1.0, every=True)
        slots = (("كانون",), ("ثاني",))
        assert r.Phrase(BOTH, Tier.STEM, slots, 0, NAME_WEIGHTS["spelling"]) in leaves(node)

    def test_one_word_has_its_synonyms_with_less_weight(
        self, words: Words, synonyms: Variants
    ) -> None:
        units = [tuple(words("سيارة"))]
        [node] = side_by_side(units, BOTH, 2.0, every=False, names=synonyms)
        others = leaves(node)[-2:]
        assert [leaf.weight for leaf in others] == [2.0 * NAME_WEIGHTS["synonym"]] * 2  # type: ignore[union-attr]
        assert phrases(node, Tier.STEM) == {"wheel vehicl"}

    def test_typed_as_one_must_stand_together(self, words: Words) -> None:
        [node] = side_by_side([tuple(words("Covid-19"))], BOTH, 1.0, every=False)
        assert all(isinstance(leaf, r.Phrase) for leaf in leaves(node))
        assert "covid 19" in phrases(node, Tier.FOLDED)

    def test_typed_as_one_are_found_behind_a_particle(self, words: Words) -> None:
        # The text may say وبكوفيد-19 or لكوفيد-19.
        [node] = side_by_side([tuple(words("كوفيد-19"))], BOTH, 1.0, every=False)
        [stems] = phrases(node, Tier.STEM)
        assert stems == " ".join(word.stem for word in words("لكوفيد 19"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("في", False), ("ماذا", False), ("إلى", False), ("الى", False), ("كتاب", True), ("5", True)],
)
def test_stop_words_do_not_tell(words: Words, typed: str, expected: bool) -> None:
    assert tells(tuple(words(typed))) is expected


def test_a_name_with_a_stop_word_tells(words: Words) -> None:
    assert tells(tuple(words("من-2")))
