"""One search, from the typed string to results."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from search_service.analysis.analyzer import Analyzer
from search_service.config import Settings
from search_service.engines.port import Engine
from search_service.errors import EngineError
from search_service.highlight import Highlighter
from search_service.query import resolved as r
from search_service.query.ast import Node, QueryWarning
from search_service.query.parser import parse, parse_lenient
from search_service.query.resolver import Resolver
from search_service.results import Hit, SearchResults
from search_service.schema import Document, Schema

__all__ = ["MAX_SIZE", "SearchRequest", "run_search"]

#: Most hits on one page.
MAX_SIZE = 100


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
    request: SearchRequest, engine: Engine, schema: Schema, analyzer: Analyzer, settings: Settings
) -> SearchResults:
    """Return the asked-for page of results."""
    started = time.perf_counter()
    node, syntax_warnings = _parse(request)
    resolution = Resolver(
        schema=schema,
        analyzer=analyzer,
        vocabulary=engine.vocabulary,
        match_all=request.match == "all",
        strict=request.strict,
        max_expansions=settings.max_expansions,
        max_words=settings.max_query_words,
    ).resolve(node)
    found = engine.search(resolution.query, (request.page - 1) * request.size, request.size)
    hits = _hits(request, engine, resolution.query, analyzer, found.page)
    return SearchResults(
        query=request.query,
        total=found.total,
        page=request.page,
        size=request.size,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
        hits=hits,
        warnings=(*syntax_warnings, *resolution.warnings),
        explanation=r.to_json(resolution.query) if request.explain else None,
    )


def _parse(request: SearchRequest) -> tuple[Node, tuple[QueryWarning, ...]]:
    return (parse(request.query), ()) if request.strict else parse_lenient(request.query)


def _hits(
    request: SearchRequest,
    engine: Engine,
    query: r.Node,
    analyzer: Analyzer,
    page: Sequence[tuple[str, float]],
) -> tuple[Hit, ...]:
    ids = [document_id for document_id, _ in page]
    highlighter = Highlighter(query, analyzer) if request.highlight else None
    parts = _parts(engine, query, ids) if request.explain else [None] * len(ids)
    hits = []
    for (document_id, score), document, part in zip(page, engine.fetch(ids), parts, strict=True):
        if document is None:
            raise EngineError(f"the index found {document_id!r} but does not hold it")
        hits.append(_hit(document, score, highlighter, part))
    return tuple(hits)


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


def _parts(engine: Engine, query: r.Node, ids: Sequence[str]) -> list[dict[str, float] | None]:
    """Return what each leaf of the query adds to each hit's score, by "fields.tier:terms"."""
    parts: list[dict[str, float]] = [{} for _ in ids]
    leaves = (leaf for leaf in r.leaves(query, scoring=True) if isinstance(leaf, r.Term | r.Phrase))
    for leaf in leaves:
        name = _leaf_name(leaf)
        for part, score in zip(parts, engine.score(leaf, ids), strict=True):
            if score:
                part[name] = round(part.get(name, 0.0) + score, 6)
    return [*parts]


def _leaf_name(leaf: r.Term | r.Phrase) -> str:
    fields = "+".join(leaf.fields)
    if isinstance(leaf, r.Term):
        return f"{fields}.{leaf.tier.value}:{leaf.term}"
    words = " ".join("|".join(slot) for slot in leaf.slots)
    return f'{fields}.{leaf.tier.value}:"{words}"'
