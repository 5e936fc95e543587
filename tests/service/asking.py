"""Asking a server everything it can be asked, with words of our own in every place where a text may stand."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from api.web.pages.rooms import rooms
from api.web.pages.view import HERE
from api.web.pages.visit import COOKIE
from tests.api.http.support import CASE
from tests.service.server import Server

LINES = ("application/x-ndjson", "text/csv")
FORM_NAME = re.compile(r'name="([a-z_]{2,30})"')
#: What a form holds: fields as the person sent them, for another try, and the browser's own address.
OWN = re.compile(r'(value|data-ticket)="[^"]*"|<textarea[^>]*>[^<]*</textarea>')
CANARY = re.compile(r"Zqcanary\d{4}x")
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Canaries:
    """Words that stand nowhere else; each is used in one place only."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> str:
        self.number += 1
        return f"Zqcanary{self.number:04d}x"

    @property
    def used(self) -> list[str]:
        """All words so far."""
        return [f"Zqcanary{one:04d}x" for one in range(1, self.number + 1)]


def case_with(word: Canaries) -> dict[str, Any]:
    """A case that is accepted, with a canary in every place for text."""
    facts = {**CASE["facts"], "ground_up": {**CASE["facts"]["ground_up"], "note": word(), "exhibits": ["paper"]}}
    return {
        **CASE,
        "case": word(),
        "title": word(),
        "facts": facts,
        "exhibits": {"paper": {"title": word()}},
        "counts": [{"id": "vase", "title": word(), "broke_vase": "yes"}],
    }


def wrong_cases(word: Canaries) -> Iterator[dict[str, Any]]:
    """Cases that are refused, each for another reason."""
    yield {**CASE, "assessed_on": word()}
    yield {**CASE, "facts": {"requesting_state": word()}}
    yield {**CASE, "facts": {"ground_up": word()}}
    yield {**CASE, "facts": {"ground_up": {"value": "yes", "standing": word()}}}
    yield {**CASE, "counts": [{"id": "vase", "broke_vase": word()}]}
    yield {**CASE, "counts": word()}
    yield {"case": word()}


@dataclass
class Heard:
    """What came back: how often each status, and refusals that repeat what was sent."""

    statuses: dict[int, int] = field(default_factory=dict)
    echoed: list[str] = field(default_factory=list)

    def note(self, answer: httpx.Response) -> httpx.Response:
        """Remember an answer, and whether a refusal repeats what this request sent."""
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        said = OWN.sub("", answer.text) + str(answer.headers)
        sent = f"{answer.request.url} {answer.request.headers} {answer.request.content.decode('utf-8', 'replace')}"
        if answer.status_code >= 400 and any(one in said for one in CANARY.findall(sent)):
            at = said.find("Zqcanary")
            asked = f"{answer.request.method} {answer.request.url.path} {answer.status_code}"
            self.echoed.append(f"{asked} ...{said[max(0, at - 200) : at + 50]}")
        return answer


