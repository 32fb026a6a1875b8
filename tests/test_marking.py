"""How matches are shown, as the caller wishes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search_service import Document, SearchService
from search_service.marking import COUNTS, LENGTHS, TAGS, HighlightOptions
from search_service.results import Hit

# Long enough for several pieces, and with paragraphs for one that is whole.
BODY = "\n\n".join(f"وصل قطار رقم {n} إلى المحطة. " + "كلام آخر " * 40 for n in range(12))
LONG_BODY = BODY * 8


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    folder: Path = tmp_path_factory.mktemp("marking")
    with SearchService.open(folder / "index") as opened:
        opened.index(
            [
                Document(id="short", title="قطار <b>", body=BODY),
                Document(id="long", title="قطار", body=LONG_BODY),
                Document(id="empty", title="قطار"),
            ]
        )
        yield opened


def hit(service: SearchService, name: str, highlight: bool | HighlightOptions) -> Hit:
    (found,) = service.search("قطار", filters=[f"id:{name}"], highlight=highlight).hits
    return found


@pytest.mark.parametrize("name", ["short", "long"])
def test_options_that_say_nothing_change_nothing(service: SearchService, name: str) -> None:
    assert hit(service, name, HighlightOptions()) == hit(service, name, True)


@pytest.mark.parametrize("tag", TAGS)
def test_the_element_stands_around_matches_and_everything_else_is_escaped(
    service: SearchService, tag: str
) -> None:
    title = hit(service, "short", HighlightOptions(tag=tag)).highlighted_title
    assert title is not None
    assert title.html == f"<{tag}>قطار</{tag}> &lt;b&gt;"


@pytest.mark.parametrize("name", ["short", "long"])
@pytest.mark.parametrize("length", [LENGTHS[0], 60, 400])
def test_pieces_are_about_as_long_as_asked_for(
    service: SearchService, name: str, length: int
) -> None:
    found = hit(service, name, HighlightOptions(length=length)).snippets
    assert all(length / 2 <= len(snippet.text) <= length for snippet in found)


@pytest.mark.parametrize("name", ["short", "long"])
@pytest.mark.parametrize("count", [1, 5, 12])
def test_there_are_as_many_pieces_as_asked_for(
    service: SearchService, name: str, count: int
) -> None:
    found = hit(service, name, HighlightOptions(count=count)).snippets
    assert len(found) == count
    assert all("<mark>قطار</mark>" in snippet.html for snippet in found)


@pytest.mark.parametrize(("name", "body"), [("short", BODY), ("long", LONG_BODY)])
def test_the_whole_text_is_one_piece_with_every_match(
    service: SearchService, name: str, body: str
) -> None:
    (snippet,) = hit(service, name, HighlightOptions(whole=True)).snippets
    assert (snippet.text, snippet.start) == (body, 0)
    assert len(snippet.marks) == body.count("قطار")


def test_an_empty_text_has_no_piece_whatever_is_asked_for(service: SearchService) -> None:
    assert hit(service, "empty", HighlightOptions(whole=True)).snippets == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"tag": "script"},
        {"tag": "mark onclick=x"},
        {"length": LENGTHS[0] - 1},
        {"length": LENGTHS[1] + 1},
        {"count": COUNTS[0] - 1},
        {"count": COUNTS[1] + 1},
    ],
)
def test_what_would_be_unsafe_or_endless_is_refused(wrong: dict[str, Any]) -> None:
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        HighlightOptions(**wrong)
