"""Documents on their way to other processes, in batches, and their terms on the way back.

Terms come back in the form that the writer takes fastest: as numbers of words,
each distinct word with its terms once, when it first comes, or as one text per tier.
"""

from __future__ import annotations

import gc
import pickle
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias, TypeVar

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.joining import TextJoiner
from search_service.analysis.numbering import TextNumberer
from search_service.analysis.vocalisation import document_terms
from search_service.engines.port import IndexedDocument, TierTerms
from search_service.marking import LONG
from search_service.processes import serve
from search_service.schema import MARKS, Document, FieldKind, Schema
from search_service.terms import JoinedTerms, NumberedTerms, WordTable

__all__ = ["Answer", "Answers", "indexed_document", "request", "work"]

# Words that another process remembers: those of texts, and besides those of keywords and of the
# little that is analysed once more. Where texts come back as numbers, the words of its table are
# those of texts. Python's dictionaries double in size beyond 174,762 entries.
_WORDS = 170_000
_BESIDES = 16_000
_BESIDES_NUMBERS = 100_000

# What goes to other processes as it is, in the order in which a document is made of it.
_SENT = attrgetter("id", "title", "body", "url", "date", "language", "tags")

T = TypeVar("T")

_Terms: TypeAlias = Callable[[str], TierTerms]


def indexed_document(
    document: Document, schema: Schema, analyzer: Analyzer, terms: _Terms | None = None
) -> IndexedDocument:
    """Return a document with its terms, as engines take it.

    ``terms`` may be a faster way to what :meth:`Analyzer.terms` returns.
    """
    sources = {f.name: getattr(document, f.source) for f in schema.of_kind(FieldKind.TEXT)}
    analysed = {name: (terms or analyzer.terms)(text) for name, text in sources.items()}
    keywords = {
        field.name: tuple(filter(None, map(analyzer.keyword, _values(document, field.source))))
        for field in schema.of_kind(FieldKind.KEYWORD)
        if not field.hidden
    }
    if schema.get(MARKS):
        texts = tuple(sources.values())
        keywords[MARKS] = document_terms(texts, tuple(analysed.values()), analyzer)
    long = {name: text for name, text in sources.items() if len(text) >= LONG}
    return IndexedDocument(document, analysed, keywords, _readings(long, analyzer) if long else {})


def _readings(texts: Mapping[str, str], analyzer: Analyzer) -> dict[str, bytes]:
    # Only here, since they load NumPy.
    from search_service.reading import read  # noqa: PLC0415
    from search_service.stored_reading import packed  # noqa: PLC0415

    return {name: packed(read(text, analyzer), text) for name, text in texts.items()}


def _values(document: Document, source: str) -> tuple[str, ...]:
    value = getattr(document, source)
    return value if isinstance(value, tuple) else (value,) if value else ()


def request(schema: Schema, documents: Iterable[Document], *, joins: bool) -> bytes:
    """Return what :func:`work` in another process is asked: the terms of some documents.

    ``joins`` is that of the :class:`~search_service.engines.port.Writer` they are for.
    """
    return pickle.dumps((schema, joins, [_searched(document) for document in documents]))


def _searched(document: Document) -> tuple[Any, ...]:
    """Return what is searched of a document; its metadata may hold what cannot be sent."""
    source = document.metadata.get("source")
    return (*_SENT(document), {"source": source} if isinstance(source, str) else {})


class Answer(NamedTuple):
    """Per document of a batch: the terms of its texts, keywords, readings.

    The terms of a text are the numbers of its words in ``words``, or its texts by tier.
    """

    words: WordTable | None
    parts: Sequence[tuple[Sequence[Any], Mapping[str, tuple[str, ...]], Mapping[str, bytes]]]

    def indexed(self, documents: Sequence[Document], schema: Schema) -> Iterator[IndexedDocument]:
        """Yield the ``documents`` that were asked about, with their terms."""
        names = [field.name for field in schema.of_kind(FieldKind.TEXT)]
        for document, (texts, keywords, readings) in zip(documents, self.parts, strict=True):
            terms = {n: self._terms(text) for n, text in zip(names, texts, strict=True)}
            yield IndexedDocument(document, terms, keywords, readings)

    def _terms(self, text: Any) -> TierTerms:
        if self.words is None:
            return JoinedTerms(text)
        return NumberedTerms(self.words, array("i", text))


class Answers:
    """Takes the answers of one process, and keeps the table of words that it has sent."""

    def __init__(self) -> None:
        self._words = WordTable()

    def __call__(self, answer: bytes) -> Answer:
        """Return what an answer says; in the order in which the process gave them."""
        table, parts = pickle.loads(answer)  # noqa: S301 - from a process of ours
        if table is None:
            return Answer(None, parts)
        begin, packed = table
        if not begin:
            # The one before stays with the texts that it belongs to.
            self._words = WordTable()
        self._words.extend(packed)
        return Answer(self._words, parts)


def work() -> None:
    """Answer requests until there are no more: what another process does."""
    # Hundreds of thousands of words stay, and nothing here makes cycles: to go through all of
    # them again and again takes a tenth of the time.
    gc.disable()
    ways: dict[bool, Callable[[Schema, Sequence[Document]], Any]] = {}

    def answer(asked: bytes) -> bytes:
        schema, joins, sent = pickle.loads(asked)  # noqa: S301 - from the process that started this
        way = ways.get(joins) or ways.setdefault(joins, _joining() if joins else _numbering())
        return pickle.dumps(way(schema, [Document(*parts) for parts in sent]))

    serve(answer)


def _joining() -> Callable[[Schema, Sequence[Document]], Any]:
    analyzer = Analyzer(_BESIDES)
    joiner = TextJoiner(analyzer, _WORDS)

    def answer(schema: Schema, documents: Sequence[Document]) -> Any:
        found = []
        for document in documents:
            indexed = indexed_document(document, schema, analyzer, joiner.terms)
            texts = [terms.texts for terms in _of(JoinedTerms, indexed)]
            found.append((texts, indexed.keywords, indexed.readings))
        return None, found

    return answer


def _numbering() -> Callable[[Schema, Sequence[Document]], Any]:
    analyzer = Analyzer(_BESIDES_NUMBERS)
    numberer = TextNumberer(analyzer, bounded=False)

    def answer(schema: Schema, documents: Sequence[Document]) -> Any:
        words = numberer.table()
        begin = len(words)
        found = []
        for document in documents:
            indexed = indexed_document(document, schema, analyzer, numberer.terms)
            texts = [terms.numbers.tobytes() for terms in _of(NumberedTerms, indexed)]
            found.append((texts, indexed.keywords, indexed.readings))
        return (begin, words.packed(begin)), found

    return answer


def _of(kind: type[T], indexed: IndexedDocument) -> list[T]:
    return [terms for terms in indexed.terms.values() if isinstance(terms, kind)]
