"""Facts about the word lists and rule tables."""

from __future__ import annotations

from collections import Counter

import pytest

from search_service.analysis.folding import exact_form, fold
from search_service.analysis.letters import CONTROLS, MARKS
from search_service.analysis.lexicon import TABLES, load_lexicon
from search_service.analysis.stemmers import AFFIX_TABLES
from search_service.analysis.tables import parse_table, read_table, tables_digest
from search_service.errors import AnalysisError

LEXICON = load_lexicon()
COLUMNS = {**TABLES, **AFFIX_TABLES, "variants.tsv": 2}
CLASSES = {"noun", "adj", "verb", "name", "particle"}

every_table = pytest.mark.parametrize("name", sorted(COLUMNS))


@every_table
def test_a_table_has_its_columns(name: str) -> None:
    assert read_table(name, COLUMNS[name])


@every_table
def test_a_table_is_written_without_marks_and_invisible_characters(name: str) -> None:
    cells = [cell for row in read_table(name, COLUMNS[name]) for cell in row[:-1]]
    assert not [cell for cell in cells if set(cell) & set(MARKS + CONTROLS + "ـ")]


@every_table
def test_no_row_is_written_twice(name: str) -> None:
    # An ending may have several rows, which differ in what is put back.
    key = 2 if name == "suffixes.tsv" else 1
    keys = Counter(row[:key] for row in read_table(name, COLUMNS[name]))
    assert not [row for row, count in keys.items() if count > 1]


@pytest.mark.parametrize("name", ["proclitics.tsv", "suffixes.tsv"])
def test_affixes_are_written_as_folded(name: str) -> None:
    affixes = [row[0] for row in read_table(name, COLUMNS[name])]
    assert [fold(affix) for affix in affixes] == affixes


@pytest.mark.parametrize("name", ["proclitics.tsv", "suffixes.tsv"])
def test_the_least_length_of_a_rest_is_a_number(name: str) -> None:
    assert all(row[-2].isdecimal() for row in read_table(name, COLUMNS[name]))


def test_every_chain_of_particles_is_listed() -> None:
    listed = {row[0] for row in read_table("proclitics.tsv", 3)}
    assert {"ال", "وال", "فال", "بال", "كال", "لل", "ولل", "وبال", "فبال", "وكال"} <= listed
    assert set("وفبلكس") <= listed


def test_every_pronoun_is_listed() -> None:
    listed = {row[0] for row in read_table("suffixes.tsv", 4)}
    assert {"ه", "ها", "هم", "هن", "هما", "ك", "كم", "كن", "نا", "ي", "ني"} <= listed
    assert {"ته", "تها", "تهم", "تنا", "تي"} <= listed


def test_every_ending_is_listed() -> None:
    listed = {row[0] for row in read_table("suffixes.tsv", 4)}
    assert {"ون", "ين", "ان", "ات", "يه", "يون", "يين", "ا", "وا", "ت"} <= listed


def test_measures_have_the_three_root_letters_in_order() -> None:
    measures = [row[0] for row in read_table("patterns.tsv", 2)]
    roots = {"".join(c for c in measure if c in "فعل") for measure in measures}
    assert roots == {"فعل"}


def test_every_word_has_a_known_class() -> None:
    kinds = {kind.partition("=")[0] for _, kind, _ in read_table("bases.tsv", 3)}
    assert kinds == CLASSES


def test_a_word_that_counts_as_another_names_a_known_one() -> None:
    others = [kind.partition("=")[2] for _, kind, _ in read_table("bases.tsv", 3)]
    assert not [other for other in others if other and fold(other) not in LEXICON.bases]


@pytest.mark.parametrize("plural", ["كتب", "قواعد", "فصاءل", "صواريخ", "نساء"])
def test_broken_plurals_are_known(plural: str) -> None:
    assert plural in LEXICON.singular


def test_every_singular_and_every_plural_is_a_base() -> None:
    assert set(LEXICON.singular) | set(LEXICON.singular.values()) <= set(LEXICON.bases)


def test_no_singular_is_a_plural_of_something_else() -> None:
    assert not set(LEXICON.singular) & set(LEXICON.singular.values())


