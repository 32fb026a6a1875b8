"""A reader's way: search, narrow, order, turn the page, read, go back, share."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

QUERY = "كتب المدينة"


def parameters(page):
    return parse_qs(urlsplit(page.url).query)


def state_of(one):
    page = one.page
    chips = page.locator(".chip").all_inner_texts()
    chosen = page.locator(".sorts [aria-current]").all_inner_texts()
    return page.locator(".count strong").inner_text(), chips, chosen, one.titles()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_everything_from_the_box_to_the_document_and_back(visit, scripts):
    one = visit(java_script_enabled=scripts)
    page = one.page
    one.open("/")
    page.locator("#q").fill(QUERY)
    page.get_by_role("button", name="ابحث", exact=True).click()
    page.wait_for_url("**/?q=*")
    facet = page.locator(".values a").first
    number = facet.locator(".number").inner_text()
    facet.click()
    page.wait_for_url("**filter=*")
    assert page.locator(".count strong").inner_text().startswith(number)
    page.get_by_role("link", name="الأقدم").click()
    page.wait_for_url("**sort=date*")
    days = page.locator(".hits time").evaluate_all("all => all.map((one) => one.dateTime)")
    assert days == sorted(days)
    before = state_of(one)
    title = one.titles()[1]
    page.locator(".hits h2 a").nth(1).click()
    page.wait_for_url("**/documents/**")
    assert page.locator("h1").inner_text() == title
    page.go_back()
    assert state_of(one) == before
    page.go_forward()
    page.get_by_role("link", name="عودة إلى النتائج").click()
    page.wait_for_url("**/?q=*")
    assert state_of(one) == before


def test_the_next_page_has_other_results(visit):
    one = visit()
    one.open("/", q=QUERY)
    first = one.titles()
    one.page.get_by_role("link", name="التالية").click()
    one.page.wait_for_url("**page=2*")
    assert not set(first) & set(one.titles())
    one.page.go_back()
    assert one.titles() == first


def test_a_shared_url_shows_the_same_to_another_reader(visit):
    one, other = visit(), visit(locale="en")
    one.open("/", q=QUERY, filter="tags:ثقافة", sort="-date")
    path = one.page.url.removeprefix(one.address)
    other.open(path)
    assert other.titles() == one.titles()
    assert other.page.locator("html").get_attribute("lang") == "en"


def test_dates_are_chosen_in_a_form(visit):
    one = visit()
    one.open("/", q=QUERY, filter="tags:ثقافة", lang="ar")
    one.page.locator('[name="from"]').fill("2016-01-01")
    one.page.get_by_role("button", name="طبّق").click()
    one.page.wait_for_url("**from=2016-01-01*")
    sent = parameters(one.page)
    assert sent == {"q": [QUERY], "filter": ["tags:ثقافة"], "lang": ["ar"], "from": ["2016-01-01"]}
    days = one.page.locator(".hits time").evaluate_all("all => all.map((one) => one.dateTime)")
    assert days
    assert all(day >= "2016-01-01" for day in days)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_matches_are_stepped_through(visit, scripts):
    one = visit(java_script_enabled=scripts)
    page = one.page
    one.open("/", q="اللغة العربية")
    page.locator(".hits h2 a").first.click()
    page.wait_for_url("**/documents/**")
    page.get_by_role("link", name="إلى أول موضع").click()
    page.wait_for_url("**#m1")
    page.get_by_role("link", name="الموضع التالي").click()
    page.get_by_role("link", name="الموضع التالي").click()
    page.wait_for_url("**#m3")
    page.get_by_role("link", name="الموضع السابق").click()
    page.wait_for_url("**#m2")
    assert page.locator("mark:target").is_visible()
    assert page.locator(".steps:visible .place").inner_text().startswith("الموضع 2 من")


def test_stepping_leaves_the_way_back_short(visit):
    one = visit()
    page = one.page
    one.open("/", q="اللغة العربية")
    results = page.url
    page.locator(".hits h2 a").first.click()
    page.get_by_role("link", name="إلى أول موضع").click()
    # The keyboard stays on the link, so that Enter goes on and on.
    for _ in range(3):
        page.keyboard.press("Enter")
    # The address follows a key a moment later.
    page.wait_for_url("**#m4")
    page.go_back()
    assert page.url == results


def test_similar_documents_lead_on(visit):
    one = visit()
    one.open("/documents/history/001-house-of-wisdom.html")
    first = one.page.locator(".similar a").first
    title = first.inner_text()
    first.click()
    one.page.wait_for_function("document.title.length && !location.pathname.includes('001-house')")
    assert one.page.locator("h1").inner_text() == title


def test_the_language_is_switched_in_place(visit):
    one = visit()
    one.open("/", q=QUERY, sort="date")
    titles = one.titles()
    one.page.get_by_role("link", name="English").click()
    one.page.wait_for_url("**lang=en*")
    assert one.page.locator("html").get_attribute("dir") == "ltr"
    assert one.titles() == titles
    one.page.get_by_role("link", name="Oldest").click()
    assert one.page.locator("html").get_attribute("dir") == "ltr"


def test_the_keyboard_comes_to_the_results_in_one_step(visit):
    one = visit()
    one.open("/", q=QUERY)
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.className") == "skip"
    one.page.keyboard.press("Enter")
    one.page.keyboard.press("Tab")
    inside = "document.querySelector('.found').contains(document.activeElement)"
    assert one.page.evaluate(inside)


def test_a_slash_goes_to_the_box(visit):
    one = visit()
    one.open("/", q=QUERY)
    one.page.keyboard.press("/")
    assert one.page.evaluate("document.activeElement.id") == "q"
    one.page.keyboard.press("/")
    assert "/" in one.page.locator("#q").input_value()


def test_on_paper_there_are_only_results(visit):
    one = visit()
    one.open("/", q=QUERY)
    one.page.emulate_media(media="print")
    assert one.page.locator(".hits h2").first.is_visible()
    for away in ("form.search", ".narrow", ".sorts", ".pages", "footer"):
        assert one.page.locator(away).first.is_hidden(), away


def test_script_in_a_document_is_text_everywhere(visit, address):
    one = visit()
    one.open("/hostile/", q="طريق")
    assert "<script>" in one.titles()[0]
    one.page.locator("#q").press_sequentially(" <")
    for _ in range(2):
        one.page.mouse.move(300, 300)
        one.page.mouse.move(800, 500)
    one.page.locator(".hits h2 a").first.click()
    one.page.wait_for_url("**/documents/**")
    assert "<script>" in one.page.locator("h1").inner_text()
    assert one.page.locator(".document p.text").count() == 2
    assert one.page.locator("mark[id]").count() >= 2
    assert one.page.locator("main img, main svg, main script").count() == 0
    one.page.get_by_role("link", name="عودة إلى النتائج").click()
    one.page.locator(".values a").first.click()
    assert one.page.locator(".hits > li").count() == 1


def test_a_query_of_ten_thousand_characters_has_a_page(visit):
    one = visit(viewport={"width": 360, "height": 740})
    query = ("كتب المدينة " * 1000)[:10_000]
    answer = one.open("/", q=query)
    assert answer.status == 200
    assert one.overflow() == 0
    assert one.page.locator(".hits > li").count() > 0


def test_the_box_takes_no_more_than_a_url_can_hold(visit):
    one = visit()
    one.open("/")
    one.page.locator("#q").focus()
    one.page.keyboard.insert_text("كتاب " * 2000)
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/?q=*")
    assert len(parameters(one.page)["q"][0]) <= 800
    assert len(one.page.url) < 8000
    assert one.page.locator(".hits > li").count() > 0
