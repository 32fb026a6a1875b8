"""What all engine tests share."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: no test pulls the plug, and hundreds of commits take a while."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
