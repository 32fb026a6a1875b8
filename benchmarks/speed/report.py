"""Writes ``docs/performance.md``: tables between the marks, the text around them stays.

A table called X takes the place of what stands between the lines
``<!-- bench:X -->`` and ``<!-- /bench:X -->``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from speed.aims import aims
from speed.corpus import KINDS
from speed.plot import plot
from speed.records import Key, Results
from speed.roster import BASELINE, HIGHLIGHTED, IDS, OURS, PAGE, Entry

__all__ = ["write"]

_PAGE, _PICTURE = "performance.md", "performance.png"
_MODES = {IDS: "engine alone", PAGE: "ten hits", HIGHLIGHTED: "ten highlighted hits"}
_MB = 1e6

Figures = Mapping[str, float]


def write(results: Results, entries: Sequence[Entry], folder: Path, template: Path) -> list[Path]:
    """Write page and picture into ``folder``, and return their paths.

    The text is that of the page in ``folder``, or else of the one in
    ``template``. Ends the program if its marks are not there.
    """
    sizes = results.sizes()
    if not sizes:
        sys.exit("nothing was measured; the lines above tell why")
    corpora = sorted({about["passages"] for about in results.about})
    if len(corpora) > 1:
        sys.exit(f"measured on different passages, which cannot be compared: {', '.join(corpora)}")
    most = sizes[-1]
    page = folder / _PAGE
    text = (page if page.exists() else template / _PAGE).read_text(encoding="utf-8")
    tables = {
        "machine": _machine(results),
        "choice": _choice(results, entries, most),
        "indexing": _indexing(results, entries, most),
        "search": _searching(results, entries, most),
        "growth": _growth(results, entries, sizes),
        "http": _http(results, entries, most),
        "aims": _table(["", "aim", f"on {most:,} passages", "met"], aims(results, most)),
        "missing": _missing(results, entries, most),
    }
    for name, table in tables.items():
        text = _replaced(text, name, table)
    folder.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
    drawn = plot(results, entries, sizes, folder / _PICTURE)
    return [page, folder / _PICTURE] if drawn else [page]


def _replaced(text: str, name: str, table: str) -> str:
    start, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    before, found, rest = text.partition(start)
    _, found_too, after = rest.partition(end)
    if not found or not found_too:
        sys.exit(f"{_PAGE} has no lines {start} and {end} to write between")
    return f"{before}{start}\n\n{table}\n\n{end}{after}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    marks = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (headings, marks, *rows))


def _number(value: float) -> str:
    """Return a number with about three digits that say something.

    >>> [_number(n) for n in (0.1234, 1.234, 12.34, 1234.5)]
    ['0.123', '1.23', '12.3', '1,234']
    """
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def _times(value: float | None) -> str:
    return "" if value is None else f"{_number(value)}×"


def _machine(results: Results) -> str:
    """Return a list of what was measured on, once for each run that differs in anything."""
    runs: dict[str, None] = {}
    for about in results.about:
        facts = [f"{name} {value}" for name, value in about.items() if name != "day"]
        runs[f"- {about['day']}: {', '.join(facts)}"] = None
    return "\n".join(runs)


def _choice(results: Results, entries: Sequence[Entry], most: int) -> str:
    """Return our engines side by side: one row per question that somebody who chooses has."""
    ours = [entry for entry in entries if entry.ours]

    def row(label: str, what: str, figure: str, mode: str = "", unit: float = 1.0) -> list[str]:
        kind = "or" if mode else ""
        found = [results.get(Key(what, entry.name, most, kind, mode)) for entry in ours]
        return [label, *(_number(one[figure] / unit) if one else "–" for one in found)]

    rows = [
        row("documents indexed per second", "index", "documents_per_second"),
        row("peak memory while indexing, MB", "index", "peak_memory", unit=_MB),
        row("index bytes per byte of text", "index", "index_per_input"),
        row("search, ten hits: median, ms", "search", "p50", PAGE),
        row("search, ten hits: 95th percentile, ms", "search", "p95", PAGE),
        row("search, ten highlighted hits: median, ms", "search", "p50", HIGHLIGHTED),
        row("HTTP requests per second, ten highlighted hits", "http", "per_second"),
        row("memory per server process (PSS), MB", "http", "worker_pss", unit=_MB),
    ]
    headings = [f"{most:,} passages", *(entry.name.removeprefix(OURS) for entry in ours)]
    return _table(headings, rows)


def _indexing(results: Results, entries: Sequence[Entry], most: int) -> str:
    base = results.get(Key("index", BASELINE, most))
    rows = []
    for entry in entries:
        found = results.get(Key("index", entry.name, most))
        if found:
            columns = ("documents_per_second", "words_per_second")
            rows.append(
                [
                    entry.label,
                    *(_number(found[name]) for name in columns),
                    _times(_ratio(found, base, "documents_per_second")),
                    _number(found["peak_memory"] / _MB),
                    f"{found['index_per_input']:.2f}",
                ]
            )
    headings = ["", "documents/s", "words/s", "as fast as stock Whoosh"]
    return _table([*headings, "peak memory, MB", "index bytes per input byte"], rows)


def _ratio(found: Figures, base: Figures | None, name: str) -> float | None:
    return found[name] / base[name] if base else None


def _searching(results: Results, entries: Sequence[Entry], most: int) -> str:
    headings = ["", "p50, ms", "p95, ms", "p99, ms", "queries/s", "p50 faster", "p95 faster"]
    parts = []
    for kind, title in KINDS.items():
        rows = [
            _search_row(results, entry, Key("search", entry.name, most, kind, mode))
            for mode in _MODES
            for entry in entries
            if (kind, mode) in entry.searches
        ]
        parts.append(f"### {title.capitalize()}\n\n{_table(headings, filter(None, rows))}")
    return "\n\n".join(parts)


def _search_row(results: Results, entry: Entry, key: Key) -> list[str]:
    found = results.get(key)
    if not found:
        return []
    # Stock Whoosh has no search that leaves out the hits' text.
    base = results.get(
        key._replace(contestant=BASELINE, mode=PAGE if key.mode == IDS else key.mode)
    )
    faster = [1 / ratio if (ratio := _ratio(found, base, p)) else None for p in ("p50", "p95")]
    figures = [_number(found[name]) for name in ("p50", "p95", "p99", "per_second")]
    return [f"{entry.label}: {_MODES[key.mode]}", *figures, *map(_times, faster)]


def _growth(results: Results, entries: Sequence[Entry], sizes: Sequence[int]) -> str:
    parts = []
    for title, what, figure in (
        ("Median of a search for any of the words, ten hits, ms:", "search", "p50"),
        ("95th percentile of the same, ms:", "search", "p95"),
        ("Time to index, s:", "index", "seconds"),
    ):
        rows = []
        for entry in entries:
            kind, mode = ("or", PAGE) if what == "search" else ("", "")
            found = [results.get(Key(what, entry.name, size, kind, mode)) for size in sizes]
            if any(found):
                rows.append([entry.label, *(_number(f[figure]) if f else "–" for f in found)])
        headings = ["passages", *(f"{size:,}" for size in sizes)]
        parts.append(f"{title}\n\n{_table(headings, rows)}")
    return "\n\n".join(parts)


def _http(results: Results, entries: Sequence[Entry], most: int) -> str:
    rows = []
    for entry in entries:
        found = results.get(Key("http", entry.name, most))
        if found:
            names = ("per_second", "p50", "p99", "slowest")
            sizes = ("worker_rss", "worker_pss")
            rows.append(
                [
                    entry.label,
                    *(_number(found[name]) for name in names),
                    f"{found['errors']:.0f} of {found['requests']:,.0f}",
                    *(_number(found[name] / _MB) for name in sizes),
                ]
            )
    headings = ["", "requests/s", "p50, ms", "p99, ms", "slowest, ms", "errors"]
    return _table([*headings, "RSS per worker, MB", "PSS per worker, MB"], rows)


def _missing(results: Results, entries: Sequence[Entry], most: int) -> str:
    labels = {entry.name: entry.label for entry in entries}
    absent: dict[str, str] = {}
    failed: dict[tuple[str, str], list[str]] = {}
    for key, note, reason in results.notes():
        who = labels.get(key.contestant, key.contestant)
        if key.what == "http":
            who += " over HTTP"
        if note == "missing":
            absent[who] = reason
        elif key.passages == most:
            what = " ".join(filter(None, (key.what, key.kind, key.mode)))
            failed.setdefault((who, _line(reason)), []).append(what)
    lines = [f"- {who}, which needs `{reason}`" for who, reason in absent.items()]
    lines += [f"- {who} failed ({', '.join(w)}): `{r}`" for (who, r), w in failed.items()]
    return "\n".join(lines) or "Nothing was left out."


def _line(reason: str) -> str:
    """Return a reason as one line, without the folders of whoever measured."""
    return re.sub(r"/\S+/", "…/", re.sub(r"[`\s]+", " ", reason))
