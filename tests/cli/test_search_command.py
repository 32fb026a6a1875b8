from __future__ import annotations

import json

import pytest

from search_service.advice import Reason, Relaxation, WordTotal
from search_service.cli.search_command import MAX_SIZE
from search_service.errors import EngineError, IndexMismatch, QuerySyntaxError
from search_service.results import Expansion
from search_service.schema import Tier


def searched(service):
    return service.options_of("search")[0]


def test_results_for_people(run):
    result = run("search", "طريق")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "1 document found in 1.5 ms",
        "",
        " 1. قوافل طريق الحرير",
        "    history/002 · 2021-05-04 · تاريخ, تجارة · score 1.250",
        "    كان طريق الحرير شبكة من الطرق. سلكته القوافل قرونًا.",
    ]


def test_nothing_found_is_said_clearly_and_is_no_failure(run, service, make_results):
    service.results = make_results()
    result = run("search", "غائب")
    assert (result.exit_code, result.stdout) == (0, "0 documents found in 1.5 ms\n")


def test_ranks_go_on_from_page_to_page(run, service, make_results, make_hit):
    service.results = make_results(make_hit(), total=205)
    lines = run("search", "x", "--size", 100, "--page", 3).stdout.splitlines()
    assert lines[0] == "205 documents found in 1.5 ms, page 3 of 3"
    assert lines[2].startswith("201. ")


def test_what_was_searched_besides_is_told_on_stderr(run, service, make_results, make_hit):
    service.results = make_results(
        make_hit(), expansions=(Expansion(0, 6, "أمريكا", ("أميركا", "أمريكة"), "spelling"),)
    )
    result = run("search", "أمريكا")
    assert result.stderr == "searched too: أميركا, أمريكة for أمريكا (spelling)\n"
    assert result.stdout.startswith("1 document found")


def test_where_nothing_is_found_less_strict_queries_are_told_on_stderr(run, service, make_results):
    service.results = make_results(
        relaxed=(
            Relaxation('"طريق زرافة"~5', "all", 1, Reason.NEAR),
            Relaxation("طريق زرافة", "any", 3, Reason.ANY_WORD),
        ),
        word_totals=(WordTotal("طريق", 1, 5, 3), WordTotal("زرافة", 6, 11, 0)),
    )
    result = run("search", "--match", "all", '"طريق زرافة"')
    assert result.stdout == "0 documents found in 1.5 ms\n"
    assert result.stderr.splitlines() == [
        'this finds some: "طريق زرافة"~5 (1 found with other words between)',
        "this finds some: طريق زرافة (3 found with any of the words; --match any)",
        "each word alone: طريق 3, زرافة 0",
    ]


def test_every_reason_can_be_told(run, service, make_results):
    service.results = make_results(
        relaxed=tuple(Relaxation("x", "any", 1, reason) for reason in Reason)
    )
    lines = run("search", "x").stderr.splitlines()
    assert len(set(lines)) == len(Reason)


def test_json_is_what_the_results_say_of_themselves(run, service):
    result = run("search", "--json", "طريق")
    expected = json.dumps(service.results.to_json(), ensure_ascii=False, indent=2)
    assert result.stdout == expected + "\n"
    assert result.stderr == ""


def test_options_reach_the_service(run, service):
    args = ["--size", "5", "--page", "2", "--match", "all", "--strict", "--explain", "--exact"]
    assert run("search", *args, "x").exit_code == 0
    assert service.options_of("search")[1] == {
        "size": 5,
        "page": 2,
        "match": "all",
        "strict": True,
        "explain": True,
        "exact": True,
        "facets": (),
        "filters": (),
        "sort": "relevance",
    }


def test_what_narrows_and_orders_is_passed_on(run, service):
    args = ["--facet", "tags,year", "--filter", "tags:علوم", "--filter", "year:2020"]
    assert run("search", *args, "--sort", "-date", "x").exit_code == 0
    options = service.options_of("search")[1]
    assert options["facets"] == ("tags", "year")
    assert options["filters"] == ("tags:علوم", "year:2020")
    assert options["sort"] == "-date"


