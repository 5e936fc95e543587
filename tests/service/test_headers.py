"""T17: headers of safety on every response of a real server, whatever it answers: API, pages, refusals."""

from __future__ import annotations

import re

import httpx
import pytest

from api.web.pages.rooms import rooms
from tests.api.http.support import CASE
from tests.service.server import Server

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


def safe(answer: httpx.Response) -> None:
    """All headers are there, and none that should not be."""
    where = f"{answer.request.method} {answer.request.url.path} {answer.status_code}"
    for name, value in EVERYWHERE.items():
        assert answer.headers.get(name) == value, where
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy, where
    assert "default-src" in policy, where
    assert "permissions-policy" in answer.headers, where
    assert "server" not in answer.headers, where
    assert "no-store" in answer.headers["cache-control"] or answer.request.url.path.startswith(
        ("/static/", "/favicon.ico")
    ), where
    assert re.fullmatch(r"[A-Za-z0-9_.\-]{8,64}", answer.headers["x-request-id"]), where


@pytest.mark.parametrize("signed", [True, False], ids=["with a key", "without"])
def test_T17_every_operation_of_the_api(shared: Server, signed: bool) -> None:
    headers = {"authorization": f"Bearer {shared.key()}"} if signed else {}
    with httpx.Client(base_url=shared.url, headers=headers, timeout=60) as http:
        described = http.get("/openapi.json")
        safe(described)
        for path, found in described.json()["paths"].items():
            for method in {*found, "head", "options", "trace"}:
                safe(http.request(method.upper(), re.sub(r"\{\w+\}", "x", path)))
        safe(http.post("/v1/answers", json=CASE))
        safe(http.post("/v1/answers", content=b"{", headers={"content-type": "application/json"}))
        safe(http.post("/v1/answers", content=b" " * 2_000_000, headers={"content-type": "application/json"}))
        safe(http.get("/v1/nothing"))
        safe(http.get("/health", headers={"host": "elsewhere.example"}))


def test_T17_every_page(shared: Server) -> None:
    with httpx.Client(base_url=shared.url, headers={"accept": "text/html"}, timeout=60) as http:
        for router in rooms():
            for route in router.routes:
                for method in route.methods:  # type: ignore[attr-defined]
                    safe(http.request(method, re.sub(r"\{\w+\}", "x", route.path)))  # type: ignore[attr-defined]


def test_T17_no_transport_promise_is_made_in_the_clear(shared: Server) -> None:
    assert "strict-transport-security" not in httpx.get(f"{shared.url}/health").headers
