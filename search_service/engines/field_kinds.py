"""Which fields can be asked for what: the same answer from every engine."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.engines.port import Sort
from search_service.schema import FieldKind, Schema

__all__ = ["check_facets", "check_keyword", "sort_kind"]


def sort_kind(schema: Schema, sort: Sort) -> FieldKind:
    """Return the kind of the field to sort by; raises ``ValueError`` unless dates or ids."""
    return _kind(schema, sort.field, "sorted by", (FieldKind.DATE, FieldKind.ID))


def check_facets(schema: Schema, fields: Sequence[str]) -> None:
    """Raise ``ValueError`` unless the values of all ``fields`` can be counted."""
    for name in fields:
        _kind(Schema(schema.visible), name, "counted by", (FieldKind.KEYWORD, FieldKind.DATE))


def check_keyword(schema: Schema, name: str) -> None:
    """Raise ``ValueError`` unless the field called ``name`` holds keywords."""
    _kind(schema, name, "listed as keywords", (FieldKind.KEYWORD,))


def _kind(schema: Schema, name: str, purpose: str, kinds: Sequence[FieldKind]) -> FieldKind:
    field = schema.get(name)
    if field is None or field.kind not in kinds:
        fit = ", ".join(known.name for kind in kinds for known in schema.of_kind(kind))
        raise ValueError(f"{name!r} cannot be {purpose}; there are: {fit}")
    return field.kind
