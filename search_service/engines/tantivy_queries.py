"""Resolved queries as tantivy's queries."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice, product

import tantivy
from tantivy import FieldType, Occur, Query

from search_service.engines.tantivy_fields import ID, Layout, key, stored_term
from search_service.query import resolved as q
from search_service.ranking import idf
from search_service.schema import Tier

__all__ = ["QueryBuilder", "is_scored", "unscored"]

# tantivy multiplies BM25 by k1 + 1, with a k1 of 1.2 that is not ours to choose.
_SCALE = 1 / 2.2

# One phrase is at most as many exact ones; what goes beyond is not looked for.
_MAX_VARIANTS = 500

# Of two ways in which a phrase stands in a document, the second adds little: as in BM25, where
# a second occurrence adds about a third of what the first gave.
_FURTHER = 0.3

_REMEMBERED = 20_000

Places = tuple[int, ...]


def is_scored(node: q.Node) -> bool:
    """Return whether documents can score differently."""
    return any(getattr(leaf, "weight", 0.0) for leaf in q.leaves(node, scoring=True))


def unscored(query: Query) -> Query:
    """Return a query that matches the same documents and scores 0."""
    return Query.const_score_query(query, 0.0)


class QueryBuilder:
    """Makes tantivy's queries for one state of an index; safe between threads."""

    def __init__(self, layout: Layout, searcher: tantivy.Searcher) -> None:
        self._layout = layout
        self._schema = layout.tantivy
        self._documents: int = searcher.num_docs
        self._doc_freq = searcher.doc_freq
        # Asked several times for each word of a phrase.
        self._df = lru_cache(_REMEMBERED)(self._frequency)
        # The same words come in many queries; each query of tantivy's takes about 500 bytes.
        self._term = lru_cache(_REMEMBERED)(self._new_term)

    def build(self, node: q.Node) -> Query:
        """Return the query that matches and scores as ``node`` says."""
        match node:
            case q.Term(fields, tier, term, weight):
                return self._term(fields, tier, term, weight)
            case q.Phrase():
                return self._phrase(node)
            case q.KeywordTerm(field, value, weight):
                return Query.const_score_query(self.keyword(field, value), weight)
            case q.RangeTerm(field, low, high):
                return unscored(self.days(field, low, high))
            case q.AllDocs():
                return unscored(Query.all_query())
            case q.NoDocs():
                return Query.empty_query()
            case q.Bool():
                return self._bool(node)

    def keyword(self, field: str, value: str) -> Query:
        """Return the query for documents with a value in a keyword or id field."""
        return Query.term_query(self._schema, self._layout.keyword(field), key(value), "basic")

    def days(self, field: str, low: date | None, high: date | None) -> Query:
        """Return the query for documents dated in ``low`` to ``high``, both included."""
        first = (low or date.min).toordinal()
        last = (high or date.max).toordinal()
        return self._between(self._layout.day(field), first, last)

    def any_of(self, ids: Sequence[str]) -> Query:
        """Return the query for documents with one of the ids."""
        return unscored(Query.term_set_query(self._schema, ID, [key(i) for i in ids]))

    def all(self, queries: Sequence[Query], without: Sequence[Query] = ()) -> Query:
        """Return the query for documents that all ``queries`` match and none of ``without``."""
        return Query.boolean_query(
            [(Occur.Must, one) for one in queries] + [(Occur.MustNot, one) for one in without]
        )

    def _between(self, field: str, first: int, last: int) -> Query:
        if first > last:
            return Query.empty_query()
        return Query.range_query(self._schema, field, FieldType.Unsigned, first, last)

    def documents_with(self, fields: tuple[str, ...], tier: Tier, term: str) -> int | None:
        """Return how many documents have a term, deleted ones too; ``None`` if nobody counted."""
        name = self._layout.text(fields, tier)
        if name is None:
            return None
        if fields != self._layout.long:
            return self._df(name, term)
        whole, short, both = self._layout.all_texts(tier), self._short(tier), name
        return self._df(whole, term) - self._df(short, term) + self._df(both, term)

    def _new_term(self, fields: tuple[str, ...], tier: Tier, term: str, weight: float) -> Query:
        name = self._layout.text(fields, tier)
        if name is None:
            return Query.boolean_query(
                [(Occur.Should, self._term((one,), tier, term, weight)) for one in fields]
            )
        boost = weight * _SCALE
        if fields != self._layout.long:
            return _weighted(self._word(name, term), boost)
        found = _weighted(self._word(self._layout.all_texts(tier), term), boost)
        title, both = self._word(self._short(tier), term), self._word(name, term)
        return self._outside(found, [title], [both])

    def _word(self, name: str, term: str) -> Query:
        return Query.term_query(self._schema, name, stored_term(term), "freq")

    def _short(self, tier: Tier) -> str:
        return self._layout.text(self._layout.texts[:1], tier) or ""

    def _outside(self, found: Query, short: Sequence[Query], both: Sequence[Query]) -> Query:
        """Return what is found among all words, but for what the short field alone has.

        ``short`` finds it in the short field, and ``both`` in the long one where both have it.
        """
        if not short:
            return found
        return self.all([found], [self.all([_best(short)], both)])

    def _bool(self, node: q.Bool) -> Query:
        clauses = self._any(node.should)
        clauses += [(Occur.Must, self.build(child)) for child in node.must]
        if not clauses:
            clauses = [(Occur.Must, unscored(Query.all_query()))]
        clauses += [(Occur.MustNot, self.build(child)) for child in node.must_not]
        return Query.boolean_query(clauses)

    def _any(self, children: Sequence[q.Node]) -> list[tuple[Occur, Query]]:
        found = []
        for child in children:
            # Most are terms, a dozen and more to a query.
            if isinstance(child, q.Term):
                query = self._term(child.fields, child.tier, child.term, child.weight)
                found.append((Occur.Should, query))
            elif isinstance(child, q.Bool) and child.should and not (child.must or child.must_not):
                # One union over all terms is faster than a union of unions.
                found += self._any(child.should)
            else:
                found.append((Occur.Should, self.build(child)))
        return found

    def _phrase(self, phrase: q.Phrase) -> Query:
        """Return the phrase as exact phrases, which score by how rare its words are."""
        found: list[Query] = []
        for fields in self._scopes(phrase.fields):
            found += self._in_one(phrase, fields)
            if len(found) >= _MAX_VARIANTS:
                break
        return _best(found)

    def _scopes(self, fields: tuple[str, ...]) -> Sequence[tuple[str, ...]]:
        """Return ``fields`` as one scope if they have a tantivy field, else each alone."""
        whole = len(fields) == 1 or set(fields) == set(self._layout.texts)
        return [fields] if whole else [(one,) for one in fields]

    def _in_one(self, phrase: q.Phrase, fields: tuple[str, ...]) -> Iterator[Query]:
        tier, slop = phrase.tier, phrase.slop
        whole, long = self._whole(fields, tier), fields == self._layout.long
        for words, weight in self._variants(phrase, whole):
            found = [_weighted(query, weight) for query in self._in_order(whole, words, slop)]
            if long:
                own = self._layout.text(fields, tier) or ""
                # Each choice of words by itself: one may stand in the title, another in the body.
                short = list(self._in_order(self._short(tier), words, slop))
                yield self._outside(_best(found), short, list(self._in_order(own, words, slop)))
            else:
                yield from found

    def _variants(self, phrase: q.Phrase, name: str) -> Iterator[tuple[Sequence[str], float]]:
        """Yield the words, one of each slot, that stand in a tantivy field, and what they weigh."""
        scopes = self._scopes(phrase.fields)
        if len(scopes) == 1 and all(len(slot) == 1 for slot in phrase.slots):
            # The words are as rare as the phrase: there is nothing to weigh against each other.
            only = [slot[0] for slot in phrase.slots]
            if all(self._df(name, word) for word in only):
                yield only, phrase.weight * _SCALE
            return
        names = [self._whole(scope, phrase.tier) for scope in scopes]
        boost = phrase.weight * _SCALE * sum(self._rarity(names, slot) for slot in phrase.slots)
        slots = [[t for t in slot if self._df(name, t)] for slot in phrase.slots]
        for words in islice(product(*slots), _MAX_VARIANTS):
            own = sum(idf(self._documents, self._df(name, word)) for word in words)
            yield words, boost / own

    def _in_order(self, name: str, words: Sequence[str], slop: int) -> Iterator[Query]:
        """Yield queries of which one matches wherever the words are passed in order."""
        terms = [stored_term(word) for word in words]
        if len(terms) == 1:
            yield Query.term_query(self._schema, name, terms[0], "freq")
        elif len(terms) == 2:
            for places, free in _pair(slop, twice=terms[0] == terms[1]):
                yield self._exact(name, terms, places, free)
        else:
            for places in _places(len(terms), _affordable(len(terms), slop)):
                yield self._exact(name, terms, places, 0)

    def _exact(self, name: str, terms: Sequence[str], places: Places, free: int) -> Query:
        return Query.phrase_query(self._schema, name, [*zip(places, terms, strict=True)], free)

    def _whole(self, scope: tuple[str, ...], tier: Tier) -> str:
        """Return the tantivy field that has all words of one field, or of all."""
        if scope == self._layout.long:
            return self._layout.all_texts(tier)
        return self._layout.text(scope, tier) or ""

    def _rarity(self, names: Sequence[str], slot: Sequence[str]) -> float:
        frequencies = [self._df(name, term) for name in names for term in slot]
        return idf(self._documents, max(frequencies, default=0))

    def _frequency(self, name: str, term: str) -> int:
        # Deleted documents count until tantivy merges them away, so there may be too many.
        found: int = self._doc_freq(name, stored_term(term))
        return min(found, self._documents)


