"""The two languages of the interface say the same things."""

from __future__ import annotations

import datetime
import re
import string
from pathlib import Path

import pytest

import search_service.http
from search_service.http.problems import KINDS
from search_service.http.wording import ARABIC, ENGLISH, LANGUAGES

PACKAGE = Path(search_service.http.__file__).parent


def holes(sentence: str) -> set[str]:
    """Return the names of what a sentence leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_every_sentence_with_the_same_holes():
    arabic, english = ARABIC.tables.TEXTS, ENGLISH.tables.TEXTS
    assert arabic.keys() == english.keys()
    assert [key for key in arabic if holes(arabic[key]) != holes(english[key])] == []


@pytest.mark.parametrize("table", ["ERRORS", "WARNINGS", "REASONS", "NOUNS"])
def test_both_languages_have_the_same_tables(table):
    assert getattr(ARABIC.tables, table).keys() == getattr(ENGLISH.tables, table).keys()


def test_every_sentence_that_a_page_asks_for_is_there_and_none_is_idle():
    files = [*PACKAGE.glob("templates/*.html"), *PACKAGE.glob("pages/*.py")]
    sources = "".join(path.read_text("utf-8") for path in files)
    known = ARABIC.tables.TEXTS.keys()
    asked = set(re.findall(r"\bt(?:\.plain)?\(\"(\w+)\"[,)]", sources))
    asked |= set(re.findall(r"\bt(?:\.plain)?\('(\w+)'[,)]", sources))
    assert asked <= known
    # The others are named by what they are about.
    families = ("fault_", "facet_", "tier_", "sort_")
    named = set(re.findall(r"[\"'](\w+)[\"']", sources))
    idle = {key for key in known - asked - named if not key.startswith(families)}
    assert idle == set()


@pytest.mark.parametrize("t", LANGUAGES.values(), ids=LANGUAGES)
def test_an_error_of_the_index_and_of_the_reader_has_its_own_sentence(t):
    said = set(KINDS) - {"malformed-body"}  # pages take no bodies
    assert said <= t.tables.ERRORS.keys()


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "ar"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.5, ar-EG", "ar"),
        ("fr, de", "ar"),
        ("*", "ar"),
    ],
)
def test_the_browsers_languages_decide(client, header, code):
    page = client.get("/", headers={"Accept-Language": header} if header else {})
    assert f'<html lang="{code}"' in page.text
    assert "Accept-Language" in page.vary


def test_the_switch_decides_against_the_browser_and_stays_in_links(client):
    page = client.get("/?q=طريق&lang=en", headers={"Accept-Language": "ar"}).text
    assert '<html lang="en" dir="ltr">' in page
    own = re.findall(r'href="(/(?:\?|documents)[^"]*)"', page)
    assert own
    other = [link for link in own if "lang=en" not in link]
    assert [link.count("lang=ar") for link in other] == [1], "only the switch back"
    assert 'name="lang" value="en"' in page


def test_the_switch_keeps_the_rest_of_the_url(client):
    page = client.get("/documents/plain?q=text&sort=date").text
    assert 'href="/documents/plain?q=text&amp;sort=date&amp;lang=en"' in page


def test_values_in_sentences_are_escaped_and_isolated():
    said = ENGLISH("nothing", query="<b>كتب</b>")
    assert said == "Nothing matches <bdi>&lt;b&gt;كتب&lt;/b&gt;</bdi>"


def test_days_are_written_out():
    day = datetime.date(2021, 5, 4)
    assert (ARABIC.date(day), ENGLISH.date(day)) == ("4 مايو 2021", "4 May 2021")
