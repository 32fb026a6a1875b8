"""Facets: counted terms as a reader knows them, with the filter that each stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_service.analysis.analyzer import Analyzer
from search_service.engines.port import Engine
from search_service.query.filtering import YEAR, filter_for
from search_service.query.resolved import KeywordTerm
from search_service.results_facets import Facet, FacetValue
from search_service.schema import Schema

__all__ = ["FACETS", "MAX_VALUES", "Labels", "facets_of"]

#: What can be counted, and the field that it is counted in.
FACETS: Mapping[str, str] = {
    "tags": "tag",
    "source": "source",
    "language": "language",
    YEAR: "date",
}

#: Values of one facet that are told.
MAX_VALUES = 50

# Remembered values of one commit, of about 200 bytes each.
_MOST_KEPT = 20_000


class Labels:
    """How documents of one commit write the values that are counted; safe between threads.

    An index knows a keyword by its folded words alone. The label is how the first
    document that has the value, by id, writes it.
    """

    def __init__(self, engine: Engine, schema: Schema, analyzer: Analyzer) -> None:
        self._engine = engine
        self._sources = {field.name: field.source for field in schema.fields}
        self._analyzer = analyzer
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def of(self, facet: str, term: str) -> tuple[str, str]:
        """Return the label of the value that is indexed as ``term``, and the filter for it."""
        known = self._known.get((facet, term))
        if known is None:
            label = term if facet == YEAR else self._written(FACETS[facet], term)
            known = label, filter_for(facet, label)
            if len(self._known) >= _MOST_KEPT:
                self._known = {}
            self._known[facet, term] = known
        return known

    def _written(self, field: str, term: str) -> str:
        page = self._engine.search(KeywordTerm(field, term), 0, 1).page
        for document in self._engine.fetch([document_id for document_id, _ in page], bodies=False):
            held = getattr(document, self._sources[field], None)
            for value in (held,) if isinstance(held, str) else held or ():
                if self._analyzer.keyword(value) == term:
                    return str(value)
        # Removed by a writer just now: what the index knows is still a value that filters take.
        return term


def facets_of(
    asked: Sequence[str], counted: Mapping[str, Mapping[str, int]], labels: Labels
) -> tuple[Facet, ...]:
    """Return the facets in the order asked for; ``counted`` are an engine's, by field and term."""
    return tuple(_facet(name, counted[FACETS[name]], labels) for name in dict.fromkeys(asked))


def _facet(name: str, counts: Mapping[str, int], labels: Labels) -> Facet:
    # Of values with the same count, the first terms, so that every engine tells the same ones.
    told = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_VALUES]
    values = []
    for term, count in told:
        label, narrowing = labels.of(name, term)
        values.append(FacetValue(label, label, count, narrowing))
    values.sort(key=lambda value: (-value.count, value.label))
    return Facet(name, tuple(values), len(counts) - len(values))
