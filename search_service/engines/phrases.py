"""Phrases found by intersecting arrays of positions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_service.engines.postings import EMPTY, Ints, Postings

__all__ = ["phrase_postings"]

# A position and its document in one number, so that one sorted array serves a whole list.
_SHIFT = np.uint64(32)


def phrase_postings(
    slots: Sequence[Sequence[Postings]], slop: int, among: Ints | None = None
) -> Postings:
    """Return the documents where the slots follow each other, and how often, without positions.

    Each slot has the lists of its terms in one field, with positions; ``slop`` is
    how many positions may lie between the slots in all. ``among`` are rising numbers of
    documents: in those alone the phrase is looked for.
    """
    filled = [[one for one in slot if len(one.docs)] for slot in slots]
    if not filled or not all(filled):
        return EMPTY
    common = _common(filled, among)
    if not len(common):
        return EMPTY
    first, *others = [_places(slot, common) for slot in filled]
    starts = ends = first
    for places in others:
        # The next place after each end; the nearest one leaves most room for the rest.
        at = places.searchsorted(ends, side="right")
        inside = at < len(places)
        starts, ends = starts[inside], places[at[inside]]
        same = (starts >> _SHIFT) == (ends >> _SHIFT)
        starts, ends = starts[same], ends[same]
    near = ends - starts <= np.uint64(len(others) + slop)
    return _counted(starts[near] >> _SHIFT)


def _counted(docs: NDArray[np.uint64]) -> Postings:
    """Return each document once, with the number of times it stands in a rising array."""
    last = np.ones(len(docs), np.bool_)
    last[:-1] = docs[1:] != docs[:-1]
    ends = last.nonzero()[0]
    counts = ends.copy()
    counts[1:] -= ends[:-1]
    counts[:1] += 1
    return Postings(docs[ends].astype(np.uint32), counts.astype(np.uint32), EMPTY.positions)


def _common(slots: Sequence[Sequence[Postings]], among: Ints | None) -> Ints:
    """Return the documents with a posting in every slot, rising: only there can a phrase stand."""
    every = sorted((_any_of(slot) for slot in slots), key=len)
    common = every.pop(0) if among is None else among
    for docs in every:
        common = common[_places_of(common, docs)[1]]
    return common


def _any_of(slot: Sequence[Postings]) -> Ints:
    """Return the documents of any of the lists, rising."""
    if len(slot) == 1:
        return slot[0].docs
    docs: Ints = np.unique(np.concatenate([one.docs for one in slot]))
    return docs


def _places_of(wanted: Ints, docs: Ints) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return where each of ``wanted`` would stand among ``docs``, and whether it does.

    Both rise; ``docs`` are not empty.
    """
    places = docs.searchsorted(wanted)
    return places, docs.take(places, mode="clip") == wanted


def _places(slot: Sequence[Postings], common: Ints) -> NDArray[np.uint64]:
    """Return document and position of every posting in the documents ``common``, rising."""
    keys: list[NDArray[np.uint64]] = []
    for one in slot:
        places, there = _places_of(common, one.docs)
        few = one.pick(places[there])
        docs = few.docs.repeat(few.freqs).astype(np.uint64)
        keys.append(np.bitwise_or(docs << _SHIFT, few.positions))
    return keys[0] if len(keys) == 1 else np.unique(np.concatenate(keys))
