"""How documents lie in a tantivy index: its fields, and strings as it can take them.

Each text field has one tantivy field per tier, and all text fields together
have one more per tier, in which their frequencies and lengths are added:
tantivy scores by single fields, our queries mostly by all.

Of two text fields (title and body), the second is the long one, and writing
its words twice would take most of the time. They are written among all words;
the body's own field has only those that the title has too, at their places
where a phrase may ask for them. So what the body alone has (a word, a phrase)
is what is found among all words, without what is found in the title and not in
the body's own field.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

import tantivy

from search_service.coding import coded, decoded
from search_service.schema import FieldKind, Schema, Tier

__all__ = [
    "DOCUMENT",
    "ELSEWHERE",
    "FILLER",
    "ID",
    "ID_LENGTH",
    "ID_PIECES",
    "Layout",
    "key",
    "original",
    "pieces",
    "register_tokenizers",
    "storable",
    "stored_term",
    "terms_of",
]

ID = "id"
DOCUMENT = "document"

#: Stands between fields; no stored term is like it (see ``_ESCAPE``).
FILLER = "\ue000"

#: An id's UTF-8 bytes, eight to a number, and how many they are: numbers are read without
#: unpacking whole documents. Longer ids are read from the documents.
ID_LENGTH = "id_length"
ID_PIECES = tuple(f"id_{number}" for number in range(8))

#: Stands in the long text's own field where the long text has a word that the short one has not:
#: nothing is indexed for it, but it counts as a place, in a third of the time that it takes to hand
#: over each term with its place. White space to Python, but not to tantivy, so no term is like it.
ELSEWHERE = "\x1f"

_SPLIT = "whitespace"
_SPLIT_SHARED = "shared"

# tantivy drops longer terms without a word.
_MAX_KEY = 60_000

# tantivy's strings are UTF-8, which cannot hold lone surrogates. They become pairs that begin
# with the first character after them, so that the order of code points stays what it is.
_ESCAPE = FILLER
_ODD = re.compile("[\ud800-\udfff\ue000]")
_PAIR = re.compile(_ESCAPE + "(.)", re.DOTALL)
_SHIFT = 0xD800 - 0x1000
_ITSELF = "\uf000"

# A query asks for each of its terms several times.
_TERMS = 20_000


def storable(text: str) -> str:
    r"""Return a string that UTF-8 can hold, in the same order among others as ``text`` was.

    >>> storable("كتاب"), storable("\ud800") < storable("\ue000")
    ('كتاب', True)
    """
    return _ODD.sub(_escaped, text)


def original(stored: str) -> str:
    r"""Return the string that :func:`storable` was given.

    >>> original(storable("a\udfff\ue000")) == "a\udfff\ue000"
    True
    """
    return _PAIR.sub(_unescaped, stored) if _ESCAPE in stored else stored


def key(value: str) -> str:
    """Return a whole value (an id, a keyword) as one term; a very long one ends in its hash."""
    stored = storable(value)
    if 4 * len(stored) <= _MAX_KEY:
        return stored
    return stored[: _MAX_KEY // 8] + hashlib.sha256(stored.encode()).hexdigest()


def pieces(document_id: str) -> tuple[int, list[int]]:
    """Return the length of an id in bytes and its bytes as numbers; no numbers if it is long.

    >>> pieces("a")
    (1, [6989586621679009792])
    """
    content = document_id.encode("utf-8", "surrogatepass")
    if len(content) > 8 * len(ID_PIECES):
        return len(content), []
    starts = range(0, len(content), 8)
    parts = (content[start : start + 8].ljust(8, b"\0") for start in starts)
    return len(content), [int.from_bytes(part, "big") for part in parts]


def _escaped(match: re.Match[str]) -> str:
    odd = match.group()
    return _ESCAPE + (_ITSELF if odd == _ESCAPE else chr(ord(odd) - _SHIFT))


def _unescaped(match: re.Match[str]) -> str:
    mark = match.group(1)
    return _ESCAPE if mark == _ITSELF else chr(ord(mark) + _SHIFT)


@lru_cache(_TERMS)
def stored_term(term: str) -> str:
    """Return a term of a text as it is stored: in one byte per letter."""
    return storable(coded(term))


def terms_of(stored: Iterable[str]) -> list[str]:
    """Return the terms that :func:`stored_term` was given, in the same order."""
    # No term holds a line break, and one long text is decoded faster than many short ones.
    found = decoded("\n".join(stored))
    terms = found.split("\n") if found else []
    return [*map(original, terms)] if _ESCAPE in found else terms


def register_tokenizers(index: tantivy.Index) -> None:
    """Tell an index how its fields split texts, as has to be done whenever it is opened."""
    splitting = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    nothing = tantivy.Filter.custom_stopword([ELSEWHERE])
    index.register_tokenizer(_SPLIT_SHARED, splitting.filter(nothing).build())


class Layout:
    """The tantivy fields of a schema of ours."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.texts = tuple(field.name for field in schema.of_kind(FieldKind.TEXT))
        self.keywords = tuple(field.name for field in schema.of_kind(FieldKind.KEYWORD))
        self.dates = tuple(field.name for field in schema.of_kind(FieldKind.DATE))
        #: The short and the long one of two text fields, ``None`` of any other number.
        self.pair = (self.texts[0], self.texts[1]) if len(self.texts) == 2 else None
        #: The fields of a query for the long one alone, whose words are written among all.
        self.long = self.pair[1:] if self.pair else None
        # Asked for every leaf of every query.
        self.text = lru_cache(1000)(self._text)
        # What follows is asked for every document that is written.
        self.lengths = tuple(map(self.length, self.texts))
        #: Of each tier the field with the words of all text fields, and that of each text field.
        self.tiers = tuple(
            (
                tier,
                self.all_texts(tier),
                tuple(self.text((name,), tier) or "" for name in self.texts),
            )
            for tier in Tier
        )
        self.tantivy = self._build()

    def _text(self, fields: tuple[str, ...], tier: Tier) -> str | None:
        """Return the tantivy field of one text field or of all; ``None`` of some.

        Raises ``ValueError`` for a field that holds no text.
        """
        unknown = set(fields) - set(self.texts)
        if unknown:
            raise ValueError(f"no text in the field {min(unknown)!r}")
        if len(fields) == 1:
            return f"text_{fields[0]}_{tier.value}"
        return f"texts_{tier.value}" if set(fields) == set(self.texts) else None

    def all_texts(self, tier: Tier) -> str:
        """Return the tantivy field with the words of all text fields."""
        return self.text(self.texts, tier) or ""

    def keyword(self, name: str) -> str:
        """Return the tantivy field of a keyword or id field."""
        field = self.schema.get(name)
        return ID if field and field.kind is FieldKind.ID else f"keyword_{name}"

    @staticmethod
    def length(name: str) -> str:
        """Return the field that holds a text field's length in tokens."""
        return f"length_{name}"

    @staticmethod
    def day(name: str) -> str:
        """Return the field that holds a date as its ordinal (1 is 0001-01-01)."""
        return f"day_{name}"

    @staticmethod
    def year(name: str) -> str:
        """Return the field that holds a date's year as a term."""
        return f"year_{name}"

    def _build(self) -> tantivy.Schema:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field(ID, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_bytes_field(DOCUMENT, stored=True)
        for name in (ID_LENGTH, *ID_PIECES, *map(self.length, self.texts)):
            builder.add_unsigned_field(name, fast=True)
        for name in (*map(self.keyword, self.keywords), *map(self.year, self.dates)):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        for name in map(self.day, self.dates):
            builder.add_unsigned_field(name, fast=True)
        for tier in Tier:
            # Root forms serve ranking alone: no phrase asks for them.
            option = "freq" if tier is Tier.ROOT else "position"
            own = self.text(self.pair[1:], tier) if self.pair else None
            for scope in (*((name,) for name in self.texts), self.texts):
                name = self.text(scope, tier) or ""
                split = _SPLIT_SHARED if name == own else _SPLIT
                builder.add_text_field(name, tokenizer_name=split, index_option=option)
        return builder.build()
