"""A trainer with two phones in Chromium: voting, the projector's size and contrast, keys, the file for use offline.

T18 nothing is asked elsewhere; T24 axe finds nothing, presenter text of at least 24 px at 7 to 1; scripts off.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.pages.browser.conftest import Watched
from tests.pages.browser.test_every_page import RULES

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
#: The size of every visible text, and its contrast with what is behind it.
MEASURE = """() => {
  const light = c => { const l = c.map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * l[0] + .7152 * l[1] + .0722 * l[2]; };
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const back = element => { for (let at = element; at; at = at.parentElement) {
    const found = parts(getComputedStyle(at).backgroundColor); if (found.length < 4 || found[3] > 0) return found; }
    return [255, 255, 255]; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), measured = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement, box = element.getBoundingClientRect();
    if (!node.data.trim() || !element.checkVisibility() || box.width < 2 || box.right < 0) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(parts(style.color)), light(back(element))].sort((a, b) => b - a);
    measured.push([node.data.trim().slice(0, 40), parseFloat(style.fontSize), (one + .05) / (other + .05)]);
  }
  return measured;
}"""


def begins(trainer: Watched, case: str = "Baysakov") -> str:
    """Begin a session; gives its path."""
    trainer.go("/training")
    value = trainer.page.locator("#case option", has_text=case).first.get_attribute("value")
    trainer.page.select_option("#case", value)
    trainer.page.click("main button:has-text('Begin a session')")
    trainer.page.wait_for_url(re.compile("/training/trn_"))
    return trainer.at()


def joins(phone: Watched, code: str) -> None:
    """Join by typing the code in small letters."""
    phone.go("/join")
    phone.page.fill("#code", code.lower())
    phone.page.click("main button")
    phone.page.wait_for_url("**/class")


def faults(page: Page) -> list[str]:
    """What axe finds."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']} {node['target']} {node['failureSummary'][:120]}" for one in found for node in one["nodes"]]


def test_two_phones_vote_and_the_projector_shows_it(watch: Callable[..., Watched]) -> None:
    trainer = watch(roles=("trainer",))
    session = begins(trainer)
    code = trainer.page.inner_text("#code")
    phones = [watch(signed_in=False, **PHONE), watch(signed_in=False, java_script_enabled=False, **PHONE)]
    for phone in phones:
        joins(phone, code)
    trainer.go(f"{session}/step/5?present=1")
    trainer.page.click("text=Ask: which ground is next?")
    expect(phones[0].page.locator("button.ballot")).to_have_count(4, timeout=15_000)
    phones[1].page.reload()
    phones[0].page.locator("button.ballot").nth(0).click()
    phones[1].page.locator("button.ballot").nth(2).click()
    for phone in phones:
        expect(phone.page.locator("main")).to_contain_text("Your vote is counted")
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    bars = trainer.page.locator("#votes .bars li")
    expect(trainer.page.locator("#votes")).to_contain_text("2 of 2 have voted", timeout=15_000)
    assert [re.search(r"\d+ \(", text)[0] for text in bars.all_inner_texts()] == ["1 (", "0 (", "1 (", "0 ("]  # type: ignore[index]
    trainer.page.click("text=Show the answer")
    expect(trainer.page.locator("#votes .right")).to_have_count(1)
    expect(phones[0].page.locator(".bars .right")).to_have_count(1, timeout=15_000)
    assert faults(phones[0].page) == []


def test_T24_on_the_projector_text_is_large_and_dark_enough(watch: Callable[..., Watched]) -> None:
    trainer = watch(roles=("trainer",), color_scheme="dark")
    session = begins(trainer)
    trainer.page.click("text=Show the outcome")
    for path in ("/step/2?present=1", "/step/7?present=1", "/step/11?present=1"):
        trainer.go(session + path)
        if path.startswith("/step/7"):
            trainer.page.click("text=Ask: what is the outcome?")
            trainer.page.wait_for_selector("#votes .bars")
        measured = trainer.page.evaluate(MEASURE)
        assert len(measured) > 15
        assert [one for one in measured if one[1] < 24] == []
        assert [one for one in measured if one[2] < 7] == []
        assert trainer.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_keys_walk_the_steps(watch: Callable[..., Watched]) -> None:
    trainer = watch(roles=("trainer",))
    session = begins(trainer)
    trainer.go(f"{session}/step/1?present=1")
    for key, number in (("ArrowRight", 2), ("Space", 3), ("ArrowLeft", 2), ("End", 11), ("Home", 1), ("ArrowLeft", 1)):
        with trainer.page.expect_navigation(url=f"**/step/{number}?present=1"):
            trainer.page.keyboard.press(key)
    trainer.page.keyboard.press("h")
    expect(trainer.page.locator(".case .badge")).to_contain_text("Synthetic case")
    assert "Baysakov" not in trainer.text()
    trainer.page.keyboard.press("p")
    trainer.page.wait_for_url(f"**{session}/step/1")
    trainer.page.keyboard.press("g")
    assert trainer.page.locator(".zones").is_hidden()
    assert trainer.page.locator(".picture img").evaluate("image => image.complete && image.naturalWidth > 300")


