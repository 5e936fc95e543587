"""The law library in Chromium: searching by keyboard, an article beside its reading, two States in time.

T18: nothing comes from elsewhere (``watch`` sees to it); T24: axe finds nothing; it all works without scripts.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.pages.browser.conftest import Watched
from tests.pages.browser.test_every_page import faults

#: One page of every kind that the test of all pages does not open.
PAGES = (
    "/law/instruments/ets24",
    "/law/instruments/chisinau-2002/articles/final-clauses",
    "/law/facts/torture_risk_real",
    "/law/authorities/othman-2012",
)


def test_a_reader_finds_a_criterion_by_keyboard_and_goes_to_its_article_and_facts(
    watch: Callable[..., Watched],
) -> None:
    watched = watch(locale="uk")
    page = watched.page
    watched.go("/law")
    page.focus("#q")
    page.keyboard.type("Конвенція проти катувань ст. 3")
    page.keyboard.press("Enter")
    page.locator('.found a[href="/law/criteria/cat.art03_core"]').click()
    expect(page.locator("h1")).to_have_text("Небезпека катування в разі видачі")
    assert page.locator(".tree a[href^='/law/facts/']").count() > 3
    page.locator("p.about a").first.click()
    expect(page.locator("h1")).to_contain_text("видачі на катування")
    assert watched.at() == "/law/instruments/cat/articles/3"
    assert page.locator(".sides .reading").count() > 5


def test_two_states_in_time_are_drawn_and_told_without_scripts(watch: Callable[..., Watched]) -> None:
    watched = watch(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = watched.page
    watched.go("/law/relations")
    page.fill("#requesting", "Russian Federation")
    page.fill("#requested", "Ukraine")
    page.fill("#on", "2023-01-13")
    page.click("main form button")
    drawn = page.locator(".timeline img")
    expect(drawn).to_be_visible()
    answer = page.request.get(watched.site.address + str(drawn.get_attribute("src")))
    assert answer.headers["content-type"] == "image/svg+xml"
    box = drawn.bounding_box()
    assert box is not None
    assert box["height"] > 100
    expect(page.locator("table.periods")).to_contain_text("suspended between Ukraine and Russian Federation")


def test_the_timeline_is_a_picture_that_the_browser_can_draw(watch: Callable[..., Watched]) -> None:
    watched = watch(color_scheme="dark")
    watched.go("/law/relations?requesting=KAZ&requested=UKR&on=2020-01-13")
    image = "() => { const one = document.querySelector('.timeline img'); return [one.naturalWidth, one.currentSrc]; }"
    width, source = watched.page.evaluate(image)
    assert width == 940
    assert source.endswith("dark=1")


def test_T24_axe_finds_nothing_in_the_law_room(watch: Callable[..., Watched]) -> None:
    watched = watch(locale="uk", viewport={"width": 320, "height": 640})
    found = {}
    for path in PAGES:
        watched.go(path)
        if said := faults(watched):
            found[path] = said
        wide = watched.page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth + 1")
        assert not wide, path
    assert found == {}
