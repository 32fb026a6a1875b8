"""A query resolved against a small vocabulary, as the service would resolve it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from search_service.analysis.analyzer import Analyzer
from search_service.query.parser import parse_lenient
from search_service.query.resolver import Resolution, Resolver
from search_service.schema import DEFAULT_SCHEMA, Tier

TEXT = "كتاب كتابة كتب والكتاب المكتبة مكتب كاتب مكتوب متحف اقتصاد الاقتصاد مدرسة مدارس قطار قطارات"


@pytest.fixture(scope="session")
def vocabulary(analyzer: Analyzer) -> Callable[..., Iterator[tuple[str, int]]]:
    """Return an engine's vocabulary: every word of TEXT in the body, as often as it is long."""
    terms = analyzer.terms(TEXT)

    def entries(field: str, tier: Tier, prefix: str = "") -> Iterator[tuple[str, int]]:
        found = sorted(set(terms[tier])) if field == "body" else []
        return iter([(term, len(term)) for term in found if term.startswith(prefix)])

    return entries


@pytest.fixture(scope="session")
def resolve(
    analyzer: Analyzer, vocabulary: Callable[..., Iterator[tuple[str, int]]]
) -> Callable[..., Resolution]:
    """Return a function that resolves a typed query; options are those of Resolver."""

    def resolved(query: str, **options: object) -> Resolution:
        asked = {"vocabulary": vocabulary, "text": query, **options}
        resolver = Resolver(DEFAULT_SCHEMA, analyzer, **asked)  # type: ignore[arg-type]
        return resolver.resolve(parse_lenient(query)[0])

    return resolved
