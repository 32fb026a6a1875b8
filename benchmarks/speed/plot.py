"""The picture: latency and index time against the number of passages."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from speed.records import Key, Results
from speed.roster import PAGE, Entry

__all__ = ["plot"]

# Okabe and Ito's colours, which people with colour blindness can tell apart; ours come first.
_COLOURS = ("#D55E00", "#0072B2", "#444444", "#009E73", "#56B4E9", "#CC79A7", "#E69F00", "#999933")
_MARKERS = "os^vDPX*"


class _Panel(NamedTuple):
    """One of the pictures: which figure it shows, and in which unit."""

    what: str
    name: str
    title: str
    unit: str


_PANELS = (
    _Panel("search", "p50", "Search, any of the words: median", "ms"),
    _Panel("search", "p95", "Search: 95th percentile", "ms"),
    _Panel("index", "seconds", "Time to index", "s"),
)


def plot(results: Results, entries: Sequence[Entry], sizes: Sequence[int], path: Path) -> bool:
    """Draw the picture; return False, and say so, where matplotlib is not installed."""
    if importlib.util.find_spec("matplotlib") is None:
        print(f"no {path.name}: pip install matplotlib", file=sys.stderr)
        return False
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, len(_PANELS), figsize=(12, 4.6), facecolor="white")
    for panel, shown in zip(axes, _PANELS, strict=True):
        _draw(panel, shown, results, entries, sizes)
        _dress(panel, shown, sizes)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=4, frameon=False, fontsize=9)
    figure.tight_layout(rect=(0, 0.14, 1, 1))
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return True


def _draw(
    panel: Any, shown: _Panel, results: Results, entries: Sequence[Entry], sizes: Sequence[int]
) -> None:
    kind, mode = ("or", PAGE) if shown.what == "search" else ("", "")
    for number, entry in enumerate(entries):
        found = [(n, results.get(Key(shown.what, entry.name, n, kind, mode))) for n in sizes]
        points = [(n, figures[shown.name]) for n, figures in found if figures]
        if points:
            panel.plot(
                *zip(*points, strict=True),
                label=entry.label,
                color=_COLOURS[number % len(_COLOURS)],
                marker=_MARKERS[number % len(_MARKERS)],
                markersize=5,
                linewidth=2.6 if entry.ours else 1.3,
                zorder=3 if entry.ours else 2,
            )


def _dress(panel: Any, shown: _Panel, sizes: Sequence[int]) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_title(shown.title, fontsize=11, loc="left")
    panel.set_xlabel("passages", fontsize=9)
    panel.set_ylabel(shown.unit, fontsize=9)
    panel.set_xticks(sizes, [_short(size) for size in sizes], fontsize=9)
    panel.xaxis.set_minor_formatter(NullFormatter())
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.yaxis.set_minor_formatter(NullFormatter())
    panel.tick_params(labelsize=9)
    panel.grid(which="major", color="#dddddd", linewidth=0.8)
    panel.spines[["top", "right"]].set_visible(False)


def _short(size: int) -> str:
    return f"{size // 1000}k" if size % 1000 == 0 else f"{size:,}"
