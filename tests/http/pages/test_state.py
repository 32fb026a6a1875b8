"""The URL of a page: what it asks for, and that it is written as it was read."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from search_service.http import create_app
from search_service.http.backend import LazyBackend
from search_service.http.pages.state import MAX_FILTERS, Fault, State, read_state
from search_service.search_request import SORTS


@pytest.fixture
def read(app: Flask):
    """Return what reads the parameters of a URL, as a view does."""

    def reading(url: str):
        with app.test_request_context(url) as context:
            return read_state(context.request.args)

    return reading


def test_a_search_is_read_from_its_url(read):
    state, faults = read(
        "/?q=طريق&page=2&size=20&match=all&exact=true&sort=-date"
        "&filter=tags:علوم&filter=year:2020&from=2020-01&to=2020-06-15&lang=en"
    )
    assert faults == ()
    assert state == State(
        query="طريق",
        page=2,
        size=20,
        match="all",
        exact=True,
        sort="-date",
        filters=("tags:علوم", "year:2020"),
        since=datetime.date(2020, 1, 1),
        until=datetime.date(2020, 6, 15),
        lang="en",
    )
    assert state.all_filters == ("tags:علوم", "year:2020", "date:2020-01-01..2020-06-15")


def test_a_form_sends_empty_fields_and_they_ask_for_nothing(read):
    state, faults = read("/?q=طريق&from=&to=&filter=&page=&sort=&match=&lang=")
    assert (state, faults) == (State(query="طريق"), ())


def test_dates_may_be_typed_in_the_digits_of_the_reader(read):
    state, _ = read("/?from=٢٠٢٠")
    assert state.since == datetime.date(2020, 1, 1)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("page=0", Fault("page", "0")),
        ("page=-1", Fault("page", "-1")),
        ("page=x", Fault("page", "x")),
        ("page=1e3", Fault("page", "1e3")),
        ("page=٢", Fault("page", "٢")),
        ("page=9999999", Fault("page", "9999999")),
        ("size=0", Fault("size", "0")),
        ("size=10000", Fault("size", "10000")),
        ("match=some", Fault("match", "some")),
        ("exact=perhaps", Fault("exact", "perhaps")),
        ("sort=price", Fault("sort", "price")),
        ("from=yesterday", Fault("from", "yesterday")),
        ("to=2021-02-30", Fault("to", "2021-02-30")),
        ("from=2021&to=2020", Fault("range", "2021-01-01..2020-12-31")),
    ],
)
def test_what_makes_no_sense_is_named_and_left_out(read, query, fault):
    state, faults = read(f"/?q=طريق&{query}")
    assert faults == (fault,)
    assert state == State(query="طريق")


def test_more_filters_than_a_search_may_have_are_a_fault(read):
    many = "&".join(f"filter=year:{year}" for year in range(1000, 1001 + MAX_FILTERS))
    state, faults = read(f"/?{many}")
    assert [fault.name for fault in faults] == ["filters"]
    assert len(state.filters) == MAX_FILTERS


def test_a_language_that_the_page_does_not_speak_is_the_browsers_choice(read):
    assert read("/?lang=xx") == (State(), ())


def test_a_change_leads_to_the_first_page(read):
    state, _ = read("/?q=طريق&page=5")
    assert state.with_(sort="date").page == 1
    assert state.with_(page=6).page == 6


def test_a_filter_is_put_in_and_taken_out_by_the_same_step():
    state = State(query="طريق", filters=("year:2020",))
    assert state.toggled("tags:علوم").toggled("tags:علوم") == state
    assert state.toggled("year:2020") == State(query="طريق")


@pytest.mark.parametrize(
    ("state", "asks"),
    [
        (State(), False),
        (State(query="  "), False),
        (State(lang="en", match="all"), False),
        (State(query="طريق"), True),
        (State(filters=("tags:علوم",)), True),
        (State(since=datetime.date(2020, 1, 1)), True),
        (State(sort="-date"), True),
    ],
)
def test_documents_are_asked_for_by_words_filters_dates_or_an_order(state, asks):
    assert state.asks is asks


days = st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
states = st.builds(
    State,
    query=texts,
    page=st.integers(1, 1000),
    size=st.integers(1, 100),
    match=st.sampled_from(["any", "all"]),
    exact=st.booleans(),
    sort=st.sampled_from(sorted(SORTS)),
    filters=st.lists(texts.map(str.strip).filter(bool), max_size=3, unique=True).map(tuple),
    since=st.none() | days,
    until=st.none(),
    lang=st.sampled_from([None, "ar", "en"]),
)


def _no_backend():
    raise AssertionError("no search is made")


APP = create_app(LazyBackend(_no_backend))


@given(states)
def test_a_url_is_read_as_it_was_written(state):
    with APP.test_request_context("/"):
        url = state.url
    with APP.test_request_context(url) as context:
        assert read_state(context.request.args) == (state, ())


@given(st.dictionaries(st.sampled_from(sorted(State(query="x").__slots__)), texts))
def test_no_parameter_breaks_the_reading(sent):
    with APP.test_request_context("/"):
        state, _ = read_state(MultiDict(sent))
        url = state.url
    # Whatever was sent, what was made of it is a search without faults.
    with APP.test_request_context(url) as context:
        assert read_state(context.request.args) == (state, ())


def test_a_link_to_a_document_knows_the_search_that_found_it(app):
    state = State(query="طريق", page=3, filters=("tags:علوم",))
    with app.test_request_context("/"):
        parts = urlsplit(state.reader_url("a b/ج?#"))
        back = urlsplit(state.url)
    assert parts.path == "/documents/a%20b/%D8%AC%3F%23"
    assert parts.query == back.query
