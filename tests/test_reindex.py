"""An index made anew from the documents in it: another engine, other rules, the same files."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search_service import Document, SearchService
from search_service.config import Settings
from search_service.engines import load_engine
from search_service.errors import EngineError, EngineUnavailable, IndexMismatch

QUICK = Settings(lock_timeout=0.1)
OTHER = "tantivy"


@pytest.fixture(autouse=True)
def needed() -> None:
    try:
        load_engine(OTHER)
    except EngineUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "an index"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    made = tmp_path / "my articles"
    made.mkdir()
    (made / "a.txt").write_text("وصل القطار إلى المدينة", encoding="utf-8")
    (made / "b.txt").write_text("افتتح الوزير المعرض", encoding="utf-8")
    return made


@pytest.fixture
def service(folder: Path, articles: Path) -> Iterator[SearchService]:
    with SearchService.open(folder, settings=QUICK) as opened:
        opened.index_paths([articles])
        opened.index([Document("loose", body="قطارات سريعة", tags=("نقل",), metadata={"n": 1})])
        yield opened


def change_meta(folder: Path, **parts: object) -> None:
    path = folder / "meta.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**stored, **parts}), encoding="utf-8")


def found(service: SearchService, query: str) -> set[str]:
    return {hit.id for hit in service.search(query).hits}


class TestAnotherEngine:
    def test_takes_over_with_the_same_documents(self, service: SearchService, folder: Path) -> None:
        before = found(service, "قطار")
        documents = [service.get(i) for i in sorted(before)]
        report = service.reindex(engine=OTHER)
        assert (report.updated, report.documents, report.failed) == (3, 3, 0)
        assert service.stats().engine == OTHER
        assert found(service, "قطار") == before == {"a.txt", "loose"}
        assert [service.get(i) for i in sorted(before)] == documents
        with SearchService.open(folder, engine=OTHER) as again:
            assert found(again, "tag:نقل") == {"loose"}

    def test_and_back(self, service: SearchService) -> None:
        service.reindex(engine=OTHER)
        service.reindex(engine="whoosh")
        assert service.stats().engine == "whoosh"
        assert found(service, "قطار") == {"a.txt", "loose"}

    def test_needs_no_file_again_afterwards(
        self, service: SearchService, articles: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        service.reindex(engine=OTHER)

        def refuse(*_: object) -> Any:
            raise AssertionError("a file was read")

        monkeypatch.setattr("search_service.indexing.read_documents", refuse)
        report = service.index_paths([articles])
        assert (report.unchanged, report.added, report.updated) == (2, 0, 0)

    def test_knows_which_files_its_documents_are_from(
        self, service: SearchService, articles: Path
    ) -> None:
        service.reindex(engine=OTHER)
        (articles / "b.txt").unlink()
        (articles / "a.txt").write_text("طائرة", encoding="utf-8")
        report = service.index_paths([articles])
        assert (report.removed, report.updated, report.documents) == (1, 1, 2)

    def test_works_without_the_files(self, service: SearchService, articles: Path) -> None:
        for file in articles.iterdir():
            file.unlink()
        assert service.reindex(engine=OTHER).documents == 3

    def test_that_fails_leaves_the_present_one(
        self, service: SearchService, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise EngineError("no space left")

        monkeypatch.setattr("search_service.engines.tantivy_writer.TantivyWriter.commit", full)
        with pytest.raises(EngineError, match="no space"):
            service.reindex(engine=OTHER)
        assert service.stats().engine == "whoosh"
        assert found(service, "قطار") == {"a.txt", "loose"}
        assert [path.name for path in folder.glob("gen-*")] == ["gen-000001"]

    def test_is_kept_by_an_index_that_is_made_anew(self, service: SearchService) -> None:
        service.reindex(engine=OTHER)
        service.reindex()
        assert service.stats().engine == OTHER

    def test_reaches_a_reader_that_was_open(self, service: SearchService, folder: Path) -> None:
        with SearchService.open(folder) as reader:
            assert found(reader, "قطار") == {"a.txt", "loose"}
            service.reindex(engine=OTHER)
            assert reader.stats().engine == OTHER
            assert found(reader, "قطار") == {"a.txt", "loose"}

    def test_that_does_not_exist_is_an_error_that_names_those_that_do(
        self, service: SearchService
    ) -> None:
        with pytest.raises(EngineUnavailable, match="there are: whoosh, tantivy"):
            service.reindex(engine="lucene")


class TestProgress:
    def test_is_told_from_none_to_all(self, service: SearchService) -> None:
        told: list[int] = []
        service.reindex(progress=lambda step: told.append(step.documents))
        assert (told[0], told[-1]) == (0, 3)


class TestTheCommandInAMismatch:
    def command(self, folder: Path, engine: str | None = None) -> list[str]:
        with pytest.raises(IndexMismatch) as caught:
            SearchService.open(folder, engine=engine)
        told = str(caught.value)
        return shlex.split(told[told.index("search-service index") :])

    def test_takes_another_engine_from_the_index(
        self, service: SearchService, folder: Path
    ) -> None:
        service.close()
        expected = ["search-service", "index", "--from-index", "--engine", OTHER]
        assert self.command(folder, OTHER) == [*expected, "--index-dir", str(folder)]
        with SearchService.open(folder, engine=OTHER, rebuild=True) as again:
            again.reindex()
            assert found(again, "قطار") == {"a.txt", "loose"}
        with SearchService.open(folder, engine=OTHER) as again:
            assert again.stats().engine == OTHER

    def test_mends_an_index_made_with_other_rules(
        self, service: SearchService, folder: Path
    ) -> None:
        service.close()
        change_meta(folder, analyzer="of yesterday")
        expected = ["search-service", "index", "--from-index", "--index-dir", str(folder)]
        assert self.command(folder) == expected
        with SearchService.open(folder, rebuild=True) as again:
            again.reindex()
            assert found(again, "قطار") == {"a.txt", "loose"}
        SearchService.open(folder).close()

    def test_keeps_the_engine_of_an_index_that_has_to_be_read_again(
        self, service: SearchService, folder: Path, articles: Path
    ) -> None:
        service.reindex(engine=OTHER)
        service.close()
        change_meta(folder, schema="of yesterday")
        expected = ["search-service", "index", "--full", "--engine", OTHER]
        assert self.command(folder) == [*expected, "--index-dir", str(folder), str(articles)]


class TestRefusals:
    def test_there_must_be_an_index(self, folder: Path) -> None:
        with (
            SearchService.open(folder, rebuild=True) as service,
            pytest.raises(EngineError, match="there is no index"),
        ):
            service.reindex()

    @pytest.mark.parametrize("part", ["format", "schema"])
    def test_another_format_or_schema_is_not_read(
        self, service: SearchService, folder: Path, part: str
    ) -> None:
        service.close()
        change_meta(folder, **{part: 999 if part == "format" else "x"})
        with (
            SearchService.open(folder, rebuild=True, settings=QUICK) as again,
            pytest.raises(IndexMismatch, match="--full"),
        ):
            again.reindex()
