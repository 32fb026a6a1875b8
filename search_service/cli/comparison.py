"""Evaluations to lines and JSON: the metrics, and the queries won and lost with their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from search_service.cli.lines import Line, Span, clean, value

if TYPE_CHECKING:
    from search_service.evaluation import Comparison, Difference, Evaluation, Standing, Terms
    from search_service.service import SearchService

__all__ = ["comparison_json", "comparison_lines", "metric_lines"]

_STYLE = {"won": "bold green", "lost": "bold red"}
_INDENT = 4


def metric_lines(done: Evaluation, compared: Comparison | None) -> Iterator[Line]:
    """Yield a line per figure; with a comparison, the metrics before and the change beside it."""
    # Here, because it loads the engine; whoever has an evaluation has loaded it.
    from search_service.evaluation import means

    before = means(compared.before) if compared else {}
    if compared:
        yield Line((Span(f"{'':14}{'now':>8}  {'before':>8}  {'change':>8}", "dim"),))
    for name, figure in done.to_json().items():
        told = (Span(f"{name:14}", "dim"), *value(_figure(name, figure)))
        if name not in before:
            yield Line(told)
            continue
        change = round(figure - before[name], 4) + 0.0  # no minus before a zero
        yield Line((*told, Span(f"  {before[name]:8.4f}  {change:+8.4f}")))


def comparison_lines(compared: Comparison, service: SearchService, limit: int) -> Iterator[Line]:
    """Yield the queries lost and won, each with the words that decided."""
    for name, found in _sides(compared):
        yield Line()
        yield Line((Span(f"queries {name}: {len(found)}", _STYLE[name]),))
        for difference in found[:limit]:
            yield Line()
            yield from _difference_lines(difference, service, _STYLE[name])


def comparison_json(compared: Comparison, service: SearchService, limit: int) -> dict[str, Any]:
    """Return the same as a JSON object with the key ``compared``."""
    from search_service.evaluation import means

    before = {name: round(mean, 6) for name, mean in means(compared.before).items()}
    counts = {name: len(found) for name, found in _sides(compared)}
    listed = {
        f"{name}_queries": [_difference_json(d, service) for d in found[:limit]]
        for name, found in _sides(compared)
    }
    return {"compared": {"before": before, **counts, **listed}}


def _sides(compared: Comparison) -> Iterator[tuple[str, Sequence[Difference]]]:
    yield "lost", compared.lost
    yield "won", compared.won


def _figure(name: str, figure: Any) -> str:
    if not isinstance(figure, float):
        return f"{figure:>8}"
    return f"{figure:8.1f}" if name.startswith("ms") else f"{figure:8.4f}"


def _standings(difference: Difference) -> list[Standing]:
    return [s for s in (difference.relevant, difference.above) if s is not None]


def _explain(difference: Difference, service: SearchService) -> dict[str, Terms]:
    from search_service.evaluation import explain

    ids = [standing.document for standing in _standings(difference)]
    return explain(service, difference.text, ids)


def _difference_json(difference: Difference, service: SearchService) -> dict[str, Any]:
    terms = _explain(difference, service)
    found = difference.to_json()
    for name in ("relevant", "above"):
        if found[name]:
            found[name]["terms"] = terms.get(found[name]["document"])
    return found


def _difference_lines(difference: Difference, service: SearchService, style: str) -> Iterator[Line]:
    terms = _explain(difference, service)
    yield Line(
        (
            Span(f"{difference.change:+.4f}", style),
            Span("  "),
            *value(difference.query, "green"),
            Span("  "),
            *value(difference.text, "bold"),
        )
    )
    ranks = _ranks(difference.first_rank, difference.first_before)
    yield Line((Span(f"first relevant document: {ranks}"),), _INDENT)
    for label, standing in zip(("relevant", "above it"), _standings(difference), strict=False):
        yield Line(
            (
                Span(f"{label:<10}", "dim"),
                *value(standing.document, "green"),
                Span(f"  {_ranks(standing.rank, standing.before)}"),
            ),
            _INDENT,
        )
        yield from _term_lines(terms.get(standing.document))


def _term_lines(terms: Terms | None) -> Iterator[Line]:
    if not terms:
        yield Line((Span("no word matches"),), 2 * _INDENT)
        return
    for tier, scores in terms.items():
        spans = [Span(f"{tier:<7}{sum(scores.values()):7.3f} ", "dim")]
        for term, score in scores.items():
            spans += [Span("  "), *value(clean(term)), Span(f" {score:.3f}")]
        yield Line(tuple(spans), 2 * _INDENT)


def _ranks(rank: int | None, before: int | None) -> str:
    now = f"rank {rank}" if rank is not None else "not found"
    return f"{now}, before {before if before is not None else 'not found'}"
