"""What tantivy raises, as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from search_service.errors import EngineError

__all__ = ["failures"]


@contextmanager
def failures(what: str, consequence: str = "") -> Iterator[None]:
    """Turn what tantivy raises into an :class:`~search_service.errors.EngineError`.

    Its message is ``what`` was wrong, tantivy's own words and the ``consequence``.
    """
    try:
        yield
    except EngineError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise EngineError(_message(what, error, consequence)) from error
    except BaseException as error:
        # A panic in tantivy, as damaged files cause, is not even an Exception, and has no home.
        if type(error).__name__ != "PanicException":
            raise
        raise EngineError(_message(what, error, consequence)) from error


def _message(what: str, error: BaseException, consequence: str) -> str:
    return f"{what}: {error}" + (f"; {consequence}" if consequence else "")
