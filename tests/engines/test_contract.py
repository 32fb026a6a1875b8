"""What every engine promises: writing, matching, scores. Engines are named in ``contract``.

The memory engine is the reference: the others find the same documents in the
same clear order, for whatever was written and whatever is asked.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_service.engines.port import Engine
from search_service.query.resolved import (
    AllDocs,
    Bool,
    KeywordTerm,
    Node,
    NoDocs,
    Phrase,
    RangeTerm,
    leaves,
)
from search_service.schema import DEFAULT_SCHEMA, Document, Tier
from tests.engines.contract import (
    BODY,
    BOTH,
    IDS,
    ODD_IDS,
    ON_DISK,
    REFERENCE,
    SAME_SCORES,
    SURROGATE,
    TITLE,
    apply,
    doc,
    factory,
    found,
    indexed,
    phrase,
    put,
    queries,
    transactions,
    word,
)


class TestTransactions:
    def test_added_documents_are_found(self, engine: Engine) -> None:
        put(engine, doc("1", "قطار مدينة"), doc("2", "مدينة"))
        assert found(engine, word("قطار")) == ["1"]
        assert sorted(found(engine, word("مدينة"))) == ["1", "2"]

    def test_nothing_is_seen_before_commit(self, engine: Engine) -> None:
        put(engine, doc("1", "old"))
        writer = engine.writer()
        writer.add(doc("2", "new"))
        writer.delete("1")
        assert found(engine, AllDocs()) == ["1"]
        assert engine.fetch(["2"]) == [None]
        writer.commit()
        assert found(engine, AllDocs()) == ["2"]

    def test_a_rollback_shows_nothing(self, engine: Engine) -> None:
        put(engine, doc("1", "old"))
        writer = engine.writer()
        writer.add(doc("2", "new"))
        writer.add(doc("1", "new"))
        writer.delete("1")
        writer.rollback()
        assert found(engine, AllDocs()) == ["1"]
        assert found(engine, word("old")) == ["1"]

    def test_after_a_rollback_one_can_write_again(self, engine: Engine) -> None:
        engine.writer().rollback()
        put(engine, doc("1", "a"))
        assert found(engine, AllDocs()) == ["1"]

    def test_a_later_document_replaces_the_earlier_of_the_same_transaction(
        self, engine: Engine
    ) -> None:
        put(engine, doc("1", "old"), doc("2", "x"), doc("1", "new"))
        assert found(engine, word("old")) == []
        assert found(engine, word("new")) == ["1"]
        assert engine.stats().documents == 2

    def test_a_later_document_replaces_the_earlier_of_another_transaction(
        self, engine: Engine
    ) -> None:
        put(engine, doc("1", "old"), doc("2", "x"))
        put(engine, doc("1", "new"))
        put(engine, doc("1", "newer"))
        assert [found(engine, word(w)) for w in ("old", "new", "newer")] == [[], [], ["1"]]
        assert found(engine, AllDocs()) == ["1", "2"]

    def test_deleted_documents_are_gone(self, engine: Engine) -> None:
        put(engine, doc("1", "a"), doc("2", "a"))
        put(engine, delete=["1"])
        assert found(engine, word("a")) == ["2"]
        assert engine.fetch(["1"]) == [None]

    def test_deleting_what_is_not_there_is_no_error(self, engine: Engine) -> None:
        put(engine, delete=["nothing"])
        put(engine, doc("1", "a"), delete=["nothing"])
        put(engine, delete=["1", "1"])
        put(engine, delete=["1"])
        assert found(engine, AllDocs()) == []

    def test_delete_after_add_in_one_transaction(self, engine: Engine) -> None:
        put(engine, doc("1", "a"), doc("2", "a"), delete=["1"])
        assert found(engine, word("a")) == ["2"]

    def test_add_after_delete_in_one_transaction(self, engine: Engine) -> None:
        put(engine, doc("1", "old"))
        writer = engine.writer()
        writer.delete("1")
        writer.add(doc("1", "new"))
        writer.commit()
        assert found(engine, word("new")) == found(engine, AllDocs()) == ["1"]

    def test_add_delete_add_in_one_transaction(self, engine: Engine) -> None:
        writer = engine.writer()
        for body in ("one", "two", "three"):
            writer.delete("1")
            writer.add(doc("1", body))
        writer.commit()
        assert found(engine, word("three")) == found(engine, AllDocs()) == ["1"]
        assert engine.stats().tokens["body"] == 1

    def test_a_commit_without_changes_changes_nothing(self, engine: Engine) -> None:
        put(engine)
        put(engine, doc("1", "a"))
        put(engine)
        assert found(engine, AllDocs()) == ["1"]

    def test_everything_can_be_deleted_and_written_anew(self, engine: Engine) -> None:
        for _ in range(3):
            put(engine, doc("1", "a"), doc("2", "b"))
            put(engine, delete=["1", "2"])
            assert found(engine, AllDocs()) == []
            assert engine.stats().documents == 0
            assert list(engine.vocabulary("body", Tier.EXACT)) == []
        put(engine, doc("1", "a"))
        assert found(engine, word("a")) == ["1"]

    def test_thirty_commits_keep_every_document(self, engine: Engine) -> None:
        for number in range(30):
            put(
                engine,
                doc(f"{number:02}", f"all w{number} t{number % 3}", tags=(f"tag{number % 2}",)),
                doc("last", f"last{number}"),
                delete=[f"{number - 5:02}"] if number % 10 == 9 else [],
            )
        gone = {"04", "14", "24"}
        kept = [f"{number:02}" for number in range(30) if f"{number:02}" not in gone]
        assert found(engine, word("all")) == kept
        assert found(engine, word("t1")) == [i for i in kept if int(i) % 3 == 1]
        assert found(engine, KeywordTerm("tag", "tag0")) == [i for i in kept if int(i) % 2 == 0]
        assert found(engine, phrase("w7", "t1")) == ["07"]
        assert found(engine, word("last29")) == ["last"]
        assert found(engine, word("last28")) == []
        assert dict(engine.vocabulary("body", Tier.EXACT, "t")) == {"t0": 9, "t1": 9, "t2": 9}
        assert [d.id for d in engine.fetch(kept) if d] == kept


class TestEmptyIndex:
    @pytest.mark.parametrize(
        "query",
        [
            AllDocs(),
            NoDocs(),
            word("a"),
            word("a", BOTH),
            phrase("a", "b"),
            KeywordTerm("tag", "a"),
            KeywordTerm("id", "a"),
            RangeTerm("date", None, None),
            Bool(),
            Bool(must_not=(word("a"),)),
        ],
    )
    def test_every_query_finds_nothing(self, engine: Engine, query: Node) -> None:
        assert found(engine, query) == []
        assert engine.score(query, ["a"]) == [None]

    def test_holds_nothing(self, engine: Engine) -> None:
        assert engine.fetch(["1"]) == [None]
        assert list(engine.vocabulary("title", Tier.STEM)) == []
        stats = engine.stats()
        assert (stats.documents, dict(stats.tokens)) == (0, {"title": 0, "body": 0})


class TestPages:
    @pytest.fixture
    def engine(self, engine: Engine) -> Engine:
        # Two segments, ids against the order of writing, and one document that is better.
        put(engine, doc("e", "a x"), doc("c", "a x"), doc("best", "a a"))
        put(engine, doc("d", "a x"), doc("b", "a x"), doc("other", "y"))
        return engine

    def test_equal_scores_are_ordered_by_id(self, engine: Engine) -> None:
        assert found(engine, word("a")) == ["best", "b", "c", "d", "e"]

    def test_what_scores_nothing_is_ordered_by_id(self, engine: Engine) -> None:
        assert found(engine, AllDocs()) == ["b", "best", "c", "d", "e", "other"]

    @pytest.mark.parametrize(
        ("offset", "limit", "ids"),
        [
            (0, 1, ["best"]),
            (0, 2, ["best", "b"]),
            (1, 2, ["b", "c"]),
            (4, 10, ["e"]),
            (5, 10, []),
            (1000, 10, []),
            (0, 0, []),
            (3, 0, []),
        ],
    )
    def test_a_page_is_a_slice_and_the_total_is_of_all(
        self, engine: Engine, offset: int, limit: int, ids: list[str]
    ) -> None:
        hits = engine.search(word("a"), offset, limit)
        assert [document_id for document_id, _ in hits.page] == ids
        assert hits.total == 5


class TestFetch:
    FULL = Document(
        id="1",
        title="عنوان",
        body="نص\nطويل",
        url="https://example.org/١",
        date=date(2024, 2, 29),
        language="ar",
        tags=("أدب", "b", "أدب"),
        metadata={"n": 1, "list": [1, None, {"x": "ي"}]},
    )

    def test_gives_back_the_whole_document(self, engine: Engine) -> None:
        put(engine, indexed(self.FULL), doc("2"))
        assert engine.fetch(["1", "2"]) == [self.FULL, Document(id="2")]

    def test_keeps_the_order_that_was_asked_for(self, engine: Engine) -> None:
        put(engine, doc("1"), doc("2"))
        put(engine, doc("3"))
        asked = ["3", "x", "1", "2", "", "1"]
        got = [document and document.id for document in engine.fetch(asked)]
        assert got == ["3", None, "1", "2", None, "1"]

    def test_of_nothing_is_nothing(self, engine: Engine) -> None:
        assert engine.fetch([]) == []

    def test_what_was_found_can_be_fetched_again_and_again(self, engine: Engine) -> None:
        put(engine, indexed(self.FULL))
        found = engine.search(KeywordTerm("id", "1"), 0, 10).page
        assert [engine.fetch([i for i, _ in found]) for _ in range(2)] == [[self.FULL]] * 2

    def test_without_bodies_all_else_is_there(self, engine: Engine) -> None:
        put(engine, indexed(self.FULL))
        for _ in range(2):
            engine.search(KeywordTerm("id", "1"), 0, 10)
            for _ in range(2):
                (fetched,) = engine.fetch(["1"], bodies=False)
                assert fetched is not None
                assert replace(fetched, body=self.FULL.body) == self.FULL
        assert engine.fetch(["1"]) == [self.FULL]

    def test_of_very_many_that_are_equally_good_gives_those_of_the_page(
        self, engine: Engine
    ) -> None:
        put(engine, *(doc(f"{number:03}", "same") for number in range(250)))
        page = engine.search(word("same", BOTH), 230, 5).page
        fetched = engine.fetch([document_id for document_id, _ in page])
        assert [document and document.id for document in fetched] == [
            f"{number}" for number in range(230, 235)
        ]

    def test_gives_the_newest_version(self, engine: Engine) -> None:
        put(engine, doc("1", "old"))
        put(engine, doc("1", "new"))
        assert engine.fetch(["1"]) == [Document(id="1", body="new")]

    def test_survives_merging(self, engine: Engine) -> None:
        put(engine, indexed(self.FULL))
        for number in range(12):
            put(engine, doc(f"other{number}", "x" * number))
        assert engine.fetch(["1"]) == [self.FULL]


class TestOddDocuments:
    def test_ids_may_hold_anything(self, engine: Engine) -> None:
        put(engine, *(doc(document_id, "same") for document_id in ODD_IDS[:5]))
        put(engine, *(doc(document_id, "same") for document_id in ODD_IDS[5:]))
        assert found(engine, word("same")) == sorted(ODD_IDS)
        assert [d.id for d in engine.fetch(ODD_IDS) if d] == list(ODD_IDS)
        for document_id in ODD_IDS:
            assert found(engine, KeywordTerm("id", document_id)) == [document_id]
        put(engine, delete=ODD_IDS)
        assert found(engine, AllDocs()) == []

    def test_an_id_is_compared_letter_by_letter(self, engine: Engine) -> None:
        put(engine, doc("Ab"), doc("ab"), doc("ab "), doc("a"))
        assert found(engine, KeywordTerm("id", "ab")) == ["ab"]

    def test_lone_surrogates_in_text_and_terms(self, engine: Engine) -> None:
        odd = f"{SURROGATE}x y\udfff"
        put(engine, doc("1", odd, title=odd, tags=(SURROGATE,), metadata={"k": SURROGATE}))
        put(engine, doc("2", "plain \U0010ffff"))
        assert found(engine, word(f"{SURROGATE}x", BOTH)) == ["1"]
        assert found(engine, phrase(f"{SURROGATE}x", "y\udfff")) == ["1"]
        assert found(engine, KeywordTerm("tag", SURROGATE)) == ["1"]
        (stored,) = engine.fetch(["1"])
        assert stored is not None
        assert (stored.body, stored.metadata) == (odd, {"k": SURROGATE})
        terms = [term for term, _ in engine.vocabulary("body", Tier.EXACT)]
        assert terms == ["plain", "y\udfff", f"{SURROGATE}x", "\U0010ffff"]

    def test_empty_documents_are_documents(self, engine: Engine) -> None:
        put(engine, doc("1"), doc("2", "a"), doc("3", title="a"))
        assert found(engine, AllDocs()) == ["1", "2", "3"]
        assert found(engine, word("a", BOTH)) == ["2", "3"]
        assert engine.score(word("a", BOTH), ["1", "2", "3"])[0] is None

    def test_an_index_of_empty_documents_alone(self, engine: Engine) -> None:
        put(engine, doc("1"))
        put(engine, doc("2"))
        assert found(engine, Bool(must_not=(word("a"),))) == ["1", "2"]
        assert found(engine, phrase("a")) == []

    def test_a_document_of_one_word_a_thousand_times(self, engine: Engine) -> None:
        put(engine, doc("1", "a " * 1000), doc("2", "a b"))
        assert found(engine, phrase("a", "a", "a")) == ["1"]
        assert engine.stats().tokens == {"title": 0, "body": 1002}

    def test_a_keyword_said_twice_counts_once(self, engine: Engine) -> None:
        put(engine, doc("1", tags=("x", "y", "x")), doc("2", tags=("y",)))
        assert found(engine, KeywordTerm("tag", "x")) == ["1"]
        assert found(engine, KeywordTerm("tag", "y")) == ["1", "2"]
        assert found(engine, KeywordTerm("tag", "")) == []

    def test_keyword_fields_do_not_mix(self, engine: Engine) -> None:
        put(engine, doc("1", tags=("ar",)), doc("2", language="ar"))
        assert found(engine, KeywordTerm("language", "ar")) == ["2"]


class TestVocabulary:
    def test_terms_come_in_code_point_order_with_their_documents(self, engine: Engine) -> None:
        put(engine, doc("1", "b a b"), doc("2", "أ b"))
        put(engine, doc("3", "😀 b Z"), doc("4", title="c"))
        expected = [("Z", 1), ("a", 1), ("b", 3), ("أ", 1), ("😀", 1)]
        assert list(engine.vocabulary("body", Tier.EXACT)) == expected

    def test_a_prefix_narrows_it(self, engine: Engine) -> None:
        put(engine, doc("1", "كتاب كتب كاتب مكتب كت"))
        put(engine, doc("2", "كتابة"))
        terms = [term for term, _ in engine.vocabulary("body", Tier.EXACT, "كت")]
        assert terms == ["كت", "كتاب", "كتابة", "كتب"]
        assert list(engine.vocabulary("body", Tier.EXACT, "ي")) == []
        assert list(engine.vocabulary("title", Tier.EXACT, "كت")) == []

    def test_capitals_and_signs_are_letters_like_all_others(self, engine: Engine) -> None:
        # Engines may keep terms in codes that take the place of others.
        put(engine, doc("1", "ي ءب AB !ي", title="ك# AB"), doc("2", "A یA ب"))
        expected = ["!ي", "A", "AB", "ءب", "ب", "ي", "یA"]
        assert [term for term, _ in engine.vocabulary("body", Tier.EXACT)] == expected
        assert [term for term, _ in engine.vocabulary("body", Tier.EXACT, "A")] == ["A", "AB"]
        assert list(engine.vocabulary("title", Tier.EXACT, "ك")) == [("ك#", 1)]
        assert found(engine, word("AB", BOTH)) == ["1"]
        assert found(engine, word("ب", BOTH)) == ["2"]
        assert found(engine, phrase("AB", "!ي")) == ["1"]

    def test_each_tier_has_its_own(self, engine: Engine) -> None:
        put(engine, doc("1", "Cars car"))
        found_terms = {tier: [term for term, _ in engine.vocabulary("body", tier)] for tier in Tier}
        assert found_terms == {
            Tier.EXACT: ["Cars", "car"],
            Tier.FOLDED: ["car", "cars"],
            Tier.STEM: ["car"],
            Tier.ROOT: ["c"],
        }

    def test_deleted_documents_do_not_count(self, engine: Engine) -> None:
        put(engine, doc("1", "a b"), doc("2", "b c"), doc("3", "c"), doc("4", "c"))
        put(engine, delete=["2"])
        expected = [("a", 1), ("b", 1), ("c", 2)]
        assert list(engine.vocabulary("body", Tier.EXACT)) == expected
        put(engine, doc("1", "b"))
        assert list(engine.vocabulary("body", Tier.EXACT)) == [("b", 1), ("c", 2)]
        assert list(engine.vocabulary("body", Tier.EXACT, "c")) == [("c", 2)]


class TestFrequency:
    def test_counts_documents_with_a_term_in_any_of_the_fields(self, engine: Engine) -> None:
        put(engine, doc("both", "a a", title="a"), doc("body", "a"), doc("no", "b"))
        put(engine, doc("title", title="a"), doc("more", "a b"))
        counts = [engine.frequency(fields, Tier.EXACT, "a") for fields in (BODY, TITLE, BOTH)]
        assert counts == [3, 2, 4]
        assert engine.frequency(BOTH, Tier.EXACT, "c") == 0

    def test_deleted_documents_do_not_count(self, engine: Engine) -> None:
        put(engine, doc("1", "a", title="a"), doc("2", "a"), doc("3", title="a"), doc("4", "b"))
        put(engine, doc("1", "b"), delete=["2"])
        counts = [engine.frequency(fields, Tier.EXACT, "a") for fields in (BODY, TITLE, BOTH)]
        assert counts == [0, 1, 1]


class TestStats:
    def test_counts_documents_and_tokens_without_deleted_ones(self, engine: Engine) -> None:
        put(engine, doc("1", "a b", "t"), doc("2", "a b c"), doc("3", "x"))
        put(engine, doc("3", "x y", "t u"), delete=["2"])
        stats = engine.stats()
        assert stats.documents == 2
        assert stats.tokens == {"title": 3, "body": 4}
        assert stats.bytes >= 0


class TestDates:
    @pytest.fixture
    def engine(self, engine: Engine) -> Engine:
        first, last = date.min, date.max
        put(engine, doc("none"), doc("first", date=first), doc("2020", date=date(2020, 1, 1)))
        put(engine, doc("2024", date=date(2024, 2, 29)), doc("last", date=last), doc("no"))
        put(engine, doc("undated"))
        return engine

    @pytest.mark.parametrize(
        ("low", "high", "ids"),
        [
            (None, None, ["2020", "2024", "first", "last"]),
            (date(2020, 1, 1), None, ["2020", "2024", "last"]),
            (date(2020, 1, 2), None, ["2024", "last"]),
            (None, date(2020, 1, 1), ["2020", "first"]),
            (None, date(2019, 12, 31), ["first"]),
            (date(2020, 1, 1), date(2024, 2, 29), ["2020", "2024"]),
            (date(2021, 1, 1), date(2020, 1, 1), []),
            (date.min, date.max, ["2020", "2024", "first", "last"]),
        ],
    )
    def test_both_ends_count_and_documents_without_a_date_never_match(
        self, engine: Engine, low: date | None, high: date | None, ids: list[str]
    ) -> None:
        assert found(engine, RangeTerm("date", low, high)) == ids

    def test_a_range_scores_nothing(self, engine: Engine) -> None:
        assert engine.score(RangeTerm("date", None, None), ["2020", "none"]) == [0.0, None]


class TestPhrases:
    TEXTS = (
        ("adjacent", "a b c"),
        ("gap", "a x b c"),
        ("wide", "a x x b"),
        ("turned", "b a"),
        ("twice", "a a"),
        ("often", "a b a b a b x"),
    )

    @pytest.fixture
    def engine(self, engine: Engine) -> Engine:
        put(engine, *(doc(document_id, body) for document_id, body in self.TEXTS))
        put(engine, doc("across", "b", title="a"), doc("title", "x", title="a b"))
        return engine

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            (phrase("a", "b"), {"adjacent", "often"}),
            (phrase("a", "b", slop=1), {"adjacent", "often", "gap"}),
            (phrase("a", "b", slop=2), {"adjacent", "often", "gap", "wide"}),
            (phrase("a", "b", "c", slop=1), {"adjacent", "gap"}),
            (phrase("b", "a"), {"turned", "often"}),
            (phrase("a", "a"), {"twice"}),
            (phrase("a", "a", slop=1), {"twice", "often"}),
            (phrase("a", "a", "a"), set()),
            (phrase("a|x", "b"), {"adjacent", "often", "gap", "wide"}),
            (phrase("a|b", "a|b"), {"adjacent", "often", "turned", "twice"}),
            (phrase("a", "unknown"), set()),
            (phrase("a", "unknown|b"), {"adjacent", "often"}),
            (phrase("a", "b", fields=BOTH), {"adjacent", "often", "title"}),
            (phrase("c"), {"adjacent", "gap"}),
        ],
    )
    def test_finds(self, engine: Engine, query: Phrase, ids: set[str]) -> None:
        assert set(found(engine, query)) == ids

    def test_the_more_often_the_better(self, engine: Engine) -> None:
        put(engine, doc("often", "a b a b"), doc("once", "a b x x"))
        assert found(engine, Bool(must=(phrase("a", "b"),)))[0] == "often"

    def test_works_on_every_tier_that_keeps_positions(self, engine: Engine) -> None:
        put(engine, doc("cars", "Red Cars"))
        for tier, terms in (
            (Tier.EXACT, ("Red", "Cars")),
            (Tier.FOLDED, ("red", "cars")),
            (Tier.STEM, ("red", "car")),
        ):
            query = Phrase(BODY, tier, tuple((term,) for term in terms))
            assert found(engine, query) == ["cars"]


def test_a_phrase_of_the_title_is_not_in_the_body_that_has_its_words_apart(engine: Engine) -> None:
    put(
        engine,
        doc("together", "x a b", title="a b"),
        doc("apart", "a x b", title="a b"),
        doc("turned", "b a", title="a b"),
        doc("one", "x a", title="a b"),
    )
    assert found(engine, phrase("a", "b")) == ["together"]
    assert set(found(engine, phrase("a", "b", slop=1))) == {"together", "apart"}


def test_a_word_said_twice_in_the_title_is_not_said_twice_in_the_body_for_that(
    engine: Engine,
) -> None:
    put(
        engine,
        doc("twice", "x a a", title="a a"),
        doc("apart", "a x a", title="a a"),
        doc("once", "x a", title="a a"),
    )
    assert found(engine, phrase("a", "a")) == ["twice"]


def test_a_phrase_in_the_body_is_found_where_the_title_has_it_in_other_words(
    engine: Engine,
) -> None:
    put(engine, doc("both", "x a b", title="c b"), doc("title", "x", title="c b"))
    assert found(engine, phrase("a|c", "b")) == ["both"]
    assert found(engine, phrase("a|c")) == ["both"]


class TestBool:
    A, B, C = word("a"), word("b"), word("c")

    @pytest.fixture
    def engine(self, engine: Engine) -> Engine:
        put(engine, doc("a", "a"), doc("ab", "a b"), doc("b", "b"))
        put(engine, doc("abc", "a b c"), doc("none", "x"))
        return engine

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            (Bool(), {"a", "ab", "b", "abc", "none"}),
            (Bool(should=(A, B)), {"a", "ab", "b", "abc"}),
            (Bool(should=(NoDocs(),)), set()),
            (Bool(must=(A, B)), {"ab", "abc"}),
            (Bool(must=(A,), should=(C,)), {"a", "ab", "abc"}),
            (Bool(must=(A,), must_not=(C,)), {"a", "ab"}),
            (Bool(should=(A, C), must_not=(B,)), {"a"}),
            (Bool(must_not=(A,)), {"b", "none"}),
            (Bool(must_not=(AllDocs(),)), set()),
            (Bool(must=(AllDocs(),), must_not=(NoDocs(),)), {"a", "ab", "b", "abc", "none"}),
            (Bool(must=(NoDocs(),), should=(A,)), set()),
            (Bool(should=(Bool(should=(C,)), Bool(must=(B,), must_not=(A,)))), {"abc", "b"}),
            (Bool(should=(Bool(must_not=(B,)), C)), {"a", "none", "abc"}),
            (Bool(must=(Bool(should=(A, B)), C)), {"abc"}),
            (Bool(should=(Bool(),)), {"a", "ab", "b", "abc", "none"}),
        ],
    )
    def test_finds(self, engine: Engine, query: Bool, ids: set[str]) -> None:
        assert set(found(engine, query)) == ids

    def test_scores_add_up_over_all_that_matches(self, engine: Engine) -> None:
        query = Bool(should=(self.A, self.C), must=(self.B,), must_not=(word("x"),))
        (whole,) = engine.score(query, ["abc"])
        parts = [engine.score(leaf, ["abc"])[0] for leaf in (self.A, self.B, self.C)]
        assert whole == pytest.approx(sum(part for part in parts if part is not None), abs=1e-5)

    def test_the_same_word_twice_counts_twice(self, engine: Engine) -> None:
        once, twice = (engine.score(Bool(should=(self.A,) * n), ["a"])[0] for n in (1, 2))
        assert once is not None
        assert twice == pytest.approx(2 * once, abs=1e-5)


class TestScores:
    def test_are_none_where_a_document_does_not_match_or_is_unknown(self, engine: Engine) -> None:
        put(engine, doc("1", "a"))
        put(engine, doc("2", "b"), doc("3", "a b"))
        scores = engine.score(word("a"), ["2", "3", "?", "1", "3"])
        assert [score is None for score in scores] == [True, False, True, False, False]
        assert scores[1] == scores[4]
        assert engine.score(word("a"), []) == []

    def test_are_those_of_a_search(self, engine: Engine) -> None:
        put(engine, *(doc(str(n), "a " * n + "b") for n in range(5)))
        hits = engine.search(word("a"), 0, 10)
        ids = [document_id for document_id, _ in hits.page]
        assert engine.score(word("a"), ids) == [score for _, score in hits.page]

    def test_a_weight_of_zero_matches_and_scores_nothing(self, engine: Engine) -> None:
        put(engine, doc("2", "a a"), doc("1", "a b"), doc("3", "b"))
        assert engine.search(word("a", weight=0.0), 0, 10).page == (("1", 0.0), ("2", 0.0))
        quiet = Bool(should=(word("a", weight=0.0), word("b")))
        assert set(found(engine, quiet)) == {"1", "2", "3"}

    def test_a_weight_multiplies(self, engine: Engine) -> None:
        put(engine, doc("1", "a"), doc("2", "b"))
        one, three = (engine.score(word("a", weight=w), ["1"])[0] for w in (1.0, 3.0))
        assert one is not None
        assert three == pytest.approx(3 * one, abs=1e-5)

    def test_a_rare_word_is_worth_more(self, engine: Engine) -> None:
        put(engine, doc("1", "rare x"), doc("2", "common x"), doc("3", "common y"))
        query = Bool(should=(word("rare"), word("common")))
        assert found(engine, query)[0] == "1"

    def test_a_word_in_a_short_text_is_worth_more(self, engine: Engine) -> None:
        put(engine, doc("long", "a x x x x"), doc("short", "a x"))
        assert found(engine, word("a")) == ["short", "long"]

    def test_several_fields_count_as_one(self, engine: Engine) -> None:
        put(
            engine, doc("both", "a x", "a x"), doc("body", "a x x", "x"), doc("title", "x x", "a x")
        )
        assert found(engine, word("a", BOTH)) == ["both", "body", "title"]

    def test_do_not_depend_on_deleted_documents(self, engine: Engine, name: str) -> None:
        texts = [doc(str(n), f"a w{n} x" + " y" * n) for n in range(4)]
        put(engine, *texts, *(doc(f"gone{n}", "a a a x z") for n in range(3)))
        put(engine, delete=[f"gone{n}" for n in range(3)])
        with tempfile.TemporaryDirectory() as folder:
            fresh = factory(name)(Path(folder), DEFAULT_SCHEMA)
            put(fresh, *texts)
            query = Bool(should=(word("a"), phrase("a", "w2")))
            ids = found(fresh, query)
            assert found(engine, query) == ids
            if name not in (REFERENCE, *SAME_SCORES):
                pytest.skip("counts deleted documents until their segment is merged")
            assert engine.score(query, ids) == pytest.approx(fresh.score(query, ids), abs=1e-5)
            fresh.close()


class TestOnDisk:
    def test_another_engine_sees_a_commit_when_it_refreshes(
        self, reopen: Callable[[], Engine]
    ) -> None:
        writing, reading = reopen(), reopen()
        put(writing, doc("1", "a"))
        assert found(reading, AllDocs()) == []
        reading.refresh()
        assert found(reading, AllDocs()) == ["1"]
        put(writing, doc("2", "a"), delete=["1"])
        assert found(reading, word("a")) == ["1"]
        assert reading.fetch(["1", "2"]) == [Document(id="1", body="a"), None]
        reading.refresh()
        assert found(reading, word("a")) == ["2"]

    def test_a_closed_index_can_be_opened_again(self, reopen: Callable[[], Engine]) -> None:
        engine = reopen()
        put(engine, doc("1", "a b", tags=("t",), date=date(2020, 1, 1)))
        engine.close()
        engine = reopen()
        assert found(engine, phrase("a", "b")) == ["1"]
        put(engine, doc("2", "a b"))
        assert found(engine, phrase("a", "b")) == ["1", "2"]
        assert engine.stats().bytes > 0

    def test_a_reader_goes_on_after_merging_removed_its_files(
        self, reopen: Callable[[], Engine]
    ) -> None:
        writing = reopen()
        for number in range(5):
            put(writing, doc(f"{number}", f"a w{number}", date=date(2020, 1, 1)))
        reading = reopen()
        for _ in range(3):
            for number in range(5):
                put(writing, doc(f"{number}", f"b new{number}"))
        ids = [str(number) for number in range(5)]
        assert found(reading, word("a")) == found(reading, AllDocs()) == ids
        assert found(reading, RangeTerm("date", None, None)) == ids
        assert reading.fetch(["3"]) == [Document(id="3", body="a w3", date=date(2020, 1, 1))]
        assert dict(reading.vocabulary("body", Tier.EXACT, "w3")) == {"w3": 1}
        assert reading.stats().documents == 5
        reading.refresh()
        assert found(reading, word("b")) == ids
        assert found(reading, word("a")) == []

    def test_two_directories_are_two_indexes(self, name: str, tmp_path: Path) -> None:
        one, two = (factory(name)(tmp_path / folder, DEFAULT_SCHEMA) for folder in "ab")
        first, second = one.writer(), two.writer()
        first.add(doc("1", "a"))
        second.add(doc("2", "a"))
        first.commit()
        second.commit()
        assert found(one, word("a")) == ["1"]
        assert found(two, word("a")) == ["2"]

    def test_an_index_in_a_folder_that_is_not_there_yet(self, name: str, tmp_path: Path) -> None:
        engine = factory(name)(tmp_path / "a" / "تجربة", DEFAULT_SCHEMA)
        put(engine, doc("1", "a"))
        assert found(engine, word("a")) == ["1"]


@pytest.fixture
def restless() -> Iterator[None]:
    """Let threads take turns so often that what can be interrupted is."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run ``work`` in threads; raise the first error that any of them raised."""
    errors: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


