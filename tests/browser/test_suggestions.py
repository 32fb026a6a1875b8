"""Suggestions while typing: by keyboard, by touch, late and lost answers."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest


def query_of(page):
    return parse_qs(urlsplit(page.url).query)["q"]


@pytest.fixture
def page(visit):
    one = visit()
    one.open("/")
    return one.page


def type_in(page, text):
    page.locator("#q").press_sequentially(text)
    page.locator("#options li").first.wait_for()


def test_typing_brings_suggestions_and_enter_takes_the_chosen_one(page):
    type_in(page, "الاميرك")
    box = page.get_by_role("combobox")
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    chosen = page.locator('#options [aria-selected="true"]')
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    text = box.input_value()
    assert text != "الاميرك"
    box.press("Enter")
    page.wait_for_url("**/?q=*")
    assert query_of(page) == [text]
    assert page.locator(".hits > li").count() > 0


def test_arrows_go_round_through_the_box_and_escape_gives_back_what_was_typed(page):
    type_in(page, "المد")
    box = page.locator("#q")
    box.press("ArrowUp")
    last = page.locator("#options li").last
    assert last.get_attribute("aria-selected") == "true"
    box.press("ArrowDown")
    assert box.input_value() == "المد"
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    assert box.input_value() != "المد"
    box.press("Escape")
    assert box.input_value() == "المد"
    assert page.locator("#options").is_hidden()
    assert box.get_attribute("aria-expanded") == "false"
    box.press("Enter")
    page.wait_for_url("**/?q=*")
    assert query_of(page) == ["المد"]


def test_a_suggestion_is_chosen_by_touch(visit):
    one = visit(has_touch=True, viewport={"width": 360, "height": 740})
    one.open("/")
    type_in(one.page, "الكت")
    option = one.page.locator("#options li", has_not_text="وثيقة").first
    text = option.locator(".what").inner_text()
    option.tap()
    one.page.wait_for_url("**/?q=*")
    assert query_of(one.page) == [text]


def test_a_title_leads_to_its_document(page):
    type_in(page, "قوافل طريق")
    page.locator("#options li", has_text="وثيقة").first.click()
    page.wait_for_url("**/documents/**")
    assert "قوافل طريق الحرير" in page.locator("h1").inner_text()
    assert query_of(page) == ["قوافل طريق"]
    assert page.locator("mark[id]").count() > 0


def test_the_typed_part_is_marked(page):
    type_in(page, "الاميرك")
    assert page.locator("#options .typed").first.inner_text()
    assert page.locator("#options .rest").first.inner_text()


def test_the_number_of_suggestions_is_said(page):
    type_in(page, "المد")
    number = page.locator("#options li").count()
    assert str(number) in page.locator("#suggested").inner_text()


def test_while_typing_goes_on_the_server_is_not_asked(page):
    page.clock.install()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#q").press_sequentially("المدي")
    page.clock.run_for(50)
    assert asked == []
    page.clock.run_for(500)
    page.locator("#options li").first.wait_for()
    assert len(asked) == 1


def test_an_answer_that_comes_too_late_is_dropped(page, suggested):
    waiting = []

    def answer(route):
        if parse_qs(urlsplit(route.request.url).query)["q"] == ["ك"]:
            waiting.append(route)
        else:
            route.fulfill(body=suggested("كتاب"), content_type="application/json")

    page.route("**/v1/suggest?*", answer)
    with page.expect_request("**/v1/suggest?*"):
        page.locator("#q").press_sequentially("ك")
    type_in(page, "ت")
    waiting[0].fulfill(body=suggested("كلب"), content_type="application/json")
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 50))")
    assert page.locator("#options li .what").all_inner_texts() == ["كتاب"]


def test_markup_in_a_suggestion_is_text(page, suggested):
    evil = "<img src=x onerror=alert(1)>"
    page.route(
        "**/v1/suggest?*",
        lambda route: route.fulfill(body=suggested(evil), content_type="application/json"),
    )
    type_in(page, "ك")
    assert page.locator("#options .what").inner_text() == evil


def test_searching_works_where_suggestions_fail(page):
    page.route("**/v1/suggest?*", lambda route: route.fulfill(status=503, body="no"))
    with page.expect_response("**/v1/suggest?*"):
        page.locator("#q").press_sequentially("طريق")
    assert page.locator("#options").is_hidden()
    page.locator("#q").press("Enter")
    page.wait_for_url("**/?q=*")
    assert page.locator(".hits > li").count() > 0


def test_under_a_prefix_the_suggestions_are_those_of_the_prefix(visit):
    one = visit()
    one.open("/empty/")
    with one.page.expect_response("**/empty/v1/suggest?*") as asked:
        one.page.locator("#q").press_sequentially("المد")
    assert asked.value.ok
    assert one.page.locator("#options").is_hidden()
