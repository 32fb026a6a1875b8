"""What a query means for an index: from the typed tree to fields, tiers, terms and weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress, groupby
from typing import NamedTuple

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.token import Forms, Token
from search_service.analysis.vocalisation import typed_term
from search_service.analysis.words import Expansion, Variants, load_variants
from search_service.query import ast
from search_service.query import resolved as r
from search_service.query.ast import QueryWarning, Span
from search_service.query.clauses import all_of, any_of, simplest, without_root
from search_service.query.expansion import Pattern, Vocabulary, expand, pattern_of
from search_service.query.filters import days_node, is_filter, value_node
from search_service.query.naming import MAX_LISTED, listed, names_of_phrase, names_of_words
from search_service.query.notes import Notes
from search_service.query.particles import with_particles
from search_service.query.units import Unit, Words, places, units_of
from search_service.query.vocalised import demanded, vocalised
from search_service.query.wording import phrase_node, sequence_nodes, telling, tells
from search_service.ranking import EXPANSION_WEIGHT
from search_service.results import Expansion as Listed
from search_service.schema import Field, FieldKind, Schema, Tier

__all__ = ["MAX_PATTERNS", "MAX_VOCALISED", "Resolution", "Resolver", "Words"]

#: Words with ``*``, ``?`` or ``~`` in one query: each may look through the whole vocabulary.
MAX_PATTERNS = 20

#: Words whose vowel marks count: each may stand for hundreds of readings.
MAX_VOCALISED = 20


class Resolution(NamedTuple):
    """A query as an engine gets it, and what the person should know about it.

    ``runs`` are the plain words that are searched for, as they stand together,
    ``expansions`` what is searched for besides words that are not excluded.
    """

    query: r.Node
    warnings: tuple[QueryWarning, ...]
    runs: tuple[Words, ...] = ()
    expansions: tuple[Listed, ...] = ()


@dataclass
class Resolver:
    """Resolves one query; make a new one for each.

    ``match_all`` asks for every word instead of any. With ``strict``, what
    would be a warning is a :class:`~search_service.errors.QuerySyntaxError`,
    except where the answer was only cut. ``variants`` are the other spellings
    and names that are searched besides; ``text`` is the query as it was typed.
    ``frequency`` tells in how many documents a stem stands, in that of some
    fields that has it most; without it, the vocabulary is asked.
    """

    schema: Schema
    analyzer: Analyzer
    vocabulary: Vocabulary
    match_all: bool = False
    strict: bool = False
    max_expansions: int = 200
    max_words: int = 1000
    variants: Variants = field(default_factory=load_variants)
    text: str = ""
    frequency: Callable[[tuple[str, ...], str], int] | None = None

    def __post_init__(self) -> None:
        self._notes = Notes(strict=self.strict)
        self._words_left = self.max_words
        self._patterns_left = MAX_PATTERNS
        self._vocalised_left = MAX_VOCALISED
        self._excluding = False
        self._runs: list[Words] = []
        self._listed: list[Listed] = []

    def resolve(self, node: ast.Node) -> Resolution:
        """Return the engine's form of a parsed query."""
        query = self._node(node, 1.0)
        if query is None and not self._notes.warnings:
            self._notes.mistake("no-words", "there is no word in this query", node.span)
        expansions = tuple(sorted(self._listed[:MAX_LISTED], key=lambda listed: listed.start))
        return Resolution(query or r.NoDocs(), self._notes.warnings, tuple(self._runs), expansions)

    def _node(self, node: ast.Node, weight: float) -> r.Node | None:
        match node:
            case ast.MatchAll():
                return r.AllDocs() if self._spend(1, node.span) else None
            case ast.Term() | ast.Bool():
                clauses = node if isinstance(node, ast.Bool) else _alone(node)
                return self._bool(clauses, weight)
            case ast.And(children):
                return all_of(self._nodes(children, weight))
            case ast.Or(children):
                return any_of(self._nodes(children, weight))
            case ast.Not(child):
                excluded = self._excluded([child], weight)
                return r.Bool(must_not=excluded) if excluded else None
            case ast.Boost(child, factor):
                return self._node(child, weight * factor)
            case ast.Range():
                return self._range(node, weight)
            case ast.Phrase() | ast.Exact():
                return self._quoted(node, weight)
            case ast.Prefix() | ast.Wildcard() | ast.Fuzzy():
                return self._pattern(node, weight)

    def _nodes(self, nodes: Iterable[ast.Node], weight: float) -> tuple[r.Node, ...]:
        found = (self._node(node, weight) for node in nodes)
        return tuple(node for node in found if node is not None)

    def _excluded(self, nodes: Sequence[ast.Node], weight: float) -> tuple[r.Node, ...]:
        before, self._excluding = self._excluding, True
        found = self._nodes(nodes, weight)
        self._excluding = before
        return tuple(map(without_root, found))

    def _bool(self, node: ast.Bool, weight: float) -> r.Node | None:
        must = self._nodes(node.must, weight)
        excluded = self._excluded(node.must_not, weight)
        should = tuple(self._side_by_side(node.should, weight, alone=not must))
        # tag:, date: and the like narrow the search; beside words nobody means "or".
        narrowing = [is_filter(child) for child in should]
        filters = tuple(compress(should, narrowing))
        words = tuple(
            child for child, narrows in zip(should, narrowing, strict=True) if not narrows
        )
        if self.match_all:
            must, should = (*must, *filters, *words), ()
        elif filters and not must:
            wanted = any_of(words)
            must, should = (*filters, wanted) if wanted else filters, ()
        elif filters:
            must, should = (*must, *filters), words
        return simplest(r.Bool(should, must, excluded))

    def _side_by_side(
        self, clauses: Sequence[ast.Node], weight: float, *, alone: bool
    ) -> Iterator[r.Node]:
        """Resolve clauses of one list; words of one field that stand together are one sequence.

        ``alone`` says that nothing but these clauses asks for documents.
        """
        parts: list[Words | r.Node] = []
        for key, run in groupby(clauses, key=_word_field):
            if key is None:
                parts += self._nodes(run, weight)
            else:
                words = [clause for clause in run if isinstance(clause, ast.Term)]
                parts += self._words(words, weight)
        # Stop words count only where nothing else does.
        keep = alone and not any(map(_is_telling, parts))
        for part in parts:
            if isinstance(part, Words):
                yield from self._sequence(part, weight, keep=keep)
            else:
                yield part

    def _sequence(self, words: Words, weight: float, *, keep: bool) -> Iterator[r.Node]:
        names = list(names_of_words(words.units, self.variants))
        kept = range(len(words.units)) if keep else telling(words.units, names)
        if len(kept) < len(words.units):
            words = words.at(kept)
            names = list(names_of_words(words.units, self.variants))
        if words.units and not self._excluding:
            told = (i for i, unit in enumerate(words.units) if keep or tells(unit))
            self._runs.append(words.at(told))
        self._list(names, words.places)
        if self.variants:
            names = with_particles(
                names, words.units, partial(self.frequency or self._frequency, words.fields)
            )
        yield from sequence_nodes(words.units, names, words.fields, weight, every=self.match_all)

    def _frequency(self, fields: tuple[str, ...], stem: str) -> int:
        first = (next(self.vocabulary(name, Tier.STEM, stem), ("", 0)) for name in fields)
        return max(frequency if term == stem else 0 for term, frequency in first)

    def _words(self, terms: Sequence[ast.Term], weight: float) -> list[Words | r.Node]:
        name, span = terms[0].field, terms[0].span
        target = self._field(name, span) if name else None
        if name and target is None:
            plain = [ast.Term(name, span), *(ast.Term(t.text, t.span) for t in terms)]
            return self._words(plain, weight)
        if target is not None and target.kind is not FieldKind.TEXT:
            values = [self._value(target, term.text, term.span) for term in terms]
            return [value for value in values if value is not None]
        placed = [each for term in terms for each in self._units(term)]
        units, spans = [unit for unit, _ in placed], [span for _, span in placed]
        return [Words(units, self._fields(target), weight, spans)]

    def _units(self, term: ast.Term) -> Iterator[tuple[Unit, Span]]:
        tokens = self._tokens(term.text, term.span)
        return units_of(term.text, tokens, places(self.text, term, tokens))

    def _quoted(self, node: ast.Phrase | ast.Exact, weight: float) -> r.Node | None:
        target = self._field(node.field, node.span) if node.field else None
        if target is not None and target.kind is not FieldKind.TEXT:
            return self._value(target, node.text, node.span)
        tokens = self._tokens(node.text, node.span, exact=isinstance(node, ast.Exact))
        words = [token.forms for token in tokens]
        fields = self._fields(target)
        if isinstance(node, ast.Exact):
            return _exact(words, fields, weight)
        names = list(names_of_phrase(words, self.variants))
        self._list(names, places(self.text, node, tokens))
        return phrase_node(words, names, fields, node.slop, weight)

    def _list(self, names: Iterable[Expansion], places: Sequence[Span]) -> None:
        if not self._excluding and len(self._listed) < MAX_LISTED:
            self._listed += listed(names, places, self.text)

    def _pattern(self, node: ast.Prefix | ast.Wildcard | ast.Fuzzy, weight: float) -> r.Node | None:
        target = self._field(node.field, node.span) if node.field else None
        if target is not None and target.kind is not FieldKind.TEXT:
            self._notes.mistake("no-text-field", f"{target.name}: takes whole values", node.span)
        if not self._spend(1, node.span):
            return None
        if not self._patterns_left:
            message = f"only {MAX_PATTERNS} words with * or ? or ~ are searched"
            self._notes.limit("too-many-patterns", message, node.span)
            return None
        self._patterns_left -= 1
        pattern = pattern_of(node, self.analyzer.normalize)
        return self._expanded(pattern, self._fields(target), weight, node.span)

    def _expanded(
        self, pattern: Pattern | None, fields: tuple[str, ...], weight: float, span: Span
    ) -> r.Node:
        if pattern is None:
            return r.NoDocs()
        leaves: list[r.Node] = []
        # Folded words as typed, and stems: كتا* finds والكتاب as well.
        for tier in (Tier.FOLDED, Tier.STEM):
            known = [self.vocabulary(name, tier, pattern.start) for name in fields]
            found = expand(pattern, known, self.max_expansions)
            if found.cut:
                message = (
                    f"only {self.max_expansions} of the words that this stands for are searched"
                )
                self._notes.limit("expansion-cut", message, span)
            part = weight * EXPANSION_WEIGHT
            leaves += [r.Term(fields, tier, term, part) for term in found.terms]
        return r.Bool(should=tuple(leaves)) if leaves else r.NoDocs()

    def _range(self, node: ast.Range, weight: float) -> r.Node | None:
        target = self._field(node.field, node.span) if node.field else None
        if target is not None and target.kind is FieldKind.DATE:
            if not self._spend(1, node.span):
                return None
            return days_node(target, node.low, node.high, node.span, notes=self._notes)
        if target is not None:
            message = f"{target.name}: has no order to take a range of"
            self._notes.mistake("no-range", message, node.span)
        return self._node(ast.Term(f"{node.low} {node.high}", node.span), weight)

    def _value(self, target: Field, text: str, span: Span) -> r.Node | None:
        if not self._spend(1, span):
            return None
        return value_node(target, text, span, analyzer=self.analyzer, notes=self._notes)

    def _fields(self, target: Field | None) -> tuple[str, ...]:
        if target is not None and target.kind is FieldKind.TEXT:
            return (target.name,)
        return tuple(text.name for text in self.schema.of_kind(FieldKind.TEXT))

    def _field(self, name: str, span: Span) -> Field | None:
        visible = self.schema.visible
        found = next((known for known in visible if name in (known.name, known.source)), None)
        if found is None:
            names = ", ".join(self.schema.names)
            self._notes.mistake("unknown-field", f"no field {name!r}; there are {names}", span)
        return found

    def _tokens(self, text: str, span: Span, *, exact: bool = False) -> list[Token]:
        tokens = self.analyzer.analyze(text)
        granted = tokens[: self._spend(len(tokens), span)]
        return [self._with_marks(token, text, span, exact=exact) for token in granted]

    def _with_marks(self, token: Token, text: str, span: Span, *, exact: bool) -> Token:
        word = text[token.start : token.end]
        typed = typed_term(word, token.forms.exact)
        if typed is None:
            return token
        if not self._vocalised_left:
            message = f"only the vowel marks of {MAX_VOCALISED} words count"
            self._notes.limit("too-many-marks", message, span)
            return token
        self._vocalised_left -= 1
        return token._replace(forms=vocalised(typed, token.forms, self.vocabulary, exact=exact))

    def _spend(self, words: int, span: Span) -> int:
        """Return how many of so many words may still be searched, and count them."""
        granted = min(words, self._words_left)
        self._words_left -= granted
        if granted < words:
            self._notes.limit("too-many-words", f"only {self.max_words} words are searched", span)
        return granted


def _alone(term: ast.Term) -> ast.Bool:
    return ast.Bool((term,), (), (), term.span)


def _word_field(clause: ast.Node) -> str | None:
    """Return a key that consecutive words of one field share; other clauses have none."""
    return (clause.field or "") if isinstance(clause, ast.Term) else None


def _is_telling(part: Words | r.Node) -> bool:
    return any(map(tells, part.units)) if isinstance(part, Words) else not is_filter(part)


def _exact(words: Sequence[Forms], fields: tuple[str, ...], weight: float) -> r.Node | None:
    if not words:
        return None
    slots = tuple((word.exact,) for word in words)
    phrase = r.Phrase(fields, Tier.EXACT, slots, 0, weight)
    one_word = r.Term(fields, Tier.EXACT, words[0].exact, weight)
    return demanded(phrase if len(words) > 1 else one_word, words)
