"""What tantivy raises, as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search_service.disk import with_advice
from search_service.errors import EngineError

__all__ = ["failures"]


@contextmanager
def failures(what: str, directory: Path, consequence: str = "") -> Iterator[None]:
    """Turn what tantivy raises into an :class:`~search_service.errors.EngineError`.

    Its message is ``what`` was wrong in ``directory``, tantivy's own words, the
    ``consequence``, and what to do where that is known.
    """
    try:
        yield
    except EngineError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise EngineError(_message(what, error, directory, consequence)) from error
    except BaseException as error:
        # A panic in tantivy, as damaged files cause, is not even an Exception, and has no home.
        if type(error).__name__ != "PanicException":
            raise
        raise EngineError(_message(what, error, directory, consequence)) from error


def _message(what: str, error: BaseException, directory: Path, consequence: str) -> str:
    told = f"{what} {directory}: {error}" + (f"; {consequence}" if consequence else "")
    return with_advice(told, error, directory)
