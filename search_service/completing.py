"""Suggestions while somebody types: the last word completed, and titles with what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import Match

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.letters import CONTROLS
from search_service.analysis.token import MAX_TERM_LENGTH, Forms
from search_service.analysis.tokenizer import WORD
from search_service.engines.port import Engine
from search_service.query import ast
from search_service.query.parser import parse_lenient
from search_service.results_completion import Completion
from search_service.schema import DEFAULT_SCHEMA, FieldKind
from search_service.title_completing import complete_titles
from search_service.word_completing import Typed, complete_word
from search_service.word_list import WordList

__all__ = ["MAX_COMPLETIONS", "complete"]

#: Most suggestions at a time.
MAX_COMPLETIONS = 20

# Code points at the end of a text that are looked at, and words before the last one: what is
# further off says little of what comes next.
_LOOKED_AT = 1000
_MOST_EARLIER = 10
# Places out of eight that titles get where there are enough words: more when several words are
# typed, since few titles have them all and those are likely meant.
_TITLES_OF_EIGHT = 3
_TITLES_BEHIND_WORDS = 4

_TEXT_FIELDS = (None, *(field.name for field in DEFAULT_SCHEMA.of_kind(FieldKind.TEXT)))
_FIELD_NAME = re.compile(rf"(?:{'|'.join(DEFAULT_SCHEMA.names)}):\W*$")


def complete(
    text: str, size: int, engine: Engine, analyzer: Analyzer, words: WordList
) -> tuple[Completion, ...]:
    """Return up to ``size`` completions of ``text``: words, commonest first, then titles.

    ``words`` are those of the engine's last commit. Never raises, whatever the
    text; raises ``ValueError`` for a size that is not 1 to ``MAX_COMPLETIONS``.
    """
    if not 1 <= size <= MAX_COMPLETIONS:
        raise ValueError(f"size must be from 1 to {MAX_COMPLETIONS}, not {size}")
    typed = _typed(text, analyzer)
    titles = complete_titles(typed, engine, analyzer, words, most=size)
    found = complete_word(typed, engine, words, most=size)
    share = _TITLES_BEHIND_WORDS if typed.earlier else _TITLES_OF_EIGHT
    kept = found[: size - min(len(titles), size * share // 8)]
    return (*kept, *titles[: size - len(kept)])


def _typed(text: str, analyzer: Analyzer) -> Typed:
    # What is invisible is not typed behind a word but came along with it.
    text = text.rstrip(CONTROLS)
    first = max(len(text) - _LOOKED_AT, 0)
    last = max(WORD.finditer(text, first), key=Match.end, default=None)
    if last is None or last.end() < len(text):
        return Typed(text, len(text), "", _earlier(text[first:], analyzer))
    word = analyzer.normalize(last.group())
    earlier = _earlier(text[first : last.start()], analyzer)
    return Typed(text, last.start(), word if len(word) <= MAX_TERM_LENGTH else "", earlier)


def _earlier(text: str, analyzer: Analyzer) -> tuple[Forms, ...]:
    """Return the last words that a query searches for in titles and texts, in order."""
    node, _ = parse_lenient(_FIELD_NAME.sub("", text))
    found = (token.forms for part in _searched(node) for token in analyzer.analyze(part))
    by_stem = {forms.stem: forms for forms in found}
    return tuple(by_stem.values())[-_MOST_EARLIER:]


def _searched(node: ast.Node) -> Iterator[str]:
    match node:
        case ast.Term(text, field=field) | ast.Exact(text, field=field) if field in _TEXT_FIELDS:
            yield text
        case ast.Phrase(text, field=field) if field in _TEXT_FIELDS:
            yield text
        case ast.Bool(should, must):
            for child in sorted((*must, *should), key=lambda clause: clause.span):
                yield from _searched(child)
        case ast.And(children) | ast.Or(children):
            for child in children:
                yield from _searched(child)
        case ast.Boost(child):
            yield from _searched(child)
