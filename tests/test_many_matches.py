"""Long texts are marked as short ones are: arrays and single steps come to the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_service import highlight, many_matches, passages
from search_service import reading as reading_module
from search_service.analysis.analyzer import Analyzer
from search_service.highlight import Highlighter
from search_service.long_texts import Readings
from search_service.many_matches import ManyMatches, phrase_tokens
from search_service.passages import Match, best_pieces
from search_service.query import resolved as r
from search_service.query.parser import parse_lenient
from search_service.query.resolver import Resolver
from search_service.results import Snippet
from search_service.schema import DEFAULT_SCHEMA, Tier

ANALYZER = Analyzer()

# Forms of a few words, the sign that stands for four words, a lone mark, a very long word.
SOME = "كتاب الكتاب كتب وكتابهم مكتبة قطار القطار قال في ﷺ الله َ 2020 covid كَتَبَ كُتُب قطار،قطار، <b>"
WORDS = st.sampled_from((*SOME.split(), "كلام آخر كثير", "ب" * 300, "\n\n"))
TEXTS = st.lists(WORDS, max_size=60).map(" ".join)
SIMPLE = ("كتاب", "كتاب قطار", "الله عليه", "=كتاب", "-كتاب قطار", "2020 covid", "*")
PHRASES = ('"في القطار"', '"كتاب قطار"~2 قال', '"قال في" كتاب', '"صلى الله"')
# With marks, words that contradict them do not count.
MARKED = ("كُتُب قطار", '"كُتُب قال"')


def resolved(query: str) -> r.Node:
    resolver = Resolver(DEFAULT_SCHEMA, ANALYZER, lambda *_: iter(()))
    return resolver.resolve(parse_lenient(query)[0]).query


def marked(query: r.Node, text: str) -> list[tuple[int, int, Tier]]:
    """The rule, word by word: the strictest tier in which a token is asked for."""
    tokens = ANALYZER.analyze(text)
    found: dict[tuple[int, int], Tier] = {}
    for tier in Tier:
        terms = [token.forms.of(tier) for token in tokens]
        hit: set[int] = set()
        for leaf in r.leaves(query, scoring=True):
            if isinstance(leaf, r.Term) and leaf.tier is tier and "body" in leaf.fields:
                hit.update(i for i, term in enumerate(terms) if term == leaf.term)
            elif isinstance(leaf, r.Phrase) and leaf.tier is tier and "body" in leaf.fields:
                hit.update(chain.from_iterable(in_phrase(leaf, terms)))
        for number in sorted(hit):
            found.setdefault((tokens[number].start, tokens[number].end), tier)
    return sorted((start, end, tier) for (start, end), tier in found.items())


def in_phrase(phrase: r.Phrase, terms: list[str]) -> Iterator[list[int]]:
    for start in [i for i, term in enumerate(terms) if term in phrase.slots[0]]:
        path = [start]
        for slot in phrase.slots[1:]:
            path += [i for i in range(path[-1] + 1, len(terms)) if terms[i] in slot][:1]
        if len(path) == len(phrase.slots) and path[-1] - start - len(path) + 1 <= phrase.slop:
            yield path


def as_long(query: str, text: str) -> tuple[Snippet, tuple[Snippet, ...]]:
    """Mark any text in the way of long ones with many matches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highlight, "LONG", 0)
        patch.setattr(highlight, "_FEW", 0)
        highlighter = Highlighter(resolved(query), ANALYZER)
        return highlighter.whole("body", text), highlighter.snippets("body", text)


@given(text=TEXTS, query=st.sampled_from(SIMPLE + PHRASES + MARKED))
def test_a_long_text_gets_the_marks_and_pieces_of_a_short_one(text: str, query: str) -> None:
    short = Highlighter(resolved(query), ANALYZER)
    assert as_long(query, text) == (short.whole("body", text), short.snippets("body", text))


@given(text=TEXTS, query=st.sampled_from(SIMPLE + PHRASES))
def test_marks_are_what_the_rule_says_word_by_word(text: str, query: str) -> None:
    whole, _ = as_long(query, text)
    short = Highlighter(resolved(query), ANALYZER).whole("body", text)
    expected = marked(resolved(query), text)
    for snippet in (whole, short):
        assert [(mark.start, mark.end, mark.tier) for mark in snippet.marks] == expected


