"""A token: where a word stands in the raw text, and the term that it has in each tier."""

from __future__ import annotations

from typing import NamedTuple

from search_service.schema import Tier

__all__ = ["MAX_TERM_LENGTH", "Forms", "Token"]

#: Terms are cut to this many code points, so that no text can fill an index with one word.
MAX_TERM_LENGTH = 64


class Forms(NamedTuple):
    """The terms of one word, a term per tier; each 1 to 64 code points without white space.

    ``exact``   as written, without marks, tatweel and invisible characters
    ``folded``  one spelling for letters that people interchange
    ``stem``    without attached particles and endings
    ``root``    root-like: joins broken plurals and derived forms
    """

    exact: str
    folded: str
    stem: str
    root: str

    def of(self, tier: Tier) -> str:
        """Return the term in ``tier``."""
        # A tier is a string, the name of its form; to ask an Enum for its value takes longer.
        term: str = getattr(self, tier)
        return term


class Token(NamedTuple):
    """One token of a text; immutable.

    ``start`` and ``end`` are code points into the raw text that was analysed,
    and ``text[start:end]`` is the word as written, always. ``position`` counts
    words from 0.
    """

    start: int
    end: int
    position: int
    forms: Forms
