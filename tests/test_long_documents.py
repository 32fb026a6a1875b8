"""Long documents are marked by what was stored with them when they were indexed."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_service import Document, SearchService, batches, long_texts, reading
from search_service.analysis.analyzer import Analyzer
from search_service.marking import LONG, HighlightOptions
from search_service.results import Hit

SENTENCE = "وصل القطار إلى المدينة، وكُتُب الطلاب في المكتبة ﷺ. "
LONG_TEXT = SENTENCE * (LONG // len(SENTENCE) + 1)


def marked(service: SearchService, query: str) -> Hit:
    (hit,) = service.search(query, highlight=HighlightOptions(whole=True)).hits
    return hit


@pytest.fixture
def texts_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of the long texts that searches split and analyse."""
    seen: list[str] = []

    def read(text: str, analyzer: Analyzer) -> reading.Reading:
        seen.append(text)
        return reading.read(text, analyzer)

    monkeypatch.setattr(long_texts, "read", read)
    return seen


@pytest.fixture(params=["whoosh", "tantivy"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    pytest.importorskip(request.param)
    with SearchService.open(tmp_path / "index", engine=request.param) as service:
        service.index([Document("long", "كتاب", LONG_TEXT), Document("short", body="مدن أخرى")])
    return tmp_path / "index"


class TestALongDocument:
    def test_is_marked_without_being_read(self, folder: Path, texts_read: list[str]) -> None:
        with SearchService.open(folder) as service:
            hit = marked(service, "قطارات")
        assert len(hit.snippets[0].marks) == LONG_TEXT.count("القطار")
        assert texts_read == []

    def test_that_is_changed_or_removed_leaves_nothing_behind(
        self, folder: Path, texts_read: list[str]
    ) -> None:
        with SearchService.open(folder) as service:
            service.index([Document("long", "كتاب", LONG_TEXT.replace("القطار", "الباخرة"))])
            hit = marked(service, "باخرة")
            assert len(hit.snippets[0].marks) == LONG_TEXT.count("القطار")
            assert service.search("قطارات").total == 0
            service.delete(["long"])
            assert service.search("باخرة").total == 0
        assert texts_read == []

    def test_is_marked_the_same_in_an_index_that_was_made_before_readings_were_stored(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts_read: list[str]
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(batches, "LONG", 10**9)
            with SearchService.open(tmp_path / "old") as service:
                service.index([Document("long", "كتاب", LONG_TEXT)])
        with SearchService.open(tmp_path / "old") as service:
            before = marked(service, "قطارات")
        assert texts_read == [LONG_TEXT]
        with SearchService.open(tmp_path / "old") as service:
            service.reindex()
        with SearchService.open(tmp_path / "old") as service:
            assert marked(service, "قطارات") == before
        assert texts_read == [LONG_TEXT]

    def test_takes_its_reading_along_to_another_engine(
        self, folder: Path, texts_read: list[str]
    ) -> None:
        with SearchService.open(folder) as service:
            before = marked(service, "كتب")
            other = "tantivy" if service.stats().engine == "whoosh" else "whoosh"
            pytest.importorskip(other)
            service.reindex(engine=other)
        with SearchService.open(folder) as service:
            assert marked(service, "كتب").snippets == before.snippets
        assert texts_read == []
