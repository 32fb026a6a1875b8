"""One search, from the typed string to results."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from search_service.analysis.analyzer import Analyzer
from search_service.config import Settings
from search_service.engines.port import Engine, Hits
from search_service.errors import EngineError
from search_service.highlight import Highlighter
from search_service.query import resolved as r
from search_service.query.ast import Node, QueryWarning
from search_service.query.boosting import boosted
from search_service.query.parser import parse, parse_lenient
from search_service.query.resolver import Resolution, Resolver
from search_service.results import Hit, SearchResults
from search_service.schema import DEFAULT_SCHEMA, Document
from search_service.suggesting import WordList, did_you_mean

__all__ = ["MAX_SIZE", "SearchRequest", "run_search"]

#: Most hits on one page.
MAX_SIZE = 100

# Between finding and fetching, a writer of this process may remove documents; hardly three times.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked; see :meth:`search_service.SearchService.search`."""

    query: str
    size: int = 10
    page: int = 1
    match: str = "any"
    strict: bool = False
    explain: bool = False
    highlight: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MAX_SIZE:
            raise ValueError(f"size must be from 1 to {MAX_SIZE}, not {self.size}")
        if self.page < 1:
            raise ValueError(f"page must be at least 1, not {self.page}")
        if self.match not in ("any", "all"):
            raise ValueError(f"match must be 'any' or 'all', not {self.match!r}")


def run_search(
    request: SearchRequest,
    engine: Engine,
    analyzer: Analyzer,
    settings: Settings,
    words: WordList,
) -> SearchResults:
    """Return the asked-for page of results; ``words`` are those of the engine's last commit."""
    started = time.perf_counter()
    node, syntax_warnings = _parse(request)
    resolution = _resolve(request, node, engine, analyzer, settings)
    query = boosted(resolution, words.similar)
    found, documents = _found(request, engine, query)
    # Marks show why a document was found; what only put it in order found nothing.
    highlighter = Highlighter(resolution.query, analyzer) if request.highlight else None
    parts = _parts(engine, query, documents) if request.explain else {}
    hits = [
        _hit(document, score, highlighter, parts.get(document.id))
        for (_, score), document in zip(found.page, documents, strict=True)
    ]

    def count(other: str) -> int:
        changed = _resolve(request, parse_lenient(other)[0], engine, analyzer, settings)
        return engine.search(changed.query, 0, 0).total

    suggestions = did_you_mean(request.query, node, words, analyzer, found=found.total, count=count)
    return SearchResults(
        query=request.query,
        total=found.total,
        page=request.page,
        size=request.size,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
        hits=tuple(hits),
        warnings=(*syntax_warnings, *resolution.warnings),
        suggestions=suggestions,
        explanation=r.to_json(query) if request.explain else None,
    )


def _parse(request: SearchRequest) -> tuple[Node, tuple[QueryWarning, ...]]:
    return (parse(request.query), ()) if request.strict else parse_lenient(request.query)


def _resolve(
    request: SearchRequest, node: Node, engine: Engine, analyzer: Analyzer, settings: Settings
) -> Resolution:
    return Resolver(
        schema=DEFAULT_SCHEMA,
        analyzer=analyzer,
        vocabulary=engine.vocabulary,
        match_all=request.match == "all",
        strict=request.strict,
        max_expansions=settings.max_expansions,
        max_words=settings.max_query_words,
    ).resolve(node)


def _found(
    request: SearchRequest, engine: Engine, query: r.Node
) -> tuple[Hits, Sequence[Document]]:
    """Return the page and its documents, searching again if one was removed in between."""
    for _ in range(_TRIES):
        found = engine.search(query, (request.page - 1) * request.size, request.size)
        documents = [d for d in engine.fetch([i for i, _ in found.page]) if d is not None]
        if len(documents) == len(found.page):
            return found, documents
    raise EngineError("the index found documents that it does not hold; index with --full")


def _hit(
    document: Document,
    score: float,
    highlighter: Highlighter | None,
    explanation: dict[str, float] | None,
) -> Hit:
    return Hit(
        id=document.id,
        score=score,
        title=document.title,
        url=document.url,
        date=document.date,
        language=document.language,
        tags=document.tags,
        metadata=document.metadata,
        highlighted_title=highlighter.whole("title", document.title) if highlighter else None,
        snippets=highlighter.snippets("body", document.body) if highlighter else (),
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
