"""The list of checks that passed and failed, printed as they come."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Checks"]

# A measured figure may miss its limit by this factor: machines are noisy.
_SLACK = 1.25


@dataclass
class Checks:
    """Prints every check; remembers which failed."""

    done: int = 0
    failed: list[str] = field(default_factory=list)

    def section(self, title: str) -> None:
        """Begin a group of checks."""
        print(f"\n{title}", flush=True)

    def check(self, name: str, problem: str | None, figures: str = "") -> None:
        """Record a check, which failed if there is a problem."""
        self.done += 1
        if problem is not None:
            self.failed.append(name)
        verdict = "ok  " if problem is None else "FAIL"
        print("  ".join(filter(None, (verdict, name, figures, problem))), flush=True)

    def at_least(self, name: str, value: float, limit: float, unit: str) -> None:
        """Record a measured figure that should reach a limit, and must not clearly miss it."""
        self._measured(name, limit / value, f"{value:,.2f} {unit}, wanted at least {limit:,g}")

    def at_most(self, name: str, value: float, limit: float, unit: str) -> None:
        """Record a measured figure that should stay below a limit, and must not clearly pass it."""
        self._measured(name, value / limit, f"{value:,.2f} {unit}, wanted at most {limit:,g}")

    def _measured(self, name: str, miss: float, figures: str) -> None:
        if 1 < miss <= _SLACK:
            figures += ": just missed, which noise may explain"
        self.check(name, "clearly missed" if miss > _SLACK else None, figures)