def test_the_defaults_are_those_of_the_service(run, service):
    run("search", "x")
    options = service.options_of("search")[1]
    assert options == {
        "size": 10,
        "page": 1,
        "match": "any",
        "strict": False,
        "explain": False,
        "exact": False,
        "facets": (),
        "filters": (),
        "sort": "relevance",
    }


def test_a_page_holds_as_many_as_the_service_allows():
    from search_service import search_request

    assert search_request.MAX_SIZE == MAX_SIZE


# ---------------------------------------------------------------- the query


@pytest.mark.parametrize(
    ("args", "query"),
    [
        (["المدينة", "القديمة"], "المدينة القديمة"),
        (["المدينة القديمة"], "المدينة القديمة"),
        (["-حرب"], "-حرب"),
        (["سلام", "-حرب"], "سلام -حرب"),
        (["--", "-حرب", "--size"], "-حرب --size"),
        (["-n", "5"], "-n 5"),
        (["--حرب"], "--حرب"),
        (["-=حرب"], "-=حرب"),
        (["سلام", "-"], "سلام -"),
        ([""], ""),
        ([" x "], " x "),
    ],
    ids=str,
)
def test_words_are_joined_and_may_begin_with_a_dash(run, service, args, query):
    assert run("search", *args).exit_code == 0
    assert searched(service) == query


def test_options_are_found_between_words(run, service):
    assert run("search", "سلام", "--size", "3", "-حرب").exit_code == 0
    assert searched(service) == "سلام -حرب"
    assert service.options_of("search")[1]["size"] == 3


@pytest.mark.parametrize("args", [[], ["-"], ["--size", "3"]], ids=str)
@pytest.mark.parametrize("piped", ["طريق الحرير\n", b"\xef\xbb\xbf" + "طريق الحرير".encode()])
def test_without_words_the_query_is_piped_in(run, service, args, piped):
    assert run("search", *args, input=piped).exit_code == 0
    assert searched(service) == "طريق الحرير"


@pytest.mark.parametrize("args", [[], ["-"]], ids=str)
def test_an_empty_pipe_is_wrong_usage(run, args):
    result = run("search", *args, input=" \n")
    assert result.exit_code == 2
    assert "missing argument 'QUERY'" in result.stderr


@pytest.mark.usefixtures("terminal")
def test_nobody_is_left_typing_into_a_silent_program(run):
    result = run("search")
    assert result.exit_code == 2
    assert "missing argument 'QUERY'" in result.stderr


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["--size", "0"], "'--size': 0 is not in the range 1<=x<=100"),
        (["--size", "101"], "'--size': 101 is not in the range"),
        (["--size", "many"], "'--size': 'many' is not a valid integer"),
        (["--page", "0"], "'--page': 0 is not in the range x>=1"),
        (["--match", "some"], "'--match': 'some' is not one of 'any', 'all'"),
        (["--sise=3"], "--sise"),
        (["--jsno"], "--jsno"),
    ],
    ids=str,
)
def test_wrong_usage_is_one_line_and_searches_nothing(run, service, args, reason):
    result = run("search", "x", *args)
    assert (result.exit_code, result.stdout, service.calls) == (2, "", [])
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith("(see: search-service search --help)\n")


def test_a_bad_query_is_refused_when_strict(run, service):
    service.failure = QuerySyntaxError("a quotation mark without its partner", (0, 1))
    result = run("search", "--strict", '"x')
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: a quotation mark without its partner (characters 0 to 1)\n"


def test_what_the_service_calls_out_of_range_is_wrong_usage(run, service, monkeypatch):
    def search(*_, **__):
        raise ValueError("page is too far")

    monkeypatch.setattr(service, "search", search)
    result = run("search", "x")
    assert (result.exit_code, "page is too far" in result.stderr) == (2, True)


@pytest.mark.parametrize("error", [EngineError("damaged"), IndexMismatch("rebuild it: …")])
def test_an_index_that_cannot_answer_is_never_an_empty_result(run, service, error):
    service.failure = error
    result = run("search", "x")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == f"error: {error}\n"
    assert service.closed


def test_a_missing_index_is_an_error_and_is_not_made(run, service, tmp_path):
    missing = tmp_path / "nowhere"
    result = run("search", "x", "--index-dir", missing)
    assert result.exit_code == 3
    assert result.stderr.startswith(f"error: there is no index in {missing}")
    assert not missing.exists()
    assert not service.opened


