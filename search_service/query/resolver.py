"""What a query means for an index: from the typed tree to fields, tiers, terms and weights."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple, NoReturn

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms
from search_service.analysis.tokenizer import is_arabic
from search_service.errors import QuerySyntaxError
from search_service.query import ast
from search_service.query import resolved as r
from search_service.query.ast import QueryWarning, Span
from search_service.query.expansion import (
    Expanded,
    Vocabulary,
    expand_fuzzy,
    expand_prefix,
    expand_wildcard,
)
from search_service.query.values import first_day, last_day
from search_service.query.wording import phrase_node, sequence_nodes
from search_service.ranking import EXPANSION_WEIGHT
from search_service.schema import Field, FieldKind, Schema, Tier

__all__ = ["Resolution", "Resolver"]

# What joins letters of other scripts and digits into one name: Covid-19, info@example.org.
_JOINERS = re.compile(r"[-_.@&:+#'’/]?")


class Resolution(NamedTuple):
    """A query as an engine gets it, and what the person should know about it."""

    query: r.Node
    warnings: tuple[QueryWarning, ...]


@dataclass
class Resolver:
    """Resolves one query; make a new one for each.

    ``match_all`` asks for every word instead of any. With ``strict``, what
    would be a warning is a :class:`~search_service.errors.QuerySyntaxError`,
    except where the answer was only cut.
    """

    schema: Schema
    analyzer: Analyzer
    vocabulary: Vocabulary
    match_all: bool = False
    strict: bool = False
    max_expansions: int = 200
    max_words: int = 1000
    _warnings: list[QueryWarning] = field(default_factory=list)
    _words_left: int = 0

    def resolve(self, node: ast.Node) -> Resolution:
        """Return the engine's form of a parsed query."""
        self._words_left = self.max_words
        query = self._node(node, 1.0)
        if query is None:
            self._problem("no-words", "there is no word in this query", node.span)
        return Resolution(query or r.NoDocs(), tuple(self._warnings))

    def _node(self, node: ast.Node, weight: float) -> r.Node | None:
        match node:
            case ast.MatchAll():
                return r.AllDocs()
            case ast.Term() | ast.Bool():
                clauses = node if isinstance(node, ast.Bool) else _alone(node)
                return self._bool(clauses, weight)
            case ast.And(children):
                return _all([self._node(child, weight) for child in children])
            case ast.Or(children):
                return _any([self._node(child, weight) for child in children])
            case ast.Not(child):
                excluded = self._node(child, weight)
                return None if excluded is None else r.Bool(must_not=(excluded,))
            case ast.Boost(child, factor):
                return self._node(child, weight * factor)
            case ast.Range():
                return self._range(node)
            case _:
                return self._leaf(node, weight)

    def _bool(self, node: ast.Bool, weight: float) -> r.Node | None:
        should = self._side_by_side(node.should, weight)
        must = _present(self._node(child, weight) for child in node.must)
        excluded = _present(self._node(child, weight) for child in node.must_not)
        # tag:, date: and the like narrow the search; beside words nobody means "or".
        filters = tuple(child for child in should if _is_filter(child))
        words = tuple(child for child in should if not _is_filter(child))
        if self.match_all:
            must, should = (*must, *filters, *words), ()
        elif filters and words and not must:
            must, should = (*filters, r.Bool(should=words)), ()
        elif filters:
            must, should = (*must, *filters), words
        if not (should or must or excluded):
            return None
        if len(should) == 1 and not (must or excluded):
            return should[0]
        if len(must) == 1 and not (should or excluded):
            return must[0]
        return r.Bool(tuple(should), tuple(must), excluded)

    def _side_by_side(self, clauses: Sequence[ast.Node], weight: float) -> tuple[r.Node, ...]:
        """Resolve clauses of one list; words of one field that stand together are one sequence."""
        nodes: list[r.Node] = []
        for key, run in groupby(clauses, key=_word_field):
            if key is None:
                nodes += _present(self._node(clause, weight) for clause in run)
            else:
                nodes += self._words([clause for clause in run if isinstance(clause, ast.Term)], weight)
        return tuple(nodes)

    def _words(self, terms: Sequence[ast.Term], weight: float) -> tuple[r.Node, ...]:
        name, span = terms[0].field, terms[0].span
        target = self._field(name, span) if name else None
        if name and target is None:
            plain = [ast.Term(name, span), *(ast.Term(t.text, t.span) for t in terms)]
            return self._words(plain, weight)
        if target is not None and target.kind is not FieldKind.TEXT:
            return _present(self._value(target, term.text, term.span) for term in terms)
        units = [unit for term in terms for unit in self._units(term)]
        return tuple(sequence_nodes(units, self._fields(target), weight, every=self.match_all))

    def _units(self, term: ast.Term) -> list[tuple[Forms, ...]]:
        """Return a typed word as units: one word each, or several that make up one name."""
        tokens = self.analyzer.analyze(term.text)
        if self._words_left < len(tokens):
            if self._words_left >= 0:
                self._tell("too-many-words", f"only {self.max_words} words are searched", term.span)
            self._words_left = -1
            return []
        self._words_left -= len(tokens)
        units: list[tuple[Forms, ...]] = []
        end = -1
        for token in tokens:
            joined = end >= 0 and _JOINERS.fullmatch(term.text[end : token.start])
            foreign = not (units and is_arabic(units[-1][-1].folded) and is_arabic(token.forms.folded))
            if joined and foreign:
                units[-1] += (token.forms,)
            else:
                units.append((token.forms,))
            end = token.end
        return units

    def _leaf(self, node: ast.Node, weight: float) -> r.Node | None:
        assert not isinstance(node, ast.MatchAll | ast.And | ast.Or | ast.Not | ast.Boost | ast.Bool)
        target = self._field(node.field, node.span) if node.field else None
        if target is not None and target.kind is not FieldKind.TEXT:
            if isinstance(node, ast.Phrase | ast.Exact):
                return self._value(target, node.text, node.span)
            self._problem("no-text-field", f"{target.name}: takes whole values", node.span)
        fields = self._fields(target)
        match node:
            case ast.Exact(text):
                return _exact(self._forms(text), fields, weight)
            case ast.Phrase(text, slop=slop):
                return phrase_node(self._forms(text), fields, slop, weight)
            case ast.Prefix() | ast.Wildcard() | ast.Fuzzy():
                return self._expanded(node, fields, weight)
            case _:
                return None

    def _forms(self, text: str) -> list[Forms]:
        return [token.forms for token in self.analyzer.analyze(text)]

    def _expanded(
        self, node: ast.Prefix | ast.Wildcard | ast.Fuzzy, fields: tuple[str, ...], weight: float
    ) -> r.Node | None:
        start, expand = self._expander(node)
        if expand is None:
            return None
        leaves: list[r.Node] = []
        cut = False
        # Folded words as typed, and stems: كتا* finds والكتاب as well.
        for tier in (Tier.FOLDED, Tier.STEM):
            found = [expand(self.vocabulary(name, tier, start)) for name in fields]
            cut |= any(one.cut for one in found)
            terms = dict.fromkeys(term for one in found for term in one.terms)
            leaves += [r.Term(fields, tier, term, weight * EXPANSION_WEIGHT) for term in terms]
        if cut:
            self._tell(
                "expansion-cut",
                f"stands for more than {self.max_expansions} words; only the commonest are searched",
                node.span,
            )
        return r.Bool(should=tuple(leaves)) if leaves else r.NoDocs()

    def _expander(
        self, node: ast.Prefix | ast.Wildcard | ast.Fuzzy
    ) -> tuple[str, Callable[[Iterable[tuple[str, int]]], Expanded] | None]:
        most = self.max_expansions
        match node:
            case ast.Prefix(text):
                prefix = self.analyzer.normalize(text)
                return prefix, (lambda terms: expand_prefix(prefix, terms, most)) if prefix else None
            case ast.Wildcard(text):
                pieces = re.split(r"([*?])", text)
                shape = "".join(p if p in "*?" else self.analyzer.normalize(p) for p in pieces if p)
                start = re.split(r"[*?]", shape)[0]
                return start, lambda terms: expand_wildcard(shape, terms, most)
            case ast.Fuzzy(text, distance=distance):
                word = self.analyzer.normalize(text)
                # People rarely mistake the first letter, and it saves most of the vocabulary.
                return word[:1], (
                    (lambda terms: expand_fuzzy(word, distance, terms, most)) if word else None
                )

    def _fields(self, target: Field | None) -> tuple[str, ...]:
        if target is not None and target.kind is FieldKind.TEXT:
            return (target.name,)
        return tuple(text.name for text in self.schema.of_kind(FieldKind.TEXT))

    def _field(self, name: str, span: Span) -> Field | None:
        found = self.schema.get(name) or next(
            (known for known in self.schema.fields if known.source == name), None
        )
        if found is None:
            names = ", ".join(self.schema.names)
            self._problem("unknown-field", f"no field {name!r}; there are {names}", span)
        return found

    def _value(self, target: Field, text: str, span: Span) -> r.Node | None:
        if target.kind is FieldKind.DATE:
            return self._days(target, text, text, span)
        value = text if target.kind is FieldKind.ID else self.analyzer.keyword(text)
        return r.KeywordTerm(target.name, value) if value else None

    def _range(self, node: ast.Range) -> r.Node | None:
        target = self._field(node.field, node.span) if node.field else None
        if target is not None and target.kind is FieldKind.DATE:
            return self._days(target, node.low, node.high, node.span)
        if target is not None:
            self._problem("no-range", f"{target.name}: has no order to take a range of", node.span)
        words = ast.Term(f"{node.low} {node.high}", node.span)
        return _any(self._words([words], 1.0))

    def _days(self, target: Field, low: str, high: str, span: Span) -> r.Node:
        try:
            start = first_day(low) if low else None
            end = last_day(high) if high else None
        except ValueError as error:
            self._problem("bad-date", str(error), span)
            return r.NoDocs()
        if start and end and start > end:
            self._problem("bad-date", f"the range {low}..{high} ends before it begins", span)
        return r.RangeTerm(target.name, start, end)

    def _problem(self, code: str, message: str, span: Span) -> None:
        if self.strict:
            _refuse(message, span)
        self._tell(code, message, span)

    def _tell(self, code: str, message: str, span: Span) -> None:
        self._warnings.append(QueryWarning(code, message, span))


