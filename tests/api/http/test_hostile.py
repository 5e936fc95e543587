"""T5: every operation that takes a body, with every payload of the corpus: no fault of ours, no echo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

from api.storage.store import Store
from tests.api.http.hostile import MARK, payloads
from tests.api.http.support import CASE, HOST, Client, new_key

CORPUS = list(payloads())
#: Each operation is sent one of so many payloads, each payload to one of so many operations.
SHARE = 3


def test_T5_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 500
    assert len(set(CORPUS)) >= 500


def writes(client: Client) -> list[tuple[str, str, str]]:
    """Method, address and media type of every operation that takes a body."""
    paths: dict[str, Any] = client.get("/openapi.json").json()["paths"]
    return [
        (method, path, media)
        for path, found in paths.items()
        for method, operation in found.items()
        for media in operation.get("requestBody", {}).get("content", {})
    ]


@pytest.fixture(scope="module")
def target(toy_app: FastAPI, toy_store: Store) -> Iterator[tuple[Client, str]]:
    """A client and a matter of its own. Limits are off: everything comes from one key."""
    client = Client(toy_app, new_key(toy_store))
    own, toy_app.state.limits = toy_app.state.limits, _Unlimited(toy_app.state.limits)
    yield client, client.post("/v1/matters", json={"reference": "T/1", "case": CASE}).json()["id"]
    toy_app.state.limits = own


def test_T5_no_payload_is_a_fault_or_repeated(target: tuple[Client, str]) -> None:
    client, matter = target
    found, statuses = writes(client), Counter[int]()
    assert len(found) >= 8

    async def everything() -> None:
        transport = httpx.ASGITransport(client.app, raise_app_exceptions=False)
        headers = {"authorization": f"Bearer {client.key}", "if-match": '"v1"'}
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", headers=headers) as http:
            for turn, (method, path, media) in enumerate(found):
                address = path.replace("{matter}", matter).replace("{endpoint}", "whe_none")
                for payload in CORPUS[turn % SHARE :: SHARE]:
                    answer = await http.request(method, address, content=payload, headers={"content-type": media})
                    is_sound(answer, media, payload)
                    statuses[answer.status_code] += 1

    anyio.run(everything)
    assert len(CORPUS) >= 500
    print(f"T5: {len(CORPUS)} payloads on each of {len(found)} operations: {dict(sorted(statuses.items()))}")


def is_sound(answer: httpx.Response, media: str, payload: bytes) -> None:
    """No fault of ours, and a refusal repeats nothing; of CSV it repeats names of columns, which stand in the first line."""
    where = (answer.request.url.path, payload[:200], answer.text[:300])
    assert answer.status_code < 500, where
    assert answer.status_code < 400 or media == "text/csv" or MARK not in answer.text, where


class _Unlimited:
    """Limits that count nothing."""

    def __new__(cls, limits: Any) -> Any:
        found = object.__new__(type("Unlimited", (type(limits),), {"spend": lambda self, principal: None}))
        found.__dict__.update(limits.__dict__)
        return found
