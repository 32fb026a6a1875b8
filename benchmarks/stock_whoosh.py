"""Whoosh as it comes: one text field, with Snowball's stemmer for Arabic.

The field is split into runs of word characters, lower-cased, stemmed by
PyStemmer, and stored, since highlighting needs the text.
"""

from __future__ import annotations

import Stemmer
from whoosh.analysis.filters import LowercaseFilter
from whoosh.analysis.morph import StemFilter
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.fields import ID, STORED, TEXT, Schema

__all__ = ["stem", "stock_schema"]

_STEMMER = Stemmer.Stemmer("arabic")


def stem(word: str) -> str:
    """Return the stem; a function of a module, since Whoosh pickles its schema."""
    stemmed: str = _STEMMER.stemWord(word)
    return stemmed


def stock_schema() -> Schema:
    """Return the fields; ``text`` is title and text together."""
    stem_filter = StemFilter(stemfn=stem)
    analyzer = RegexTokenizer(r"\w+") | LowercaseFilter() | stem_filter
    return Schema(id=ID(unique=True, stored=True), title=STORED, text=TEXT(analyzer, stored=True))
