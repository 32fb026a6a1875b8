"""The table of synonyms beside the index: in force without indexing again, and safe when broken."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_service import Document, SearchService, synonyms
from search_service.analysis.analyzer import Analyzer
from search_service.config import Settings
from search_service.ranking import NAME_WEIGHTS
from search_service.results import Expansion
from search_service.synonyms import Synonyms

DOCUMENTS = (
    Document(id="car", body="اشترى الرجل سيارة جديدة"),
    Document(id="cart", body="ركب الناس العربة"),
    Document(id="match", body="an evening of football"),
    Document(id="poet", body="قصيدة عبد الصبور"),
    Document(id="city", body="سكن في القسطنطينية"),
    Document(id="january", body="سافر في كانون الثاني إلى أميركا"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def table(folder: Path) -> Path:
    return folder / "synonyms.tsv"


@pytest.fixture
def service(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SearchService]:
    """A service that looks at its table before every search."""
    monkeypatch.setattr(synonyms, "CHECK_SECONDS", 0.0)
    with SearchService.open(folder) as opened:
        opened.index(DOCUMENTS)
        yield opened


def ids(service: SearchService, query: str, *, exact: bool = False) -> list[str]:
    return sorted(hit.id for hit in service.search(query, exact=exact))


class TestTheTable:
    def test_is_in_force_as_soon_as_it_is_there(self, service: SearchService, table: Path) -> None:
        assert ids(service, "سيارة") == ["car"]
        table.write_text("سيارة | عربة\n", encoding="utf-8")
        assert ids(service, "سيارة") == ["car", "cart"]
        assert service.stats().synonyms == 1

    def test_is_read_again_when_it_changes(self, service: SearchService, table: Path) -> None:
        table.write_text("سيارة | عربة\n", encoding="utf-8")
        assert ids(service, "football") == ["match"]
        # As long as the line before, and written within the same tick of the clock.
        table.write_text("عربة => football\n", encoding="utf-8")
        assert ids(service, "سيارة") == ["car"]
        assert ids(service, "عربة") == ["cart", "match"]
        assert ids(service, "football") == ["match"]

    def test_that_is_deleted_is_no_longer_in_force(
        self, service: SearchService, table: Path
    ) -> None:
        table.write_text("سيارة | عربة\n", encoding="utf-8")
        assert ids(service, "سيارة") == ["car", "cart"]
        table.unlink()
        assert ids(service, "سيارة") == ["car"]
        assert (service.stats().synonyms, service.problems()) == (0, ())

    def test_stays_where_it_is_when_the_index_is_rebuilt(
        self, service: SearchService, table: Path
    ) -> None:
        table.write_text("سيارة | عربة\n", encoding="utf-8")
        service.index(DOCUMENTS, full=True)
        assert ids(service, "سيارة") == ["car", "cart"]

    def test_may_lie_elsewhere(self, folder: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "my-words.tsv"
        elsewhere.write_text("سيارة | عربة\n", encoding="utf-8")
        with SearchService.open(folder, settings=Settings(synonyms=elsewhere)) as service:
            service.index(DOCUMENTS)
            assert ids(service, "سيارة") == ["car", "cart"]

    def test_is_there_for_each_of_two_indexes_apart(
        self, service: SearchService, table: Path, tmp_path: Path
    ) -> None:
        table.write_text("سيارة | عربة\n", encoding="utf-8")
        with SearchService.open(tmp_path / "other") as other:
            other.index(DOCUMENTS)
            assert ids(other, "سيارة") == ["car"]
        assert ids(service, "سيارة") == ["car", "cart"]

    def test_is_looked_at_once_in_a_while_and_not_for_each_search(
        self, table: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(synonyms, "CHECK_SECONDS", 3600.0)
        table.parent.mkdir()
        watched = Synonyms(table, Analyzer())
        assert watched.groups() == 0
        table.write_text("a | b\n")
        assert watched.groups() == 0


class TestABrokenTable:
    def test_leaves_the_one_before_it_in_force(
        self, service: SearchService, table: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        table.write_text("سيارة | عربة\n", encoding="utf-8")
        assert ids(service, "سيارة") == ["car", "cart"]
        table.write_text("سيارة | عربة\nقطار\n", encoding="utf-8")
        assert ids(service, "سيارة") == ["car", "cart"]
        (problem,) = service.problems()
        assert problem.startswith("synonyms.tsv, line 2: only one member; ")
        assert service.stats().problems == (problem,)
        logged = [record for record in caplog.records if record.levelno == logging.ERROR]
        assert len(logged) == 1, "told once, not at every look"
        assert str(table) in logged[0].message
        assert problem in logged[0].message

    def test_does_not_keep_the_service_from_starting(self, folder: Path, table: Path) -> None:
        with SearchService.open(folder) as service:
            service.index(DOCUMENTS)
        table.write_bytes(b"\xd3\xed\xc7\xd1\xc9 | \xda\xd1\xc8\xc9")  # Windows-1256
        with SearchService.open(folder) as service:
            assert ids(service, "سيارة") == ["car"]
            assert ids(service, "يناير") == ["january"], "the packaged names stay in force"
            assert service.problems() == (
                "synonyms.tsv, line 1: not UTF-8; save the file as UTF-8",
            )

    def test_that_is_mended_is_in_force(self, service: SearchService, table: Path) -> None:
        table.write_text("سيارة", encoding="utf-8")
        assert service.problems()
        table.write_text("سيارة | عربة", encoding="utf-8")
        assert ids(service, "سيارة") == ["car", "cart"]
        assert service.problems() == ()

    def test_may_be_a_folder(self, service: SearchService, table: Path) -> None:
        table.mkdir()
        assert ids(service, "سيارة") == ["car"]
        assert service.problems() == ("synonyms.tsv: not a file; remove or rename it",)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_may_be_a_pipe_that_nobody_writes_to(self, service: SearchService, table: Path) -> None:
        os.mkfifo(table)
        assert ids(service, "سيارة") == ["car"]

    def test_that_is_mended_without_a_trace_in_its_time_is_in_force(
        self, service: SearchService, table: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # A permission that is taken and given back leaves time and size of the file as they were.
        table.write_text("سيارة | عربة", encoding="utf-8")
        os.utime(table, (1_600_000_000, 1_600_000_000))
        assert ids(service, "سيارة") == ["car", "cart"]
        with monkeypatch.context() as refusing:
            refusing.setattr(Path, "stat", _refuse)
            assert service.problems() == (
                "synonyms.tsv: cannot be read (Permission denied); mend or remove it",
            )
        assert service.problems() == ()
        assert ids(service, "سيارة") == ["car", "cart"]


def _refuse(path: Path, **_: object) -> os.stat_result:
    if path.name == "synonyms.tsv":
        raise PermissionError(13, "Permission denied", str(path))
    return os.stat(path)  # noqa: PTH116 - Path.stat is what is replaced


class TestWhatWasSearchedBesides:
    def test_is_told_with_its_place_and_kind(self, service: SearchService, table: Path) -> None:
        table.write_text("سيارة | عربة | مركبة\nيناير | الشتاء\n", encoding="utf-8")
        results = service.search("هذه سيارة في يناير")
        assert results.expansions == (
            Expansion(4, 9, "سيارة", ("عربة", "مركبة"), "synonym"),
            Expansion(13, 18, "يناير", ("كانون الثاني", "جانفي"), "spelling"),
            Expansion(13, 18, "يناير", ("الشتاء",), "synonym"),
        )
        assert results.to_json()["expansions"][0] == {
            "start": 4,
            "end": 9,
            "typed": "سيارة",
            "also": ["عربة", "مركبة"],
            "kind": "synonym",
        }

    def test_is_found_of_names_in_several_words(self, service: SearchService, table: Path) -> None:
        table.write_text("كرة القدم => football\n", encoding="utf-8")
        for query, start in (("مباراة كرة القدم", 7), ('"كرة القدم"', 1)):
            results = service.search(query)
            assert [hit.id for hit in results] == ["match"]
            assert results.expansions == (
                Expansion(start, start + 9, "كرة القدم", ("football",), "synonym"),
            )

    def test_weighs_less_than_another_spelling(self, service: SearchService, table: Path) -> None:
        table.write_text("سيارة | عربة\n", encoding="utf-8")
        synonym = NAME_WEIGHTS["synonym"]
        explained = str(service.search("سيارة", explain=True).explanation)
        assert f"'term': 'عربه', 'weight': {synonym}" in explained
        assert NAME_WEIGHTS["synonym"] < NAME_WEIGHTS["spelling"]

    def test_is_in_the_parts_of_a_score(self, service: SearchService, table: Path) -> None:
        table.write_text("كرة القدم => football\n", encoding="utf-8")
        (hit,) = service.search("كرة القدم", explain=True)
        assert hit.explanation is not None
        assert [part for part in hit.explanation if "footbal" in part]

    def test_is_nothing_for_words_that_are_excluded(self, service: SearchService) -> None:
        assert service.search("سيارة -يناير").expansions == ()

    def test_is_nothing_for_words_as_written(self, service: SearchService) -> None:
        assert service.search("=يناير").expansions == ()


class TestExact:
    def test_searches_no_other_names(self, service: SearchService, table: Path) -> None:
        table.write_text("سيارة | عربة\n", encoding="utf-8")
        assert ids(service, "سيارة", exact=True) == ["car"]
        assert ids(service, "يناير") == ["january"]
        assert ids(service, "يناير", exact=True) == []
        assert ids(service, "عبدالصبور") == ["poet"]
        assert ids(service, '"في يناير"', exact=True) == []
        assert ids(service, "عبدالصبور", exact=True) == [], "nor one that a rule makes"
        assert service.search("سيارة يناير", exact=True).expansions == ()

    def test_still_finds_the_forms_of_a_word(self, service: SearchService) -> None:
        assert ids(service, "عربات", exact=True) == ["cart"]

    def test_adds_nothing_for_words_that_only_look_alike(self, service: SearchService) -> None:
        # A misspelt Constantinople; without exact, documents that have it right come first.
        stem = Analyzer().analyze("القسطنطينية")[0].forms.stem
        wide, narrow = (
            str(service.search("سيارة القسطمطينية", explain=True, exact=exact).explanation)
            for exact in (False, True)
        )
        assert f"'term': '{stem}'" in wide
        assert f"'term': '{stem}'" not in narrow


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    data=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")),
        st.lists(st.sampled_from(["سيارة", "عربة", "=>", "=", "|", "\t", "\n", "#", " "]))
        .map("".join)
        .map(str.encode),
    )
)
def test_no_table_keeps_a_search_from_answering(
    service: SearchService, table: Path, data: bytes
) -> None:
    table.write_bytes(data)
    assert "car" in ids(service, "سيارة")
    assert ids(service, "سيارة", exact=True) == ["car"]
    assert len(service.problems()) <= 1
    assert service.stats().documents == len(DOCUMENTS)
