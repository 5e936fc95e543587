"""The lawyer's whole way on the origin case: sign in, intake, interview, verdict, memo; T18 on every page of it.

Every day the interview asks a few of its questions, and the other answers are kept as a program would keep
them; ``pytest -m slow tests/pages/browser/test_lawyer.py`` has all asked and answered on the pages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from api.storage.matters import add_version, read_facts
from api.storage.workspaces import create_workspace
from tests.pages.browser.matters import origin_document
from tests.pages.browser.origin import CASE, known
from tests.pages.browser.support import Site, Watched

FEW, MOST = 8, 60  # questions; what the origin case says nothing of is answered with not known


def intake(watched: Watched, reference: str) -> str:
    """Make the matter by the short intake; gives its id."""
    page = watched.page
    watched.go("/matters/new")
    page.fill("#reference", reference)
    page.fill("#assessed_on", CASE["assessed_on"])
    page.fill("#f-requesting_state", "Kazakhstan")
    page.fill("#f-requested_state", "Ukraine")
    page.fill("textarea", "\n".join(one["title"] for one in CASE["counts"]))
    page.click("form.card button.main")
    page.wait_for_url(re.compile("/relations$"))
    return watched.at().split("/")[2]


def answer(page: Page, path: str) -> None:
    """Answer one question as the origin case has it: not known where it says nothing."""
    fact = path.rsplit("/", maxsplit=1)[-1].partition("?")[0]
    item = re.search(r"item=(\w+)-(\d+)", path)
    parts = {"count": "counts", "assurance": "assurances", "step": "asylum_steps"}
    where = (parts[item[1]], int(item[2]) - 1) if item else ("case", 0)
    found = known(*where, fact)
    _fill(page, found or {"value": "unknown"})
    with page.expect_navigation():
        page.click("form[data-autosave] button.main")


def _fill(page: Page, finding: dict[str, Any]) -> None:
    if finding.get("standing") == "disputed":
        page.check("input[name=answer][value=disputed]")
        for side in ("person", "state"):
            _side(page, side, finding[side])
        return
    value = finding["value"]
    plain = isinstance(value, str) and page.locator(f"input[name=answer][value='{value}']").count()
    assert plain or page.locator("input[name=answer][value=value]").count(), (page.url, value)
    if plain:
        page.check(f"input[name=answer][value='{value}']")
    else:
        page.check("input[name=answer][value=value]")
        _side(page, "value", value)
    if finding.get("standing") == "established":
        if not page.is_visible("#standing-field"):
            page.locator("details.more", has=page.locator("#standing-field")).locator("summary").click()
        page.select_option("#standing-field", "established")


def _side(page: Page, side: str, value: Any) -> None:
    boxes = page.locator(f"input[type=checkbox][name={side}]")
    if boxes.count():
        for one in value:
            page.check(f"input[type=checkbox][name={side}][value='{one}']")
        return
    field = page.locator(f"[name={side}]").first
    text = ", ".join(value) if isinstance(value, list) else value
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(text)
    else:
        field.fill(text)


def steps(watched: Watched, matter: str) -> None:
    """List the steps of the asylum procedure, which the questions are about."""
    page = watched.page
    watched.go(f"/matters/{matter}/lists/asylum_steps")
    for one in CASE["asylum_steps"]:
        page.fill("#title", one["title"])
        page.fill("#dated", one["step_on"]["value"])
        page.click("button[value=add]")
        assert page.locator(".alert").count() == 0, page.inner_text(".alert")


def test_from_sign_in_to_the_memo(watch: Callable[..., Watched], site: Site) -> None:
    workspace = create_workspace(site.store, "A law centre", "usr_test")
    anna = watch(workspace=workspace, locale="en-GB")
    matter = begun(anna)
    questions(anna, matter, FEW)
    with site.store.write(workspace, "usr_test") as tx:
        answered, whole = read_facts(tx, matter), origin_document()
        add_version(tx, matter, answered.version, {**whole, "facts": {**whole["facts"], **answered.document["facts"]}})
    to_the_memo(anna, matter)


@pytest.mark.slow
def test_from_sign_in_to_the_memo_with_every_question(watch: Callable[..., Watched]) -> None:
    anna = watch(locale="en-GB")
    matter = begun(anna)
    questions(anna, matter, MOST)
    to_the_memo(anna, matter)


def begun(anna: Watched) -> str:
    """The matter by intake, with the steps of the asylum procedure."""
    matter = intake(anna, "UA-2020/1")
    assert "Minsk" in anna.text()
    steps(anna, matter)
    return matter


def questions(anna: Watched, matter: str, most: int) -> None:
    """Answer what the interview asks, one question after the other."""
    anna.go(f"/matters/{matter}/next")
    for _ in range(most):
        if anna.at().endswith("/answers"):
            break
        if "/lists/" in anna.at():
            with anna.page.expect_navigation():
                anna.page.click("a:has-text('Go on')")
        else:
            answer(anna.page, anna.at())


def to_the_memo(anna: Watched, matter: str) -> None:
    """Assess, read the verdict, take the memo, and find the matter on the desk."""
    page = anna.page
    anna.go(f"/matters/{matter}/answers")
    page.click("form button:has-text('Assess for the record')")
    page.wait_for_url(re.compile("/verdict$"))
    text = anna.text()
    assert "not now" in text
    assert "33" in text
    anna.go(f"/matters/{matter}/memo")
    with page.expect_download() as waiting:
        page.click("main form button.main")
    raw = waiting.value.path().read_bytes()
    said = "".join(one.extract_text() for one in PdfReader(io.BytesIO(raw)).pages) if raw[:4] == b"%PDF" else ""
    assert raw[:2] == b"PK" or "Kazakhstan" in said
    anna.go("/")
    assert "UA-2020/1" in anna.text()
    assert page.title() == "Desk"


def test_the_same_way_without_a_script(watch: Callable[..., Watched]) -> None:
    anna = watch(java_script_enabled=False, locale="en-GB")
    page = anna.page
    matter = intake(anna, "UA-2020/2")
    for _ in range(4):
        anna.go(f"/matters/{matter}/next")
        if "/ask/" in anna.at():
            answer(page, anna.at())
    anna.go(f"/matters/{matter}/answers")
    page.click("form button:has-text('Assess for the record')")
    page.wait_for_url(re.compile("/verdict$"))
    assert "undetermined" in anna.text()


def test_two_people_edit_one_matter_and_lose_nothing(watch: Callable[..., Watched]) -> None:
    anna = watch(locale="en-GB")
    matter = intake(anna, "UA-2020/3")
    anna.go("/you")
    workspace = next(one for one in anna.site.store.workspaces() if _has(anna, one, matter))
    boris = watch(workspace=workspace, locale="en-GB")
    anna.go(f"/matters/{matter}/ask/protection_sought")
    boris.go(f"/matters/{matter}/ask/protection_sought")
    boris.page.check("input[name=answer][value=no]")
    boris.page.click("form[data-autosave] button.main")
    boris.page.wait_for_url(re.compile("/ask/(?!protection_sought)|/answers"))
    anna.page.evaluate("document.querySelector('form[data-autosave]').removeAttribute('data-autosave')")
    anna.page.locator("input[name=answer][value=yes]").evaluate("one => { one.checked = true }")
    anna.page.click("form button.main:has-text('Save and go on')")
    assert "Somebody else has answered this question" in anna.text()
    anna.page.click("form button.main:has-text('Save and go on')")
    anna.go(f"/matters/{matter}/history")
    assert anna.page.title()


def _has(watched: Watched, workspace: str, matter: str) -> bool:
    from sqlalchemy import select

    from api.storage.tables import Matter

    with watched.site.store.read(workspace) as tx:
        found = tx.session.scalars(select(Matter.id).where(Matter.workspace_id == workspace)).all()
    return matter in found


def test_nothing_is_lost_when_the_connection_is(watch: Callable[..., Watched]) -> None:
    anna = watch(locale="en-GB")
    matter = intake(anna, "UA-2020/4")
    page = anna.page
    anna.go(f"/matters/{matter}/ask/protection_sought")
    page.context.set_offline(True)
    page.check("input[name=answer][value=yes]")
    expect(page.locator("#saved")).to_contain_text("no connection")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_have_text("Saved", timeout=20_000)
    page.reload()
    assert page.is_checked("input[name=answer][value=yes]")
    anna.errors[:] = [one for one in anna.errors if "ERR_INTERNET_DISCONNECTED" not in one]


def test_the_interview_by_keyboard_alone(watch: Callable[..., Watched]) -> None:
    anna = watch(locale="en-GB")
    matter = intake(anna, "UA-2020/5")
    page = anna.page
    anna.go(f"/matters/{matter}/ask/protection_sought")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "answer":
            break
    page.keyboard.press("Space")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Save and go on":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/ask/(?!protection_sought)|/answers"))


def test_leaving_quickly_leaves_nothing_behind(watch: Callable[..., Watched]) -> None:
    anna = watch(locale="en-GB")
    page = anna.page
    anna.go("/matters/new")
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(re.compile("/leave$"))
    assert page.inner_text("body") == ""
    page.go_back()
    assert "/sign-in" in page.url
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
