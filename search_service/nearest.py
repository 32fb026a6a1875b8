"""Names that are not known: what a person is told of them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from search_service.errors import shortened

__all__ = ["unknown"]


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """Return the sentence that there is no ``what`` called ``name``, with the nearest known name.

    >>> unknown("facet", "tgas", ["tags", "year"])
    "no facet 'tgas'; did you mean tags? There are: tags, year"
    """
    near = difflib.get_close_matches(name[:100].casefold(), known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? There are" if near else "there are"
    return f"no {what} {shortened(name)!r}; {hint}: {', '.join(known)}"
