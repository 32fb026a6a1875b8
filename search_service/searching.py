"""One search, from the typed string to results."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms
from search_service.analysis.words import Variants
from search_service.config import Settings
from search_service.engines.port import Engine, Hits
from search_service.errors import EngineError, QuerySyntaxError
from search_service.faceting import FACETS, Labels, facets_of
from search_service.highlight import Highlighter
from search_service.query import resolved as r
from search_service.query.ast import Node, QueryWarning
from search_service.query.boosting import boosted
from search_service.query.filtering import filter_nodes, filtered
from search_service.query.parser import parse, parse_lenient
from search_service.query.resolver import Resolution, Resolver
from search_service.relaxing import MAX_RELAXED, relaxed
from search_service.results import Hit, Reason, Relaxation, SearchResults, Snippet, WordTotal
from search_service.schema import DEFAULT_SCHEMA, Document
from search_service.search_request import SearchRequest
from search_service.suggesting import did_you_mean
from search_service.word_list import WordList

__all__ = ["found_page", "hit_of", "run_search"]

# Between finding and fetching, a writer of this process may remove documents; hardly three times.
_TRIES = 3


def run_search(
    request: SearchRequest,
    engine: Engine,
    analyzer: Analyzer,
    settings: Settings,
    words: WordList,
    *,
    labels: Labels,
    variants: Variants,
) -> SearchResults:
    """Return the asked-for page; ``words`` and ``labels`` are those of the engine's last commit.

    ``variants`` are the spellings and names that are searched besides those
    typed, unless the request is for exact words.
    """
    started = time.perf_counter()
    filters = filter_nodes(request.filters, DEFAULT_SCHEMA, analyzer)
    node, syntax_warnings = _parse(request)
    resolution = _resolve(request, node, engine, analyzer, settings, words=words, variants=variants)
    ordered = boosted(resolution, _nothing_similar if request.exact else words.similar)
    query = filtered(ordered, filters)
    found, documents = found_page(request, engine, query)
    marking = request.marking
    # Marks show why a document was found; what only put it in order found nothing.
    highlighter = Highlighter(resolution.query, analyzer, marking) if marking else None
    parts = _parts(engine, query, documents) if request.explain else {}
    hits = [
        hit_of(document, score, highlighter, engine, parts.get(document.id))
        for (_, score), document in zip(found.page, documents, strict=True)
    ]

    def count(**changes: Any) -> int:
        changed = replace(request, **changes)
        kept = filters if changed.filters else ()
        return _total(changed, engine, analyzer, settings, kept, words=words, variants=variants)

    suggestions = did_you_mean(request.query, node, words, analyzer, found=found.total, count=count)
    nearby, word_totals = ((), ()) if found.total else _relaxed(request, node, count)
    return SearchResults(
        query=request.query,
        total=found.total,
        page=request.page,
        size=request.size,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
        hits=tuple(hits),
        warnings=(*syntax_warnings, *resolution.warnings),
        suggestions=suggestions,
        expansions=resolution.expansions,
        relaxed=nearby,
        word_totals=word_totals,
        facets=facets_of(request.facets, found.facets, labels),
        explanation=r.to_json(query) if request.explain else None,
    )


def _parse(request: SearchRequest) -> tuple[Node, tuple[QueryWarning, ...]]:
    return (parse(request.query), ()) if request.strict else parse_lenient(request.query)


def _total(
    request: SearchRequest,
    engine: Engine,
    analyzer: Analyzer,
    settings: Settings,
    filters: Sequence[r.Node],
    *,
    words: WordList,
    variants: Variants,
) -> int:
    """Return how many documents a request finds; none if it is strict and its query refused."""
    try:
        node, _ = _parse(request)
        query = _resolve(
            request, node, engine, analyzer, settings, words=words, variants=variants
        ).query
    except QuerySyntaxError:
        return 0
    return engine.search(filtered(query, filters), 0, 0).total


def _relaxed(
    request: SearchRequest, node: Node, count: Callable[..., int]
) -> tuple[tuple[Relaxation, ...], tuple[WordTotal, ...]]:
    """Return what less strict forms of a request that finds nothing find, and its words alone."""
    settings = []
    if request.exact:
        settings.append((Reason.WITHOUT_EXACT, count(exact=False)))
    if request.filters:
        settings.append((Reason.WITHOUT_NARROWING, count(filters=())))
    first = [
        Relaxation(request.query, request.match, total, reason)
        for reason, total in settings
        if total
    ]
    others, words = relaxed(
        request.query,
        node,
        request.match,
        DEFAULT_SCHEMA,
        lambda query, match: count(query=query, match=match),
    )
    return tuple([*first, *others][:MAX_RELAXED]), words


def _nothing_similar(_: Forms) -> Sequence[tuple[str, float]]:
    return ()


def _resolve(
    request: SearchRequest,
    node: Node,
    engine: Engine,
    analyzer: Analyzer,
    settings: Settings,
    *,
    words: WordList,
    variants: Variants,
) -> Resolution:
    return Resolver(
        schema=DEFAULT_SCHEMA,
        analyzer=analyzer,
        vocabulary=engine.vocabulary,
        match_all=request.match == "all",
        strict=request.strict,
        max_expansions=settings.max_expansions,
        max_words=settings.max_query_words,
        variants=Variants() if request.exact else variants,
        text=request.query,
        frequency=words.most_in_one,
    ).resolve(node)


def found_page(
    request: SearchRequest, engine: Engine, query: r.Node
) -> tuple[Hits, Sequence[Document]]:
    """Return the page and its documents, searching again if one was removed in between."""
    first = (request.page - 1) * request.size
    facets = tuple(FACETS[name] for name in request.facets)
    for _ in range(_TRIES):
        found = engine.search(query, first, request.size, request.order, facets)
        ids = [document_id for document_id, _ in found.page]
        fetched = engine.fetch(ids, bodies=bool(request.marking))
        documents = [document for document in fetched if document is not None]
        if len(documents) == len(found.page):
            return found, documents
    raise EngineError("the index found documents that it does not hold; index with --full")


def hit_of(
    document: Document,
    score: float,
    highlighter: Highlighter | None,
    engine: Engine,
    explanation: dict[str, float] | None = None,
) -> Hit:
    """Return a document that ``engine`` found as results show it."""
    title: Snippet | None = None
    snippets: tuple[Snippet, ...] = ()
    if highlighter:
        stored = partial(engine.readings, document.id)
        title = highlighter.whole("title", document.title, stored)
        snippets = highlighter.snippets("body", document.body, stored)
    return Hit(
        id=document.id,
        score=score,
        title=document.title,
        url=document.url,
        date=document.date,
        language=document.language,
        tags=document.tags,
        metadata=document.metadata,
        highlighted_title=title,
        snippets=snippets,
        explanation=explanation,
    )


def _parts(
    engine: Engine, query: r.Node, documents: Sequence[Document]
) -> dict[str, dict[str, float]]:
    """Return what each leaf of the query gives to each document, by "fields.tier:terms"."""
    parts: dict[str, dict[str, float]] = {document.id: {} for document in documents}
    _add_parts(engine, query, list(parts), parts)
    return parts


def _add_parts(
    engine: Engine, node: r.Node, ids: Sequence[str], parts: dict[str, dict[str, float]]
) -> None:
    """Add the parts of the leaves below ``node`` for the documents ``ids``, which it matches.

    Of (a AND b) OR c, the leaf a counts only where its whole clause holds.
    """
    if isinstance(node, r.Bool):
        for child in node.must + node.should:
            scores = engine.score(child, ids)
            matched = [i for i, score in zip(ids, scores, strict=True) if score is not None]
            if matched:
                _add_parts(engine, child, matched, parts)
    elif isinstance(node, r.Term | r.Phrase):
        name = _leaf_name(node)
        for document_id, score in zip(ids, engine.score(node, ids), strict=True):
            if score:
                known = parts[document_id].get(name, 0.0)
                parts[document_id][name] = round(known + score, 6)


def _leaf_name(leaf: r.Term | r.Phrase) -> str:
    fields = "+".join(leaf.fields)
    if isinstance(leaf, r.Term):
        return f"{fields}.{leaf.tier.value}:{leaf.term}"
    words = " ".join("|".join(slot) for slot in leaf.slots)
    return f'{fields}.{leaf.tier.value}:"{words}"'
