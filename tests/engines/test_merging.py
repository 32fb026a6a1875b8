"""Merging in slices comes to the same as merging at once, whatever the size of a slice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.engines import merging
from search_service.engines.array_file import ArrayFileWriter
from search_service.engines.inverting import Inverter
from search_service.engines.merging import ListsWriter, Part, merged
from search_service.engines.postings import FieldLists, merge
from search_service.engines.whoosh_codec import ArrayReader

WORDS = st.sampled_from(("a", "ab", "b", "ب", "بب", "\ud800", "😀", "z", "zz"))
PARTS = st.lists(st.lists(st.lists(WORDS, max_size=6), max_size=6), min_size=1, max_size=4)


def part(first: int, documents: list[list[str]], alive: list[bool], positions: bool) -> Part:
    inverter = Inverter(positions=positions)
    for number, terms in enumerate(documents):
        inverter.add(number, terms)
    numbers = first + np.cumsum([0, *alive])[:-1].astype(np.uint32)
    return Part(inverter.lists(), np.array(alive, bool), numbers)


@st.composite
def parts(draw: st.DrawFn) -> list[Part]:
    positions, first, found = draw(st.booleans()), 0, []
    for documents in draw(PARTS):
        count = len(documents)
        alive = draw(st.lists(st.booleans(), min_size=count, max_size=count))
        found.append(part(first, documents, alive, positions))
        first += count
    return found


def same(one: FieldLists, other: FieldLists) -> bool:
    arrays = zip(one[1:], other[1:], strict=True)
    return list(one.terms) == list(other.terms) and all(np.array_equal(a, b) for a, b in arrays)


@given(given_parts=parts(), size=st.sampled_from((1, 5, 20, 10**6)))
def test_slices_written_one_after_the_other_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, given_parts: list[Part], size: int
) -> None:
    folder = tmp_path_factory.mktemp("lists")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_SLICE", size)
        written = write(folder, given_parts)
    whole = merge([each.between(0, len(each.lists.terms)) for each in given_parts])
    assert same(written, whole)
    assert [path.name for path in folder.iterdir()] == ["lists"]


def write(folder: Path, given_parts: list[Part]) -> FieldLists:
    with (folder / "lists").open("wb") as file:
        writer = ArrayFileWriter(file)
        with ListsWriter(writer, "field", folder) as field:
            for slice_ in merged(given_parts):
                field.add(slice_)
            field.finish()
        writer.finish()
    return ArrayReader(folder / "lists").lists("field")


def test_a_slice_holds_little_of_large_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "_SLICE", 1000)
    documents = [[f"w{n}", f"w{n + 1}", "all"] for n in range(1000)]
    many = [part(1000 * n, documents, [True] * 1000, True) for n in range(3)]
    slices = list(merged(many))
    assert len(slices) > 10
    # One share of each part, and the term that is in all 3000 documents.
    assert max(len(each.docs) for each in slices) <= 1000 + 3000


def test_parts_hear_when_a_slice_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "_SLICE", 10)
    done: list[int] = []
    documents = [[f"w{n}"] for n in range(20)]
    two = [
        part(20 * n, documents, [True] * 20, False)._replace(done=lambda: done.append(1))
        for n in range(2)
    ]
    slices = list(merged(two))
    assert len(done) == 2 * len(slices) > 2
