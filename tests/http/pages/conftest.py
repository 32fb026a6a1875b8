"""A small real index, for what the fake service cannot know."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from search_service import Document, SearchService
from search_service.http import create_app

BODY = "هذا كتاب عن بيع الكتب.\n\nوفي السوق كاتب يكتب."


def documents() -> Iterator[Document]:
    for number in range(25):
        yield Document(
            id=f"book/{number:02}",
            title=f"كتاب رقم {number}",
            body=BODY,
            url=f"https://www.example.{'org' if number % 2 else 'net'}/{number}",
            date=datetime.date(2010 + number % 12, 1 + number % 12, 1),
            language="ar",
            tags=("علوم الأرض",) if number % 3 else ("أدب", "شعر"),
        )
    yield Document(id='مثل "هذا"/<b>', title="عنوان بلا شيء", body="زرافة")


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    with SearchService.open(tmp_path_factory.mktemp("pages") / "index") as service:
        service.index(documents())
        yield service


@pytest.fixture
def reader(books: SearchService) -> FlaskClient:
    return create_app(books).test_client()
