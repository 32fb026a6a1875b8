"""One Whoosh segment as arrays: the reading side of the Whoosh engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_service.engines.evaluate import Matches, enough, term_postings
from search_service.engines.port import Sort
from search_service.engines.postings import Ints, Postings, memory_of
from search_service.engines.remembering import Remembered
from search_service.engines.value_columns import ValueColumn, keyword_column, year_column
from search_service.engines.whoosh_codec import ArrayReader
from search_service.ranking import length_norm
from search_service.schema import FieldKind, Schema, Tier

__all__ = [
    "ID",
    "Place",
    "SegmentFiles",
    "SegmentView",
    "length_column",
    "rounded_all",
    "tier_field",
]

#: A found document as (sort key, -rounded score, id): the smaller, the better.
Place: TypeAlias = tuple[int, float, str]

_TermKey: TypeAlias = tuple[tuple[str, ...], Tier, str]
_Lists: TypeAlias = tuple[tuple[str, ...], tuple[int, ...]]  # fields, and a list's number in each

#: The name under which ids are kept.
ID = "id"

# Sorts after all days, rising and falling ones.
_NO_DAY = 10**9

# Lists kept in memory per segment: so many bytes per document, and some.
_KEPT_PER_DOCUMENT = 640
_KEPT_AT_LEAST = 1 << 20

# So many terms are remembered besides by the numbers of their lists, about 300 bytes each.
_NUMBERS = 8192


@cache
def tier_field(field: str, tier: Tier) -> str:
    """Return the name under which the lists of a tier of a text field are kept.

    Its first part is the pool that the tiers of the field share.
    """
    return f"{field}/{tier.value}"


def length_column(field: str) -> str:
    """Return the name of the column with the lengths of a text field."""
    return f"{field}_length"


class SegmentFiles:
    """The files of a segment, which never change: shared by all views of it.

    Everything is opened at once, so that what is damaged is found when it is
    opened, with whatever error that raises.
    """

    def __init__(self, storage: Any, schema: Schema, segment: Any) -> None:
        codec = segment.codec()
        self.size = int(segment.doc_count_all())
        self.arrays: ArrayReader = codec.terms_reader(storage, segment)
        self._documents = codec.per_document_reader(storage, segment).stored()
        if self.size:
            self.stored(0)
        self.text_fields = tuple(field.name for field in schema.of_kind(FieldKind.TEXT))
        self.lengths: dict[tuple[str, ...], NDArray[np.int64]] = {
            (field,): self._column(length_column(field)).astype(np.int64)
            for field in self.text_fields
        }
        self.days = {
            field.name: self._column(field.name).astype(np.int64)
            for field in schema.of_kind(FieldKind.DATE)
        }
        keywords = (field.name for field in schema.of_kind(FieldKind.KEYWORD))
        tiers = (tier_field(field, tier) for field in self.text_fields for tier in Tier)
        for name in (*keywords, *tiers):
            self.arrays.any_lists(name)
        # Ids are terms, sorted as such: a document's place among them serves as its id.
        ids = self._id_lists = self.arrays.lists(ID)
        self.ids = self.arrays.terms(ID)
        self.id_ranks = np.zeros(self.size, np.uint32)
        self.id_ranks[ids.docs] = np.repeat(np.arange(len(ids.terms)), np.diff(ids.entries))
        # Made when first asked for, one for each keyword and date field at most.
        self._values: dict[str, ValueColumn] = {}

    def holders(self, document_id: str) -> list[int]:
        """Return the numbers of the documents with an id, deleted ones included."""
        rank = self.ids.number(document_id.encode("utf-8", "surrogatepass"))
        return [] if rank is None else self._id_lists.postings(rank).docs.tolist()

    def values(self, field: str) -> ValueColumn:
        """Return the values of a keyword field, or the years of a date field, by document."""
        found = self._values.get(field)
        if found is None:
            days = self.days.get(field)
            if days is None:
                found = keyword_column(self.arrays.lists(field), self.size)
            else:
                found = year_column(days)
            self._values[field] = found
        return found

    def _column(self, name: str) -> Ints:
        values = self.arrays.column(name)
        if len(values) != self.size:
            raise ValueError(f"{len(values)} of {self.size} documents in column {name}")
        return values

    def stored(self, number: int) -> str:
        """Return a stored document as text."""
        text: str = self._documents[number]["document"]
        return text

    def head(self, number: int) -> str:
        """Return the line of a stored document that has all but its body."""
        line: str = self._documents.line(number)
        return line

    def readings(self, number: int) -> bytes:
        """Return what is kept for the long texts of a document."""
        piece: bytes = self._documents.readings(number)
        return piece


class SegmentView:
    """A segment as one commit left it. Immutable: a change of its deletions makes a new view."""

    def __init__(self, files: SegmentFiles, deleted: frozenset[int]) -> None:
        self.files = files
        self.deleted = deleted
        self.size = files.size
        self.live = np.ones(self.size, np.bool_)
        self.live[list(deleted)] = False
        self._lengths = dict(files.lengths)
        self._norms: dict[tuple[str, ...], tuple[float, NDArray[np.float64]]] = {}
        self._found: dict[str, int] = {}
        limit = _KEPT_AT_LEAST + _KEPT_PER_DOCUMENT * self.size
        self._numbers: Remembered[_TermKey, tuple[int, ...]] = Remembered(_NUMBERS, lambda _: 1)
        self._known: Remembered[_Lists, Postings] = Remembered(limit, memory_of)

    def postings(self, field: str, tier: Tier, term: str) -> Postings:
        """Return a term's list without deleted documents."""
        found = self.files.arrays.postings(tier_field(field, tier), term)
        return found.only(self.live[found.docs]) if self.deleted else found

    def term(self, fields: tuple[str, ...], tier: Tier, term: str) -> Postings:
        """Return a term's documents in any of the fields, without positions.

        Forms of a word that stand in the same documents have the same object.
        """
        key = fields, tier, term
        numbers = self._numbers.get(key)
        if numbers is None:
            number = self.files.arrays.list_number
            numbers = tuple(number(tier_field(field, tier), term) for field in fields)
            self._numbers.put(key, numbers)
        found = self._known.get((fields, numbers))
        if found is None:
            found = term_postings(self, fields, tier, term)
            self._known.put((fields, numbers), found)
        return found

    def keyword(self, field: str, value: str) -> Ints:
        """Return the documents with a value in a keyword or id field."""
        docs = self.files.arrays.postings(field, value).docs.astype(np.intp)
        return docs[self.live[docs]] if self.deleted else docs

    def lengths(self, fields: tuple[str, ...]) -> NDArray[np.int64]:
        """Return each document's length in tokens over the fields together."""
        found = self._lengths.get(fields)
        if found is None:
            each = [self._lengths[(field,)] for field in fields]
            found = self._lengths[fields] = np.sum(each, axis=0, dtype=np.int64)
        return found

    def norms(self, fields: tuple[str, ...], average: float) -> NDArray[np.float64]:
        """Return each document's ``length_norm`` over the fields together."""
        known = self._norms.get(fields)
        if known is None or known[0] != average:
            known = average, length_norm(self.lengths(fields).astype(float), average)
            self._norms[fields] = known
        return known[1]

    def total_length(self, fields: tuple[str, ...]) -> int:
        """Return the number of tokens in the fields of all documents that are not deleted."""
        return int(self.lengths(fields)[self.live].sum())

    def sizes(self, deleted: Iterable[int]) -> tuple[int, int]:
        """Return the segment's size, and its size without the documents in ``deleted``.

        The size is in tokens, and one more for each document.
        """
        sizes = self.lengths(self.files.text_fields) + 1
        whole = int(sizes.sum())
        return whole, whole - int(sizes[list(deleted)].sum())

    def days(self, field: str) -> NDArray[np.int64]:
        """Return each document's day as an ordinal, 0 where it has none."""
        return self.files.days[field]

    def best(self, matches: Matches, count: int, sort: Sort | None = None) -> list[Place]:
        """Return the first ``count`` in order, sorted by score or by a date or id field.

        Sort keys are 0 or days, and compare over all segments; by id, only the
        ids themselves do.
        """
        matched, scores, among = matches
        docs = among if among is not None and sort is None else matched.nonzero()[0]
        scores = scores[docs]
        if sort is None and len(scores) > count > 0:
            # All that tie with the last one stay in: ids decide, not their numbers.
            keep = scores >= enough(scores, count) - 1e-6
            docs, scores = docs[keep], scores[keep]
        keys = self._sort_keys(docs, sort)
        if sort and len(docs) > count > 0:
            keep = keys <= np.partition(keys, count - 1)[count - 1]
            docs, scores, keys = docs[keep], scores[keep], keys[keep]
        ranks = self.files.id_ranks[docs]
        losses = -rounded_all(scores)
        order = np.lexsort((ranks, losses, keys))[:count]
        ids = [_id(self.files.ids[rank]) for rank in ranks[order].tolist()]
        # They are fetched next; another thread that finds others in between costs time, no more.
        self._found = dict(zip(ids, docs[order].tolist(), strict=True))
        return list(zip(keys[order].tolist(), losses[order].tolist(), ids, strict=True))

    def _sort_keys(self, docs: Ints, sort: Sort | None) -> NDArray[np.int64]:
        """Return what the documents are ordered by before their scores, smallest first."""
        if sort is None:
            return np.zeros(len(docs), np.int64)
        dated = sort.field in self.files.days
        values = (self.days(sort.field) if dated else self.files.id_ranks)[docs].astype(np.int64)
        keys = -values if sort.descending else values
        if dated:
            keys[values == 0] = _NO_DAY
        return keys

    def number(self, document_id: str) -> int | None:
        """Return the number of the document with an id, ``None`` if it is not here."""
        found = self._found.get(document_id)
        if found is not None:
            return found
        held = self.files.holders(document_id)
        return next((number for number in held if number not in self.deleted), None)

    def stored(self, number: int) -> str:
        """Return a stored document as text."""
        return self.files.stored(number)

    def numbers(self) -> Iterator[tuple[str, int]]:
        """Yield the id and the number of each document that is not deleted."""
        for number in np.flatnonzero(self.live).tolist():
            yield _id(self.files.ids[self.files.id_ranks[number]]), number

    def vocabulary(self, field: str, tier: Tier | None, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield (term, document frequency) in order, without terms that only deleted ones have."""
        name = field if tier is None else tier_field(field, tier)
        return self.files.arrays.vocabulary(name, prefix, self.live)


def rounded_all(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round as :func:`search_service.ranking.rounded` does."""
    return np.round(scores, 6)


def _id(term: bytes) -> str:
    return term.decode("utf-8", "surrogatepass")
