"""Pictures of the main pages for the documentation, made from a running service over the example case.

``make pictures`` starts a service on a folder of its own, walks through the pages in Chromium
(apt-get install chromium) and writes PNG files into docs/pictures/. Nothing of a real case is in them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from api.storage.matters import create_matter  # noqa: E402 - the repository is put on the path first
from api.storage.settings import StoreSettings  # noqa: E402
from api.storage.store import Store  # noqa: E402
from tests.pages.browser.matters import origin_document  # noqa: E402

OUT = ROOT / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
SIZES = {"laptop": (1280, 800), "phone": (390, 844), "projector": (1024, 768)}
#: Name, address (``{matter}`` stands for the example's), size, language.
PICTURES = [
    ("desk", "/", "laptop", "en"),
    ("question", "/matters/{matter}/ask/fear_well_founded", "laptop", "en"),
    ("question-phone", "/matters/{matter}/ask/fear_well_founded", "phone", "uk"),
    ("verdict", "/matters/{matter}/verdict", "laptop", "en"),
    ("graph", "/matters/{matter}/graph", "laptop", "en"),
    ("instruments", "/matters/{matter}/relations", "laptop", "en"),
    ("law", "/law/instruments/cat", "laptop", "en"),
    ("training", "/training", "projector", "en"),
]


def main() -> None:
    """Make all pictures."""
    folder = Path(tempfile.mkdtemp(prefix="dedere-pictures-"))
    log = folder / "log"
    environment = {**os.environ, "DEDERE_DATA": str(folder / "data"), "DEDERE_WORKERS": "1"}
    with log.open("wb") as out:
        command = [sys.executable, "-m", "api", "serve", "--port", "0"]
        service = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=out)  # noqa: S603 - our own command
    try:
        _walk(_link(log), folder / "data")
    finally:
        service.terminate()
        service.wait(timeout=60)
        shutil.rmtree(folder)


def _link(log: Path) -> str:
    for _ in range(300):
        found = re.search(r"http://\S+/link#\S+", log.read_text("utf-8"))
        if found:
            return found[0]
        time.sleep(0.2)
    raise SystemExit("the service did not start")


def _walk(link: str, data: Path) -> None:
    address = link.partition("/link")[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        page.goto(link)
        page.click("main button")
        page.wait_for_url(address + "/")
        matter = _example(data)
        page.goto(f"{address}/matters/{matter}")
        page.click("form[action$='/assess'] button")
        for name, path, size, language in PICTURES:
            _picture(page, address, path.format(matter=matter), SIZES[size], language)
            page.screenshot(path=OUT / f"{name}.png")
            print(f"docs/pictures/{name}.png")  # noqa: T201
        browser.close()


def _example(data: Path) -> str:
    store = Store.open(StoreSettings(data=data))
    with store.write(store.workspaces()[0], "sys_pictures") as tx:
        matter = create_matter(tx, "Example 1", origin_document()).id
    store.close()
    return matter


def _picture(page: Page, address: str, path: str, size: tuple[int, int], language: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    cookie = {"name": "dedere-language", "value": language, "url": address, "secure": True}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(address + path)


if __name__ == "__main__":
    main()
