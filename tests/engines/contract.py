"""The engines that the contract tests run over, and what those tests are written with.

An engine is added by its name: to ``ON_DISK``, and to ``SAME_SCORES`` if its
scores are the reference's. The memory engine is the reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import strategies as st

from search_service.engines import load_engine, memory
from search_service.engines.port import Engine, EngineFactory, IndexedDocument
from search_service.errors import EngineUnavailable
from search_service.query.resolved import (
    AllDocs,
    Bool,
    KeywordTerm,
    Node,
    NoDocs,
    Phrase,
    RangeTerm,
    Term,
)
from search_service.schema import Document, Tier

REFERENCE = "memory"
ON_DISK = ("whoosh", "tantivy")
ENGINES = (REFERENCE, *ON_DISK)

#: Engines whose scores are the reference's, not only their order.
SAME_SCORES = ("whoosh",)

BODY, TITLE, BOTH = ("body",), ("title",), ("title", "body")
SURROGATE = "\ud800"
ODD_IDS = ("a/b\\c", "تاريخ/١", "😀 id", "x" * 512, "../..", SURROGATE, "a\nb", "%00", "A", "a")


def factory(name: str) -> EngineFactory:
    if name == REFERENCE:
        return memory.open_engine
    try:
        return load_engine(name)
    except EngineUnavailable as error:
        pytest.skip(str(error))


def indexed(document: Document) -> IndexedDocument:
    """Stand in for the analyzer: letters in three strictnesses, and the first letter as root."""
    terms = {}
    for name, text in (("title", document.title), ("body", document.body)):
        words = text.split()
        terms[name] = {
            Tier.EXACT: words,
            Tier.FOLDED: [word.casefold() for word in words],
            Tier.STEM: [word.casefold().rstrip("s") or "s" for word in words],
            Tier.ROOT: [word[0].casefold() for word in words],
        }
    language = (document.language,) if document.language else ()
    return IndexedDocument(document, terms, {"tag": document.tags, "language": language})


def doc(document_id: str, body: str = "", title: str = "", **rest: object) -> IndexedDocument:
    return indexed(Document(id=document_id, title=title, body=body, **rest))  # type: ignore[arg-type]


def put(engine: Engine, *documents: IndexedDocument, delete: Sequence[str] = ()) -> None:
    """One transaction."""
    writer = engine.writer()
    for document in documents:
        writer.add(document)
    for document_id in delete:
        writer.delete(document_id)
    writer.commit()


def found(engine: Engine, query: Node) -> list[str]:
    """All ids, best first."""
    hits = engine.search(query, 0, 10_000)
    assert hits.total == len(hits.page)
    return [document_id for document_id, _ in hits.page]


def word(term: str, fields: tuple[str, ...] = BODY, weight: float = 1.0) -> Term:
    return Term(fields, Tier.EXACT, term, weight)


def phrase(*slots: str, fields: tuple[str, ...] = BODY, slop: int = 0) -> Phrase:
    """A slot is written as its alternatives: "a|b"."""
    return Phrase(fields, Tier.EXACT, tuple(tuple(slot.split("|")) for slot in slots), slop)


WORDS = ("a", "B", "bs", "كتاب", "كتب", "😀", f"{SURROGATE}z", "x")
# Not the long one: the differences that pytest shows would take minutes.
IDS = tuple(document_id for document_id in ODD_IDS if len(document_id) < 512)
TAGS = ("t", "أدب", SURROGATE)
DAYS = (date(2020, 1, 1), date(2020, 1, 2), date(2024, 2, 29), date.min, date.max)

texts = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
documents = st.builds(
    Document,
    id=st.sampled_from(IDS),
    title=texts,
    body=texts,
    date=st.none() | st.sampled_from(DAYS),
    language=st.none() | st.just("ar"),
    tags=st.lists(st.sampled_from(TAGS), max_size=3).map(tuple),
)
changes = st.lists(documents | st.sampled_from(IDS), max_size=8)
transactions = st.lists(st.tuples(changes, st.sampled_from(("commit", "commit", "rollback"))))

weights = st.sampled_from((1.0, 0.0, 0.3, 2.0))
scopes = st.sampled_from((BODY, TITLE, BOTH))
# Terms of all tiers, known and unknown ones.
terms = st.sampled_from(sorted({*WORDS, *map(str.casefold, WORDS), "b", "ك", "unknown"}))
slots = st.lists(st.lists(terms, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3)
ranges = st.builds(
    RangeTerm,
    st.just("date"),
    st.none() | st.sampled_from(DAYS),
    st.none() | st.sampled_from(DAYS),
)
leaf_queries: st.SearchStrategy[Node] = (
    st.builds(Term, scopes, st.sampled_from(Tier), terms, weights)
    | st.builds(
        Phrase,
        scopes,
        st.sampled_from((Tier.EXACT, Tier.FOLDED, Tier.STEM)),
        slots.map(tuple),
        st.integers(0, 3),
        weights,
    )
    | st.builds(KeywordTerm, st.just("tag"), st.sampled_from((*TAGS, "?")), weights)
    | st.builds(KeywordTerm, st.just("id"), st.sampled_from((*IDS, "?")), weights)
    | ranges
    | st.sampled_from((AllDocs(), NoDocs()))
)


def _bools(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(children, max_size=3).map(tuple)
    return st.builds(Bool, some, some, some)


queries: st.SearchStrategy[Node] = st.recursive(leaf_queries, _bools, max_leaves=6)


def apply(engines: Sequence[Engine], changed: Sequence[Document | str], end: str) -> None:
    for engine in engines:
        writer = engine.writer()
        for change in changed:
            if isinstance(change, str):
                writer.delete(change)
            else:
                writer.add(indexed(change))
        writer.commit() if end == "commit" else writer.rollback()
