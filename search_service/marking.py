"""How matches are shown: in which element, in how many pieces of which length."""

from __future__ import annotations

from dataclasses import dataclass

from search_service.passages import MAX_SNIPPETS, SNIPPET_LENGTH

__all__ = ["COUNTS", "LENGTHS", "LONG", "TAGS", "HighlightOptions"]

#: In code points. Texts that are not shorter are marked by their readings, stored at indexing.
LONG = 20_000

#: Elements of HTML that may stand around a match: they do nothing but show it.
TAGS = ("mark", "em", "strong", "b", "i", "u", "span")
#: The least and most code points of a piece, and the least and most pieces.
LENGTHS = (20, 2000)
COUNTS = (1, 20)


@dataclass(frozen=True, slots=True)
class HighlightOptions:
    """The element ``tag`` around matches, and up to ``count`` pieces of ``length`` code points.

    With ``whole``, the one piece is all of the text. Raises ``ValueError`` for
    a tag that is not in ``TAGS``, and for numbers out of ``LENGTHS`` and ``COUNTS``.
    """

    tag: str = "mark"
    length: int = SNIPPET_LENGTH
    count: int = MAX_SNIPPETS
    whole: bool = False

    def __post_init__(self) -> None:
        if self.tag not in TAGS:
            raise ValueError(f"a highlight tag must be one of {', '.join(TAGS)}, not {self.tag!r}")
        for name, number, (least, most) in (
            ("length", self.length, LENGTHS),
            ("count", self.count, COUNTS),
        ):
            if not least <= number <= most:
                raise ValueError(f"a highlight {name} must be from {least} to {most}, not {number}")
