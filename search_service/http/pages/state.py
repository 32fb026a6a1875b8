"""What a reader asks for, as the URL of a page has it: the one place that reads and writes it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from flask import url_for
from werkzeug.datastructures import MultiDict

from search_service.http.parameters import MAX_PAGE, MAX_SIZE
from search_service.http.wording import LANGUAGES
from search_service.query.values import first_day, last_day
from search_service.search_request import SORTS

__all__ = ["MAX_FILTERS", "PAGE_SIZE", "Fault", "State", "read_state"]

PAGE_SIZE = 10
#: Fewer than a search may have: the dates are one more.
MAX_FILTERS = 40

_NUMBER = re.compile("[0-9]{1,7}")
_YES, _NO = ("true", "1", "on"), ("false", "0", "")


@dataclass(frozen=True, slots=True)
class Fault:
    """A parameter that makes no sense; ``name`` is that of its sentence, ``fault_<name>``."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class State:
    """A search and the language of the page; ``lang`` is ``None`` where the browser decides.

    ``since`` and ``until`` are days, both included.
    """

    query: str = ""
    page: int = 1
    size: int = PAGE_SIZE
    match: Literal["any", "all"] = "any"
    exact: bool = False
    sort: str = "relevance"
    filters: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    lang: str | None = None

    @property
    def asks(self) -> bool:
        """Whether documents are asked for; a tag or a date without words will do."""
        return bool(self.query.strip() or self.narrowed or self.sort != "relevance")

    @property
    def narrowed(self) -> bool:
        """Whether filters or dates narrow the search."""
        return bool(self.filters or self.since or self.until)

    @property
    def all_filters(self) -> tuple[str, ...]:
        """The filters of the search, the dates among them."""
        if not (self.since or self.until):
            return self.filters
        low, high = (day.isoformat() if day else "" for day in (self.since, self.until))
        return (*self.filters, f"date:{low}..{high}")

    def with_(self, **changes: Any) -> State:
        """Return the state with changes: on its first page, unless a page is among them."""
        return replace(self, **{"page": 1, **changes})

    def widened(self) -> State:
        """Return the state without filters and dates."""
        return self.with_(filters=(), since=None, until=None)

    def toggled(self, expression: str) -> State:
        """Return the state with a filter, or without it if it has it."""
        if expression in self.filters:
            return self.with_(filters=tuple(f for f in self.filters if f != expression))
        return self.with_(filters=(*self.filters, expression))

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of a URL; what is as ever is left out."""
        given: dict[str, Any] = {
            "q": self.query,
            "match": self.match if self.match != "any" else None,
            "exact": "true" if self.exact else None,
            "filter": list(self.filters),
            "from": self.since.isoformat() if self.since else None,
            "to": self.until.isoformat() if self.until else None,
            "sort": self.sort if self.sort != "relevance" else None,
            "size": self.size if self.size != PAGE_SIZE else None,
            "page": self.page if self.page > 1 else None,
            "lang": self.lang,
        }
        return {name: value for name, value in given.items() if value}

    def hidden(self, *names: str) -> list[tuple[str, str]]:
        """Return the parameters that a form has to send along, but for those named."""
        pairs = []
        for name, value in self.parameters().items():
            if name not in (*names, "page"):
                values = value if isinstance(value, list) else [value]
                pairs += [(name, str(each)) for each in values]
        return pairs

    @property
    def url(self) -> str:
        """The URL of the search page in this state."""
        return url_for(".home", **self.parameters())

    def reader_url(self, document_id: str, anchor: str | None = None) -> str:
        """Return the URL of a document, which knows the search that it was found by."""
        return url_for(".reader", document_id=document_id, **self.parameters(), _anchor=anchor)


class _Reader:
    """Takes one parameter after the other, and notes what makes no sense."""

    def __init__(self, sent: MultiDict[str, str]) -> None:
        self._sent = sent
        self.faults: list[Fault] = []

    def number(self, name: str, default: int, most: int) -> int:
        text = self._sent.get(name, "").strip()
        if not text:
            return default
        number = int(text) if _NUMBER.fullmatch(text) else 0
        if 1 <= number <= most:
            return number
        self.faults.append(Fault(name, text))
        return default

    def choice(self, name: str, default: str, known: tuple[str, ...]) -> str:
        text = self._sent.get(name, "").strip() or default
        if text in known:
            return text
        self.faults.append(Fault(name, text))
        return default

    def day(self, name: str, read: Callable[[str], datetime.date]) -> datetime.date | None:
        text = self._sent.get(name, "").strip()
        try:
            return read(text) if text else None
        except ValueError:
            self.faults.append(Fault(name, text))
            return None

    def filters(self) -> tuple[str, ...]:
        given = tuple(dict.fromkeys(f.strip() for f in self._sent.getlist("filter") if f.strip()))
        if len(given) > MAX_FILTERS:
            self.faults.append(Fault("filters", ""))
        return given[:MAX_FILTERS]


def read_state(sent: MultiDict[str, str]) -> tuple[State, tuple[Fault, ...]]:
    """Return what the parameters of a URL ask for, without those that make no sense, and these.

    Parameters that are not ours (``utm_source``) are nobody's fault.
    """
    reader = _Reader(sent)
    state = State(
        query=sent.get("q", ""),
        page=reader.number("page", 1, MAX_PAGE),
        size=reader.number("size", PAGE_SIZE, MAX_SIZE),
        match="all" if reader.choice("match", "any", ("any", "all")) == "all" else "any",
        exact=reader.choice("exact", "false", (*_YES, *_NO)) in _YES,
        sort=reader.choice("sort", "relevance", tuple(SORTS)),
        filters=reader.filters(),
        since=reader.day("from", first_day),
        until=reader.day("to", last_day),
        lang=sent["lang"] if sent.get("lang") in LANGUAGES else None,
    )
    if state.since and state.until and state.since > state.until:
        reader.faults.append(Fault("range", f"{state.since}..{state.until}"))
        state = replace(state, since=None, until=None)
    return state, tuple(reader.faults)
