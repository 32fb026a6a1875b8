"""What every engine promises beside matching: sorting, counting values, giving everything back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_service.engines.port import Engine, Hits, Sort
from search_service.query.resolved import AllDocs, Bool, KeywordTerm, Node, to_json
from search_service.schema import DEFAULT_SCHEMA, Document
from tests.engines.contract import (
    ODD_IDS,
    ON_DISK,
    REFERENCE,
    SURROGATE,
    TAGS,
    apply,
    doc,
    factory,
    found,
    put,
    queries,
    ranges,
    transactions,
    word,
)

NEWEST, OLDEST = Sort("date", descending=True), Sort("date")


def ids(hits: Hits) -> list[str]:
    return [document_id for document_id, _ in hits.page]


def in_order(engine: Engine, query: Node, sort: Sort) -> list[str]:
    return ids(engine.search(query, 0, 1000, sort))


class TestSort:
    @pytest.fixture
    def engine(self, engine: Engine) -> Engine:
        """Three segments, ids and scores against the order of days, and some that are gone."""
        first, second, third = date(1999, 12, 31), date(2000, 1, 1), date(2024, 2, 29)
        put(engine, doc("m", "a", date=second), doc("z", "a", date=first), doc("gone", "a"))
        put(engine, doc("undated", "a a"), doc("best", "a a", date=second), doc("x", "b"))
        put(engine, doc("b", "a", date=third), doc("also undated", "a"), delete=["gone"])
        put(engine, doc("z", "a", date=first), doc("c", "a", date=second))
        return engine

    def test_by_date_has_the_newest_first_and_documents_without_a_date_last(
        self, engine: Engine
    ) -> None:
        expected = ["b", "best", "c", "m", "z", "undated", "also undated"]
        assert in_order(engine, word("a"), NEWEST) == expected

    def test_by_rising_date_has_documents_without_a_date_last_too(self, engine: Engine) -> None:
        expected = ["z", "best", "c", "m", "b", "undated", "also undated"]
        assert in_order(engine, word("a"), OLDEST) == expected

    def test_by_id(self, engine: Engine) -> None:
        rising = ["also undated", "b", "best", "c", "m", "undated", "z"]
        assert in_order(engine, word("a"), Sort("id")) == rising
        assert in_order(engine, word("a"), Sort("id", descending=True)) == rising[::-1]

    def test_an_id_sorts_by_its_code_points(self, engine: Engine) -> None:
        put(engine, *(doc(document_id, "odd") for document_id in ODD_IDS[::2]))
        put(engine, *(doc(document_id, "odd") for document_id in ODD_IDS[1::2]))
        assert in_order(engine, word("odd"), Sort("id")) == sorted(ODD_IDS)
        assert in_order(engine, word("odd"), Sort("id", True)) == sorted(ODD_IDS, reverse=True)

    def test_the_first_and_the_last_day_of_all_are_days(self, engine: Engine) -> None:
        put(engine, doc("dawn", "c", date=date.min), doc("dusk", "c", date=date.max))
        put(engine, doc("never", "c"))
        assert in_order(engine, word("c"), OLDEST) == ["dawn", "dusk", "never"]
        assert in_order(engine, word("c"), NEWEST) == ["dusk", "dawn", "never"]

    @pytest.mark.parametrize("sort", [NEWEST, OLDEST, Sort("id"), Sort("id", descending=True)])
    def test_pages_are_slices_and_scores_stay(self, engine: Engine, sort: Sort) -> None:
        by_score = engine.search(word("a"), 0, 100)
        whole = engine.search(word("a"), 0, 100, sort)
        assert sorted(whole.page) == sorted(by_score.page)
        for offset, limit in ((0, 1), (0, 3), (2, 2), (5, 10), (7, 1), (1000, 5), (0, 0), (3, 0)):
            hits = engine.search(word("a"), offset, limit, sort)
            assert hits.page == whole.page[offset : offset + limit]
            assert hits.total == by_score.total == 7

    @pytest.mark.parametrize("field", ["tag", "body", "nothing", ""])
    def test_by_a_field_that_has_no_order_is_an_error_that_names_it(
        self, engine: Engine, field: str
    ) -> None:
        with pytest.raises(ValueError, match=f"'{field}'.*there are: date, id"):
            engine.search(word("a"), 0, 10, Sort(field))


class TestFacets:
    FIELDS = ("tag", "language", "date")

    @pytest.fixture
    def engine(self, engine: Engine) -> Engine:
        put(
            engine,
            doc("1", "a", tags=("x", "أدب"), language="ar", date=date(2020, 1, 1)),
            doc("2", "a b", tags=("x",), language="en", date=date(2020, 12, 31)),
            doc("gone", "a", tags=("x", "gone"), language="fr", date=date(2023, 5, 5)),
        )
        put(engine, doc("3", "a", tags=("أدب",), date=date(2021, 1, 1)), doc("4", "b"))
        put(engine, doc("5", "a", language="ar"), delete=["gone"])
        return engine

    def test_are_counted_over_all_that_matches(self, engine: Engine) -> None:
        assert engine.search(word("a"), 0, 10, facets=self.FIELDS).facets == {
            "tag": {"x": 2, "أدب": 2},
            "language": {"ar": 2, "en": 1},
            "date": {"2020": 2, "2021": 1},
        }

    @pytest.mark.parametrize("sort", [None, NEWEST, Sort("id")])
    @pytest.mark.parametrize(("offset", "limit"), [(0, 0), (0, 1), (2, 1), (50, 10)])
    def test_do_not_depend_on_page_or_order(
        self, engine: Engine, offset: int, limit: int, sort: Sort | None
    ) -> None:
        whole = engine.search(word("a"), 0, 100, facets=self.FIELDS)
        assert engine.search(word("a"), offset, limit, sort, self.FIELDS).facets == whole.facets

    def test_leave_the_page_and_the_total_alone(self, engine: Engine) -> None:
        plain, counted = (engine.search(word("a"), 1, 2, facets=f) for f in ((), self.FIELDS))
        assert (plain.total, plain.page) == (counted.total, counted.page)
        assert plain.facets == {}

    def test_of_every_document(self, engine: Engine) -> None:
        facets = engine.search(AllDocs(), 0, 0, facets=("tag", "date")).facets
        assert facets == {"tag": {"x": 2, "أدب": 2}, "date": {"2020": 2, "2021": 1}}

    def test_of_nothing_found_are_empty(self, engine: Engine) -> None:
        facets = engine.search(word("unknown"), 0, 10, facets=("tag", "date")).facets
        assert facets == {"tag": {}, "date": {}}

    def test_follow_a_document_that_is_replaced(self, engine: Engine) -> None:
        engine.search(word("a"), 0, 0, facets=self.FIELDS)
        put(engine, doc("1", "a", tags=("new",), date=date(1987, 6, 5)))
        facets = engine.search(word("a"), 0, 0, facets=("tag", "date")).facets
        assert facets["tag"] == {"new": 1, "x": 1, "أدب": 1}
        assert facets["date"] == {"1987": 1, "2020": 1, "2021": 1}

    def test_a_value_said_twice_counts_once(self, engine: Engine) -> None:
        put(engine, doc("twice", "c", tags=("t", "u", "t")))
        assert engine.search(word("c"), 0, 0, facets=("tag",)).facets == {"tag": {"t": 1, "u": 1}}

    def test_years_have_four_digits_as_in_queries(self, engine: Engine) -> None:
        put(engine, doc("first", "c", date=date.min), doc("last", "c", date=date.max))
        put(
            engine,
            doc("hijri", "c", date=date(622, 7, 16)),
            doc("epoch", "c", date=date(1970, 1, 1)),
        )
        put(engine, doc("before", "c", date=date(1969, 12, 31)))
        (years,) = engine.search(word("c"), 0, 0, facets=("date",)).facets.values()
        assert years == dict.fromkeys(("0001", "0622", "1969", "1970", "9999"), 1)

    def test_many_values_of_one_document(self, engine: Engine) -> None:
        tags = tuple(f"t{number}" for number in range(300))
        put(engine, doc("many", "c", tags=tags), doc("few", "c", tags=tags[:2]))
        (counts,) = engine.search(word("c"), 0, 0, facets=("tag",)).facets.values()
        assert counts == dict.fromkeys(tags, 1) | dict.fromkeys(tags[:2], 2)

    @pytest.mark.parametrize("field", ["id", "body", "nothing", ""])
    def test_of_a_field_without_values_to_count_are_an_error_that_names_it(
        self, engine: Engine, field: str
    ) -> None:
        with pytest.raises(ValueError, match=f"'{field}'.*there are: tag, language"):
            engine.search(word("a"), 0, 10, facets=("tag", field))


class TestEmptyIndex:
    def test_has_no_order_and_no_values(self, engine: Engine) -> None:
        hits = engine.search(AllDocs(), 0, 10, NEWEST, ("tag", "date"))
        assert hits == Hits(0, (), {"tag": {}, "date": {}})
        assert list(engine.all_documents()) == []
        assert list(engine.vocabulary("tag", None)) == []

    def test_still_names_fields_that_cannot_serve(self, engine: Engine) -> None:
        with pytest.raises(ValueError, match="'body'"):
            engine.search(AllDocs(), 0, 10, Sort("body"))
        with pytest.raises(ValueError, match="'body'"):
            engine.search(AllDocs(), 0, 10, facets=("body",))
        with pytest.raises(ValueError, match="'body'"):
            list(engine.vocabulary("body", None))


class TestKeywordWeights:
    @pytest.fixture
    def engine(self, engine: Engine) -> Engine:
        put(engine, doc("1", "a", tags=("t",)), doc("2", "a a"), doc("3", "b", tags=("t",)))
        put(engine, doc("4", "a b", tags=("t", "u")))
        return engine

    def test_a_keyword_scores_its_weight_and_no_rarity(self, engine: Engine) -> None:
        hits = engine.search(KeywordTerm("tag", "t", 1.5), 0, 10)
        assert hits.page == (("1", 1.5), ("3", 1.5), ("4", 1.5))
        assert engine.search(KeywordTerm("id", "3", 0.25), 0, 10).page == (("3", 0.25),)

    def test_a_weight_is_added_to_the_score_of_words(self, engine: Engine) -> None:
        bare, more = (
            engine.score(Bool(should=(word("a"), KeywordTerm("tag", "t", w))), ["1", "2", "4"])
            for w in (0.0, 2.0)
        )
        gained = [b - a for a, b in zip(bare, more, strict=True) if a is not None and b is not None]
        assert gained == pytest.approx([2.0, 0.0, 2.0], abs=1e-5)

    def test_without_a_weight_a_keyword_is_a_filter(self, engine: Engine) -> None:
        narrowed = engine.search(Bool(must=(word("a"), KeywordTerm("tag", "t"))), 0, 10).page
        every = dict(engine.search(word("a"), 0, 10).page)
        assert dict(narrowed) == {i: every[i] for i in ("1", "4")}

    def test_a_weight_below_must_not_scores_nothing(self, engine: Engine) -> None:
        query = Bool(must=(word("a"),), must_not=(KeywordTerm("tag", "t", 5.0),))
        assert engine.search(query, 0, 10).page == (("2", engine.score(word("a"), ["2"])[0]),)

    def test_a_weight_is_told(self) -> None:
        expected = {"type": "KeywordTerm", "field": "tag", "value": "t", "weight": 0.5}
        assert to_json(KeywordTerm("tag", "t", 0.5)) == expected


class TestKeywordVocabulary:
    def test_terms_come_in_code_point_order_with_their_documents(self, engine: Engine) -> None:
        put(engine, doc("1", tags=("b", "أدب", "b")), doc("2", tags=("Z",), language="ar"))
        put(engine, doc("3", tags=("b", SURROGATE)), doc("4", "word"))
        expected = [("Z", 1), ("b", 2), ("أدب", 1), (SURROGATE, 1)]
        assert list(engine.vocabulary("tag", None)) == expected
        assert list(engine.vocabulary("language", None)) == [("ar", 1)]

    def test_a_prefix_narrows_it(self, engine: Engine) -> None:
        put(engine, doc("1", tags=("علوم", "علم", "عرب", "فلك")))
        assert list(engine.vocabulary("tag", None, "عل")) == [("علم", 1), ("علوم", 1)]
        assert list(engine.vocabulary("tag", None, "ي")) == []

    def test_deleted_documents_do_not_count(self, engine: Engine) -> None:
        put(engine, doc("1", tags=("a", "b")), doc("2", tags=("b", "c")))
        put(engine, delete=["1"])
        assert list(engine.vocabulary("tag", None)) == [("b", 1), ("c", 1)]

    @pytest.mark.parametrize("field", ["body", "id", "date", "nothing"])
    def test_of_a_field_without_keywords_is_an_error_that_names_it(
        self, engine: Engine, field: str
    ) -> None:
        put(engine, doc("1", "a"))
        with pytest.raises(ValueError, match=f"'{field}'.*there are: tag, language"):
            list(engine.vocabulary(field, None))


class TestAllDocuments:
    def test_are_the_stored_documents_without_deleted_ones(self, engine: Engine) -> None:
        full = Document("1", "عنوان", "نص", "u", date(2024, 2, 29), "ar", ("ت",), {"n": [1, None]})
        put(engine, doc("2", "old"), doc("3", "gone"))
        put(engine, doc("2", "new"), doc(SURROGATE), delete=["3"])
        writer = engine.writer()
        writer.add(doc("1", full.body, full.title, **_rest(full)))
        writer.commit()
        expected = [full, Document(id="2", body="new"), Document(id=SURROGATE)]
        assert sorted(engine.all_documents(), key=lambda document: document.id) == expected

    def test_are_those_of_one_commit(self, reopen: Callable[[], Engine]) -> None:
        engine = reopen()
        put(engine, *(doc(str(number), "old") for number in range(5)))
        reading = engine.all_documents()
        first = next(reading)
        for _ in range(12):
            put(engine, *(doc(str(number), "new") for number in range(7)), delete=["3"])
        got = [first, *reading]
        assert sorted(document.id for document in got) == list("01234")
        assert {document.body for document in got} == {"old"}
        assert sorted(document.id for document in engine.all_documents()) == list("012456")

    def test_a_second_reading_begins_anew(self, engine: Engine) -> None:
        put(engine, doc("1"), doc("2"))
        half = engine.all_documents()
        next(half)
        assert len(list(engine.all_documents())) == 2
        assert len(list(half)) == 1


def _rest(document: Document) -> dict[str, object]:
    names = ("url", "date", "language", "tags", "metadata")
    return {name: getattr(document, name) for name in names}


FACETS = ("tag", "language", "date")
sorts = st.builds(Sort, st.sampled_from(("date", "id")), st.booleans())
filters: st.SearchStrategy[Node] = ranges | st.builds(
    KeywordTerm, st.just("tag"), st.sampled_from((*TAGS, "?"))
)


def assert_sorted(engine: Engine, query: Node, sort: Sort) -> None:
    """By the engine's own scores, which may differ from another's, and the stored days."""
    page = engine.search(query, 0, 100).page
    days = {d.id: d.date for d in engine.fetch([i for i, _ in page]) if d}
    dated = sorted((h for h in page if days[h[0]]), key=_day_of(days), reverse=sort.descending)
    expected = dated + [hit for hit in page if not days[hit[0]]]
    if sort.field == "id":
        expected = sorted(page, reverse=sort.descending)
    for offset, limit in ((0, 100), (0, 1), (1, 2), (3, 100)):
        slice_ = engine.search(query, offset, limit, sort).page
        assert slice_ == tuple(expected[offset : offset + limit])


def _day_of(days: dict[str, date | None]) -> Callable[[tuple[str, float]], date]:
    return lambda hit: days[hit[0]] or date.min


def assert_filter_keeps_scores(engine: Engine, query: Node, condition: Node) -> None:
    narrowed = dict(engine.search(Bool(must=(query, condition)), 0, 100).page)
    every = dict(engine.search(query, 0, 100).page)
    assert set(narrowed) == set(every) & set(found(engine, condition))
    assert narrowed == pytest.approx({i: every[i] for i in narrowed}, abs=2e-6)


def assert_same(engine: Engine, reference: Engine) -> None:
    for field in ("tag", "language"):
        for prefix in ("", "أ"):
            ours, theirs = (list(e.vocabulary(field, None, prefix)) for e in (engine, reference))
            assert ours == theirs
    stored, known = (sorted(e.all_documents(), key=lambda d: d.id) for e in (engine, reference))
    assert stored == known


@pytest.mark.parametrize("disk_engine", ON_DISK)
@settings(max_examples=80, deadline=None)
@given(
    history=transactions,
    asked=st.lists(st.tuples(queries, sorts, filters), min_size=1, max_size=5),
)
def test_engines_sort_and_count_as_the_reference(
    disk_engine: str,
    history: list[tuple[list[Document | str], str]],
    asked: list[tuple[Node, Sort, Node]],
) -> None:
    reference = factory(REFERENCE)(Path(), DEFAULT_SCHEMA)
    with tempfile.TemporaryDirectory() as folder:
        engine = factory(disk_engine)(Path(folder), DEFAULT_SCHEMA)
        for changed, end in history:
            apply((reference, engine), changed, end)
            for query, sort, condition in asked:
                ours, theirs = (
                    e.search(query, 1, 1, sort, FACETS).facets for e in (engine, reference)
                )
                assert ours == theirs
                for one in (engine, reference):
                    assert_sorted(one, query, sort)
                    assert_filter_keeps_scores(one, query, condition)
            assert_same(engine, reference)
        engine.close()