@dataclass
class Asker:
    """Asks the API's operations, as they are described, with canaries."""

    http: httpx.Client
    word: Canaries
    heard: Heard
    ids: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request."""
        return self.heard.note(self.http.request(method.upper(), path, **more))

    def everything(self) -> None:
        """Every operation: with our ids and with canaries for ids, with bodies right and wrong, and against its own rules."""
        paths = self.http.get("/openapi.json").json()["paths"]
        last = [(path, method) for path, found in paths.items() for method in found if method == "delete"]
        rest = [(path, method) for path, found in paths.items() for method in found if method != "delete"]
        for path, method in (*rest, *last):
            self.operation(path, method, paths[path][method])
        self.nowhere()

    def operation(self, path: str, method: str, operation: dict[str, Any]) -> None:
        """One operation."""
        own = re.sub(r"\{(\w+)\}", lambda found: self.ids.get(found[1], "x"), path)
        strange = re.sub(r"\{(\w+)\}", lambda _: self.word(), path)
        headers = {"if-match": '"v1"'}
        for address in dict.fromkeys((strange, own) if method == "delete" else (own, strange)):
            for body in self.bodies(operation):
                self.ask(method, address, **{**body, "headers": {**headers, **body.get("headers", {})}})
        for name in [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"] or ["x"]:
            self.ask(method, own, params={name: self.word()}, headers=headers)
        for header in ("if-match", "if-none-match", "idempotency-key", "content-type", "accept"):
            self.ask(method, own, headers={header: self.word()}, content=b"{}")
        self.ask(method, own, headers={"authorization": f"Bearer {self.word()}"})
        self.ask("PROPFIND", own, headers={"x-note": self.word()})

    def bodies(self, operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Bodies for an operation, right and wrong."""
        media = next(iter(operation.get("requestBody", {}).get("content", {})), "")
        if not media:
            yield {}
            return
        if media in LINES:
            for raw in self._other():
                if media == "text/csv" and not raw.startswith(b"reference,"):
                    continue  # a CSV's first line has names of columns, which a refusal repeats on purpose
                yield {"content": raw, "headers": {"content-type": media}}
            return
        for case in (case_with(self.word), *wrong_cases(self.word)):
            yield {"json": case}
            yield {"json": {"reference": self.word(), "case": case}}
        for raw in self._other():
            yield {"content": raw, "headers": {"content-type": media}}

    def _other(self) -> Iterator[bytes]:
        word = self.word()
        yield f'{{"title": "{word}", "title": "{self.word()}"}}'.encode()
        yield f'{{"title": "{self.word()}'.encode()
        yield f'{{"reference": "{self.word()}", "requesting_state": "{self.word()}", "assessed_on": "1950-01-01"}}\n'.encode()
        yield f'reference,requesting_state\n{self.word()},"{self.word()}\n'.encode()
        yield f"reference,requesting_state,assessed_on\n{self.word()},AND,1950-01-01\n{self.word()},{self.word()},{self.word()}\n".encode()
        yield urlencode({"reference": self.word(), "title": self.word(), "assessed_on": self.word()}).encode()
        yield (f'{{"title": "{self.word()}"}}' + " " * 25_000).encode()
        yield f'{{"title": "{self.word()}"}}'.encode("utf-16")

    def nowhere(self) -> None:
        """Addresses that are none."""
        for path in ("/{}", "/v1/{}", "/v1/matters/{}/facts/{}", "/static/{}", "/law/facts/{}", "/v1/packs/{}"):
            address = re.sub(r"\{\}", lambda _: self.word(), path)
            self.ask("GET", address, params={"q": self.word()})
            self.ask("POST", address, content=self.word().encode())


@dataclass
class Browser:
    """Asks the pages, with canaries in every field that any form has."""

    http: httpx.Client
    word: Canaries
    heard: Heard
    ids: dict[str, str]
    csrf: str = ""

    def sign_in(self, server: Server) -> None:
        """By the link that the server printed."""
        link = re.findall(r"/link#([\w\-.]+)", server.log.read_text("utf-8"))[-1]
        answer = self.http.post("/link", data={"token": link})
        assert answer.status_code == 303, answer.text[:300]
        token = re.search(rf"{COOKIE}=([^;]+)", answer.headers["set-cookie"])
        assert token is not None
        self.http.headers["cookie"] = f"{COOKIE}={token[1]}"
        found = CSRF.search(self.http.get("/matters/new").text)
        assert found is not None
        self.csrf = found[1]

    def everything(self) -> None:
        """Every page and every form; leaving comes last."""
        routes = [(next(iter(route.methods)), route.path) for router in rooms() for route in router.routes]  # type: ignore[attr-defined]
        away = ("/sign-out", "/leave", "/you", "/people", "/link")
        ordered = sorted(routes, key=lambda one: (one[1].startswith(away), one[0] == "POST", one[1].endswith("erase")))
        for method, path in ordered:
            if path not in ("/sign-out", "/leave"):
                self.room(method, path)

    def room(self, method: str, path: str) -> None:
        """One page or form."""
        own = re.sub(r"\{(\w+)\}", lambda found: self.ids.get(found[1], "x"), path)
        strange = re.sub(r"\{(\w+)\}", lambda _: self.word(), path)
        for address in dict.fromkeys((own, strange)):
            if method == "GET":
                self.heard.note(self.http.get(address))
                self.heard.note(self.http.get(address, params={"q": self.word(), "on": self.word()}))
            else:
                for csrf in (self.csrf, self.word()):
                    fields = {name: self.word() for name in form_names()} | {"csrf": csrf}
                    self.heard.note(self.http.post(address, data=fields))


@cache
def form_names() -> list[str]:
    """The names of the fields of all forms."""
    templates = (HERE / "templates").glob("*.html")
    found = {name for file in templates for name in FORM_NAME.findall(file.read_text("utf-8"))} - {"csrf"}
    assert len(found) > 30, "the forms are not found, so no canary was sent in them"
    return sorted(found)


class Receiver:
    """A tracker's endpoint for webhooks: keeps what comes."""

    def __init__(self, folder: Path) -> None:
        self.came: list[bytes] = []
        self.told: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", "0"))
                body = self.rfile.read(length)
                receiver.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
                receiver.came.append(str(self.headers).encode() + body)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self.http.shutdown()
        self.http.server_close()
