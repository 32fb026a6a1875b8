"""The one place that knows httpx: sends a request, returns the JSON of its answer or raises."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from search_service.client.problems import error_for
from search_service.errors import MissingPackage, RemoteError
from search_service.from_json import from_json

try:
    import httpx
except ModuleNotFoundError as error:
    raise MissingPackage(
        f"the client needs the package {error.name!r}, which is not installed: "
        "pip install 'search-service[client]'"
    ) from error

__all__ = ["Answer", "Connection"]

T = TypeVar("T")


class Answer(NamedTuple):
    """The JSON that came from a URL, with the status of HTTP."""

    url: str
    status: int
    contents: Any

    def of(self, kind: type[T]) -> T:
        """Return the contents as a value of ``kind``; a ``RemoteError`` where they are none."""
        try:
            return from_json(kind, self.contents)
        except ValueError as error:
            raise self.wrong(str(error)) from error

    @property
    def is_problem(self) -> bool:
        """Whether the contents are a problem document: only these have a type and a status."""
        return isinstance(self.contents, dict) and {"type", "status"} <= set(self.contents)

    def error(self, *, document_id: str | None = None, filters: Sequence[str] = ()) -> Exception:
        """Return what to raise where the contents are a problem document."""
        return error_for(self.contents, self.url, document_id=document_id, filters=filters)

    def parts(self, name: str) -> list[Answer]:
        """Return each of the list that is the member ``name``, as an answer of its own."""
        return [self._replace(contents=each) for each in self.listed(name)]

    def listed(self, name: str) -> list[Any]:
        """Return the list that is the member ``name``; a ``RemoteError`` where there is none."""
        found = self.contents.get(name) if isinstance(self.contents, dict) else None
        if not isinstance(found, list):
            raise self.wrong(f"there is no list of {name}")
        return found

    def wrong(self, reason: str) -> RemoteError:
        """Return the error for contents that cannot be understood."""
        message = f"{self.url} did not answer as a search service: {reason}"
        return RemoteError(message, self.url, self.status)


class Connection:
    """Connections to one service; arguments as of :class:`search_service.client.SearchClient`."""

    def __init__(
        self,
        base_url: str,
        timeout: float,
        headers: Mapping[str, str] | None,
        transport: httpx.BaseTransport | None,
    ) -> None:
        address = _address(base_url)
        self._base = str(address).rstrip("/")
        # A password may stand in the address; it has no place in messages and logs.
        self._shown = str(address.copy_with(userinfo=b"")).rstrip("/")
        self._timeout = timeout
        self._http = httpx.Client(timeout=timeout, headers=headers, transport=transport)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(
        self, path: str, params: Mapping[str, Any] | None = None, *, document_id: str | None = None
    ) -> Answer:
        """Return the JSON at ``path``, a part of a URL as it is sent.

        Raises :class:`~search_service.errors.RemoteError` where no answer
        comes, or none of a search service, and what
        :func:`~search_service.client.problems.error_for` makes of a problem.
        """
        request = self._http.build_request("GET", self._base + path, params=params)
        answer = self._answer(request, self._shown + path)
        if answer.is_problem:
            raise answer.error(document_id=document_id)
        return answer

    def post(self, path: str, body: Any, *, filters: Sequence[str] = ()) -> Answer:
        """Send ``body`` as JSON and return the JSON that comes back; raises as :meth:`get`."""
        # Not httpx's own JSON: half of a surrogate pair, which it cannot write, is for the
        # service to refuse.
        request = self._http.build_request(
            "POST",
            self._base + path,
            content=json.dumps(body).encode("ascii"),
            headers={"Content-Type": "application/json"},
        )
        answer = self._answer(request, self._shown + path)
        if answer.is_problem:
            raise answer.error(filters=filters)
        return answer

    def _answer(self, request: httpx.Request, url: str) -> Answer:
        """Return what came: success, or the problem document of a failure."""
        answer = self._send(request, url)
        found = Answer(url, answer.status_code, _json(answer))
        expected = found.contents is not None if answer.is_success else _is_problem(answer, found)
        if not expected:
            raise RemoteError(_unexpected(answer, url), url, answer.status_code)
        return found

    def _send(self, request: httpx.Request, url: str) -> httpx.Response:
        try:
            return self._http.send(request)
        except httpx.TimeoutException as error:
            raise RemoteError(f"{url} did not answer within {self._timeout} s", url) from error
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise RemoteError(f"{url} cannot be reached: {reason}", url) from error


def _address(base_url: str) -> httpx.URL:
    try:
        address = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise ValueError(f"base_url {base_url!r} is not a URL: {error}") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise ValueError(f"base_url must be like https://example.org/search, not {base_url!r}")
    if address.query or address.fragment:
        raise ValueError(f"base_url must end with its path, without ? and #, not {base_url!r}")
    return address


def _is_problem(answer: httpx.Response, found: Answer) -> bool:
    kind = str(answer.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    return found.is_problem and kind == "application/problem+json"


def _json(answer: httpx.Response) -> Any:
    """Return what an answer holds; ``None`` if that is not JSON."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def _unexpected(answer: httpx.Response, url: str) -> str:
    status = f"{answer.status_code} {answer.reason_phrase}".strip()
    if answer.is_redirect:
        return f"{url} answered {status} and leads to {answer.headers['Location']}: adapt base_url"
    if answer.is_success:
        return f"{url} answered {status}, but not with JSON: is base_url that of a search service?"
    return f"{url} answered {status}, not as a search service does"
