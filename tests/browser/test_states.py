"""Every state of the pages: on every screen, in both languages, light and dark, for everybody.

Their pictures go to ``build/screenshots``: look at them after a change.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from tests.browser.visiting import SCREENSHOTS, Visit


class State(NamedTuple):
    """A page as a reader may see it; ``act`` is what they do there."""

    path: str
    parameters: dict[str, Any]
    status: int = 200
    act: str = ""


STATES = {
    "welcome": State("/", {}),
    "suggestions": State("/", {}, act="type"),
    "results": State("/", {"q": "كتب المدينة القديمة"}),
    "narrowed": State("/", {"q": "كتب المدينة", "filter": "tags:ثقافة", "from": "2016-01-01"}),
    "document": State(
        "/documents/science/006-ai-and-arabic.md", {"q": "الكتب العربية"}, act="first match"
    ),
    "nothing": State("/", {"q": '"كتب المدينة الخضراء"'}),
    "fault": State("/", {"q": "كتاب", "page": 0, "filter": "("}, 422),
    "error": State("/broken/", {"q": "كتاب"}, 503),
    "empty": State("/empty/", {}),
    "hostile": State("/hostile/", {"q": "طريق"}),
    "unknown document": State("/hostile/documents/none", {"q": "طريق"}, 404),
    "docs": State("/docs", {}),
}
SCREENS = {
    "phone": {"width": 360, "height": 740},
    "tablet": {"width": 820, "height": 1100},
    "desktop": {"width": 1280, "height": 860},
}


def show(one: Visit, state: State) -> None:
    assert one.open(state.path, **state.parameters).status == state.status
    if state.act == "type":
        one.page.locator("#q").press_sequentially("الكت")
        one.page.locator("#options li").first.wait_for()
        one.page.keyboard.press("ArrowDown")
    elif state.act == "first match":
        one.page.get_by_role("link", name="إلى أول موضع").or_(
            one.page.get_by_role("link", name="To the first match")
        ).click()


def picture(one: Visit, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    one.page.screenshot(path=SCREENSHOTS / f"{name.replace(' ', '-')}.png")


@pytest.mark.parametrize("name", STATES)
def test_no_page_is_wider_than_its_screen(visit, name):
    one = visit()
    show(one, STATES[name])
    for screen, size in SCREENS.items():
        one.page.set_viewport_size(size)
        picture(one, f"{name}-{screen}")
        assert one.overflow() == 0, screen


@pytest.mark.parametrize("name", STATES)
def test_everybody_can_use_it_by_day_and_by_night(visit, name):
    one = visit()
    show(one, STATES[name])
    # axe looks at the contrast of each of the many words of /docs; its colours are the others'.
    for scheme in ("light", "dark") if name != "docs" else ("light",):
        one.page.emulate_media(color_scheme=scheme)
        assert one.violations() == [], scheme
    picture(one, f"{name}-dark")


@pytest.mark.parametrize("name", ["welcome", "narrowed", "document", "nothing", "fault", "empty"])
def test_everybody_can_use_it_in_english(visit, name):
    one = visit(locale="en")
    show(one, STATES[name])
    assert one.page.locator("html").get_attribute("lang") == "en"
    picture(one, f"{name}-english")
    assert one.violations() == []


@pytest.mark.parametrize("name", ["narrowed", "document"])
def test_everybody_can_use_it_on_a_phone(visit, name):
    one = visit(viewport=SCREENS["phone"], has_touch=True)
    show(one, STATES[name])
    if name == "narrowed":
        one.page.locator(".narrow summary").first.tap()
    picture(one, f"{name}-phone-open")
    assert one.violations() == []


def test_dark_pages_are_dark(visit):
    colours = []
    for scheme in ("light", "dark"):
        one = visit(color_scheme=scheme)
        one.open("/", q="كتب")
        shade = "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)"
        colours.append(sum(one.page.evaluate(shade)))
    assert colours[0] > 600
    assert colours[1] < 150


def test_on_a_desktop_the_facets_stand_open_and_on_a_phone_they_are_folded(visit):
    for screen, shown in (("desktop", True), ("phone", False)):
        one = visit(viewport=SCREENS[screen])
        one.open("/", q="كتب")
        assert one.page.locator(".values a").first.is_visible() is shown
        assert one.page.locator(".narrow summary").first.is_visible() is not shown
