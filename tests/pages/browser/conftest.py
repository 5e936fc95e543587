"""One server and one browser for all tests here. Chromium is Debian's; without it these tests are skipped."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from api.accounts.roles import ROLES
from api.storage.settings import StoreSettings
from api.storage.store import Store
from tests.api.support import ROOT, environment
from tests.pages.browser.support import CHROMIUM, FLAGS, Site, Watched, listen


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one module: while it runs its loop runs in this thread, where other tests run theirs."""
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
        listen(watched)
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