class TestThreads:
    def test_searches_go_on_while_commits_happen(self, reopen: Callable[[], Engine]) -> None:
        engine = reopen()
        put(engine, *(doc(str(n), "all v0") for n in range(10)))
        done = threading.Event()

        def work(number: int) -> None:
            if number == 0:
                try:
                    for version in range(1, 25):
                        put(engine, *(doc(str(n), f"all v{version}") for n in range(10)))
                finally:
                    done.set()
                return
            while not done.is_set():
                # Each search sees one commit, whole.
                assert len(found(engine, word("all"))) == 10
                versions = Bool(should=tuple(word(f"v{v}") for v in range(25)))
                assert len(found(engine, versions)) == 10
                scores = {score for _, score in engine.search(versions, 0, 10).page}
                assert len(scores) == 1
                assert all(engine.fetch([str(n) for n in range(10)]))
                assert sum(df for _, df in engine.vocabulary("body", Tier.EXACT, "v")) == 10

        in_threads(5, work)
        assert found(engine, word("v24")) == sorted(map(str, range(10)))

    @pytest.mark.usefixtures("restless")
    def test_documents_fetched_at_the_same_time_do_not_mix(
        self, reopen: Callable[[], Engine]
    ) -> None:
        engine = reopen()
        bodies = {str(n): f"{n} " * (50 + n * 37 % 400) for n in range(200)}
        put(engine, *(doc(i, body) for i, body in bodies.items()))

        def work(number: int) -> None:
            ids = list(bodies)[number:] + list(bodies)[:number]
            for document in engine.fetch(ids * 3):
                assert document is not None
                assert document.body == bodies[document.id]

        in_threads(8, work)


