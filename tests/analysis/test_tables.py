"""The linguist's tables: what becomes of a word, and which words meet, a reason beside each.

``tests/data/analysis.tsv`` holds single words, ``tests/data/pairs.tsv`` pairs. Terms are written
in folded spelling, the terms of several tokens with a space between. Characters that an editor
would not show are written ``\\uXXXX``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from search_service.analysis.analyzer import Analyzer
from search_service.analysis.tables import parse_table
from search_service.schema import Tier

DATA = Path(__file__).resolve().parents[1] / "data"
ANALYZER = Analyzer()


def rows(name: str, columns: int) -> list[tuple[str, ...]]:
    return list(parse_table(name, (DATA / name).read_text(encoding="utf-8"), columns))


def shown(text: str) -> str:
    """Turn the escapes of a table into the characters that they stand for."""
    return re.sub(r"\\u([0-9A-F]{4})", lambda match: chr(int(match[1], 16)), text)


def terms(text: str, tier: str) -> str:
    return " ".join(ANALYZER.terms(shown(text))[Tier(tier)])


def cases(name: str, columns: int) -> list[object]:
    return [pytest.param(*row[:-1], id=f"{row[0]}: {row[-1]}") for row in rows(name, columns)]


@pytest.mark.parametrize(("text", "tier", "expected"), cases("analysis.tsv", 4))
def test_a_word_has_its_term(text: str, tier: str, expected: str) -> None:
    assert terms(text, tier) == expected


@pytest.mark.parametrize(("word", "other", "tier", "verdict"), cases("pairs.tsv", 5))
def test_two_words_meet_or_do_not(word: str, other: str, tier: str, verdict: str) -> None:
    assert verdict in {"same", "different"}
    assert (terms(word, tier) == terms(other, tier)) == (verdict == "same")


def test_words_that_meet_in_a_tier_meet_in_the_wider_tiers_too() -> None:
    order = [tier.value for tier in Tier]
    parted = [
        (word, other, wider)
        for word, other, tier, verdict, _ in rows("pairs.tsv", 5)
        if verdict == "same"
        for wider in order[order.index(tier) :]
        if terms(word, wider) != terms(other, wider)
        # A written ه is ة in haste to the stem, and "his" to the root.
        and not (wider == "root" and word.endswith("ة") and other.endswith("ه"))
    ]
    assert not parted


def test_no_fact_is_written_twice() -> None:
    words = [row[:2] for row in rows("analysis.tsv", 4)]
    pairs = [row[:3] for row in rows("pairs.tsv", 5)]
    assert len(set(words)) == len(words)
    assert len(set(pairs)) == len(pairs)


def test_the_tables_are_large_enough_to_be_a_net() -> None:
    assert len(rows("analysis.tsv", 4)) >= 300
    assert len(rows("pairs.tsv", 5)) >= 150
