"""What this service wants to reach on 100,000 passages, and whether it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from speed.records import Key, Results
from speed.roster import BASELINE, HIGHLIGHTED, OURS, PAGE

__all__ = ["aims"]

_WHOOSH, _TANTIVY, _LUCENE = f"{OURS}whoosh", f"{OURS}tantivy", "lucene"
_MB = 1e6


class _Aim(NamedTuple):
    """``at_least`` or else at most ``limit``; ``measured`` raises ``LookupError`` if it is not."""

    label: str
    limit: float
    unit: str
    measured: Callable[[Results, int], float]
    at_least: bool = False


def aims(results: Results, passages: int) -> list[list[str]]:
    """Return a row per aim: what, how much, what was measured, and whether that is enough."""
    return [_row(aim, results, passages) for aim in _AIMS]


def _row(aim: _Aim, results: Results, passages: int) -> list[str]:
    sign = "≥" if aim.at_least else "≤"
    wanted = f"{sign} {aim.limit:,g}{aim.unit}"
    try:
        measured = aim.measured(results, passages)
    except LookupError:
        return [aim.label, wanted, "not measured", ""]
    met = measured >= aim.limit if aim.at_least else measured <= aim.limit
    return [aim.label, wanted, f"{measured:,.2f}{aim.unit}", "yes" if met else "no"]


def _figure(results: Results, key: Key, name: str) -> float:
    found = results.get(key)
    if found is None:
        raise LookupError(key)
    return found[name]


def _index(engine: str, name: str, unit: float = 1.0) -> Callable[[Results, int], float]:
    return lambda results, n: _figure(results, Key("index", engine, n), name) / unit


def _search(engine: str, name: str, mode: str = PAGE) -> Callable[[Results, int], float]:
    return lambda results, n: _figure(results, Key("search", engine, n, "or", mode), name)


def _http(engine: str, name: str) -> Callable[[Results, int], float]:
    return lambda results, n: _figure(results, Key("http", engine, n), name)


def _ratio(
    one: Callable[[Results, int], float], other: Callable[[Results, int], float]
) -> Callable[[Results, int], float]:
    return lambda results, n: one(results, n) / other(results, n)


def _growth(engine: str) -> Callable[[Results, int], float]:
    """From 10,000 to 100,000 passages."""
    p50 = _search(engine, "p50")
    return lambda results, _: p50(results, 100_000) / p50(results, 10_000)


def _faster(name: str) -> Callable[[Results, int], float]:
    return _ratio(_search(BASELINE, name), _search(_WHOOSH, name))


_AIMS = (
    _Aim("whoosh: p95 beside stock Whoosh, times faster", 15, "×", _faster("p95"), at_least=True),
    _Aim("whoosh: p50 beside stock Whoosh, times faster", 5, "×", _faster("p50"), at_least=True),
    _Aim(
        "whoosh: documents/s beside stock Whoosh",
        1,
        "×",
        _ratio(_index(_WHOOSH, "documents_per_second"), _index(BASELINE, "documents_per_second")),
        at_least=True,
    ),
    _Aim("whoosh: index bytes per byte of text", 2, "", _index(_WHOOSH, "index_per_input")),
    _Aim("whoosh: p50 from 10,000 to 100,000 passages", 6, "×", _growth(_WHOOSH)),
    _Aim("whoosh: peak memory while indexing", 600, " MB", _index(_WHOOSH, "peak_memory", _MB)),
    _Aim(
        "tantivy: documents/s",
        2500,
        "",
        _index(_TANTIVY, "documents_per_second"),
        at_least=True,
    ),
    _Aim(
        "tantivy: time to index beside Lucene, times as long",
        3.5,
        "×",
        _ratio(_index(_LUCENE, "documents_per_second"), _index(_TANTIVY, "documents_per_second")),
    ),
    _Aim("tantivy: p50, ten hits", 1, " ms", _search(_TANTIVY, "p50")),
    _Aim("tantivy: p95, ten hits", 4, " ms", _search(_TANTIVY, "p95")),
    _Aim("tantivy: p50, ten highlighted hits", 5, " ms", _search(_TANTIVY, "p50", HIGHLIGHTED)),
    _Aim("tantivy: p50 from 10,000 to 100,000 passages", 6, "×", _growth(_TANTIVY)),
    _Aim("tantivy: peak memory while indexing", 600, " MB", _index(_TANTIVY, "peak_memory", _MB)),
    _Aim("tantivy over HTTP: requests/s", 250, "", _http(_TANTIVY, "per_second"), at_least=True),
    _Aim("tantivy over HTTP: p99", 60, " ms", _http(_TANTIVY, "p99")),
    _Aim("tantivy over HTTP: errors", 0, "", _http(_TANTIVY, "errors")),
)
