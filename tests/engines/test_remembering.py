from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search_service.engines.remembering import Remembered


def test_gives_back_what_was_put_and_nothing_else() -> None:
    known: Remembered[str, str] = Remembered(10, len)
    known.put("a", "x")
    assert known.get("a") == "x"
    assert known.get("b") is None


def test_what_is_asked_for_again_stays_and_what_is_not_goes() -> None:
    known: Remembered[int, str] = Remembered(10, lambda _: 1)
    known.put(-1, "wanted")
    known.put(-2, "not wanted")
    for number in range(100):
        known.put(number, "")
        assert known.get(-1) == "wanted"
    assert known.get(-2) is None


@given(st.lists(st.integers(1, 20), max_size=60))
def test_holds_no_more_than_its_limit_and_the_last_values(sizes: list[int]) -> None:
    known: Remembered[int, int] = Remembered(50, lambda size: size)
    for number, size in enumerate(sizes):
        known.put(number, size)
    # Asking alone moves nothing here: what is held is asked for once.
    held = [size for number, size in enumerate(sizes) if known.get(number) is not None]
    assert sum(held) <= 50 + 2 * 20
