"""Texts with their matches marked by how they match: as written, the same word, a related one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from search_service.http.wording import Wording
from search_service.results import Mark
from search_service.schema import Tier

__all__ = ["KINDS", "MAX_PLACES", "Numbering", "kinds_of", "marked", "paragraphs"]

#: What a reader needs to know of the four tiers, closest first: classes of the style sheet.
KINDS = ("exact", "same", "related")
_KIND = {
    Tier.EXACT: "exact",
    Tier.FOLDED: "same",
    Tier.STEM: "same",
    Tier.ROOT: "related",
}

#: Matches of a document that can be stepped through; the others are marked like them.
MAX_PLACES = 1000

_GAP = re.compile(r"\n[^\S\n]*\n\s*")


_STEP = Markup('<a class="{}" rel="{}" href="#m{}">{}</a>')


@dataclass(slots=True)
class Numbering:
    """Gives the matches of a document their numbers, from 1, as they are written out.

    Behind each stands, hidden until it is the target of the URL, what leads to
    its neighbours: so that stepping through them needs no script.
    """

    total: int
    t: Wording
    last: int = 0

    def numbered(self, word: str, kind: str) -> Markup:
        """Return a match as an anchor with its steps; of too many matches, the last have none."""
        self.last += 1
        if self.last > MAX_PLACES:
            return _element(word, kind)
        anchor = Markup('<mark class="{}" id="m{}">{}</mark>').format(kind, self.last, word)
        return anchor + self._steps()

    def _steps(self) -> Markup:
        most = min(self.total, MAX_PLACES)
        place = self.t.plain("place", number=self.last, total=self.total)
        steps = [Markup('<span class="place">{}</span>').format(place)]
        if self.last < most:
            steps.append(_STEP.format("step", "next", self.last + 1, self.t.plain("next_match")))
        if self.last > 1:
            steps.append(
                _STEP.format("step", "prev", self.last - 1, self.t.plain("previous_match"))
            )
        return Markup('<span class="steps" role="group" dir="{}" lang="{}">{}</span>').format(
            self.t.direction, self.t.code, Markup("").join(steps)
        )


def kinds_of(marks: Iterable[Mark]) -> list[str]:
    """Return the kinds of match among these, closest first."""
    there = {_KIND[mark.tier] for mark in marks}
    return [kind for kind in KINDS if kind in there]


def marked(text: str, marks: Sequence[Mark], numbering: Numbering | None = None) -> Markup:
    """Return ``text`` as HTML, every piece escaped, with elements around its marks.

    With ``numbering``, each is an anchor (``m1``, ``m2``) that leads to its neighbours.
    """
    show = numbering.numbered if numbering else _element
    pieces, end = [], 0
    for mark in marks:
        if mark.start >= end:
            pieces.append(escape(text[end : mark.start]))
            pieces.append(show(text[mark.start : mark.end], _KIND[mark.tier]))
            end = mark.end
    pieces.append(escape(text[end:]))
    return Markup("").join(pieces)


def _element(word: str, kind: str) -> Markup:
    return Markup('<mark class="{}">{}</mark>').format(kind, word)


def paragraphs(text: str, marks: Sequence[Mark]) -> Iterator[tuple[str, list[Mark]]]:
    r"""Yield the paragraphs of a text, each with its marks, counted from its beginning.

    Paragraphs are parted by empty lines; a match is never divided by one.

    >>> [part for part, _ in paragraphs("أول\n\nثان\nثالث", [])]
    ['أول', 'ثان\nثالث']
    """
    start, ahead = 0, list(marks)[::-1]
    for end, behind in (*((g.start(), g.end()) for g in _GAP.finditer(text)), (len(text),) * 2):
        inside = []
        while ahead and ahead[-1].start < end:
            mark = ahead.pop()
            if start <= mark.start and mark.end <= end:
                inside.append(Mark(mark.start - start, mark.end - start, mark.tier))
        if text[start:end].strip():
            yield text[start:end], inside
        start = behind
