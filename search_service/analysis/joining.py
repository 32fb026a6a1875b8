"""Texts to one text of terms per tier, for engines that split texts themselves."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain

from search_service.analysis.analyzer import Analyzer, pieces
from search_service.analysis.remembering import RememberedForms
from search_service.coding import coded
from search_service.schema import Tier
from search_service.terms import JoinedTerms

__all__ = ["TextJoiner"]

_TIERS = len(Tier)

# Of the stems and roots of all words there are far fewer than words: one copy of each is enough.
_SHARED = 1 << 15


class TextJoiner:
    """Gives texts as :class:`~search_service.terms.JoinedTerms`.

    Each distinct word is analysed and coded once, and remembered: up to twice
    ``remembered`` of them.

    >>> TextJoiner(Analyzer(), 1000).terms("وبالكتاب")[Tier.STEM]
    ('كتاب',)
    """

    def __init__(self, analyzer: Analyzer, remembered: int) -> None:
        self._analyzer = analyzer
        self._cache = RememberedForms(self._forms, remembered)
        self._shared = lru_cache(_SHARED)(coded)

    def terms(self, text: str) -> JoinedTerms:
        """Return what :meth:`Analyzer.terms` does, as one text for each tier."""
        forms = list(chain.from_iterable(map(self._cache.__getitem__, pieces(text))))
        return JoinedTerms([" ".join(forms[column::_TIERS]) for column in range(_TIERS)])

    def _forms(self, piece: str) -> tuple[str, ...]:
        forms = self._analyzer.forms_in(piece)
        exact = coded(forms[0]) if forms else ""
        # In most words two or three forms are equal.
        return tuple([exact if form == forms[0] else self._shared(form) for form in forms])
