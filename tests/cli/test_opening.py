"""With the real service: the command line and the library fit together."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from search_service.cli import opening
from search_service.cli.app import cli
from search_service.config import Settings
from search_service.errors import EngineError

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "culture"


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.setenv("SEARCH_INDEX_DIR", str(tmp_path / "index"))

    def call(*args):
        return CliRunner().invoke(cli, list(map(str, args)), catch_exceptions=False)

    return call


def test_index_search_and_stats(call):
    first = json.loads(call("index", "--json", SEEDS).stdout)
    assert first["added"] == first["documents"] > 0
    assert json.loads(call("index", "--json", SEEDS).stdout)["unchanged"] == first["added"]
    assert json.loads(call("reindex", "--full", "--json", SEEDS).stdout)["added"] == first["added"]
    assert json.loads(call("stats", "--json").stdout)["documents"] == first["documents"]
    assert json.loads(call("search", "--json", "الخط", "العربي").stdout)["total"] > 0
    assert " 1. " in call("search", "--explain", "الخط").stdout


def test_bad_input_is_told_and_the_rest_is_indexed(call, tmp_path):
    shutil.copytree(SEEDS, tmp_path / "mixed")
    (tmp_path / "mixed" / "bad.json").write_text('{"id": 1,', encoding="utf-8")
    result = call("index", tmp_path / "mixed")
    assert result.exit_code == 1
    assert "bad.json" in result.stderr
    assert "1 failed" in result.stdout
    assert call("search", "الخط").stdout[0] != "0"


def test_an_index_that_does_not_fit_is_refused_mended_and_no_matter_to_analyze(call, tmp_path):
    call("index", SEEDS)
    meta = tmp_path / "index" / "meta.json"
    stored = json.loads(meta.read_text(encoding="utf-8"))
    meta.write_text(json.dumps({**stored, "analyzer": "another"}), encoding="utf-8")
    refused = call("search", "الخط")
    assert refused.exit_code == 3
    assert "search-service index --from-index" in refused.stderr
    assert call("stats").exit_code == call("serve").exit_code == 3
    assert call("index", SEEDS).exit_code == 3
    assert call("analyze", "الخط").exit_code == 0
    assert call("index", "--from-index").exit_code == 0
    assert call("search", "الخط").exit_code == 0


def test_analyze_leaves_no_trace(call, tmp_path):
    assert call("analyze", "كتاب").exit_code == 0
    assert not (tmp_path / "index").exists()


def test_a_missing_folder_is_quoted_in_the_command_that_mends_it(tmp_path):
    with pytest.raises(EngineError, match=r"--index-dir '.*a folder' PATH"):
        opening.open_ready(Settings(index_dir=tmp_path / "a folder"))


def test_a_service_that_is_not_ready_is_closed(service, index_dir):
    service.failure = EngineError("damaged")
    with pytest.raises(EngineError):
        opening.open_ready(Settings(index_dir=index_dir))
    assert service.closed == 1
