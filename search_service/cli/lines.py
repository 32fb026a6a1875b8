"""Output as data: lines of styled spans, made once, written to terminals and pipes alike.

Right-to-left text in a line of ours is put between U+2068 (first strong
isolate) and U+2069, so that it cannot pull the numbers and separators around
it to the wrong side. Whole values are isolated, not single words: the order of
the words inside a sentence must stay the sentence's own. Letters are never
reordered here, that is the terminal's part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["FSI", "PDI", "Line", "Span", "clean", "isolated", "plain", "value"]

FSI, PDI = "\u2068", "\u2069"

# Marks, embeddings, overrides and isolates that a stored text could leave open.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_BREAKING = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
# U+2400 and up are pictures of the control characters: an escape is seen, not obeyed.
_PICTURED = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
_SPECIAL = dict.fromkeys(range(0x80, 0xA0), "\ufffd")
_NEUTRAL: dict[int, str | None] = {**_TURNING, **_SPECIAL, **_PICTURED}


class Span(NamedTuple):
    """A piece of text in one style (a style of rich)."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, which a narrow terminal may wrap; ``label`` stands in its indentation."""

    spans: tuple[Span, ...] = ()
    indent: int = 0
    label: str = ""


def clean(text: str) -> str:
    r"""Return ``text`` without the power to move the cursor, break the line or turn it.

    >>> clean("a\x1b[31mb\n")
    'a␛[31mb '
    """
    return _BREAKING.sub(" ", text).translate(_NEUTRAL)


def isolated(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return one value's spans, between isolates if anything in them runs right to left."""
    cleaned = tuple(Span(clean(span.text), span.style) for span in spans)
    if not any(_runs_left(span.text) for span in cleaned):
        return cleaned
    return (Span(FSI), *cleaned, Span(PDI))


def value(text: str, style: str = "") -> tuple[Span, ...]:
    """Return a value of one style, ready to stand in a line."""
    return isolated([Span(text, style)])


def plain(line: Line) -> str:
    """Return the line for a pipe: no styles, no isolates (none but ours are left)."""
    text = "".join(span.text for span in line.spans).replace(FSI, "").replace(PDI, "")
    return f"{line.label:>{line.indent}}{text}".rstrip()


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in text)