def has_clear_order(query: Node, history: Sequence[tuple[Sequence[Document | str], str]]) -> bool:
    """Whether any BM25 gives this order: one leaf, counted in one way, and nothing ever deleted.

    Deleted documents may count in how rare a word is until an engine merges them away.
    """
    done = [change for changed, end in history if end == "commit" for change in changed]
    ids = [change if isinstance(change, str) else change.id for change in done]
    scoring = list(leaves(query, scoring=True))
    return len(set(ids)) == len(ids) and len(scoring) == 1 and not _counted_in_ways(scoring[0])


def _counted_in_ways(leaf: Node) -> bool:
    """Whether an engine may count a phrase as several: in each field, for each slot's terms."""
    several = isinstance(leaf, Phrase) and (
        leaf.slop or len(leaf.fields) > 1 or any(len(slot) > 1 for slot in leaf.slots)
    )
    return bool(several)


def assert_agree(
    engine: Engine, reference: Engine, query: Node, *, same_scores: bool, same_order: bool
) -> None:
    expected = dict(reference.search(query, 0, 100).page)
    hits = engine.search(query, 0, 100)
    ids = [document_id for document_id, _ in hits.page]
    scores = [score for _, score in hits.page]
    assert hits.total == len(expected)
    assert set(ids) == set(expected)
    assert list(hits.page) == sorted(hits.page, key=lambda hit: (-hit[1], hit[0]))
    if same_scores:
        assert scores == pytest.approx([expected[i] for i in ids], abs=2e-6)
    if same_scores or same_order:
        theirs = [expected[document_id] for document_id in ids]
        assert all(theirs[i] > theirs[i + 1] - 1e-5 for i in range(len(theirs) - 1))
    assert engine.score(query, IDS) == [dict(hits.page).get(i) for i in IDS]
    for offset, limit in ((0, 1), (1, 2), (2, 100)):
        page = engine.search(query, offset, limit)
        assert page.page == hits.page[offset : offset + limit]


