"""What is the tantivy engine's own: its files, its writer, its strings and its phrases."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("tantivy")

from search_service import id_filter
from search_service.engines import load_engine, memory, tantivy, tantivy_texts
from search_service.engines.port import IndexedDocument
from search_service.engines.tantivy import TantivyEngine, open_engine
from search_service.engines.tantivy_errors import failures
from search_service.engines.tantivy_fields import (
    ELSEWHERE,
    FILLER,
    key,
    original,
    pieces,
    storable,
)
from search_service.engines.tantivy_queries import _affordable, _pair, _places
from search_service.engines.tantivy_snapshot import _joined
from search_service.engines.tantivy_texts import SharedTerms
from search_service.errors import EngineError, EngineUnavailable, IndexLocked
from search_service.query.resolved import AllDocs, Bool, Node, Phrase, Term
from search_service.schema import DEFAULT_SCHEMA, Tier
from tests.engines.contract import BODY, ODD_IDS, doc, found, phrase, put, word

ODD = "\ud7ff\ud800\udfff\ue000\ue001\uf000\U0010ffff"
# Some are parts of others, and of two words side by side.
WORDS = ("ab", "b", "a", "bb", "abb", "aB", "B")
odd_texts = st.text(st.sampled_from(ODD) | st.characters())


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    opened = open_engine(tmp_path, DEFAULT_SCHEMA)
    yield opened
    opened.close()


def segment_files(folder: Path) -> set[str]:
    """Names of files that hold documents, without their endings."""
    return {path.name.split(".")[0] for path in folder.iterdir() if len(path.stem) >= 32}


def listed(folder: Path) -> set[str]:
    described = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return {segment["segment_id"].replace("-", "") for segment in described["segments"]}


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow beyond 4 kB: writing then fails as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class TestFiles:
    def test_of_earlier_commits_are_removed(self, engine: TantivyEngine, tmp_path: Path) -> None:
        for number in range(25):
            put(engine, doc(str(number % 4), f"a w{number}"))
        assert segment_files(tmp_path) == listed(tmp_path)
        assert len(listed(tmp_path)) <= 4
        assert found(engine, word("a")) == ["0", "1", "2", "3"]

    def test_of_a_rollback_are_removed_by_the_next_commit(
        self, engine: TantivyEngine, tmp_path: Path
    ) -> None:
        put(engine, doc("1", "a"))
        before = (tmp_path / "meta.json").read_bytes()
        writer = engine.writer()
        writer.add(doc("2", "a"))
        writer.rollback()
        assert (tmp_path / "meta.json").read_bytes() == before
        put(engine, doc("3", "a"))
        assert segment_files(tmp_path) == listed(tmp_path)
        assert found(engine, word("a")) == ["1", "3"]

    def test_are_looked_at_again_only_after_a_commit(self, engine: TantivyEngine) -> None:
        put(engine, doc("1", "a"))
        before = engine._snapshot
        engine.refresh()
        assert engine._snapshot is before
        put(engine, doc("2", "a"))
        assert engine._snapshot is not before


class TestFullDisk:
    def test_leaves_the_last_commit_and_says_so(
        self, engine: TantivyEngine, tmp_path: Path
    ) -> None:
        put(engine, doc("1", "old"))
        writer = engine.writer()
        writer.add(doc("2", " ".join(f"word{number}" for number in range(5000))))
        with full_disk(), pytest.raises(EngineError, match="the index is as it was before"):
            writer.commit()
        assert found(engine, AllDocs()) == ["1"]
        reopened = open_engine(tmp_path, DEFAULT_SCHEMA)
        assert found(reopened, word("old")) == ["1"]
        put(reopened, doc("3", "new"))
        assert found(reopened, AllDocs()) == ["1", "3"]
        assert segment_files(tmp_path) == listed(tmp_path)


class TestPacking:
    def test_is_of_a_few_documents_at_a_time(self, engine: TantivyEngine, tmp_path: Path) -> None:
        put(engine, *(doc(str(number), "word " * 100) for number in range(30)))
        described = json.loads((tmp_path / "meta.json").read_text(encoding="utf-8"))
        assert described["index_settings"]["docstore_blocksize"] == 1024
        assert len(found(engine, AllDocs())) == 30

    def test_of_an_index_that_is_there_stays_as_it_is(self, tmp_path: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tantivy, "_BLOCK", 4096)
            put(open_engine(tmp_path, DEFAULT_SCHEMA), doc("1", "old"))
        reopened = open_engine(tmp_path, DEFAULT_SCHEMA)
        put(reopened, doc("2", "new"))
        described = json.loads((tmp_path / "meta.json").read_text(encoding="utf-8"))
        assert described["index_settings"]["docstore_blocksize"] == 4096
        assert found(reopened, AllDocs()) == ["1", "2"]


class TestSharedTerms:
    @pytest.mark.parametrize("much", [0, 1_000_000])
    @given(st.lists(st.sampled_from(WORDS)), st.lists(st.sampled_from(WORDS)))
    def test_stand_at_their_places_where_a_phrase_may_be_in_both_texts(
        self, much: int, short: list[str], long: list[str]
    ) -> None:
        shared = SharedTerms()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tantivy_texts, "_MUCH", much)
            for tier in Tier:
                got = shared.text(tier, " ".join(short), " ".join(long)).split(" ")
                common = set(short) & set(long)
                if tier is Tier.ROOT or sum(term in common for term in short) < 2:
                    assert sorted(got) == (sorted(common) or [""])
                else:
                    assert got == [t if t in common else ELSEWHERE for t in long][: len(got)]
                    assert common.isdisjoint(long[len(got) :])
                short, long = [list(map(str.casefold, words)) for words in (short, long)]


class TestWriter:
    def test_is_one_at_a_time(self, engine: TantivyEngine, tmp_path: Path) -> None:
        writer = engine.writer()
        for other in (engine, open_engine(tmp_path, DEFAULT_SCHEMA)):
            with pytest.raises(IndexLocked, match="another writer"):
                other.writer()
        writer.rollback()
        engine.writer().commit()
        engine.writer().rollback()

    def test_is_over_after_a_commit(self, engine: TantivyEngine) -> None:
        writer = engine.writer()
        writer.commit()
        writer.rollback()
        with pytest.raises(EngineError, match="over"):
            writer.add(doc("1", "a"))
        with pytest.raises(EngineError, match="over"):
            writer.commit()

    @pytest.mark.parametrize("size", [1, 1 << 20])
    def test_replaces_in_its_first_transaction_what_has_the_same_id(
        self, engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        # With few bits most ids look like others, which must do no harm.
        monkeypatch.setattr(id_filter, "_BYTES", size)
        ids = [str(number) for number in range(30)]
        put(engine, *(doc(i, "old") for i in ids), *(doc(i, "new") for i in ids[10:]))
        assert found(engine, word("old")) == sorted(ids[:10])
        assert found(engine, word("new")) == sorted(ids[10:])

    def test_that_fails_to_add_is_over_and_lets_others_write(self, engine: TantivyEngine) -> None:
        put(engine, doc("1", "a"))
        writer = engine.writer()
        writer.add(doc("2", "a"))
        with pytest.raises(AttributeError):
            writer.add(None)  # type: ignore[arg-type]
        assert found(engine, AllDocs()) == ["1"]
        put(engine, doc("3", "a"))
        assert found(engine, AllDocs()) == ["1", "3"]

    def test_works_with_as_little_memory_as_can_be_set(self, tmp_path: Path) -> None:
        engine = load_engine("tantivy", writer_memory=1)(tmp_path, DEFAULT_SCHEMA)
        put(engine, doc("1", "a"))
        assert found(engine, word("a")) == ["1"]


class TestDamage:
    @pytest.fixture(autouse=True)
    def documents(self, engine: TantivyEngine) -> None:
        put(engine, *(doc(str(number), f"a w{number}") for number in range(50)))
        engine.close()

    def test_a_missing_list_of_segments_is_no_empty_index(self, tmp_path: Path) -> None:
        (tmp_path / "meta.json").unlink()
        with pytest.raises(EngineError, match="no list of them"):
            open_engine(tmp_path, DEFAULT_SCHEMA)

    @pytest.mark.parametrize("content", ["", "{", "{}", '{"segments": 1}'])
    def test_a_broken_list_of_segments(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "meta.json").write_text(content, encoding="utf-8")
        with pytest.raises(EngineError, match="cannot open the index"):
            open_engine(tmp_path, DEFAULT_SCHEMA)

    @pytest.mark.parametrize("ending", ["term", "idx", "pos", "store", "fast", "fieldnorm"])
    @pytest.mark.parametrize("left", [0, 10])
    def test_a_file_cut_short(self, tmp_path: Path, ending: str, left: int) -> None:
        paths = list(tmp_path.glob(f"*.{ending}"))
        assert paths
        for path in paths:
            path.write_bytes(path.read_bytes()[:left])

        def use() -> None:
            engine = open_engine(tmp_path, DEFAULT_SCHEMA)
            engine.search(word("a"), 0, 10)
            engine.fetch(["1"])

        with pytest.raises(EngineError, match="cannot"):
            use()

    def test_a_missing_file(self, tmp_path: Path) -> None:
        next(tmp_path.glob("*.term")).unlink()
        with pytest.raises(EngineError, match="cannot open"):
            open_engine(tmp_path, DEFAULT_SCHEMA)

    def test_a_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(EngineError, match="cannot open"):
            open_engine(tmp_path / "file", DEFAULT_SCHEMA)


class TestFailures:
    def test_a_panic_is_an_error_like_others(self) -> None:
        panic = type("PanicException", (BaseException,), {})
        with (
            pytest.raises(EngineError, match="cannot read i: index out of bounds; as before"),
            failures("cannot read", Path("i"), "as before"),
        ):
            raise panic("index out of bounds")

    def test_an_interruption_is_none(self) -> None:
        with pytest.raises(KeyboardInterrupt), failures("cannot read", Path("i")):
            raise KeyboardInterrupt

    def test_a_closed_engine_says_so(self, engine: TantivyEngine) -> None:
        engine.close()
        for ask in (lambda: engine.search(AllDocs(), 0, 1), engine.refresh, engine.stats):
            with pytest.raises(EngineError, match="closed"):
                ask()

    def test_a_field_without_text_is_an_error_that_names_it(self, engine: TantivyEngine) -> None:
        with pytest.raises(EngineError, match="no text in the field 'tag'"):
            engine.search(word("a", ("tag",)), 0, 10)


class TestPages:
    def test_more_equal_scores_than_are_asked_for_are_ordered_by_id(
        self, engine: TantivyEngine
    ) -> None:
        ids = [f"{number:03}" for number in range(120)]
        # Several segments, the later ids first.
        for start in (80, 40, 0):
            put(engine, *(doc(i, "a x") for i in reversed(ids[start : start + 40])))
        put(engine, doc("best", "a a"), doc("worst", "a x y z"))
        got = [
            i for offset in range(0, 125, 5) for i, _ in engine.search(word("a"), offset, 5).page
        ]
        assert got == ["best", *ids, "worst"]

    @pytest.mark.parametrize(("offset", "limit"), [(10**15, 10), (0, 10**15), (10**15, 0)])
    def test_far_beyond_the_end_cost_nothing(
        self, engine: TantivyEngine, offset: int, limit: int
    ) -> None:
        put(engine, doc("1", "a"), doc("2", "b"))
        for query in (word("a"), AllDocs()):
            hits = engine.search(query, offset, limit)
            assert hits.total == len(found(engine, query))
            assert len(hits.page) == (0 if offset or not limit else hits.total)

    def test_ids_of_every_length_come_back(self, engine: TantivyEngine) -> None:
        ids = [*ODD_IDS, *("ط" * size for size in (1, 4, 31, 32, 33, 40_000)), "a\0", "a\0\0"]
        put(engine, *(doc(document_id, "same") for document_id in ids))
        assert found(engine, word("same")) == sorted(ids)
        assert [d.id for d in engine.fetch(ids) if d] == ids


class TestStrings:
    @given(odd_texts)
    def test_come_back_as_they_were(self, text: str) -> None:
        storable(text).encode()
        assert original(storable(text)) == text

    @given(odd_texts, odd_texts)
    def test_keep_their_order(self, one: str, other: str) -> None:
        assert (storable(one).encode() < storable(other).encode()) == (one < other)

    @given(odd_texts)
    def test_of_ids_come_back_from_numbers(self, document_id: str) -> None:
        length, numbers = pieces(document_id)
        if document_id and length <= 64:
            assert _joined(length, [*numbers, None]) == document_id
        else:
            assert numbers == []

    def test_that_are_very_long_stay_apart(self) -> None:
        one, other = key("ط" * 100_000 + "1"), key("ط" * 100_000 + "2")
        assert one != other
        assert len(one.encode()) < 65_000


class TestPhrases:
    @given(st.integers(0, 50), st.booleans())
    def test_two_words_may_be_one_to_slop_and_one_apart(self, slop: int, twice: bool) -> None:
        allowed = set()
        for (first, second), free in _pair(slop, twice=twice):
            allowed |= {second - first + step for step in range(-free, free + 1)}
        # A word does not stand where another stands; with itself, a distance of 0 would count.
        assert allowed - ({0} if not twice else set()) == set(range(1, slop + 2))

    def test_more_words_are_placed_in_every_way(self) -> None:
        assert _places(3, 2) == ((0, 1, 2), (0, 1, 3), (0, 1, 4), (0, 2, 3), (0, 2, 4), (0, 3, 4))

    @settings(deadline=None)
    @given(
        st.lists(st.text("abc", max_size=12).map(" ".join), min_size=1, max_size=6),
        st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=2), min_size=1, max_size=4),
        st.integers(0, 9),
    )
    def test_match_as_the_reference_says(
        self, bodies: list[str], slots: list[list[str]], slop: int
    ) -> None:
        query = Phrase(BODY, Tier.EXACT, tuple(tuple(slot) for slot in slots), slop)
        documents = [doc(str(number), body) for number, body in enumerate(bodies)]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            engines = [make(folder, DEFAULT_SCHEMA) for make in (memory.open_engine, open_engine)]
            for one in engines:
                put(one, *documents)
            expected, got = (set(found(one, query)) for one in engines)
        assert got == expected

    def test_of_many_words_with_a_very_large_slop_still_find_what_is_near(
        self, engine: TantivyEngine
    ) -> None:
        words = "abcdefgh"
        put(engine, doc("near", " ".join(words)), doc("turned", " ".join(reversed(words))))
        query = Phrase(BODY, Tier.EXACT, tuple((letter,) for letter in words), 1000)
        assert found(engine, query) == ["near"]
        assert 1 <= _affordable(8, 1000) < 1000

    def test_in_title_and_body_count_in_both(self, engine: TantivyEngine) -> None:
        put(
            engine, doc("both", "a b x x", "a b"), doc("one", "a b x x", "x x"), doc("no", "b", "a")
        )
        query = Phrase(("title", "body"), Tier.EXACT, (("a",), ("b",)))
        assert found(engine, Bool(must=(query,))) == ["both", "one"]


# Long enough for a body that is written among all words alone.
PADDING = ("p q " * 30).split()
scopes = st.sampled_from((BODY, ("title",), ("title", "body")))
tiers = st.sampled_from((Tier.EXACT, Tier.FOLDED, Tier.STEM))
asked_words = st.sampled_from(("a", "b", "c", "As", "p", "\ud800", FILLER))
asked_slots = st.lists(asked_words.map(lambda word: (word,)), min_size=1, max_size=3).map(tuple)


@st.composite
def long_documents(draw: st.DrawFn) -> list[IndexedDocument]:
    """Documents of which most have a long body and a short title, with words in common."""
    words = st.lists(st.sampled_from(("a", "b", "c", "As", "p", "\ud800", FILLER)), max_size=6)
    found = []
    for number in range(draw(st.integers(1, 5))):
        before = draw(st.integers(0, len(PADDING)))
        body = [*draw(words), *PADDING[:before], *draw(words), *PADDING[before:], *draw(words)]
        body = draw(st.sampled_from((body, body, body[:5])))
        found.append(doc(str(number), " ".join(body), " ".join(draw(words))))
    return found


class TestLongBodies:
    @settings(deadline=None, max_examples=100)
    @given(
        long_documents(),
        st.sets(st.sampled_from("0123"), max_size=2),
        st.lists(
            st.builds(Term, scopes, st.sampled_from(Tier), asked_words)
            | st.builds(Phrase, scopes, tiers, asked_slots, st.sampled_from((0, 1, 2, 5, 20))),
            max_size=12,
        ),
    )
    def test_are_found_and_counted_as_the_reference_says(
        self, documents: list[IndexedDocument], deleted: set[str], queries: list[Node]
    ) -> None:
        reference = memory.open_engine(Path(), DEFAULT_SCHEMA)
        with tempfile.TemporaryDirectory() as name:
            engine = open_engine(Path(name), DEFAULT_SCHEMA)
            for one in (reference, engine):
                put(one, *documents)
                put(one, delete=sorted(deleted))
            for query in queries:
                assert set(found(engine, query)) == set(found(reference, query))
                assert engine.search(query, 0, 0) == reference.search(query, 0, 0)
            for field in ("title", "body"):
                for tier in Tier:
                    for prefix in ("", "a", "p", FILLER):
                        counted = [
                            [*e.vocabulary(field, tier, prefix)] for e in (engine, reference)
                        ]
                        assert counted[0] == counted[1]

    def test_have_a_phrase_or_not_whatever_the_title_has(self, engine: TantivyEngine) -> None:
        # All short texts of two words, so that many have a phrase in the title, some twice.
        texts = [" ".join(words) for size in range(4) for words in product("ab", repeat=size)]
        pairs = [(title, body) for title in texts for body in texts]
        documents = [doc(str(at), f"{body} c", title) for at, (title, body) in enumerate(pairs)]
        reference = memory.open_engine(Path(), DEFAULT_SCHEMA)
        for one in (reference, engine):
            put(one, *documents)
        for asked in ("aa", "ab", "aab", "aba"):
            for slop in (0, 1, 3):
                query = phrase(*asked, slop=slop)
                assert sorted(found(engine, query)) == sorted(found(reference, query))

    def test_score_by_what_stands_in_the_body(self, engine: TantivyEngine) -> None:
        put(
            engine,
            doc("often", " ".join(["a", "b", *PADDING, "a", "b"]), "x"),
            doc("once", " ".join(["a", "b", *PADDING, *PADDING]), "a b b"),
            doc("longer", " ".join(["a", "b", *PADDING, *PADDING, *PADDING]), "x"),
            doc("title", " ".join(PADDING), "a b"),
        )
        asked = Phrase(BODY, Tier.EXACT, (("a",), ("b",)))
        for query in (word("a"), word("b"), asked):
            assert found(engine, query) == ["often", "once", "longer"]

    def test_count_the_title_with_the_body_where_both_are_asked(
        self, engine: TantivyEngine
    ) -> None:
        put(
            engine,
            doc("body", " ".join(["a", *PADDING, "x"]), "x"),
            doc("both", " ".join(["a", *PADDING, "x"]), "a"),
        )
        assert found(engine, word("a", ("title", "body"))) == ["both", "body"]

    def test_are_written_once(self, engine: TantivyEngine, tmp_path: Path) -> None:
        put(engine, doc("1", " ".join(f"w{number}" for number in range(100)), "w7"))
        own = engine._opened._searcher.terms_with_prefix("text_body_exact", "")
        assert dict(own) == {"w7": 1}


class TestChoice:
    def test_without_its_package_the_message_installs_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "tantivy", None)
        for name in [name for name in sys.modules if name.startswith("search_service.engines.t")]:
            monkeypatch.delitem(sys.modules, name)
        with pytest.raises(EngineUnavailable, match=r"pip install 'search-service\[tantivy\]'"):
            load_engine("tantivy")

    def test_an_unknown_engine_is_told_those_that_are_known(self) -> None:
        with pytest.raises(EngineUnavailable, match="'lucene'; there are: whoosh, tantivy"):
            load_engine("lucene")
