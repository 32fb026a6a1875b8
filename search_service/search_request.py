"""What is asked of one search, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search_service.engines.port import Sort
from search_service.faceting import FACETS
from search_service.marking import HighlightOptions
from search_service.nearest import unknown

__all__ = ["MAX_FILTERS", "MAX_SIZE", "SORTS", "SearchRequest"]

#: Most hits on one page.
MAX_SIZE = 100
#: Most filters of one search.
MAX_FILTERS = 50

#: The orders that can be asked for: by score, or by a field.
SORTS: Mapping[str, Sort | None] = {
    "relevance": None,
    "date": Sort("date"),
    "-date": Sort("date", descending=True),
    "id": Sort("id"),
    "-id": Sort("id", descending=True),
}


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked; see :meth:`search_service.SearchService.search`.

    Filters are read when the search begins; everything else is checked here.
    """

    query: str
    size: int = 10
    page: int = 1
    match: str = "any"
    strict: bool = False
    explain: bool = False
    highlight: bool | HighlightOptions = True
    exact: bool = False
    facets: Sequence[str] = ()
    filters: Sequence[str] = ()
    sort: str = "relevance"

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MAX_SIZE:
            raise ValueError(f"size must be from 1 to {MAX_SIZE}, not {self.size}")
        if self.page < 1:
            raise ValueError(f"page must be at least 1, not {self.page}")
        if self.match not in ("any", "all"):
            raise ValueError(f"match must be 'any' or 'all', not {self.match!r}")
        if self.sort not in SORTS:
            raise ValueError(unknown("sort", self.sort, list(SORTS)))
        for name, given in (("facets", self.facets), ("filters", self.filters)):
            if isinstance(given, str):
                # Taken letter by letter, it would be found fault with for the wrong reason.
                raise ValueError(f"{name} must be a list of texts, not a text: [{given!r}]")
        for facet in self.facets:
            if facet not in FACETS:
                raise ValueError(unknown("facet", facet, list(FACETS)))
        if len(self.filters) > MAX_FILTERS:
            raise ValueError(f"a search may have {MAX_FILTERS} filters, not {len(self.filters)}")

    @property
    def order(self) -> Sort | None:
        """The order as an engine takes it."""
        return SORTS[self.sort]

    @property
    def marking(self) -> HighlightOptions | None:
        """How matches are to be shown, ``None`` if they are not."""
        if isinstance(self.highlight, HighlightOptions):
            return self.highlight
        return HighlightOptions() if self.highlight else None
