"""Settings from the environment: what cannot be used is an error that names the variable."""

from __future__ import annotations

import pytest

from search_service.config import Settings
from search_service.errors import SettingsError


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SEARCH_WRITER_MEMORY", "0", "at least 1"),
        ("SEARCH_WRITER_MEMORY", "-1", "at least 1"),
        ("SEARCH_WRITER_MEMORY", "abc", "a whole number"),
        ("SEARCH_WRITER_MEMORY", "1e3", "a whole number"),
        ("SEARCH_WRITER_MEMORY", "", "a whole number"),
        ("SEARCH_WRITER_MEMORY", "99999999999999", "at most 16000"),
        ("SEARCH_PROCESSES", "-1", "at least 0"),
        ("SEARCH_PROCESSES", "two", "a whole number"),
        ("SEARCH_PROCESSES", "100000", "at most 256"),
        ("SEARCH_LOCK_TIMEOUT", "0", "more than 0"),
        ("SEARCH_LOCK_TIMEOUT", "nan", "more than 0"),
        ("SEARCH_ENGINE", "lucene", r"pip install 'search-service\[tantivy\]'"),
        ("SEARCH_ENGINE", "", "there are: whoosh"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_the_reason(
    name: str, value: str, reason: str
) -> None:
    with pytest.raises(SettingsError, match=f"{name}='{value}': .*{reason}"):
        Settings.from_env({name: value})


def test_what_is_not_set_keeps_its_default() -> None:
    assert Settings.from_env({"SEARCH_PROCESSES": "٣", "PATH": "/bin"}) == Settings(processes=3)
