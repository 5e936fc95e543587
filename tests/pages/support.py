"""A visitor of the pages over Toyland: signed in, sending forms as a browser would."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import count
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

from api.accounts.persons import Details, create_person
from api.accounts.roles import ROLES
from api.accounts.sessions import SignIn, open_session, session_of
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from api.web.pages.visit import COOKIE
from tests.api.http.support import Client

HTML = {"accept": "text/html"}
FORM = {"content-type": "application/x-www-form-urlencoded"}

_PAGES = count(1)


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in."""

    client: Client
    workspace: str
    person: str
    csrf: str

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path, headers=HTML)

    def send(self, path: str, *pairs: tuple[str, str], csrf: str | None = None, **fields: str) -> httpx.Response:
        """Send a form with the session's token, as from a page that was just loaded."""
        body = [("csrf", f"{self.csrf}.{next(_PAGES)}" if csrf is None else csrf), *pairs, *fields.items()]
        return self.client.post(path, content=urlencode(body), headers={**HTML, **FORM})

    def items(self, matter: str, part: str) -> list[str]:
        """The ids of the items of a list, as its page has them."""
        page = self.get(f"/matters/{matter}/lists/{part}").text
        return re.findall(r'name="item" value="([^"]*)"', page)

    def exhibits(self, matter: str) -> list[str]:
        """The names of the exhibits, as their page has them."""
        return re.findall(r'name="name" value="([^"]*)"', self.get(f"/matters/{matter}/exhibits").text)

    def adds(self, matter: str, part: str, title: str, **fields: str) -> str:
        """Add an item to a list; gives its id."""
        assert self.send(f"/matters/{matter}/lists/{part}", act="add", title=title, **fields).status_code == 303
        return self.items(matter, part)[-1]

    def makes(self, reference: str = "T/1", day: str = "1950-06-01", **fields: str) -> str:
        """Make a matter by the intake; gives its id."""
        sent = {"requesting_state": "AND", "requested_state": "MCO", **fields}
        answer = self.send("/matters/new", reference=reference, assessed_on=day, **sent)
        assert answer.status_code == 303, words(answer)
        return answer.headers["location"].split("/")[2]


def visitor(app: FastAPI, store: Store, roles: Iterable[str] = ROLES, workspace: str = "") -> Visitor:
    """Somebody new, of a new workspace unless one is given."""
    workspace = workspace or create_workspace(store, "A law centre", "usr_test")
    with store.write(workspace, "usr_test") as tx:
        login = f"anna{len(store.workspaces())}{abs(hash(tuple(roles))) % 1000}{tx.at[-7:-1]}"
        person = create_person(tx, Details("Anna", login), roles).id
    token = open_session(store, SignIn(workspace, person, "link", strong=True))
    session = session_of(store, token)
    assert session is not None
    return Visitor(Client(app, headers={"cookie": f"{COOKIE}={token}"}), workspace, person, session.csrf)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words(answer: httpx.Response) -> str:
    """The text of a page, blanks joined."""
    reader = _Text()
    reader.feed(answer.text)
    return re.sub(r"\s+", " ", " ".join(reader.parts)).strip()