def test_the_option_wins_over_the_variable(run, service, index_dir):
    assert (
        run("search", "x", "--index-dir", index_dir, env={"SEARCH_INDEX_DIR": "/x"}).exit_code == 0
    )
    assert service.opened[0][0].index_dir == index_dir


def test_warnings_go_to_standard_error(run, service, make_results, warning):
    service.results = make_results(warnings=(warning,))
    result = run("search", '"x')
    assert result.exit_code == 0
    assert result.stderr == ("warning: a quotation mark without its partner (characters 0 to 1)\n")
    assert "warning" not in result.stdout


def test_with_json_warnings_are_in_the_json_only(run, service, make_results, warning):
    service.results = make_results(warnings=(warning,))
    result = run("search", '"x', "--json")
    assert (result.stderr, len(json.loads(result.stdout)["warnings"])) == ("", 1)


# ---------------------------------------------------------------- hits


def test_a_hit_without_a_title_and_other_parts(run, service, make_results, make_hit):
    bare = make_hit(title=" ", date=None, tags=(), highlighted_title=None, snippets=())
    service.results = make_results(bare)
    assert run("search", "x").stdout.splitlines()[2:] == [
        " 1. (no title)",
        "    history/002 · score 1.250",
    ]


def test_a_snippet_from_further_on_says_so(run, service, make_results, make_hit, make_snippet):
    service.results = make_results(make_hit(snippets=(make_snippet("body", "x y", start=9),)))
    assert run("search", "x").stdout.endswith("\n    … x y\n")


def test_explain_shows_the_query_and_each_part_of_a_score(run, service, make_results, make_hit):
    term = {"type": "Term", "fields": ["title", "body"], "tier": Tier.STEM, "term": "طريق"}
    phrase = {"type": "Phrase", "slots": (("طريق", "درب"), ("حرير",))}
    service.results = make_results(
        make_hit(explanation={"body.root:طرق": 0.25, "body.stem:طريق": 1.0}),
        explanation={"type": "Bool", "should": [term, {"type": "Bool", "must": [phrase]}]},
    )
    lines = run("search", "x", "--explain").stdout.splitlines()
    assert lines[1:8] == [
        "the query was understood as:",
        "    type: Bool",
        "    should:",
        "      - type: Term, fields: title body, tier: stem, term: طريق",
        "      - type: Bool",
        "        must:",
        "          - type: Phrase, slots: طريق|درب حرير",
    ]
    assert lines[-2:] == ["      1.0000  body.stem:طريق", "      0.2500  body.root:طرق"]


NASTY = "\x1b[2J\x1b]0;x\x07\x9b31m\u202eنص\n"


@pytest.fixture
def nasty(service, make_results, make_hit, make_snippet):
    service.results = make_results(
        make_hit(
            id=NASTY,
            title=NASTY,
            tags=(NASTY,),
            highlighted_title=make_snippet("title", NASTY),
            snippets=(make_snippet("body", NASTY),),
            explanation={NASTY: 1.0},
        ),
        explanation={NASTY: [NASTY, {NASTY: {NASTY: NASTY}}]},
    )


@pytest.mark.usefixtures("nasty")
@pytest.mark.parametrize("on", ["pipe", "terminal"])
def test_stored_text_cannot_command_the_terminal(request, run, on):
    if on == "terminal":
        request.getfixturevalue("terminal")
    written = run("search", "x", color=True).stdout
    assert "␛[2J␛]0;x␇" in written
    assert not {"\x07", "\x9b", "\u202e"} & set(written)
    assert "\x1b[2J" not in written
    assert "\x1b]" not in written


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_matches_are_coloured_by_their_ranges(run):
    written = run("search", "طريق", color=True).stdout
    assert "\x1b[1;31mطريق\x1b[0m" in written
    assert "\x1b[1;33mالحرير\x1b[0m" in written


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_each_arabic_value_is_isolated(run):
    written = run("search", "طريق", color=True).stdout
    assert "\u2068تاريخ\u2069, \u2068تجارة\u2069" in written


def test_in_a_pipe_there_are_no_colours_and_no_isolates(run):
    written = run("search", "طريق", color=True).stdout
    assert not {"\x1b", "\u2068", "\u2069"} & set(written)
