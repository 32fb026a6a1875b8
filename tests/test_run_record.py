"""What a run did is counted document by document: how each was before it, and how it is now."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from search_service.manifest import FileKey, Manifest
from search_service.run_record import Counts

FILE = FileKey("/news", "a.txt")

ids = st.sampled_from(["خبر", "\udc80", "c"])
contents = st.sampled_from(["one", "two"])
states = st.dictionaries(ids, contents)
#: To write a document with a content, or to remove it.
steps = st.lists(st.tuples(ids, contents | st.none()))


def manifest_with(folder: str, documents: dict[str, str]) -> Manifest:
    manifest = Manifest(Path(folder))
    for document_id, content in documents.items():
        manifest.set_document(document_id, content, FILE)
    return manifest


@given(before=states, done=steps)
def test_every_document_counts_once(
    before: dict[str, str], done: list[tuple[str, str | None]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        manifest = manifest_with(folder, before)
        now = dict(before)
        for document_id, content in done:
            known = now.get(document_id)
            if content is not None:
                manifest.run.write(document_id, known)
                manifest.set_document(document_id, content, FILE)
                now[document_id] = content
            elif known is not None:
                manifest.run.remove(document_id, known)
                manifest.remove_document(document_id)
                del now[document_id]
        touched = {document_id for document_id, _ in done}
        pairs = [(before.get(i), now.get(i)) for i in touched]
        assert manifest.run.counts() == Counts(
            added=sum(old is None and new is not None for old, new in pairs),
            updated=sum(None not in (old, new) and old != new for old, new in pairs),
            unchanged=sum(old is not None and old == new for old, new in pairs),
            removed=sum(old is not None and new is None for old, new in pairs),
        )
        manifest.close()


def test_a_file_that_did_not_change_confirms_its_documents_once(tmp_path: Path) -> None:
    manifest = manifest_with(str(tmp_path), {"a": "one", "b": "one"})
    manifest.run.write("a", "one")
    assert not manifest.run.has("b")
    assert manifest.run.confirm(*FILE) == 1
    assert manifest.run.has("b")
    assert manifest.run.counts() == Counts(0, 0, 2, 0)
    manifest.close()


def test_the_record_ends_with_the_run(tmp_path: Path) -> None:
    manifest = manifest_with(str(tmp_path), {})
    manifest.run.write("a", None)
    manifest.commit()
    manifest.close()
    again = Manifest(tmp_path)
    assert not again.run.has("a")
    again.close()
