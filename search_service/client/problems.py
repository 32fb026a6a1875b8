"""Problem documents (RFC 9457) become the errors that the library would raise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from search_service import errors

__all__ = ["error_for"]

Problem: TypeAlias = Mapping[str, Any]


def error_for(
    problem: Problem, url: str, *, document_id: str | None = None, filters: Sequence[str] = ()
) -> Exception:
    """Return what to raise for a problem document.

    ``url`` is what was asked for, ``document_id`` the document that it was
    about, ``filters`` what went along. A kind of problem that is not known
    here, as from a later version of the service, is a
    :class:`~search_service.errors.RemoteError`.
    """
    slug = str(problem.get("type", "")).rpartition("/problems/")[2]
    sentence = _sentence(problem, url)
    error: Exception | None = None
    if slug in _OF_THE_INDEX:
        error = _OF_THE_INDEX[slug](sentence)
    elif slug == "document-not-found" and document_id is not None:
        error = errors.DocumentNotFound(document_id)
    elif slug == "query-syntax":
        error = _syntax(problem)
    elif slug == "validation":
        error = _filter(problem, filters) or _parameters(problem)
    if error is not None:
        return error
    status = problem.get("status")
    return errors.RemoteError(sentence, url, status if isinstance(status, int) else None)


def _sentence(problem: Problem, url: str) -> str:
    title, detail = problem.get("title", "a problem"), problem.get("detail", "")
    asked = f"{url} answered {problem.get('status', 'with')} {title}"
    known = f" (request id {problem['request_id']})" if "request_id" in problem else ""
    return f"{asked}: {detail}{known}" if detail else f"{asked}{known}"


def _syntax(problem: Problem) -> errors.QuerySyntaxError | None:
    match problem:
        case {"detail": str(message), "span": {"start": int(start), "end": int(end)}}:
            return errors.QuerySyntaxError(message, (start, end))
    return None


def _filter(problem: Problem, filters: Sequence[str]) -> errors.FilterError | None:
    """Return the error of the filter that the problem names, if it is one of those sent."""
    match problem:
        case {
            "errors": [{"field": "filter", "message": str(message)}],
            "span": {"start": int(start), "end": int(end)},
        }:
            for each in filters:
                named = f"{errors.shortened(each)!r}: "
                if message.startswith(named):
                    return errors.FilterError(each, message.removeprefix(named), (start, end))
    return None


def _parameters(problem: Problem) -> ValueError | None:
    match problem:
        case {"errors": [_, *_] as listed}:
            return ValueError("; ".join(map(_parameter, listed)))
    return None


def _parameter(wrong: Any) -> str:
    match wrong:
        case {"field": field, "message": message}:
            return f"{field}: {message}"
    return str(wrong)


_OF_THE_INDEX: Mapping[str, type[errors.EngineError]] = {
    "index-unavailable": errors.EngineError,
    "index-mismatch": errors.IndexMismatch,
    "index-locked": errors.IndexLocked,
}
