"""A user's table of synonyms: what it may hold, and what is said of one that cannot be used."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.analysis import synonym_table
from search_service.analysis.analyzer import Analyzer
from search_service.analysis.synonym_table import SynonymTable, parse_synonyms
from search_service.analysis.words import Variants
from search_service.errors import AnalysisError
from search_service.schema import Tier

ANALYZER = Analyzer()


def parsed(text: str) -> SynonymTable:
    return parse_synonyms("synonyms.tsv", text.encode(), ANALYZER)


def names(table: SynonymTable, typed: str) -> set[str]:
    """Return what is searched besides ``typed``, as the table has it."""
    words = [token.forms for token in ANALYZER.analyze(typed)]
    return {one.written for one in Variants(table.pairs).of(words)}


def refused(text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(AnalysisError) as caught:
        parse_synonyms("synonyms.tsv", data, ANALYZER)
    return str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "سيارة | عربة | مركبة",
        "سيارة\tعربة\tمركبة",
        "  سيارة|عربة | مركبة  ",
        "\ufeffسيارة|عربة|مركبة",
    ],
)
def test_each_member_of_a_group_finds_the_others(line: str) -> None:
    table = parsed(line)
    assert table.groups == 1
    assert names(table, "سيارة") == {"عربة", "مركبة"}
    assert names(table, "مركبة") == {"سيارة", "عربة"}


def test_an_arrow_leads_one_way_only() -> None:
    table = parsed("فاكهة | فواكه => تفاح | موز")
    assert names(table, "فاكهة") == {"تفاح", "موز"}
    assert names(table, "موز") == set()


def test_a_member_may_have_several_words_and_another_script() -> None:
    table = parsed("كرة القدم | football")
    assert names(table, "كرة القدم") == {"football"}
    assert names(table, "Football") == {"كرة القدم"}
    assert names(table, "كرة") == set(), "half of a name is no name"


def test_members_are_known_with_particles_and_endings() -> None:
    # The analyzer's stems meet, as they do for words of the text: وسيارتهم, their car.
    assert names(parsed("سيارة | عربة"), "وبالسيارة") == {"عربة"}


def test_a_member_with_an_equals_sign_counts_only_as_written() -> None:
    table = parsed("=آب | أغسطس")
    assert names(table, "آب") == {"أغسطس"}
    assert names(table, "أب") == set(), "a father is no month"
    (month,) = [other for one, other in table.pairs if one.written == "أغسطس"]
    assert (month.tier, month.written) == (Tier.EXACT, "آب")


def test_comments_and_empty_lines_are_passed_over() -> None:
    table = parsed("# أسماء\r\n\r\n   \nسيارة | عربة # يستعملان معًا\r  # آخر\n")
    assert (table.groups, names(table, "سيارة")) == (1, {"عربة"})


def test_a_hash_inside_a_word_begins_no_comment() -> None:
    assert names(parsed("سي# | C#"), "سي") == {"C#"}


def test_an_empty_table_has_no_groups() -> None:
    assert parsed("") == parsed("# nothing\n") == SynonymTable(0, ())


def test_spellings_that_are_one_word_anyway_are_no_pair() -> None:
    assert parsed("أحمد | احمد").pairs == ()


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a | b\nسيارة", "line 2", "only one member"),
        ("سيارة || عربة", "line 1", "an empty member"),
        ("| سيارة | عربة", "line 1", "an empty member"),
        ("سيارة =>", "line 1", "an empty member"),
        ("=> سيارة", "line 1", "an empty member"),
        ("سيارة => عربة => مركبة", "line 1", "more than one =>"),
        ("سيارة | !؟", "line 1", "there is no word in '!؟'"),
        ("سيارة | =", "line 1", "there is no word in '='"),
        ("سيارة | " + "ع" * 101, "line 1", "more than 100 letters"),
        ("سيارة | " + "عربة " * 9, "line 1", "more than 8 words"),
        (" | ".join(f"w{i}" for i in range(21)), "line 1", "more than 20 members"),
        (b"a | b\n\xff\xfe", "line 2", "not UTF-8"),
        ("a | b\n".encode("utf-16"), "line 1", "not UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_remedy(
    text: str | bytes, where: str, what: str
) -> None:
    message = refused(text)
    assert message.startswith(f"synonyms.tsv, {where}: ")
    assert what in message
    assert ";" in message, "what to do stands behind the reason"


def test_a_long_member_is_shown_shortened_and_without_control_characters() -> None:
    message = refused("a | \x1b[2J\u202e" + "ع" * 200)
    assert len(message) < 200
    assert "\x1b" not in message
    assert "\u202e" not in message


def test_a_file_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synonym_table, "MAX_BYTES", 10)
    assert "longer than 10 bytes" in refused("abcde | fghij")


def test_too_many_groups_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synonym_table, "MAX_GROUPS", 2)
    assert "line 3: more than 2 groups" in refused("a|b\nc|d\ne|f")


def test_a_word_of_too_many_lines_is_refused_at_the_line_too_many() -> None:
    # A search for the word would look for all of them.
    lines = "\n".join(f"سيارة | w{i}" for i in range(60))
    assert "line 51: 'سيارة' has more than 50 synonyms" in refused(lines)


def test_too_many_pairs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synonym_table, "MAX_PAIRS", 3)
    assert "line 2: more than 3 pairs" in refused("a|b\nc|d")


MEMBERS = st.sampled_from(["سيارة", "عربة", "كرة القدم", "=آب", "car", "كتاب", "يناير"])


@given(st.lists(MEMBERS, min_size=2, max_size=6, unique=True))
def test_every_pair_of_a_group_is_known_both_ways(members: list[str]) -> None:
    table = parsed(" | ".join(members))
    for one, other in combinations(members, 2):
        assert other.removeprefix("=") in names(table, one.removeprefix("="))
        assert one.removeprefix("=") in names(table, other.removeprefix("="))


LINES = st.lists(st.sampled_from(["سيارة", "=", "=>", "|", "\t", "#", " ", "\n", "\r", "a", "!"]))


@given(st.one_of(st.binary(max_size=300), LINES.map("".join).map(str.encode)))
def test_any_bytes_are_a_table_or_an_error_of_ours(data: bytes) -> None:
    try:
        table = parse_synonyms("synonyms.tsv", data, ANALYZER)
    except AnalysisError:
        return
    assert all(one != other and one.terms and other.terms for one, other in table.pairs)
