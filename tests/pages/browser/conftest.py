"""One server and one browser for all tests here. Chromium is Debian's; without it these tests are skipped."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.people.links import make_sign_in_link
from api.people.persons import Details, create_first, create_person, list_people
from api.people.roles import ROLES
from api.store.settings import StoreSettings
from api.store.store import Store
from api.store.workspaces import create_workspace
from tests.api.support import ROOT, environment

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@dataclass(frozen=True)
class Site:
    """A running service over the real law."""

    address: str
    store: Store
    log: Path

    def link(self, roles: tuple[str, ...] = ROLES, workspace: str = "") -> tuple[str, str]:
        """A one-time sign-in link of somebody new, and the workspace, which is new unless given."""
        workspace = workspace or create_workspace(self.store, "A law centre", "usr_test")
        with self.store.write(workspace, "usr_test") as tx:
            number = len(list_people(tx))
            details = Details(f"Person {number}", f"person{number}")
            person = create_person(tx, details, roles) if number else create_first(tx, details)
            return f"{self.address}/link#{make_sign_in_link(tx, person.id)}", workspace


@dataclass
class Watched:
    """A page with everything that went wrong or went elsewhere while it was open."""

    page: Page
    site: Site
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.site.address + path)

    def at(self) -> str:
        """The path of the page."""
        return self.page.url.removeprefix(self.site.address)

    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The service on a free port."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    folder = tmp_path_factory.mktemp("site")
    log = folder / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "api", "serve", "--port", "0"],
            cwd=ROOT,
            env=environment(ROOT, DEDERE_DATA=str(folder / "data"), DEDERE_WORKERS="1"),
            stderr=out,
        )
    deadline = time.monotonic() + 120
    while not (found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))):
        assert time.monotonic() < deadline, "the service did not start"
        assert server.poll() is None, log.read_text("utf-8")
        time.sleep(0.2)
    store = Store.open(StoreSettings(data=folder / "data"))
    yield Site(found[0], store, log)
    store.close()
    server.send_signal(signal.SIGINT)
    server.wait(timeout=60)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def watch(site: Site, browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Makes pages, each of somebody signed in; at the end nothing may have gone wrong or elsewhere."""
    made: list[tuple[BrowserContext, Watched]] = []

    def open_page(
        roles: tuple[str, ...] = ROLES, workspace: str = "", signed_in: bool = True, **options: Any
    ) -> Watched:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})
        watched = Watched(context.new_page(), site)
        _listen(watched)
        made.append((context, watched))
        if signed_in:
            watched.page.goto(site.link(roles, workspace)[0])
            if options.get("java_script_enabled", True):
                watched.page.click("main button")
            else:
                link = site.link(roles, workspace)[0]
                watched.page.fill("#token", link.split("#")[1])
                watched.page.click("main button")
            watched.page.wait_for_url(re.compile(r"/(training|you)?$"))
        return watched

    yield open_page
    for context, watched in made:
        context.close()
        assert watched.errors == []
        assert watched.elsewhere == []


def _listen(watched: Watched) -> None:
    page, own = watched.page, watched.site.address
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on(
        "console",
        lambda said: (
            watched.errors.append(said.text) if said.type == "error" and "status of 4" not in said.text else None
        ),
    )
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((own, "data:", "blob:")) else watched.elsewhere.append(asked.url),
    )
