"""A running service and pages of it that are watched: errors, and requests to anywhere else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from api.accounts.links import make_sign_in_link
from api.accounts.persons import (
    Details,
    create_first,
    create_person,
    list_people,
)
from api.accounts.roles import ROLES
from api.storage.store import Store
from api.storage.workspaces import create_workspace

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


def listen(watched: Watched) -> None:
    """Note what goes wrong on a page, and what it asks of others."""
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
