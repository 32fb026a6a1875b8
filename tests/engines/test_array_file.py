from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search_service.engines import array_file
from search_service.engines.array_file import ArrayFileReader, ArrayFileWriter, Spool, narrowest


def write(path: Path, arrays: dict[str, NDArray[Any]]) -> ArrayFileReader:
    with path.open("wb") as file:
        writer = ArrayFileWriter(file)
        for name, values in arrays.items():
            writer.add(name, values)
        writer.finish()
    return ArrayFileReader(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "arrays"


@pytest.mark.parametrize(
    "kind", ["u1", "u2", "u4", "u8", "i1", "i8", "f4", "f8", "?", ">u4", ">f8"]
)
@pytest.mark.parametrize("values", [[], [0], [1, 0, 1, 100], list(range(100))])
def test_arrays_come_back_as_they_were(path: Path, kind: str, values: list[int]) -> None:
    array = np.array(values, kind)
    got = write(path, {"a": array}).get("a")
    assert got.dtype == array.dtype.newbyteorder("=")
    assert got.tolist() == array.tolist()


def test_many_arrays_of_different_types_lie_side_by_side(path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {
        f"مصفوفة {n}/{kind}": np.arange(n, dtype=kind) for n in range(9) for kind in "BHIQd"
    }
    reader = write(path, arrays)
    for name, values in arrays.items():
        assert name in reader
        assert reader.get(name).tolist() == values.tolist()
        assert reader.get(name).flags.aligned


def test_views_that_are_not_contiguous_are_written_as_they_look(path: Path) -> None:
    assert write(path, {"a": np.arange(10)[::-3]}).get("a").tolist() == [9, 6, 3, 0]


def test_a_file_may_hold_no_arrays(path: Path) -> None:
    assert "a" not in write(path, {})


def test_an_unknown_name_is_a_key_error(path: Path) -> None:
    with pytest.raises(KeyError):
        write(path, {"a": np.arange(3)}).get("b")


def test_arrays_cannot_be_written_to(path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        write(path, {"a": np.arange(3)}).get("a")[0] = 1


def test_arrays_outlive_their_file(path: Path) -> None:
    array = write(path, {"a": np.arange(5000)}).get("a")
    path.unlink()
    assert array.sum() == 4999 * 2500


def test_a_file_cut_short_anywhere_is_damaged(path: Path) -> None:
    write(path, {"a": np.arange(3), "b": np.zeros(1)})
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="damaged"):
            ArrayFileReader(path)


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"7",
        b"[7]",
        b"[1, 2",
        b'[["a", "<u4", 0, 999]]',
        b'[["a", "<u4", -1, 1]]',
        b'[["a", "what", 0, 1]]',
        b'[["a", "O", 0, 1]]',
        b"\xff\xfe",
    ],
)
def test_a_table_that_makes_no_sense_is_damage(path: Path, table: bytes) -> None:
    path.write_bytes(b"\0" * 16 + table + len(table).to_bytes(8, "little") + b"arrays1\n")
    with pytest.raises(ValueError, match="damaged"):
        ArrayFileReader(path)


def test_a_file_that_is_not_there_is_an_os_error(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ArrayFileReader(path)


@given(st.binary(max_size=200))
def test_garbage_is_damage_and_nothing_else(tmp_path_factory: Any, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "garbage"
    for ending in (b"", b"arrays1\n"):
        path.write_bytes(content + ending)
        with pytest.raises(ValueError, match="damaged"):
            ArrayFileReader(path)


@pytest.mark.parametrize(
    ("highest", "kind"),
    [(0, "u1"), (255, "u1"), (256, "u2"), (65536, "u4"), (2**32 - 1, "u4"), (2**32, "u8")],
)
def test_the_narrowest_type_holds_the_highest_number(highest: int, kind: str) -> None:
    narrow = narrowest(np.array([0, highest]))
    assert narrow.dtype == kind
    assert narrow.tolist() == [0, highest]


def test_the_narrowest_type_of_nothing_is_a_byte() -> None:
    assert narrowest(np.empty(0, np.int64)).dtype == "u1"


class TestSpool:
    @given(
        pieces=st.lists(st.lists(st.one_of(st.integers(0, 300), st.integers(0, 2**40)))),
        small=st.sampled_from((0, 16, 1 << 16)),
    )
    def test_grows_to_the_narrowest_array_of_all_its_pieces(
        self, tmp_path_factory: pytest.TempPathFactory, pieces: list[list[int]], small: int
    ) -> None:
        folder = tmp_path_factory.mktemp("spool")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(array_file, "_SMALL", small)
            spool = Spool(folder)
            for piece in pieces:
                spool.append(np.array(piece, np.int64))
        with (folder / "arrays").open("wb") as file:
            writer = ArrayFileWriter(file)
            writer.add("before", np.arange(3, dtype=np.uint8))
            writer.add_spooled("a", spool)
            writer.add("behind", np.arange(2))
            writer.finish()
        everything = np.array([value for piece in pieces for value in piece], np.int64)
        reader = ArrayFileReader(folder / "arrays")
        assert reader.get("a").tolist() == everything.tolist()
        assert reader.get("a").dtype == narrowest(everything).dtype
        assert (reader.get("before").tolist(), reader.get("behind").tolist()) == ([0, 1, 2], [0, 1])

    def test_leaves_no_file_behind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(array_file, "_SMALL", 1)
        spool = Spool(tmp_path)
        spool.append(np.arange(1000))
        assert list(tmp_path.iterdir()) == []
        spool.close()


def test_an_open_file_can_be_read_after_it_is_closed() -> None:
    with TemporaryFile() as file:
        writer = ArrayFileWriter(file)
        writer.add("a", np.arange(5000))
        writer.finish()
        file.flush()
        reader = ArrayFileReader(file)
    array = reader.get("a")
    reader.let_go()
    assert array.sum() == 4999 * 2500
