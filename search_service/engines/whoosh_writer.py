"""One transaction on a Whoosh index: the writing side of the Whoosh engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from whoosh.writing import SegmentWriter

from search_service.engines.port import IndexedDocument
from search_service.engines.postings import FieldLists, Inverter, merge
from search_service.engines.whoosh_codec import ArrayCodec
from search_service.engines.whoosh_segment import SegmentView, length_column, tier_field
from search_service.schema import Document, FieldKind, Schema, Tier

__all__ = ["WhooshWriter", "segments_to_merge"]

# More segments than this and the smallest are merged: each one costs a search a few look-ups.
_MAX_SEGMENTS = 8


class _ArraySegmentWriter(SegmentWriter):  # type: ignore[misc]  # whoosh has no types here
    """Whoosh's writer with one inverter per field in place of its pool of single postings."""

    def __init__(self, index: Any, inverters: dict[str, Inverter]) -> None:
        super().__init__(index, codec=ArrayCodec(), compound=False)
        self._inverters = inverters
        self._merged: dict[str, list[FieldLists]] = {name: [] for name in inverters}

    def add_postings_to_pool(
        self, reader: Any, startdoc: int, docmap: dict[int, int] | None
    ) -> None:
        """Take over the lists of a segment that is merged into the new one."""
        numbers = np.arange(startdoc, startdoc + reader.doc_count_all(), dtype=np.uint32)
        alive = np.ones(len(numbers), np.bool_)
        if docmap is not None:
            old = np.fromiter(docmap, np.int64, len(docmap))
            alive[:] = False
            alive[old] = True
            numbers[old] = np.fromiter(docmap.values(), np.uint32, len(docmap))
        terms = reader.codec().terms_reader(reader.storage(), reader.segment())
        for name, parts in self._merged.items():
            parts.append(terms.lists(name).only(alive, numbers))

    def _flush_segment(self) -> None:
        self.fieldwriter.lists = {
            name: merge([self._inverters[name].lists(), *parts]) if parts else inverter.lists()
            for (name, inverter), parts in zip(
                self._inverters.items(), self._merged.values(), strict=True
            )
        }
        super()._flush_segment()


class WhooshWriter:
    """Adds and deletes documents; nothing is seen before :meth:`commit`."""

    def __init__(
        self, index: Any, schema: Schema, views: Sequence[SegmentView], done: Callable[[], None]
    ) -> None:
        self._schema = schema
        self._views = views
        self._done = done
        self._inverters = _inverters(schema)
        self._writer = _ArraySegmentWriter(index, self._inverters)
        self._new: dict[str, int] = {}

    def add(self, document: IndexedDocument) -> None:
        """Add a document, in place of any with the same id."""
        entry = document.document
        self.delete(entry.id)
        number = self._writer.docnum
        lengths = {
            length_column(field): len(tiers[Tier.EXACT]) for field, tiers in document.terms.items()
        }
        self._writer.add_document(
            document=json.dumps(entry.to_json(), ensure_ascii=False, default=str),
            id=entry.id.encode(),
            **_days(self._schema, entry),
            **lengths,
        )
        self._new[entry.id] = number
        for field, tiers in document.terms.items():
            for tier, terms in tiers.items():
                self._inverters[tier_field(field, tier)].add(number, terms)
        for field, values in document.keywords.items():
            self._inverters[field].add(number, tuple(dict.fromkeys(values)))
        self._inverters["id"].add(number, (entry.id,))

    def delete(self, document_id: str) -> None:
        """Remove a document; an unknown id is no error."""
        number = self._new.pop(document_id, None)
        if number is not None:
            self._writer.newsegment.delete_document(number)
        base = 0
        for view in self._views:
            stored = view.number(document_id)
            if stored is not None:
                self._writer.delete_document(base + stored)
            base += view.size

    def commit(self) -> None:
        """Write the new segment and the table of segments, in this order."""
        self._writer.commit(mergetype=_merge)
        self._done()

    def rollback(self) -> None:
        """Drop everything."""
        self._writer.cancel()
        self._done()


def _inverters(schema: Schema) -> dict[str, Inverter]:
    # Root forms serve ranking alone: no phrase asks for them, so they need no positions.
    text = {
        tier_field(field.name, tier): Inverter(positions=tier is not Tier.ROOT)
        for field in schema.of_kind(FieldKind.TEXT)
        for tier in Tier
    }
    keywords = {f.name: Inverter(positions=False) for f in schema.of_kind(FieldKind.KEYWORD)}
    return {"id": Inverter(positions=False), **keywords, **text}


def _days(schema: Schema, document: Document) -> dict[str, int]:
    days = {f.name: getattr(document, f.source) for f in schema.of_kind(FieldKind.DATE)}
    return {name: day.toordinal() for name, day in days.items() if day is not None}


def segments_to_merge(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Return which segments are worth merging, given (documents, live documents) of each.

    A segment that is half deleted always is; of too many, the smaller half.
    """
    wasteful = [i for i, (size, live) in enumerate(sizes) if live * 2 <= size]
    if len(sizes) - len(wasteful) <= _MAX_SEGMENTS:
        return wasteful
    by_size = sorted(range(len(sizes)), key=lambda i: sizes[i])
    return sorted(set(by_size[: len(sizes) // 2]) | set(wasteful))


def _merge(writer: Any, segments: Sequence[Any]) -> list[Any]:
    from whoosh.reading import SegmentReader

    sizes = [(s.doc_count_all(), s.doc_count_all() - s.deleted_count()) for s in segments]
    chosen = segments_to_merge(sizes)
    for number in chosen:
        reader = SegmentReader(writer.storage, writer.schema, segments[number])
        writer.add_reader(reader)
        reader.close()
    return [segment for i, segment in enumerate(segments) if i not in chosen]
