"""The reference engine: everything in dictionaries, every rule spelled out, nothing clever.

It looks at each document in turn, so that the contract tests have an oracle
that shares no shortcut with the real engines. Fine for a few hundred documents;
keeps nothing on disk.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from search_service.engines.field_kinds import check_facets, check_keyword, sort_kind
from search_service.engines.port import EngineStats, Hits, IndexedDocument, Sort
from search_service.query import resolved as q
from search_service.ranking import bm25, idf, rounded
from search_service.schema import Document, FieldKind, Schema, Tier

__all__ = ["MemoryEngine", "open_engine"]


class MemoryEngine:
    """Keeps documents in a dictionary; see :class:`~search_service.engines.port.Engine`."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.documents: dict[str, IndexedDocument] = {}

    def writer(self) -> MemoryWriter:
        """Begin a transaction."""
        return MemoryWriter(self)

    def refresh(self) -> None:
        """Do nothing: a commit is seen at once."""

    def search(
        self,
        query: q.Node,
        offset: int,
        limit: int,
        sort: Sort | None = None,
        facets: Sequence[str] = (),
    ) -> Hits:
        """Return the matching documents, best first or sorted, and count values."""
        check_facets(self._schema, facets)
        found = [
            (document_id, rounded(score))
            for document_id in self.documents
            if (score := self._score(query, document_id)) is not None
        ]
        found.sort(key=lambda hit: (-hit[1], hit[0]))
        if sort:
            found = self._sorted(found, sort)
        counts = {name: self._counts(name, [hit[0] for hit in found]) for name in facets}
        return Hits(len(found), tuple(found[offset : offset + limit]), counts)

    def _sorted(self, found: list[tuple[str, float]], sort: Sort) -> list[tuple[str, float]]:
        """Sort what is ordered by score; what ties stays in that order."""
        if sort_kind(self._schema, sort) is FieldKind.ID:
            return sorted(found, key=lambda hit: hit[0], reverse=sort.descending)
        days = {hit: self.documents[hit[0]].document.date for hit in found}
        dated = [(day, hit) for hit, day in days.items() if day]
        dated.sort(key=lambda entry: entry[0], reverse=sort.descending)
        return [hit for _, hit in dated] + [hit for hit in found if not days[hit]]

    def _counts(self, name: str, ids: Sequence[str]) -> dict[str, int]:
        """Count the values in one field of some documents."""
        dated = any(name == known.name for known in self._schema.of_kind(FieldKind.DATE))
        counts: Counter[str] = Counter()
        for entry in (self.documents[document_id] for document_id in ids):
            day = entry.document.date
            if not dated:
                counts.update(set(entry.keywords.get(name, ())))
            elif day:
                counts[f"{day.year:04}"] += 1
        return dict(counts)

    def score(self, query: q.Node, ids: Sequence[str]) -> list[float | None]:
        """Return each document's score, ``None`` where it does not match or is unknown."""
        scores = (self._score(query, i) if i in self.documents else None for i in ids)
        return [None if score is None else rounded(score) for score in scores]

    def fetch(self, ids: Sequence[str], *, bodies: bool = True) -> list[Document | None]:
        """Return the stored documents, always whole."""
        found = (self.documents.get(document_id) for document_id in ids)
        return [None if entry is None else entry.document for entry in found]

    def readings(self, document_id: str) -> Mapping[str, bytes]:
        """Return what is kept for a document's long texts."""
        entry = self.documents.get(document_id)
        return {} if entry is None else entry.readings

    def all_documents(self) -> Iterator[Document]:
        """Yield every document that is held now."""
        return iter([entry.document for entry in self.documents.values()])

    def vocabulary(
        self, field: str, tier: Tier | None, prefix: str = ""
    ) -> Iterator[tuple[str, int]]:
        """Yield (term, document frequency) in code point order."""
        if tier is None:
            check_keyword(self._schema, field)
        counts: Counter[str] = Counter()
        for entry in self.documents.values():
            terms = entry.keywords.get(field, ()) if tier is None else entry.terms[field][tier]
            counts.update(set(terms))
        yield from sorted(item for item in counts.items() if item[0].startswith(prefix))

    def frequency(self, fields: tuple[str, ...], tier: Tier, term: str) -> int:
        """Return how many documents have a term in any of some text fields."""
        texts = (entry.terms for entry in self.documents.values())
        return sum(any(term in terms[field][tier] for field in fields) for terms in texts)

    def stats(self) -> EngineStats:
        """Count documents and tokens."""
        tokens = {
            field.name: sum(self._length(entry, (field.name,)) for entry in self.documents.values())
            for field in self._schema.of_kind(FieldKind.TEXT)
        }
        return EngineStats(len(self.documents), tokens, 0)

    def close(self) -> None:
        """Keep everything: there is nothing to release."""

    @staticmethod
    def _length(entry: IndexedDocument, fields: tuple[str, ...]) -> int:
        return sum(len(entry.terms[field][Tier.EXACT]) for field in fields)

    def _score(self, query: q.Node, document_id: str) -> float | None:
        """Return the score of one document, ``None`` where it does not match."""
        entry = self.documents[document_id]
        match query:
            case q.Term(fields, tier, term, weight):
                tf = sum(list(entry.terms[field][tier]).count(term) for field in fields)
                return self._bm25(entry, fields, tf, weight, self._idf(fields, tier, (term,)))
            case q.Phrase(fields, tier, slots, slop, weight):
                tf = sum(
                    phrase_frequency(entry.terms[field][tier], slots, slop) for field in fields
                )
                rarity = sum(self._idf(fields, tier, slot) for slot in slots)
                return self._bm25(entry, fields, tf, weight, rarity)
            case q.KeywordTerm(field, value, weight):
                return weight if value in self._values(entry, field) else None
            case q.RangeTerm(_, low, high):
                day = entry.document.date
                inside = day and (low is None or low <= day) and (high is None or day <= high)
                return 0.0 if inside else None
            case q.AllDocs():
                return 0.0
            case q.NoDocs():
                return None
            case q.Bool():
                return self._bool(query, document_id)

    def _values(self, entry: IndexedDocument, field: str) -> Sequence[str]:
        if any(field == known.name for known in self._schema.of_kind(FieldKind.ID)):
            return (entry.document.id,)
        return entry.keywords.get(field, ())

    def _bool(self, query: q.Bool, document_id: str) -> float | None:
        must = [self._score(child, document_id) for child in query.must]
        should = [self._score(child, document_id) for child in query.should]
        excluded = any(self._score(child, document_id) is not None for child in query.must_not)
        missing = None in must or (not must and should and all(s is None for s in should))
        if excluded or missing:
            return None
        return sum(score for score in must + should if score is not None)

    def _bm25(
        self, entry: IndexedDocument, fields: tuple[str, ...], tf: int, weight: float, rarity: float
    ) -> float | None:
        if not tf:
            return None
        lengths = [self._length(other, fields) for other in self.documents.values()]
        average = sum(lengths) / len(lengths)
        return weight * rarity * bm25(float(tf), float(self._length(entry, fields)), average)

    def _idf(self, fields: tuple[str, ...], tier: Tier, alternatives: tuple[str, ...]) -> float:
        def frequency(term: str) -> int:
            entries = self.documents.values()
            return sum(any(term in entry.terms[f][tier] for f in fields) for entry in entries)

        return idf(len(self.documents), max(map(frequency, alternatives), default=0))