def assert_hold_the_same(engine: Engine, reference: Engine) -> None:
    assert engine.fetch(IDS) == reference.fetch(IDS)
    ours, theirs = engine.stats(), reference.stats()
    assert (ours.documents, ours.tokens) == (theirs.documents, theirs.tokens)
    for field in BOTH:
        for tier in Tier:
            for prefix in ("", "b", "كت"):
                terms_of = [list(e.vocabulary(field, tier, prefix)) for e in (engine, reference)]
                assert terms_of[0] == terms_of[1]
            for term in (*dict(reference.vocabulary(field, tier)), "unknown"):
                for fields in (TITLE, BODY, BOTH):
                    counts = [e.frequency(fields, tier, term) for e in (engine, reference)]
                    assert counts[0] == counts[1]


@pytest.mark.parametrize("disk_engine", ON_DISK)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=transactions, asked=st.lists(queries, min_size=1, max_size=8))
def test_engines_agree_with_the_reference(
    disk_engine: str,
    history: list[tuple[list[Document | str], str]],
    asked: list[Node],
) -> None:
    reference = factory(REFERENCE)(Path(), DEFAULT_SCHEMA)
    same = disk_engine in SAME_SCORES
    with tempfile.TemporaryDirectory() as folder:
        engine = factory(disk_engine)(Path(folder), DEFAULT_SCHEMA)
        for changed, end in history:
            apply((reference, engine), changed, end)
            for query in asked[:2]:
                clear = has_clear_order(query, history)
                assert_agree(engine, reference, query, same_scores=same, same_order=clear)
        reopened = factory(disk_engine)(Path(folder), DEFAULT_SCHEMA)
        for one in (engine, reopened):
            assert_hold_the_same(one, reference)
            for query in asked:
                clear = has_clear_order(query, history)
                assert_agree(one, reference, query, same_scores=same, same_order=clear)
            one.close()
