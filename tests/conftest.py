"""What tests of several floors need."""

from __future__ import annotations

import pytest
from hypothesis import settings

from search_service.analysis.analyzer import Analyzer

# How long an example takes says more of the machine, and of what else runs on it, than of the code.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """Return the one analyzer; its word lists take a moment to load."""
    return Analyzer()
