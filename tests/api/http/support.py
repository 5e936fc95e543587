"""A service over Toyland with a store of its own, keys to it, and a client that sees what a server would send."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx
from fastapi import FastAPI

from api.accounts.access.scopes import SCOPES
from api.accounts.keys.service import issue
from api.law.catalogue import Catalogue
from api.service.service import Here, Service
from api.settings import Settings
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from api.web.app import create_app
from engine.assess import Engine

HOST = "testserver"
CASE: dict[str, Any] = {
    "case": "rag-doll",
    "assessed_on": "1950-06-01",
    "facts": {
        "requesting_state": "AND",
        "requested_state": "MCO",
        "ground_up": {"value": "yes", "standing": "asserted", "by": "person"},
    },
    "counts": [{"id": "vase", "broke_vase": "yes"}],
}
JSON = {"content-type": "application/json"}


def app_over(store: Store, engine: Engine, settings: Settings | None = None) -> FastAPI:
    """The application over a store; assessments run in this process."""
    service = Service(engine, Catalogue(engine), settings or Settings(), store, Here(engine))
    return create_app(service, hosts=(HOST,))


def new_key(store: Store, workspace: str = "", scopes: Collection[str] = tuple(SCOPES)) -> str:
    """The text of a fresh key, of a fresh workspace unless one is given."""
    workspace = workspace or create_workspace(store, "A law centre", "usr_test")
    with store.write(workspace, "usr_test") as tx:
        return issue(tx, scopes)[1]


@dataclass(frozen=True)
class Client:
    """Asks an application in this process; faults are answered as a server would answer them."""

    app: FastAPI
    key: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        sent = {**self.headers, **({"authorization": f"Bearer {self.key}"} if self.key else {})}
        sent |= more.pop("headers", {})

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as http:
                return await http.request(method, path, headers=sent, **more)

        return anyio.run(asked)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def put(self, path: str, **more: Any) -> httpx.Response:
        return self.request("PUT", path, **more)

    def delete(self, path: str, **more: Any) -> httpx.Response:
        return self.request("DELETE", path, **more)