def _refuse(message: str, span: Span) -> NoReturn:
    raise QuerySyntaxError(message, span)


def _alone(term: ast.Term) -> ast.Bool:
    return ast.Bool((term,), (), (), term.span)


def _word_field(clause: ast.Node) -> str | None:
    """Return a key that consecutive words of one field share; other clauses have none."""
    return (clause.field or "") if isinstance(clause, ast.Term) else None


def _is_filter(node: r.Node) -> bool:
    return isinstance(node, r.KeywordTerm | r.RangeTerm)


def _present(nodes: Iterable[r.Node | None]) -> tuple[r.Node, ...]:
    return tuple(node for node in nodes if node is not None)


def _all(nodes: Iterable[r.Node | None]) -> r.Node | None:
    found = _present(nodes)
    excluded = tuple(part for node in found if _only_excludes(node) for part in node.must_not)  # type: ignore[union-attr]
    wanted = tuple(node for node in found if not _only_excludes(node))
    if len(found) < 2:
        return found[0] if found else None
    return r.Bool(must=wanted, must_not=excluded)


def _only_excludes(node: r.Node) -> bool:
    return isinstance(node, r.Bool) and not node.should and not node.must


def _any(nodes: Iterable[r.Node | None]) -> r.Node | None:
    found = _present(nodes)
    return found[0] if len(found) == 1 else r.Bool(should=found) if found else None


def _exact(words: Sequence[Forms], fields: tuple[str, ...], weight: float) -> r.Node | None:
    if len(words) > 1:
        return r.Phrase(fields, Tier.EXACT, tuple((w.exact,) for w in words), 0, weight)
    return r.Term(fields, Tier.EXACT, words[0].exact, weight) if words else None