@st.composite
def match_lists(draw: st.DrawFn) -> list[Match]:
    matches, at = [], draw(st.integers(0, 5))
    for _ in range(draw(st.integers(1, 60))):
        end = at + draw(st.sampled_from((1, 4, 9, 250)))
        matches.append(Match(at, end, draw(st.sampled_from(Tier)), draw(st.sampled_from("abcd"))))
        at = end + draw(st.sampled_from((0, 1, 5, 40, 200)))
    return matches


def as_arrays(matches: list[Match]) -> ManyMatches:
    names = sorted({match.root for match in matches})
    return ManyMatches(
        np.array([match.start for match in matches]),
        np.array([match.end for match in matches]),
        np.array([list(Tier).index(match.tier) for match in matches]),
        np.array([names.index(match.root) for match in matches]),
        names,
    )


@settings(max_examples=300)
@given(matches=match_lists(), many=st.sampled_from((0, 10, 5000)), spaces=st.integers(1, 9))
def test_the_best_pieces_of_arrays_are_those_of_single_matches(
    matches: list[Match], many: int, spaces: int
) -> None:
    text = ("ك" * spaces + " ") * (matches[-1].end // spaces + 10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passages, "MANY", many)
        patch.setattr(many_matches, "MANY", many)
        assert as_arrays(matches).best_pieces(text) == best_pieces(text, matches)


@given(
    slots=st.lists(st.sets(st.integers(0, 25), max_size=9), min_size=1, max_size=4),
    slop=st.integers(0, 3),
)
def test_a_phrase_stands_where_each_path_to_the_next_word_is_short_enough(
    slots: list[set[int]], slop: int
) -> None:
    expected: set[int] = set()
    for start in slots[0]:
        path = [start]
        for slot in slots[1:]:
            path += sorted(place for place in slot if place > path[-1])[:1]
        if len(path) == len(slots) and path[-1] - start - len(path) + 1 <= slop:
            expected.update(path)
    arrays = [np.array(sorted(slot), np.int64) for slot in slots]
    assert phrase_tokens(arrays, slop).tolist() == sorted(expected)


class TestReadings:
    @given(text=TEXTS | st.text("كتاب قَـ12,.٬\n\t\u200bﷺ"), piece=st.sampled_from((1, 7, 10**6)))
    def test_hold_the_tokens_of_the_analyzer(self, text: str, piece: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading_module, "_PIECE", piece)
            reading = Readings(ANALYZER).get(text)
        tokens = ANALYZER.analyze(text)
        ranges = list(zip(reading.starts.tolist(), reading.ends.tolist(), strict=True))
        assert ranges == [(token.start, token.end) for token in tokens]
        words = reading.words(reading.kinds.tolist(), text, ANALYZER)
        assert words == [(text[token.start : token.end], token.forms) for token in tokens]

    def test_are_made_once_for_a_text(self) -> None:
        readings = Readings(ANALYZER)
        text = "وصل القطار إلى المدينة"
        assert readings.get(text) is readings.get(" ".join(text.split()))

    def test_that_take_too_much_room_are_forgotten_the_oldest_first(self) -> None:
        readings = Readings(ANALYZER, room=1_500)
        texts = [" ".join(f"كلمة{n}{m}" for m in range(9)) for n in "ابتثج"]
        first = readings.get(texts[0])
        assert readings.get(texts[0]) is first
        last = [readings.get(text) for text in texts][-1]
        assert readings.get(texts[-1]) is last
        assert readings.get(texts[0]) is not first

    def test_of_a_text_larger_than_all_room_are_not_kept(self) -> None:
        readings = Readings(ANALYZER, room=10)
        assert readings.get("كتاب") is not readings.get("كتاب")

    def test_are_the_same_for_threads_that_ask_at_once(self) -> None:
        readings = Readings(ANALYZER, room=100)
        found: list[list[int]] = []

        def ask(text: str) -> None:
            found.extend(readings.get(text).starts.tolist() for _ in range(200))

        threads = [threading.Thread(target=ask, args=("كتاب قطار",)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [[0, 5]] * 800
