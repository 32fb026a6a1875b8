"""What a person should know about a query that could not be taken as it was typed."""

from __future__ import annotations

from search_service.errors import QuerySyntaxError
from search_service.query.ast import QueryWarning, Span

__all__ = ["MAX_WARNINGS", "Notes"]

#: More help nobody, and a query of 10,000 unknown fields would give as many.
MAX_WARNINGS = 50


class Notes:
    """Collects warnings; with ``strict``, a mistake is an error instead."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._warnings: list[QueryWarning] = []

    @property
    def warnings(self) -> tuple[QueryWarning, ...]:
        """The warnings so far, in the order in which they were found."""
        return tuple(self._warnings)

    def mistake(self, code: str, message: str, span: Span) -> None:
        """Note something that the query gets wrong.

        Raises :class:`~search_service.errors.QuerySyntaxError` if ``strict``.
        """
        if self._strict:
            raise QuerySyntaxError(message, span)
        if len(self._warnings) < MAX_WARNINGS:
            self._warnings.append(QueryWarning(code, message, span))

    def limit(self, code: str, message: str, span: Span) -> None:
        """Note that the query is fine, but more than is searched; said once for each ``code``."""
        if all(known.code != code for known in self._warnings):
            self._warnings.append(QueryWarning(code, message, span))
