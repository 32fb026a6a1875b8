"""Documents like one: by the words that tell most of it."""

from __future__ import annotations

import pytest

from search_service import Document, SearchService
from search_service.errors import DocumentNotFound

# Two about a lake, two about trains, one of both, one of neither, one empty, one of common words.
COLLECTION = (
    Document(id="lake", title="بحيرة الملح", body="البحيرة مالحة وطيور الفلامنغو تعيش على ضفافها"),
    Document(id="birds", title="طيور مهاجرة", body="تصل طيور الفلامنغو إلى بحيرة مالحة في الشتاء"),
    Document(id="train", title="قطار الجنوب", body="القطار السريع يصل المحطة عند الفجر"),
    Document(id="station", title="محطة قديمة", body="في المحطة قطارات وعربات وسكة وقطار سريع"),
    Document(id="both", title="رحلة", body="قطار إلى البحيرة"),
    Document(id="bread", title="خبز", body="دقيق وماء"),
    Document(id="empty"),
    Document(id="common", body="في على إلى من"),
)


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def service(request, tmp_path_factory):
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    with SearchService.open(tmp_path_factory.mktemp("index"), engine=request.param) as service:
        service.index(COLLECTION)
        yield service


def ids(results):
    return [hit.id for hit in results]


@pytest.mark.parametrize(
    ("document_id", "first"),
    [("lake", "birds"), ("birds", "lake"), ("train", "station"), ("station", "train")],
)
def test_what_shares_the_telling_words_comes_first(service, document_id, first):
    assert ids(service.similar(document_id))[0] == first


def test_the_document_itself_is_left_out(service):
    for document in COLLECTION:
        assert document.id not in ids(service.similar(document.id, size=100))


def test_what_shares_no_telling_word_is_not_alike(service):
    found = service.similar("lake")
    assert set(ids(found)) == {"birds", "both"}
    assert found.total == 2


@pytest.mark.parametrize("document_id", ["bread", "empty", "common"])
def test_nothing_is_like_what_shares_nothing(service, document_id):
    found = service.similar(document_id)
    assert (found.total, found.hits, found.query) == (0, (), "")


def test_the_query_has_the_shared_words_as_the_document_writes_them(service):
    words = service.similar("train").query.split()
    assert set(words) == {"قطار", "السريع", "المحطة", "يصل"}


def test_shared_words_are_marked_in_any_form(service):
    best = service.similar("lake").hits[0]
    assert best.highlighted_title.html == "<mark>طيور</mark> مهاجرة"
    (snippet,) = best.snippets
    assert "<mark>بحيرة</mark> <mark>مالحة</mark>" in snippet.html


def test_there_are_never_more_than_asked_for(service):
    found = service.similar("lake", size=1)
    assert (len(found), found.size, found.total) == (1, 1, 2)


def test_a_word_of_the_title_counts_more_than_one_of_the_text(tmp_path):
    with SearchService.open(tmp_path) as service:
        service.index(
            [
                Document(id="it", title="زيتون", body="رمان"),
                Document(id="text", body="رمان وحده"),
                Document(id="title", body="زيتون وحده"),
                Document(id="other", body="خبز"),
            ]
        )
        assert ids(service.similar("it")) == ["title", "text"]


def test_an_unknown_document_is_told(service):
    with pytest.raises(DocumentNotFound, match="nowhere"):
        service.similar("nowhere")


@pytest.mark.parametrize("size", [0, 101])
def test_a_size_out_of_range_is_refused(service, size):
    with pytest.raises(ValueError, match="size must be from 1 to 100"):
        service.similar("lake", size=size)
