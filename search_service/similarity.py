"""Documents like one: those that share the words which tell most of what it is about."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Token
from search_service.analysis.tokenizer import is_number
from search_service.analysis.words import load_stop_words
from search_service.engines.port import Engine
from search_service.highlight import Highlighter
from search_service.marking import HighlightOptions
from search_service.query import resolved as r
from search_service.ranking import K1, idf, saturation
from search_service.results import SearchResults
from search_service.schema import DEFAULT_SCHEMA, Document, FieldKind, Tier
from search_service.search_request import SearchRequest
from search_service.searching import found_page, hit_of

__all__ = ["similar_documents"]

_FIELDS = tuple(field.name for field in DEFAULT_SCHEMA.of_kind(FieldKind.TEXT))
# The beginning tells what a text is about, and bounds the time.
_LONGEST = 20_000
# A word of the title counts as often as this; the shortest stem that tells anything.
_IN_TITLE = 3
_SHORTEST = 3
# The stems whose frequency is looked up, the most frequent in the document first; how many of
# them are searched for, and of how many the matches are marked.
_LOOKED_UP = 200
_SEARCHED = 40
_MARKED = 10
_MARKING = HighlightOptions(count=1)


class _Telling(NamedTuple):
    """A stem, what it says of the document (tf-idf), its weight in the query, a word with it."""

    worth: float
    stem: str
    weight: float
    written: str


def similar_documents(
    document: Document, size: int, engine: Engine, analyzer: Analyzer
) -> SearchResults:
    """Return the ``size`` documents that are most like one, which is not among them itself.

    The 40 stems of the document with the highest tf-idf are searched for, each
    with its part of BM25 in the document as its weight: what Lucene's
    MoreLikeThis does, with BM25 for tf-idf. ``total`` counts the documents that
    share any of them, and ``query`` has the most telling ones as the document
    writes them. Raises ``ValueError`` for a size out of range.
    """
    started = time.perf_counter()
    request = SearchRequest("", size)
    telling = _telling(document, engine, analyzer)
    found, documents = found_page(request, engine, _query(document, telling))
    highlighter = Highlighter(_words(telling[:_MARKED]), analyzer, _MARKING)
    hits = (
        hit_of(other, score, highlighter, engine)
        for (_, score), other in zip(found.page, documents, strict=True)
    )
    return SearchResults(
        query=" ".join(one.written for one in telling[:_MARKED]),
        total=found.total,
        page=1,
        size=size,
        hits=tuple(hits),
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _query(document: Document, telling: list[_Telling]) -> r.Node:
    if not telling:
        return r.NoDocs()
    itself = r.KeywordTerm("id", document.id)
    return r.Bool(should=_words(telling).should, must_not=(itself,))


def _words(telling: list[_Telling]) -> r.Bool:
    return r.Bool(should=tuple(r.Term(_FIELDS, Tier.STEM, one.stem, one.weight) for one in telling))


def _telling(document: Document, engine: Engine, analyzer: Analyzer) -> list[_Telling]:
    """Return the stems that tell most of a document and that another document has, best first."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text, times in ((document.title, _IN_TITLE), (document.body[:_LONGEST], 1)):
        for token in _tokens(text, analyzer):
            counts[token.forms.stem] += times
            written.setdefault(token.forms.stem, token.forms.exact)
    documents = engine.search(r.AllDocs(), 0, 0).total
    found = []
    for stem, frequency in counts.most_common(_LOOKED_UP):
        having = engine.frequency(_FIELDS, Tier.STEM, stem)
        if having > 1:
            weight = saturation(float(frequency), K1)
            found.append(_Telling(weight * idf(documents, having), stem, weight, written[stem]))
    return sorted(found, key=lambda one: (-one.worth, one.stem))[:_SEARCHED]


def _tokens(text: str, analyzer: Analyzer) -> Iterator[Token]:
    stop_words = load_stop_words()
    for token in analyzer.analyze(text):
        forms = token.forms
        telling = len(forms.stem) >= _SHORTEST and not is_number(forms.stem)
        if telling and forms.folded not in stop_words and forms.stem not in stop_words:
            yield token