def _best(queries: Sequence[Query]) -> Query:
    if len(queries) < 2:
        return queries[0] if queries else Query.empty_query()
    return Query.disjunction_max_query(queries, _FURTHER)


def _weighted(query: Query, weight: float) -> Query:
    return Query.boost_query(query, weight) if weight else unscored(query)


def _pair(slop: int, *, twice: bool) -> Iterator[tuple[Places, int]]:
    """Yield places for two words, and how far the second may be from its place to either side.

    Together they allow 1 to slop + 1 from the first word to the second. tantivy's
    slop goes both ways, so the place is the middle. A distance of 0 does no harm
    unless the words are the same.
    """
    reach, odd = divmod(slop, 2)
    if not odd:
        yield (0, 1 + reach), reach
    elif not twice:
        yield (0, 1 + reach), 1 + reach
    else:
        yield (0, 1 + reach), reach
        yield (0, slop + 1), 0


@lru_cache(64)
def _places(words: int, slop: int) -> tuple[Places, ...]:
    """Return every way to place words in order with at most ``slop`` gaps between them.

    >>> _places(3, 1)
    ((0, 1, 2), (0, 1, 3), (0, 2, 3))
    """
    found: list[Places] = [(0,)]
    for _ in range(words - 1):
        found = [
            (*places, after)
            for places in found
            for after in range(places[-1] + 1, len(places) + slop + 1)
        ]
    return tuple(found)


def _affordable(words: int, slop: int) -> int:
    """Return the slop, or the largest that takes no more exact phrases than there may be."""
    while slop and math.comb(words - 1 + slop, slop) > _MAX_VARIANTS:
        slop -= 1
    return slop
