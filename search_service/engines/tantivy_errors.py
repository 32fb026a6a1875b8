"""What tantivy raises, as errors of ours."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from search_service.disk import with_advice
from search_service.errors import EngineError

__all__ = ["failures"]


class failures:  # noqa: N801 - used as a function, like contextlib.suppress
    """Turn what tantivy raises into an :class:`~search_service.errors.EngineError`.

    Its message is ``what`` was wrong in ``directory``, tantivy's own words, the
    ``consequence``, and what to do where that is known.
    """

    # Entered several times in each search: a generator takes twice as long.
    __slots__ = ("_consequence", "_directory", "_what")

    def __init__(self, what: str, directory: Path, consequence: str = "") -> None:
        self._what = what
        self._directory = directory
        self._consequence = consequence

    def __enter__(self) -> None:
        """Nothing is prepared."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Raise what is to be raised in place of ``error``; let pass what is not tantivy's."""
        if error is not None and _is_tantivys(error):
            raise EngineError(self._message(error)) from error

    def _message(self, error: BaseException) -> str:
        consequence = f"; {self._consequence}" if self._consequence else ""
        told = f"{self._what} {self._directory}: {error}{consequence}"
        return with_advice(told, error, self._directory)


def _is_tantivys(error: BaseException) -> bool:
    if isinstance(error, EngineError):
        return False
    # A panic in tantivy, as damaged files cause, is not even an Exception, and has no home.
    known = isinstance(error, (OSError, ValueError, RuntimeError))
    return known or type(error).__name__ == "PanicException"
