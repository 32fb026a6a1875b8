"""One commit of a tantivy index, searched: order, pages, counts, documents."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from struct import pack
from typing import Any

from tantivy import DocAddress, Order, Query, Searcher

from search_service.coding import coded
from search_service.engines.compact_text import unpacked
from search_service.engines.field_kinds import check_keyword, sort_kind
from search_service.engines.port import Hits, Sort
from search_service.engines.tantivy_fields import (
    DOCUMENT,
    FILLER,
    ID,
    ID_LENGTH,
    ID_PIECES,
    Layout,
    original,
    storable,
    terms_of,
)
from search_service.engines.tantivy_queries import QueryBuilder, is_scored, unscored
from search_service.query.resolved import Node, Term
from search_service.ranking import rounded
from search_service.schema import Document, FieldKind, Tier

__all__ = ["Snapshot"]

# More than the page is asked for, to see whether others have the score of its last document.
_SPARE = 2

# Addresses read at a time while going through all documents, and addresses of documents just
# found that are kept for fetching them.
_STRIDE = 10_000

# Documents of a page are read as they are found, since they are fetched next; of more, as where
# many have the same score, the ids are read from columns.
_MOST_READ = 200

Page = list[tuple[str, float]]


class Snapshot:
    """Answers from one commit, whatever is committed later; safe between threads.

    ``listing`` is tantivy's list of the commit's segments, where it is known.
    """

    def __init__(
        self, searcher: Searcher, layout: Layout, listing: Mapping[str, Any] | None
    ) -> None:
        self.listing = listing
        self.documents: int = searcher.num_docs
        self._searcher = searcher
        self._layout = layout
        self._deletions = listing is None or any(s["deletes"] for s in listing["segments"])
        self._queries = QueryBuilder(layout, searcher)
        self._addresses: dict[str, DocAddress] = {}
        self._found: dict[str, tuple[dict[str, Any], bytes]] = {}

    def search(
        self, node: Node, offset: int, limit: int, sort: Sort | None, facets: Sequence[str]
    ) -> Hits:
        """Return a page, in the asked-for order, and the counts for ``facets``."""
        query = self._queries.build(node)
        counts = {name: self._counts(name, query) for name in facets}
        if not limit or offset >= self.documents:
            return Hits(self._count(query), (), counts)
        if sort and sort_kind(self._layout.schema, sort) is FieldKind.DATE:
            total, page = self._by_date(query, sort, offset, limit)
        elif sort:
            total, page = self._by_id(query, offset, limit, descending=sort.descending)
        elif is_scored(node):
            total, page = self._by_score(query, offset, limit)
        else:
            total, page = self._by_id(query, offset, limit, descending=False)
        return Hits(total, tuple(page), counts)

    def score(self, node: Node, ids: Sequence[str]) -> list[float | None]:
        """Return the score of each document, ``None`` where it does not match."""
        scores = self._scores(self._queries.build(node), ids)
        return [scores.get(document_id) for document_id in ids]

    def fetch(self, document_id: str, *, bodies: bool) -> Document | None:
        """Return a stored document, without its body where nobody asks for ``bodies``."""
        found = self._found.pop(document_id, None)
        if found is None:
            address = self._address(document_id)
            if address is None:
                return None
            found = self._stored(address)
        return _document(*found) if bodies else Document.from_json(found[0])

    def readings(self, document_id: str) -> bytes:
        """Return what is kept for the long texts of a document."""
        address = self._address(document_id)
        # They follow the document as a second value, where there are any.
        values: list[bytes] = [] if address is None else self._searcher.doc(address)[DOCUMENT][1:]
        return values[0] if values else b""

    def _address(self, document_id: str) -> DocAddress | None:
        address = self._addresses.get(document_id)
        if address is None:
            found = self._find(self._queries.keyword(ID, document_id), 1, count=False)
            address = found.hits[0][1] if found.hits else None
        return address

    def all_documents(self) -> Iterator[Document]:
        """Yield every document."""
        query = Query.all_query()
        for start in range(0, self.documents, _STRIDE):
            found = self._find(query, _STRIDE, count=False, offset=start)
            for _, address in found.hits:
                yield _document(*self._stored(address))

    def vocabulary(self, field: str, tier: Tier | None, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield (term, number of documents with it) in code point order."""
        if tier is None:
            check_keyword(self._layout.schema, field)
            found = self._terms(self._layout.keyword(field), storable(prefix))
            yield from ((original(term), count) for term, count in sorted(found.items()) if count)
            return
        # The prefix itself comes first, and many ask for no more.
        known = self.frequency((field,), tier, prefix)
        if known:
            yield prefix, known
        # Not by stored_term(), which remembers: what stands before a * may be long.
        start = storable(coded(prefix))
        found = self._words(field, tier, start)
        if known:
            del found[start]
        for term, count in sorted(zip(terms_of(found), found.values(), strict=True)):
            if count:
                yield term, count

    def frequency(self, fields: tuple[str, ...], tier: Tier, term: str) -> int:
        """Return how many documents have a term in any of some text fields."""
        known = None if self._deletions else self._queries.documents_with(fields, tier, term)
        if known is None:
            known = self._count(self._queries.build(Term(fields, tier, term)))
        return known

    def _words(self, field: str, tier: Tier, prefix: str) -> dict[str, int]:
        layout = self._layout
        if layout.long != (field,):
            return self._terms(layout.text((field,), tier) or "", prefix)
        found = self._terms(layout.all_texts(tier), prefix)
        found.pop(FILLER, None)
        for term, count in self._terms(layout.text(layout.texts[:1], tier) or "", prefix).items():
            found[term] -= count
        for term, count in self._terms(layout.text((field,), tier) or "", prefix).items():
            found[term] += count
        return found

    def _terms(self, name: str, prefix: str) -> dict[str, int]:
        # Counts are kept per term, deleted documents included, so these cost a look at every list.
        alive = Query.all_query() if self._deletions else None
        return dict(self._searcher.terms_with_prefix(name, prefix, alive))

    def tokens(self) -> dict[str, int]:
        """Return the tokens per text field."""
        sums = {name: {"sum": {"field": self._layout.length(name)}} for name in self._layout.texts}
        found = self._searcher.aggregate(Query.all_query(), sums)
        return {name: int(found[name]["value"] or 0) for name in self._layout.texts}

    def _counts(self, name: str, query: Query) -> Mapping[str, int]:
        dates = name in self._layout.dates
        field = self._layout.year(name) if dates else self._layout.keyword(name)
        found = self._searcher.terms_with_prefix(field, "", unscored(query))
        return {original(term): count for term, count in found}

    def _count(self, query: Query) -> int:
        # By a field, since an order by score would compute the scores.
        found = self._find(query, 1, order_by_field=ID_LENGTH)
        return int(found.count)

    def _by_score(self, query: Query, offset: int, limit: int) -> tuple[int, Page]:
        """Return a page, best first; tantivy leaves open which of equally good ones come first."""
        end = min(offset + limit, self.documents)
        asked = end + _SPARE
        while True:
            found = self._find(query, asked)
            hits = found.hits
            losses = [-rounded(score) for score, _ in hits]
            if len(hits) < asked or losses[end - 1] < losses[-1]:
                break
            asked *= 4
        if offset >= len(hits):
            return found.count, []
        # The page, and what has the score of its first or of its last document.
        first = bisect_left(losses, losses[offset])
        last = bisect_right(losses, losses[min(end, len(hits)) - 1])
        ids = self._page_ids([address for _, address in hits[first:last]])
        ordered = sorted(zip(losses[first:last], ids, strict=True))
        page = ordered[offset - first : end - first]
        return found.count, [(document_id, -loss) for loss, document_id in page]

    def _by_id(
        self, query: Query, offset: int, limit: int, *, descending: bool
    ) -> tuple[int, Page]:
        order = Order.Desc if descending else Order.Asc
        limit = min(limit, self.documents)
        found = self._find(query, limit, order_by_field=ID, offset=offset, order=order)
        ids = self._page_ids([address for _, address in found.hits])
        scores = self._scores(query, ids)
        return found.count, [(document_id, scores[document_id]) for document_id in ids]

    def _by_date(self, query: Query, sort: Sort, offset: int, limit: int) -> tuple[int, Page]:
        """Return a page by date; what is of one day is ordered among itself by score."""
        end = min(offset + limit, self.documents)
        order = Order.Desc if sort.descending else Order.Asc
        day = self._layout.day(sort.field)
        found = self._find(query, end, order_by_field=day, order=order)
        days = [ordinal for ordinal, _ in found.hits]
        page: Page = []
        for ordinal in dict.fromkeys(days[offset:]):
            before = days.index(ordinal)
            start = max(offset - before, 0)
            of_day = self._of_day(query, sort.field, ordinal)
            page += self._by_score(of_day, start, end - before - start)[1]
        return found.count, page

    def _of_day(self, query: Query, field: str, ordinal: int | None) -> Query:
        if ordinal is None:
            return self._queries.all([query], without=[self._queries.days(field, None, None)])
        day = date.fromordinal(ordinal)
        return self._queries.all([query, unscored(self._queries.days(field, day, day))])

    def _scores(self, query: Query, ids: Sequence[str]) -> dict[str, float]:
        if not ids:
            return {}
        asked = self._queries.all([self._queries.any_of(ids), query])
        hits = self._find(asked, len(ids), count=False).hits
        found = self._ids([address for _, address in hits])
        return {i: rounded(score) for i, (score, _) in zip(found, hits, strict=True)}

    def _find(self, query: Query, limit: int, **options: Any) -> Any:
        # Any, because the count is missing in the types that tantivy declares.
        return self._searcher.search(query, limit, **options)

    def _page_ids(self, addresses: Sequence[DocAddress]) -> list[str]:
        """Return the ids of documents that are going to be fetched; remember where these lie."""
        if len(addresses) > _MOST_READ:
            ids = self._ids(addresses)
        else:
            found = [self._stored(address) for address in addresses]
            ids = [head["id"] for head, _ in found]
            # For the next fetch alone: another thread that finds others first costs time.
            self._found = dict(zip(ids, found, strict=True))
        if len(self._addresses) > _STRIDE:
            self._addresses = {}
        self._addresses.update(zip(ids, addresses, strict=True))
        return ids

    def _ids(self, addresses: Sequence[DocAddress]) -> list[str]:
        numbers = self._searcher.fast_field_values
        given = list(addresses)
        lengths = [int(length or 0) for length in numbers(ID_LENGTH, given)]
        used = min(-(-max(lengths, default=0) // 8), len(ID_PIECES))
        columns = [numbers(name, given) for name in ID_PIECES[:used]]
        return [
            _joined(length, [column[at] for column in columns]) or self._stored(address)[0]["id"]
            for at, (length, address) in enumerate(zip(lengths, given, strict=True))
        ]

    def _stored(self, address: DocAddress) -> tuple[dict[str, Any], bytes]:
        """Return a document's parts but for its body, and its body, which takes longer to read."""
        content: bytes = self._searcher.doc(address)[DOCUMENT][0]
        head, _, body = content.partition(b"\n")
        return Document.head(unpacked(head)), body


def _document(head: dict[str, Any], body: bytes) -> Document:
    return Document.from_json({**head, "body": unpacked(body)})


def _joined(length: int, numbers: Sequence[int | float | bool | None]) -> str | None:
    """Return the id that :func:`pieces` took apart, ``None`` where it was too long for that."""
    if not length or numbers[0] is None:
        return None
    content = pack(f">{len(numbers)}Q", *(number or 0 for number in numbers))
    return content[:length].decode("utf-8", "surrogatepass")
