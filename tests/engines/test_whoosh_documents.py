"""Stored documents come back as they were, with a dictionary and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.engines import whoosh_documents
from search_service.engines.port import IndexedDocument
from search_service.engines.whoosh import WhooshEngine, open_engine
from search_service.schema import DEFAULT_SCHEMA, Document, Tier

# A lone surrogate cannot be written as UTF-8 proper; files with broken bytes have them.
BODIES = st.lists(st.text(st.characters(codec=None) | st.just("\ud800"), max_size=80), max_size=12)


def put(engine: WhooshEngine, documents: Sequence[Document], delete: Sequence[str] = ()) -> None:
    writer = engine.writer()
    for document in documents:
        terms = {field: dict.fromkeys(Tier, ("a",)) for field in ("title", "body")}
        writer.add(IndexedDocument(document, terms, {}))
    for document_id in delete:
        writer.delete(document_id)
    writer.commit()


def documents(bodies: Sequence[str], prefix: str = "") -> list[Document]:
    return [Document(id=f"{prefix}{number}", body=body) for number, body in enumerate(bodies)]


def stored_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.col"))


@given(first=BODIES, second=BODIES, dictionary=st.sampled_from((1, 10, 100, 1 << 15)))
def test_come_back_whenever_the_dictionary_was_learnt(
    tmp_path_factory: pytest.TempPathFactory,
    first: Sequence[str],
    second: Sequence[str],
    dictionary: int,
) -> None:
    folder = tmp_path_factory.mktemp("stored")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whoosh_documents, "_DICTIONARY", dictionary)
        engine = open_engine(folder, DEFAULT_SCHEMA)
        old, new = documents(first, "a"), documents(second, "b")
        put(engine, old)
        # Most of a segment deleted: it is merged with the new one, under another dictionary.
        gone = {document.id for document in old[1:]}
        put(engine, new, delete=sorted(gone))
        stays = [*old[:1], *new]
        assert engine.fetch([document.id for document in stays]) == stays
        assert sorted(found.id for found in engine.all_documents()) == sorted(d.id for d in stays)


@given(titles=BODIES, dictionary=st.sampled_from((1, 100, 1 << 15)), line=st.integers(1, 40))
def test_come_back_without_their_bodies_where_nobody_asks_for_these(
    tmp_path_factory: pytest.TempPathFactory, titles: Sequence[str], dictionary: int, line: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whoosh_documents, "_DICTIONARY", dictionary)
        # Some titles are longer than what is read at first, some are shorter.
        patch.setattr(whoosh_documents, "_LINE", line)
        engine = open_engine(tmp_path_factory.mktemp("stored"), DEFAULT_SCHEMA)
        made = [Document(id=str(at), title=title) for at, title in enumerate(titles)]
        put(engine, [replace(document, body="سطر\nوسطر " * 40) for document in made])
        assert engine.fetch([document.id for document in made], bodies=False) == made


def test_much_text_takes_less_with_a_dictionary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough to compress a little alone; with the words of others before it, much better.
    phrase = " ".join(f"{number**7 % 9973}كلمة" for number in range(40))
    bodies = [f"{phrase} {number}" for number in range(1000)]
    put(open_engine(tmp_path / "with", DEFAULT_SCHEMA), documents(bodies))
    monkeypatch.setattr(whoosh_documents, "_DICTIONARY", 1 << 40)  # so much text never comes
    put(open_engine(tmp_path / "without", DEFAULT_SCHEMA), documents(bodies))
    assert stored_size(tmp_path / "with") < stored_size(tmp_path / "without") / 2


def test_few_documents_carry_no_dictionary(tmp_path: Path) -> None:
    body = "نص قصير " * 10
    put(open_engine(tmp_path, DEFAULT_SCHEMA), documents([body]))
    assert stored_size(tmp_path) < len(body.encode())
