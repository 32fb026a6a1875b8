"""Search results to lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from search_service.advice import Reason
from search_service.cli.lines import Line, Span, clean, isolated, value
from search_service.schema import Tier

if TYPE_CHECKING:
    from search_service.query.ast import QueryWarning
    from search_service.results import Hit, SearchResults, Snippet

__all__ = [
    "expansion_lines",
    "relaxation_lines",
    "result_lines",
    "suggestion_lines",
    "warning_lines",
]

# The looser the match, the cooler the colour.
_MARKED = {
    Tier.EXACT: "bold red",
    Tier.FOLDED: "bold red",
    Tier.STEM: "bold yellow",
    Tier.ROOT: "bold cyan",
}
_REASONS = {
    Reason.WITHOUT_EXACT: "without --exact",
    Reason.WITHOUT_NARROWING: "without --filter",
    Reason.NEAR: "with other words between",
    Reason.NOT_EXACT: "in other spellings and forms",
    Reason.LONGER_WORDS: "with longer words",
    Reason.MORE_EDITS: "with two letters different",
    Reason.WITHOUT_FIELD: "in title and text",
    Reason.WITHOUT_EXCLUDED: "with nothing excluded",
    Reason.WITHOUT_FILTER: "with one filter less",
    Reason.WITHOUT_FILTERS: "without filters",
    Reason.WITHOUT_QUOTES: "without quotation marks",
    Reason.ANY_WORD: "with any of the words",
    Reason.TOGETHER: "with any of the words and no conditions",
}
_SEPARATOR = Span(" · ", "dim")
_INDENT = 4


def result_lines(results: SearchResults) -> Iterator[Line]:
    """Yield the lines of a page of results."""
    yield Line((Span(_summary(results), "bold"),))
    if results.explanation is not None:
        yield Line((Span("the query was understood as:"),))
        yield from _tree(results.explanation, _INDENT)
    first = (results.page - 1) * results.size + 1
    for rank, hit in enumerate(results, first):
        yield Line()
        yield from _hit_lines(rank, hit)


def warning_lines(warnings: Iterable[QueryWarning]) -> Iterator[Line]:
    """Yield one line for each thing in the query that was guessed."""
    for warning in warnings:
        where = f" (characters {warning.span[0]} to {warning.span[1]})"
        yield Line((Span("warning: ", "yellow"), *value(warning.message), Span(where)))


def suggestion_lines(results: SearchResults) -> Iterator[Line]:
    """Yield one line for each query that may have been meant."""
    for suggestion in results.suggestions:
        found = Span(f" ({suggestion.total} found)")
        yield Line((Span("did you mean: ", "yellow"), *value(suggestion.query), found))


def expansion_lines(results: SearchResults) -> Iterator[Line]:
    """Yield a line for the words that have other names, and what was searched besides."""
    for expansion in results.expansions:
        also = _joined([value(name) for name in expansion.also], Span(", "))
        behind = (Span(" for "), *value(expansion.typed), Span(f" ({expansion.kind})", "dim"))
        yield Line((Span("searched too: ", "yellow"), *also, *behind))


def relaxation_lines(results: SearchResults, match: str) -> Iterator[Line]:
    """Yield a line for each less strict query, and one for the words where they are several.

    ``match`` is what the query was searched with.
    """
    for one in results.relaxed:
        found = f" ({one.total} found {_REASONS[one.reason]}"
        option = f"; --match {one.match})" if one.match != match else ")"
        yield Line((Span("this finds some: ", "yellow"), *value(one.query), Span(found + option)))
    if results.word_totals:
        words = [(*value(word.query), Span(f" {word.total}")) for word in results.word_totals]
        yield Line((Span("each word alone: ", "yellow"), *_joined(words, Span(", "))))


def _summary(results: SearchResults) -> str:
    noun = "document" if results.total == 1 else "documents"
    found = f"{results.total} {noun} found in {results.took_ms:.1f} ms"
    pages = -(-results.total // results.size)
    if pages > 1 or results.page > 1:
        return f"{found}, page {results.page} of {pages}"
    return found


def _hit_lines(rank: int, hit: Hit) -> Iterator[Line]:
    label = f"{rank}. "
    indent = max(_INDENT, len(label))
    yield Line(_title(hit), indent, label)
    yield Line(_facts(hit), indent)
    for snippet in hit.snippets:
        yield Line(isolated(_marked(snippet)), indent)
    parts = hit.explanation or {}
    for term, score in sorted(parts.items(), key=lambda part: -part[1]):
        yield Line((Span(f"{score:8.4f}  ", "dim"), *value(term)), indent)


def _title(hit: Hit) -> tuple[Span, ...]:
    if not hit.title.strip():
        return (Span("(no title)", "dim"),)
    if hit.highlighted_title is None:
        return value(hit.title, "bold")
    return isolated(_marked(hit.highlighted_title, "bold"))


def _facts(hit: Hit) -> tuple[Span, ...]:
    facts = [value(hit.id, "green")]
    if hit.date is not None:
        facts.append((Span(hit.date.isoformat()),))
    if hit.tags:
        facts.append(_joined([value(tag) for tag in hit.tags], Span(", ")))
    facts.append((Span(f"score {hit.score:.3f}", "dim"),))
    return _joined(facts, _SEPARATOR)


def _joined(values: Sequence[tuple[Span, ...]], separator: Span) -> tuple[Span, ...]:
    spans: list[Span] = []
    for following in values:
        spans += [separator, *following] if spans else following
    return tuple(spans)


def _marked(snippet: Snippet, style: str = "") -> Iterator[Span]:
    """Yield the text of a snippet in pieces, those that matched in the colour of their tier."""
    if snippet.start > 0:
        yield Span("… ", "dim")
    done = 0
    for mark in snippet.marks:
        yield Span(snippet.text[done : mark.start], style)
        yield Span(snippet.text[mark.start : mark.end], _MARKED[mark.tier])
        done = mark.end
    yield Span(snippet.text[done:], style)


def _tree(node: Any, indent: int, label: str = "") -> Iterator[Line]:
    """Yield nested JSON as indented ``name: value`` lines, its innermost objects on one line."""
    children = _children(node)
    if all(_is_plain(child) for _, child in children):
        yield Line((Span(label), *_inline(node)), indent)
        return
    if label == "- ":
        # An item of a list begins beside its dash.
        (name, child), *children = children
        yield from _tree(child, indent, f"- {name}")
    elif label:
        yield Line((Span(label.rstrip()),), indent)
    for name, child in children:
        yield from _tree(child, indent + 2 if label else indent, name)


def _children(node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, Mapping):
        return [(f"{clean(str(name))}: ", child) for name, child in node.items()]
    if isinstance(node, (list, tuple)):
        return [("- ", child) for child in node]
    return []


def _is_plain(node: Any) -> bool:
    """Tell whether ``node`` is a value, or a list of such."""
    return not isinstance(node, Mapping) and all(_is_plain(child) for _, child in _children(node))


def _inline(node: Any, separator: str = " ") -> tuple[Span, ...]:
    if isinstance(node, Mapping):
        parts = [(Span(name), *_inline(child)) for name, child in _children(node)]
        return _joined(parts, Span(", "))
    if isinstance(node, (list, tuple)):
        # The words of a phrase are lists of alternatives: a|b c|d.
        return _joined([_inline(child, "|") for child in node], Span(separator))
    return value(str(node.value if isinstance(node, Enum) else node))
