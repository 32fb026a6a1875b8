"""Texts to one text of terms per tier, for engines that split texts themselves."""

from __future__ import annotations

from search_service.analysis.analyzer import Analyzer, pieces
from search_service.analysis.remembering import Remembered
from search_service.coding import coded
from search_service.schema import Tier
from search_service.terms import JoinedTerms

__all__ = ["TextJoiner"]

_TIERS = len(Tier)


class TextJoiner:
    """Gives texts as :class:`~search_service.terms.JoinedTerms`.

    Each distinct word is analysed and coded once, and remembered: up to twice
    ``remembered`` of them, each in about 230 bytes.

    >>> TextJoiner(Analyzer(), 1000).terms("وبالكتاب")[Tier.STEM]
    ('كتاب',)
    """

    def __init__(self, analyzer: Analyzer, remembered: int) -> None:
        self._analyzer = analyzer
        self._rows = Remembered(self._row, remembered)

    def terms(self, text: str) -> JoinedTerms:
        """Return what :meth:`Analyzer.terms` does, as one text for each tier."""
        # A string per word is smaller than a tuple of them and no slower: what takes time is to
        # reach in memory what was not used lately.
        forms = " ".join(map(self._rows.__getitem__, pieces(text))).split()
        return JoinedTerms([" ".join(forms[column::_TIERS]) for column in range(_TIERS)])

    def _row(self, piece: str) -> str:
        """Return the forms of the words in a piece of text, coded, with spaces between them."""
        return coded(" ".join(self._analyzer.forms_in(piece)))
