"""Verdict, board, picture, memo, what-if and history of the origin case in Chromium.

T18: nothing comes from elsewhere; T24: no fault that axe finds; the page of ``watch`` fails on any
message of the console, so also on a breach of the content security policy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from api.storage.matters import create_matter
from api.storage.workspaces import create_workspace
from engine.content.documents import read_path
from tests.api.support import ROOT
from tests.pages.browser.support import Site, Watched

ORIGIN = json.loads(json.dumps(read_path(ROOT / "examples" / "akhmetova.yaml").data, default=str))
SIZES = {"laptop": (1280, 720), "phone": (390, 844), "narrow": (320, 640), "projector": (1024, 768)}


Open = Callable[..., Watched]


def assessed(watch: Open, site: Site, **options: str) -> tuple[Watched, str]:
    """Somebody at the origin case, assessed by the button; gives the page and the matter's id."""
    workspace = create_workspace(site.store, "A law centre", "usr_test")
    with site.store.write(workspace, "usr_test") as tx:
        matter = create_matter(tx, "UA-2020/1", ORIGIN).id
    watched = watch(workspace=workspace, locale="en-GB", **options)
    watched.go(f"/matters/{matter}/verdict")
    watched.page.click("button:has-text('Assess for the record')")
    watched.page.wait_for_url(re.compile("/verdict$"))
    return watched, matter


def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_the_board_to_the_proof_the_picture_and_the_memo(watch: Open, site: Site) -> None:
    anna, matter = assessed(watch, site)
    page = anna.page
    assert "Surrender is not permitted" in anna.text()
    page.click(".contents a[href='#board']")
    page.locator(".board a.chip", has_text="33").first.click()
    ground = page.locator("#g-refugee-1951\\.art33_1")
    assert ground.evaluate("one => one.matches(':target')")
    ground.locator("summary", has_text="Proof").click()
    ground.get_by_text("The whole proof of this ground").click()
    assert "Where does the asylum or refugee case stand?" in ground.inner_text()
    ground.get_by_text("Show it as a picture").click()
    picture = page.locator(".pages-of-picture img")
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 1000
    page.click("nav.within a:has-text('Memo')")
    page.check("input[value=requesting_state]")
    page.check("input[name=form][value=md]")
    with page.expect_download() as waiting:
        page.click("main form button.main")
    assert waiting.value.suggested_filename == "memo.md"
    memo = Path(waiting.value.path()).read_text("utf-8")
    assert "Kazakhstan" in memo
    assert not re.search("asyl|refug", memo, re.IGNORECASE)
    assert page.title() == "Memo"
    assert matter in page.url


@pytest.mark.parametrize(("size", "screens"), [((1280, 800), 2.5), ((390, 844), 8)])
def test_the_verdict_is_acted_on_from_one_short_page(
    watch: Open, site: Site, tmp_path: Path, size: tuple[int, int], screens: float
) -> None:
    anna, _ = assessed(watch, site)
    page = anna.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert len(anna.text().split()) <= 600
    assert page.evaluate("document.documentElement.scrollHeight / innerHeight") <= screens
    for part in ("Weakest point:", "The other side's best argument", "Evidence to get first", "Next time limit"):
        assert part in anna.text()
    sheet = page.pdf(format="A4", path=str(tmp_path / "verdict.pdf"))
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) <= 4


def test_the_dossier_fits_one_screen_and_one_page(watch: Open, site: Site, tmp_path: Path) -> None:
    anna, matter = assessed(watch, site, viewport={"width": 1280, "height": 800})
    anna.go(f"/matters/{matter}/questions/illtreatment_risk_real")
    bottom = anna.page.evaluate("document.querySelector('.argument').getBoundingClientRect().bottom")
    assert bottom <= 800
    for name in ("Baysakov", "Dzhaksybergenov", "Sharipov", "Yefimova"):
        assert name in anna.text()
    sheet = anna.page.pdf(format="A4", path=str(tmp_path / "dossier.pdf"))
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1


def test_a_what_if_is_tried_saved_and_found_in_the_history(watch: Open, site: Site) -> None:
    anna, matter = assessed(watch, site)
    page = anna.page
    anna.go(f"/matters/{matter}/whatif")
    page.select_option("#more", "case::torture_risk_real")
    page.click("button:has-text('Try it')")
    page.locator("select[name='v-case::torture_risk_real']").select_option("yes")
    page.click("button:has-text('Try it')")
    page.wait_for_selector("h2:has-text('What it would change')")
    page.click("button:has-text('Save these as facts')")
    page.wait_for_url(re.compile("/history$"))
    assert "1 fact differs" in anna.text()
    anna.go(f"/matters/{matter}/verdict")
    assert "The facts have changed since" in anna.text()


@pytest.mark.parametrize(
    ("scheme", "rooms"),
    [
        ("light", ("board", "verdict", "whatif", "graph", "graph?ground=cat.art03_core", "memo", "history")),
        ("dark", ("board", "graph?ground=cat.art03_core", "history")),
    ],
)
def test_every_room_of_the_verdict_fits_every_size_and_passes_axe(
    watch: Open, site: Site, scheme: str, rooms: tuple[str, ...]
) -> None:
    anna, matter = assessed(watch, site, color_scheme=scheme)
    page = anna.page
    for room in rooms:
        anna.go(f"/matters/{matter}/{room}")
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert fits(page), (room, width)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:150]) for one in found] == [], room


def test_the_board_prints_on_two_pages_at_most(watch: Open, site: Site, tmp_path: Path) -> None:
    anna, matter = assessed(watch, site)
    anna.go(f"/matters/{matter}/board")
    sheet = anna.page.pdf(format="A4", path=str(tmp_path / "board.pdf"))
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", sheet)) <= 2
