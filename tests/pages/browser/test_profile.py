"""H7: after a lawyer's work nothing of a case is in the folder where a real browser keeps its history and forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.pages.browser.support import CHROMIUM, FLAGS, Site

REFERENCE, COUNT, EXHIBIT, AUTHOR, LISTED = (
    f"canary-{name}-4b7d" for name in ("ref", "count", "exhibit", "by", "list")
)
SEEN = "law-word-4b7d"  # searched for in the law, whose address may hold it: shows that what is kept is found


@pytest.fixture
def profile(site: Site, tmp_path: Path) -> Path:
    """The folder of a browser in which somebody has worked and left quickly; the browser is closed."""
    folder = tmp_path / "profile"
    with sync_playwright() as playwright:
        options = {"executable_path": CHROMIUM, "args": FLAGS, "locale": "en-GB"}
        context = playwright.chromium.launch_persistent_context(str(folder), **options)  # type: ignore[arg-type]
        _work(context.pages[0], site)
        context.close()
    return folder


def _work(page: Page, site: Site) -> None:
    page.goto(site.link()[0])
    page.click("main button")
    page.wait_for_url(re.compile(r"/(training|you)?$"))
    page.goto(f"{site.address}/matters/new")
    page.fill("#reference", REFERENCE)
    page.fill("#assessed_on", "2020-01-13")
    page.fill("textarea", COUNT)
    page.click("form.card button.main")
    page.wait_for_url(re.compile("/relations$"))
    matter = page.url.split("/")[-2]
    page.goto(f"{site.address}/matters/{matter}/exhibits")
    page.fill("#title-new", EXHIBIT)
    page.fill("#author-new", AUTHOR)
    page.click("button[value=add]")
    page.wait_for_load_state()
    page.goto(f"{site.address}/matters/{matter}/lists/counts")
    page.fill("#title", LISTED)
    page.click("button[value=add]")
    page.wait_for_load_state()
    page.goto(site.address)
    page.fill("#q", REFERENCE)
    page.click("form[role=search] button")
    page.wait_for_load_state()
    assert REFERENCE in page.inner_text("table")
    page.goto(f"{site.address}/law?q={SEEN}")
    page.goto(f"{site.address}/matters/{matter}/lists/counts")
    page.fill("#title", f"{LISTED} not sent")  # as a session is kept when the browser ends midway
    page.wait_for_timeout(300)
    page.goto(f"{site.address}/leave")


def _kept(folder: Path, word: str) -> list[str]:
    """The files of a profile that hold a word, in either form in which browsers write text."""
    forms = (word.encode("ascii"), word.encode("utf-16-le"))
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.relative_to(folder).as_posix() for path in files if any(form in path.read_bytes() for form in forms)]


def test_H7_nothing_of_a_case_is_left_in_the_profile_of_the_browser(profile: Path) -> None:
    assert _kept(profile, SEEN), "the profile is looked through where history is"
    found = {word: _kept(profile, word) for word in (REFERENCE, COUNT, EXHIBIT, AUTHOR, LISTED)}
    assert {word: files for word, files in found.items() if files} == {}
