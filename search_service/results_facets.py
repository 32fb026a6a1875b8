"""The values that matching documents have, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Facet", "FacetValue"]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value and how many matching documents have it.

    ``value`` is what a filter takes, ``label`` the value as documents write it,
    ``filter`` the filter that narrows a search to it.
    """

    value: str
    label: str
    count: int
    filter: str

    def to_json(self) -> dict[str, Any]:
        """Return the value as a JSON object."""
        return {
            "value": self.value,
            "label": self.label,
            "count": self.count,
            "filter": self.filter,
        }


@dataclass(frozen=True, slots=True)
class Facet:
    """The commonest values of a field, by count (falling), then label.

    ``others`` is how many more values there are.
    """

    field: str
    values: tuple[FacetValue, ...]
    others: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the facet as a JSON object."""
        values = [value.to_json() for value in self.values]
        return {"field": self.field, "values": values, "others": self.others}
