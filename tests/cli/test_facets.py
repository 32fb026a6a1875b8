"""Facets on the command line."""

from __future__ import annotations

import json

import pytest

from search_service.cli.failures import exit_status
from search_service.errors import FilterError
from search_service.results import Facet, FacetValue

TAGS = Facet(
    "tags",
    (
        FacetValue("علوم الأرض", "علوم الأرض", 12, 'tags:"علوم الأرض"'),
        FacetValue("it's", "it's", 3, 'tags:"it\'s"'),
    ),
)


def test_each_value_stands_behind_the_hits_with_its_count_and_filter(
    run, service, make_results, make_hit
):
    service.results = make_results(make_hit(), facets=(TAGS, Facet("year", ())))
    assert run("search", "x", "--facet", "tags,year").stdout.splitlines()[-6:] == [
        "",
        "tags",
        "        12  علوم الأرض  --filter 'tags:\"علوم الأرض\"'",
        # As a shell takes it.
        "         3  it's  --filter 'tags:\"it'\\''s\"'",
        "",
        "year: no document found has one",
    ]


def test_of_many_values_the_first_are_shown_and_all_are_counted(run, service, make_results):
    values = tuple(FacetValue(f"v{n}", f"v{n}", 90 - n, f"tags:v{n}") for n in range(50))
    service.results = make_results(facets=(Facet("tags", values, 7),))
    lines = run("search", "x", "--facet", "tags").stdout.splitlines()
    assert lines[2] == "tags, the 10 commonest of 57 values"
    assert len(lines) == 3 + 10


def test_json_has_all_of_them(run, service, make_results):
    service.results = make_results(facets=(TAGS,))
    found = json.loads(run("search", "x", "--facet", "tags", "--json").stdout)
    assert found["facets"] == [TAGS.to_json()]


def test_names_stand_between_commas_and_spaces(run, service):
    run("search", "x", "--facet", "tags, year,source")
    assert service.options_of("search")[1]["facets"] == ("tags", "year", "source")


def test_an_order_may_begin_with_a_dash(run, service):
    for args in (["--sort", "-date"], ["--sort=-date"]):
        assert run("search", "x", *args).exit_code == 0
        assert service.options_of("search")[:2][1]["sort"] == "-date"
        assert service.options_of("search")[0] == "x"


def test_an_order_that_the_service_refuses_is_wrong_usage(run, service, monkeypatch):
    def refuse(query, **options):
        raise ValueError("no sort 'dat'; did you mean date?")

    monkeypatch.setattr(service, "search", refuse)
    answer = run("search", "x", "--sort", "dat")
    assert answer.exit_code == 2
    assert "did you mean date?" in answer.stderr


def test_a_wrong_filter_is_one_line_and_wrong_usage(capsys):
    def search() -> None:
        raise FilterError("tgas:x", "no field 'tgas'", (0, 6))

    assert exit_status(search) == 2
    assert capsys.readouterr().err == (
        "error: filter 'tgas:x': no field 'tgas' (characters 0 to 6)\n"
    )


NASTY = "\x1b[2J\x9b31m\u202eنص\n"


@pytest.mark.usefixtures("terminal")
def test_a_stored_value_cannot_command_the_terminal(run, service, make_results):
    value = FacetValue(NASTY, NASTY, 1, f'tags:"{NASTY}"')
    service.results = make_results(facets=(Facet("tags", (value,)),))
    written = run("search", "x", color=True).stdout
    assert "␛[2J" in written
    assert not {"\x9b", "\u202e"} & set(written)
    assert "\x1b[2J" not in written
