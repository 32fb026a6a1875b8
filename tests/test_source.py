"""Where a document is from: a field that is worked out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service import Document


@pytest.mark.parametrize(
    ("url", "metadata", "source"),
    [
        ("https://www.bbc.com/arabic/1", {}, "bbc.com"),
        ("http://Example.ORG:8080/", {}, "example.org"),  # hosts know no capitals
        ("https://www.bbc.com/", {"source": "بي بي سي"}, "بي بي سي"),
        ("https://bbc.com/", {"source": " "}, "bbc.com"),
        ("https://bbc.com/", {"source": ["a"]}, "bbc.com"),  # metadata may be anything
        (None, {"source": " الجزيرة "}, "الجزيرة"),
        ("history/001.html", {}, None),  # a path, as files have
        ("/srv/www.txt", {}, None),
        ("http://[", {}, None),
        ("https://www.", {}, None),
        (None, {}, None),
    ],
)
def test_it_is_what_the_metadata_says_or_the_host(
    url: str | None, metadata: dict[str, Any], source: str | None
) -> None:
    assert Document(id="1", url=url, metadata=metadata).source == source


@given(st.text())
def test_no_url_makes_it_fail(url: str) -> None:
    source = Document(id="1", url=url).source
    assert source is None or source


def test_it_is_no_part_of_what_is_stored() -> None:
    assert "source" not in Document(id="1", url="https://bbc.com/").to_json()