def phrase_frequency(terms: Sequence[str], slots: Sequence[Sequence[str]], slop: int) -> int:
    """Count the positions from which ``slots`` are passed in order with at most ``slop`` gaps.

    >>> phrase_frequency(["a", "x", "b", "a", "b"], [["a"], ["b"]], 0)
    1
    """
    places = [[i for i, term in enumerate(terms) if term in slot] for slot in slots]
    if not places:
        return 0
    found = 0
    for start in places[0]:
        end: int | None = start
        for later in places[1:]:
            at = bisect_right(later, end) if end is not None else len(later)
            end = later[at] if at < len(later) else None
        found += end is not None and end - start - (len(slots) - 1) <= slop
    return found


class MemoryWriter:
    """Collects changes and applies them in one step."""

    joins = False

    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine
        self._changed = dict(engine.documents)

    def add(self, document: IndexedDocument) -> None:
        """Add or replace a document."""
        self._changed[document.document.id] = document

    def delete(self, document_id: str) -> None:
        """Remove a document."""
        self._changed.pop(document_id, None)

    def commit(self) -> None:
        """Show the changes."""
        self._engine.documents = self._changed

    def rollback(self) -> None:
        """Drop the changes."""
        self._changed = dict(self._engine.documents)


def open_engine(directory: Path, schema: Schema) -> MemoryEngine:
    """Return an empty engine; ``directory`` is not used."""
    return MemoryEngine(schema)
