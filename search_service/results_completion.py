"""What may be meant by what was typed so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

__all__ = ["Completion", "joined", "marked_html"]


@dataclass(frozen=True, slots=True)
class Completion:
    """What may be meant by what was typed.

    ``text`` is all that was typed with its last word completed (``"word"``),
    or a whole title (``"title"``) of the document ``id``. ``marks`` are the
    half-open ranges of code points of ``text`` that were typed, in order;
    ``html`` is ``text`` with every character escaped and ``<mark>`` around
    them. ``count`` tells how many documents have the completed word: with the
    words typed before it, where any document has them all. Of a title it is 1.
    """

    text: str
    kind: Literal["word", "title"]
    marks: tuple[tuple[int, int], ...]
    html: str
    count: int
    id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the completion with its ranges in code points and in UTF-16 units."""
        return {
            "text": self.text,
            "kind": self.kind,
            "html": self.html,
            "ranges": [self._range(start, end) for start, end in self.marks],
            "count": self.count,
            "id": self.id,
        }

    def _range(self, start: int, end: int) -> dict[str, int]:
        first, last = (_utf16_length(self.text[:at]) for at in (start, end))
        return {"start": start, "end": end, "utf16_start": first, "utf16_end": last}


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def joined(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return ranges in order, without empty ones, those that touch or overlap as one.

    >>> joined([(4, 6), (0, 2), (2, 3), (5, 5)])
    ((0, 3), (4, 6))
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return tuple(found)


def marked_html(text: str, marks: Iterable[tuple[int, int]]) -> str:
    """Return ``text`` as HTML with ``<mark>`` around ranges that :func:`joined` made.

    >>> marked_html("<كتاب>", [(1, 4)])
    '&lt;<mark>كتا</mark>ب&gt;'
    """
    return "".join(_pieces(text, marks))


def _pieces(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[str]:
    done = 0
    for start, end in marks:
        yield escape(text[done:start])
        yield f"<mark>{escape(text[start:end])}</mark>"
        done = end
    yield escape(text[done:])
