"""What tests of several floors need."""

from __future__ import annotations

import pytest

from search_service.analysis.analyzer import Analyzer


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """Return the one analyzer; its word lists take a moment to load."""
    return Analyzer()
