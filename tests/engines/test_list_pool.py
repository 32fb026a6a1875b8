"""Fields that share a pool read as they would alone, and what they have in common is kept once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.engines.array_file import ArrayFileReader, ArrayFileWriter
from search_service.engines.inverting import Inverter
from search_service.engines.list_pool import PooledLists, pool_of
from search_service.engines.pool_writer import PoolWriter
from search_service.engines.postings import FieldLists
from search_service.engines.whoosh_codec import ArrayReader

Texts = Sequence[Sequence[str]]

# Each field names the same words in its own way, as tiers do: few names make many equal lists.
WORDS = "abcdef"
NAMES = st.fixed_dictionaries({word: st.sampled_from(("a", "b", "ب", "\ud800")) for word in WORDS})
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), max_size=6)
# Documents are counted in blocks of 65,536: numbers lie around their borders, or in one block.
NUMBERS = st.just(range(10)) | st.sets(
    st.builds(
        int.__add__,
        st.sampled_from((1 << 16, 2 << 16, 3 << 16)),
        st.integers(-3, 3),
    ),
    min_size=6,
).map(sorted)
FIELDS = st.lists(st.tuples(NAMES, st.booleans()), min_size=1, max_size=4)


def inverted(
    texts: Texts, names: Mapping[str, str], *, positions: bool, numbers: Sequence[int] = range(10)
) -> FieldLists:
    inverter = Inverter(positions=positions)
    for number, words in zip(numbers, texts, strict=False):
        inverter.add(number, [names.get(word, word) for word in words])
    return inverter.lists()


def write(
    folder: Path, fields: Sequence[FieldLists], slices: int = 1, documents: int = 10
) -> ArrayReader:
    with (folder / "pool").open("wb") as file:
        writer = ArrayFileWriter(file)
        with PoolWriter(writer, "text", documents, folder) as pool:
            for number, lists in enumerate(fields):
                cuts = np.linspace(0, len(lists.terms), slices + 1).astype(int).tolist()
                parts = [lists.between(*ends) for ends in pairwise(cuts)]
                pool.field(f"text/{number}", parts)
            pool.finish()
        writer.finish()
    return ArrayReader(folder / "pool")


def pooled(reader: ArrayReader, number: int) -> PooledLists:
    lists = reader.any_lists(f"text/{number}")
    assert isinstance(lists, PooledLists)
    return lists


def same(one: Any, other: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@given(texts=TEXTS, fields=FIELDS, slices=st.integers(1, 3), numbers=NUMBERS, data=st.data())
def test_each_field_reads_as_if_it_were_alone(
    tmp_path_factory: pytest.TempPathFactory,
    texts: Texts,
    fields: Sequence[tuple[Mapping[str, str], bool]],
    slices: int,
    numbers: Sequence[int],
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("pool")
    alone = [
        inverted(texts, names, positions=positions, numbers=numbers) for names, positions in fields
    ]
    reader = write(folder, alone, slices, numbers[-1] + 1)
    assert [path.name for path in folder.iterdir()] == ["pool"]
    for number, expected in enumerate(alone):
        lists, count = pooled(reader, number), len(expected.terms)
        assert list(lists.terms) == list(expected.terms)
        for term in range(count):
            assert same(lists.postings(term), expected.postings(term))
        low = data.draw(st.integers(0, count))
        high = data.draw(st.integers(low, count))
        assert same(lists.between(low, high)[1:], expected.between(low, high)[1:])
        assert same(lists.sizes(low, high), expected.sizes(low, high))
        assert same(lists.documents(low, high), expected.documents(low, high))
        assert len(lists.weights()) == len(expected.weights()) == count + 1
        assert abs(int(lists.weights()[-1]) - int(expected.weights()[-1])) <= count


def entries(folder: Path) -> int:
    return len(ArrayFileReader(folder / "pool").get("text/docs"))


class TestAListIsKeptOnce:
    def test_where_another_field_has_it_under_another_name(self, tmp_path: Path) -> None:
        # As مدرسة and its folded form مدرسه: other letters, the same documents.
        texts = [["مدرسة", "كتاب"], ["مدرسة"]]
        first = inverted(texts, {}, positions=True)
        second = inverted(texts, {"مدرسة": "مدرسه"}, positions=True)
        write(tmp_path, [first, second])
        assert entries(tmp_path) == len(first.docs) == 3

    def test_but_not_where_another_spelling_has_joined_it(self, tmp_path: Path) -> None:
        # أحمد and احمد are one folded word, in more documents than either.
        texts = [["أحمد"], ["احمد"]]
        first = inverted(texts, {}, positions=True)
        second = inverted(texts, {"أحمد": "احمد"}, positions=True)
        reader = write(tmp_path, [first, second])
        assert entries(tmp_path) == 2 + 2
        assert pooled(reader, 1).postings(0).docs.tolist() == [0, 1]

    def test_nor_where_only_the_positions_differ(self, tmp_path: Path) -> None:
        first = inverted([["a", "x"]], {}, positions=True)
        second = inverted([["x", "a"]], {}, positions=True)
        reader = write(tmp_path, [first, second])
        assert entries(tmp_path) == 2
        assert pooled(reader, 1).postings(0).positions.tolist() == [1]

    def test_nor_where_only_the_frequency_differs(self, tmp_path: Path) -> None:
        first = inverted([["a"]], {}, positions=False)
        second = inverted([["a", "a"]], {}, positions=False)
        reader = write(tmp_path, [first, second])
        assert entries(tmp_path) == 2
        assert pooled(reader, 1).postings(0).freqs.tolist() == [2]

    def test_and_without_positions_where_those_differ(self, tmp_path: Path) -> None:
        first = inverted([["a", "x"]], {}, positions=True)
        second = inverted([["x", "a"]], {}, positions=False)
        reader = write(tmp_path, [first, second])
        assert entries(tmp_path) == 2
        assert len(pooled(reader, 1).postings(0).positions) == 0
        assert len(pooled(reader, 1).between(0, 2).tokens) == 0


@pytest.mark.parametrize(
    ("field", "pool"), [("body/exact", "body"), ("tag", ""), ("body_length", "")]
)
def test_a_pool_is_named_before_the_slash(field: str, pool: str) -> None:
    assert pool_of(field) == pool
