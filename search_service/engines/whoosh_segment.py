"""One Whoosh segment as arrays: the reading side of the Whoosh engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import Schema as WhooshSchema

from search_service.engines.postings import Postings
from search_service.engines.whoosh_codec import ArrayTermsReader
from search_service.schema import Tier

__all__ = ["SegmentView", "length_column", "tier_field"]

# Decoded lists kept per segment; a list of a common word takes about a megabyte per 100,000 documents.
_CACHED_LISTS = 2048


def tier_field(field: str, tier: Tier) -> str:
    """Return the name under which a tier of a text field is kept in Whoosh."""
    return f"{field}_{tier.value}"


def length_column(field: str) -> str:
    """Return the name of the column with the lengths of a text field."""
    return f"{field}_length"


class SegmentView:
    """A committed segment. Immutable: a change of its deletions makes a new view."""

    def __init__(self, storage: Any, schema: WhooshSchema, segment: Any) -> None:
        codec = segment.codec()
        self._schema = schema
        self._perdoc = codec.per_document_reader(storage, segment)
        self._terms: ArrayTermsReader = codec.terms_reader(storage, segment)
        self._cache: dict[tuple[str, str], Postings] = {}
        self.size = int(segment.doc_count_all())
        self.live = np.ones(self.size, np.bool_)
        self.live[list(segment.deleted_docs())] = False
        self._whole = bool(self.live.all())

    def postings(self, field: str, tier: Tier, term: str) -> Postings:
        """Return a term's list without deleted documents."""
        return self._live_list(tier_field(field, tier), term)

    def keyword(self, field: str, value: str) -> NDArray[np.uint32]:
        """Return the documents with a value in a keyword field."""
        return self._live_list(field, value).docs

    def lengths(self, fields: tuple[str, ...]) -> NDArray[np.float64]:
        """Return each document's length in tokens over the fields together."""
        if len(fields) == 1:
            return self._column(length_column(fields[0]))
        return self._summed(fields)

    def total_length(self, fields: tuple[str, ...]) -> float:
        """Return the number of tokens in the fields of all documents that are not deleted."""
        return float(self.lengths(fields)[self.live].sum())

    def days(self, field: str) -> NDArray[np.int64]:
        """Return each document's day as an ordinal, 0 where it has none."""
        return self._column(field).astype(np.int64)

    @cached_property
    def ids(self) -> list[str]:
        """The documents' ids by number."""
        reader = self._reader("id")
        return [bytes(reader[number]).decode() for number in range(self.size)]

    def number(self, document_id: str) -> int | None:
        """Return the number of the document with an id, ``None`` if it is not here."""
        docs = self.keyword("id", document_id)
        return int(docs[0]) if len(docs) else None

    def stored(self, number: int) -> str:
        """Return the stored JSON of a document."""
        text: str = self._perdoc.stored_fields(number)["document"]
        return text

    def vocabulary(self, field: str, tier: Tier, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield (term, document frequency) in order, without terms that only deleted ones have."""
        name = tier_field(field, tier)
        for term, frequency in self._terms.field_terms(name, prefix):
            alive = frequency if self._whole else len(self._live_list(name, term).docs)
            if alive:
                yield term, alive

    def close(self) -> None:
        """Close the segment's files."""
        self._perdoc.close()
        self._terms.close()

    def _live_list(self, name: str, term: str) -> Postings:
        key = (name, term)
        found = self._cache.get(key)
        if found is None:
            found = self._terms.arrays(name, term)
            if not self._whole:
                found = found.only(self.live[found.docs])
            if len(self._cache) >= _CACHED_LISTS:
                self._cache.clear()
            self._cache[key] = found
        return found

    def _reader(self, name: str) -> Any:
        return self._perdoc.column_reader(name, self._schema[name].column_type)

    def _column(self, name: str) -> NDArray[np.float64]:
        values = self._columns.get(name)
        if values is None:
            reader = self._reader(name)
            values = np.fromiter((reader[i] for i in range(self.size)), np.float64, self.size)
            self._columns[name] = values
        return values

    def _summed(self, fields: tuple[str, ...]) -> NDArray[np.float64]:
        name = "+".join(fields)
        if name not in self._columns:
            self._columns[name] = np.sum([self.lengths((field,)) for field in fields], axis=0)
        return self._columns[name]

    @cached_property
    def _columns(self) -> dict[str, NDArray[np.float64]]:
        return {}
