"""What is known of the words of the newest commit, read when it is needed or ahead of that."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

from search_service.analysis.analyzer import Analyzer
from search_service.engines.port import Engine
from search_service.errors import SearchServiceError
from search_service.faceting import Labels
from search_service.generations import Meta
from search_service.schema import Schema
from search_service.word_list import WordList

__all__ = ["KnownWords"]


class KnownWords:
    """The words and labels of one commit after the other; safe between threads."""

    def __init__(self, schema: Schema, analyzer: Analyzer) -> None:
        self._schema = schema
        self._analyzer = analyzer
        self._ahead = False
        self._known: tuple[tuple[str, int], WordList, Labels] | None = None

    def of(self, meta: Meta, engine: Engine) -> tuple[WordList, Labels]:
        """Return what is known of a commit, the same objects until there is a newer commit."""
        key = (meta.created, meta.commit)
        known = self._known
        if known is None or known[0] != key:
            words = WordList(engine, self._schema)
            labels = Labels(engine, self._schema, self._analyzer)
            if known is not None:
                known[1].retire()
            known = self._known = (key, words, labels)
            if self._ahead:
                _prepare_soon(words)
        return known[1:]

    def read_ahead(self, meta: Meta, engine: Engine) -> Thread:
        """Read the words of this commit, and of every newer one, before a search needs them.

        Returns the thread that reads them.
        """
        self._ahead = True
        return _prepare_soon(self.of(meta, engine)[0])


def _prepare_soon(words: WordList) -> Thread:
    def prepare() -> None:
        # The index may be closed meanwhile; if it is damaged, the search that needs it says so.
        with suppress(SearchServiceError):
            words.prepare()

    thread = Thread(target=prepare, name="search-service words", daemon=True)
    thread.start()
    return thread
