"""The factory for WSGI servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_service.errors import SettingsError
from search_service.http import wsgi


def test_the_environment_decides_and_the_index_waits(service, monkeypatch):
    opened = []
    monkeypatch.setattr(wsgi, "_open", lambda settings: opened.append(settings) or service)
    monkeypatch.setenv("SEARCH_INDEX_DIR", "/somewhere/else")
    client = wsgi.create().test_client()
    assert client.get("/healthz").status_code == 200
    assert opened == []
    assert client.get("/readyz").status_code == 200
    assert [settings.index_dir for settings in opened] == [Path("/somewhere/else")]


def test_a_setting_that_cannot_be_used_stops_the_server(monkeypatch):
    monkeypatch.setenv("SEARCH_PORT", "none")
    with pytest.raises(SettingsError, match="SEARCH_PORT"):
        wsgi.create()