def test_a_plural_that_is_a_singular_leads_to_the_end_of_the_chain() -> None:
    assert LEXICON.singular["افكار"] == LEXICON.singular["فكر"] == "فكره"


def test_a_plural_that_folds_like_another_word_knows_its_spelling() -> None:
    assert LEXICON.homographs["اعلام"] == {"إعلام"}
    assert LEXICON.homographs["احياء"] == {"إحياء"}


def test_a_homograph_is_spelled_otherwise_than_the_plural() -> None:
    spellings = {
        exact_form(plural)
        for _, plurals, _ in read_table("broken_plurals.tsv", 3)
        for plural in plurals.split()
        if fold(plural) in LEXICON.homographs
    }
    listed = {spelling for found in LEXICON.homographs.values() for spelling in found}
    assert all(fold(spelling) in LEXICON.singular for spelling in listed)
    assert spellings - listed, "a plural is not its own homograph"


def test_nouns_that_keep_their_teh_end_in_one() -> None:
    words = [word for word, _ in read_table("teh_marbuta.tsv", 2)]
    assert not [word for word in words if not word.endswith("ة")]


def test_a_radical_heh_is_not_a_teh() -> None:
    assert {"وجه", "فقه", "مياه", "الله"} <= LEXICON.radical_heh
    assert not LEXICON.radical_heh & {fold("مدرسة"), fold("لجنة")}


def test_hamzas_on_seats_are_kept_in_keys() -> None:
    # A key that lost its hamza would never be found: texts keep theirs.
    assert {"قاءد", "رءيس", "مسءول", "وساءل"} <= set(LEXICON.bases)


@pytest.mark.parametrize(
    ("typed", "full"), [("قايد", "قاءد"), ("صحرا", "صحراء"), ("رسايل", "رساءل")]
)
def test_a_word_typed_without_hamza_stands_for_the_full_one(typed: str, full: str) -> None:
    assert LEXICON.bases[typed].endswith(f"={full}")


def test_a_typed_spelling_that_is_a_word_stays_a_word() -> None:
    assert LEXICON.bases["هنا"] == "noun", "here, though هناء is a name"
    assert LEXICON.bases["نادي"] == "noun"


@pytest.mark.parametrize("person", ["تقول", "نقول", "اقول"])
def test_the_persons_of_a_verb_stand_for_it(person: str) -> None:
    assert LEXICON.bases[person] == "verb=يقول"


def test_a_person_that_is_a_noun_stays_a_noun() -> None:
    assert LEXICON.bases["تقدم"] == "noun"


def test_keys_are_folded() -> None:
    keys = [*LEXICON.bases, *LEXICON.singular, *LEXICON.keep_teh, *LEXICON.function]
    assert not [key for key in keys if fold(key) != key]


class TestParsing:
    HEADER = "word\tcomment\n"

    def test_header_comments_and_empty_lines_are_no_rows(self) -> None:
        text = self.HEADER + "# a comment\n\nكتاب\tbook\n"
        assert parse_table("t.tsv", text, 2) == (("كتاب", "book"),)

    def test_cells_are_stripped_and_may_be_empty(self) -> None:
        assert parse_table("t.tsv", self.HEADER + " كتاب \t\n", 2) == (("كتاب", ""),)

    @pytest.mark.parametrize(
        ("row", "cells"),
        [("كتاب", 1), ("كتاب\tbook\tmore", 3), ("كتاب book", 1)],
        ids=["too few cells", "too many cells", "a space instead of a tab"],
    )
    def test_a_broken_row_is_named_by_its_line(self, row: str, cells: int) -> None:
        text = f"{self.HEADER}# comment\nقلم\tpen\n{row}\n"
        with pytest.raises(AnalysisError, match=rf"t\.tsv, line 4: {cells} columns where 2"):
            parse_table("t.tsv", text, 2)

    def test_a_table_with_other_columns_is_an_error(self) -> None:
        with pytest.raises(AnalysisError, match=r"patterns\.tsv, line \d+: 2 columns where 5"):
            read_table("patterns.tsv", 5)


def test_a_digest_does_not_depend_on_the_order_of_tables() -> None:
    one, two = "patterns.tsv", "suffixes.tsv"
    assert tables_digest(one, two) == tables_digest(two, one)
    assert tables_digest(one) != tables_digest(two)