def test_notes_in_a_second_window_follow_the_first(watch: Callable[..., Watched]) -> None:
    trainer = watch(roles=("trainer",))
    session = begins(trainer)
    trainer.go(f"{session}/step/3")
    with trainer.page.context.expect_page() as opened:
        trainer.page.locator(".tools-row a[target=notes]").click()
    expect(opened.value.locator("#notes h2").first).to_contain_text("Step 3 of 10")
    trainer.page.keyboard.press("ArrowRight")
    expect(opened.value.locator("#notes h2").first).to_contain_text("Step 4 of 10", timeout=15_000)


def test_T24_axe_finds_nothing_in_the_training_room(watch: Callable[..., Watched]) -> None:
    trainer = watch(roles=("trainer",))
    session = begins(trainer)
    trainer.page.click("text=Hand the exercise out")
    trainer.go(f"{session}/beside")
    trainer.page.click("button:has-text('Put beside')")
    trainer.page.wait_for_url("**/beside#parting")
    found = {}
    own = ("", "/step/5", "/step/5?present=1", "/step/11", "/change", "/change?fact=case//measure", "/beside", "/notes")
    for path in ("/training", "/training/exercises", "/join", *(session + one for one in (*own, "/handout/solution"))):
        trainer.go(path)
        if said := faults(trainer.page):
            found[path.removeprefix(session)] = said[:4]
    exercise = "/training/exercises/3-baysakov-recognised-opposition-refugees-wanted-for-economi"
    trainer.go(exercise)
    trainer.page.click("text=Mark it")
    found |= {"exercise": said} if (said := faults(trainer.page)) else {}
    assert found == {}


def test_narrow_screens_need_no_scrolling_sideways(watch: Callable[..., Watched]) -> None:
    trainer = watch(roles=("trainer",), viewport={"width": 320, "height": 640})
    session = begins(trainer)
    for path in ("/training", "/training/exercises", "/join", session, f"{session}/step/7", f"{session}/handout"):
        trainer.go(path)
        assert trainer.page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_without_scripts_the_whole_walk_goes_by_links_and_forms(watch: Callable[..., Watched]) -> None:
    trainer = watch(roles=("trainer",), java_script_enabled=False)
    session = begins(trainer)
    trainer.page.click("text=Go to step 1")
    trainer.page.click("a[rel=next]")
    trainer.page.wait_for_url(f"**{session}/step/2")
    trainer.page.click("text=Ask: what is the outcome?")
    expect(trainer.page.locator("#votes .bars li")).to_have_count(6)
    trainer.go(f"{session}/change?fact=case//state_dispelled_doubts")
    trainer.page.select_option("select[name=value]", "yes")
    trainer.page.click("text=Rewind with this value")
    expect(trainer.page.locator(".notice.lit")).to_contain_text("first step that differs")


def test_the_exported_file_opens_from_disk_without_a_network(
    watch: Callable[..., Watched], browser: Browser, tmp_path: Path
) -> None:
    trainer = watch(roles=("trainer",))
    session = begins(trainer)
    with trainer.page.expect_download() as download:
        trainer.page.click("text=The trace as one file")
    file = tmp_path / "trace.html"
    download.value.save_as(file)
    assert trainer.at() == session
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 720})
    page, asked, errors = context.new_page(), [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(file.as_uri())
    seen = page.locator(".page:visible h1")
    for key, heading in (
        ("ArrowRight", "Step 2 of 10"),
        ("Space", "Step 3 of 10"),
        ("ArrowLeft", "Step 2 of 10"),
        ("End", "The outcome"),
        ("Home", "Step 1 of 10"),
    ):
        page.keyboard.press(key)
        assert seen.all_inner_texts() == [heading]
    assert page.locator(".page:visible img").evaluate("image => image.naturalWidth > 300")
    assert faults(page) == []
    assert min(one[1] for one in page.evaluate(MEASURE)) >= 24
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert errors == []
    context.close()
