"""Large batches over HTTP: accepted, worked on by a runner, read page by page, cancelled, sent again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.law.packs import open_pack
from api.operations.jobs.batch import batch_handler
from api.settings import Settings
from api.storage.store import Store
from api.workers.messages import Form
from api.workers.onecase import assess_json, outcome_json
from engine.assess import Engine
from engine.errors import InputProblems
from engine.facts.reading import Reading
from tests.api.http.support import CASE, Client, app_over, new_key
from tests.api.http.test_packs import pack_file
from tests.jobs.support import running
from tests.workers.support import until

NDJSON = {"content-type": "application/x-ndjson"}
LINES = [json.dumps({**CASE, "case": f"c{number}"}) for number in range(1, 31)]


@dataclass(frozen=True)
class Pool:
    """What a pool of workers answers, in this process."""

    engine: Engine

    def assess_many(
        self,
        cases: Sequence[Any],
        on: date | None = None,
        reading: Reading = "neutral",
        pack: str | None = None,
        form: Form = "answer",
    ) -> list[Any]:
        engine = Engine(open_pack(pack, Settings())) if pack else self.engine
        return [self._one(engine, case, (on, reading, form)) for case in cases]

    def _one(self, engine: Engine, case: bytes, wanted: tuple[date | None, Reading, Form]) -> Any:
        on, reading, form = wanted
        try:
            if form == "outcome":
                return outcome_json(engine, case, on, reading)
            return assess_json(engine, case, on, reading, whole=True)
        except InputProblems as error:
            return error


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


@pytest.fixture
def mine(toy_engine: Engine, toy_store: Store, packs: Path) -> Client:
    """A client of a workspace of its own."""
    return Client(app_over(toy_store, toy_engine, Settings(packs=packs)), new_key(toy_store))


def sent(client: Client, lines: list[str], key: str = "", **params: Any) -> httpx.Response:
    headers = {**NDJSON, **({"idempotency-key": key} if key else {})}
    return client.post("/v1/jobs", content="\n".join(lines).encode(), headers=headers, params=params)


def finished(client: Client, store: Store, engine: Engine, address: str) -> dict[str, Any]:
    with running(store, {"batch": batch_handler(Pool(engine))}):
        until(lambda: client.get(address).json()["ended_at"], 60)
    found: dict[str, Any] = client.get(address).json()
    return found


def all_results(client: Client, address: str) -> list[dict[str, Any]]:
    found, page = [], f"{address}/results?limit=7"
    while page:
        answer = client.get(page)
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        found += [json.loads(line) for line in answer.text.splitlines()]
        link = answer.headers.get("link", "")
        page = link[1 : link.index(">")] if link else ""
    return found


def test_a_job_is_worked_on_and_has_as_many_results_as_lines(
    mine: Client, toy_store: Store, toy_engine: Engine
) -> None:
    secret = json.dumps({**CASE, "facts": {"stuffing": "Secretova"}})
    accepted = sent(mine, [*LINES[:10], secret, "{", *LINES[10:]])
    assert accepted.status_code == 202
    assert (accepted.json()["state"], accepted.json()["total"]) == ("queued", 32)
    job = finished(mine, toy_store, toy_engine, accepted.headers["location"])
    assert [job[name] for name in ("state", "done", "refused")] == ["done", 32, 2]
    found = all_results(mine, accepted.headers["location"])
    assert [one["line"] for one in found] == list(range(1, 33))
    assert [one["line"] for one in found if one["status"] == 422] == [11, 12]
    assert [one["result"]["case"] for one in found if one["status"] == 200] == [f"c{n}" for n in range(1, 31)]
    assert {one["result"]["outcome"] for one in found if one["status"] == 200} == {"inadmissible"}
    assert found[10]["errors"][0]["pointer"] == "/facts/stuffing"
    assert "Secretova" not in json.dumps(found)


def test_the_same_key_is_the_same_job(mine: Client) -> None:
    first, again = sent(mine, LINES, "one"), sent(mine, LINES, "one")
    assert first.headers["location"] == again.headers["location"]
    assert sent(mine, LINES[1:], "one").status_code == 422
    assert sent(mine, LINES, "one", reading="state").status_code == 422
    assert len(mine.get("/v1/jobs").json()["jobs"]) == 1
    mine.delete(first.headers["location"])


def test_a_cancelled_job_ends_and_says_so(mine: Client) -> None:
    address = sent(mine, LINES).headers["location"]
    ended = mine.post(f"{address}/cancel").json()
    assert ended["state"] == "cancelled"
    assert "cancelled" in ended["reason"]
    assert mine.get(address).json() == ended == mine.post(f"{address}/cancel").json()
    assert mine.get(f"{address}/results").text == ""


def test_a_job_is_destroyed_with_its_results_when_it_is_deleted(
    mine: Client, toy_store: Store, toy_engine: Engine
) -> None:
    address = sent(mine, LINES, "one").headers["location"]
    finished(mine, toy_store, toy_engine, address)
    assert all_results(mine, address)
    waits = sent(mine, LINES, "two").headers["location"]
    assert [mine.delete(one).json()["state"] for one in (address, waits)] == ["done", "cancelled"]
    for gone in (address, f"{address}/results", waits):
        assert mine.get(gone).status_code == 404
    assert mine.delete(address).status_code == 404
    assert sent(mine, LINES, "one").headers["location"] != address


def test_day_reading_pack_and_whole_answers_are_chosen(
    mine: Client, toy_store: Store, toy_engine: Engine, packs: Path, tmp_path: Path
) -> None:
    address = pack_file(packs, tmp_path, "gentler", "optional_refusal")
    options = {"on": "1950-07-01", "reading": "person", "pack": address, "answers": "true"}
    job = sent(mine, LINES[:1], **options).headers["location"]
    finished(mine, toy_store, toy_engine, job)
    answer = all_results(mine, job)[0]["result"]
    assert (answer["assessed_on"], answer["reading"], answer["outcome"]) == ("1950-07-01", "person", "undetermined")
    assert answer["receipt"]["rules"] == mine.get(f"/v1/packs/{address}").json()["rules"]


@pytest.mark.parametrize("pack", ["toy+000000000000", "/etc", "HEAD", "."])
def test_only_a_pack_on_the_shelf_may_be_named(mine: Client, pack: str) -> None:
    refused = sent(mine, LINES, pack=pack)
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "pack")


def test_a_job_is_of_its_workspace(mine: Client, toy_store: Store) -> None:
    address = sent(mine, LINES[:1]).headers["location"]
    stranger = Client(mine.app, new_key(toy_store))
    assert stranger.get("/v1/jobs").json()["jobs"] == []
    for answer in (stranger.get(address), stranger.get(f"{address}/results"), stranger.delete(address)):
        assert answer.status_code == 404
    assert mine.get(address).json()["state"] == "queued"
    mine.delete(address)
