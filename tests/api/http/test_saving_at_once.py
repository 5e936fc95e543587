"""Many trackers saving one reference at once, on both databases: no save is lost, none is answered with a fault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.assess import Engine
from tests.api.http.support import Client, app_over, new_key
from tests.api.http.test_flat import FLAT
from tests.api.http.test_importing import FILE, send
from tests.store.support import KINDS, database_url, open_store, postgres_answers

WRITERS = 6


@pytest.mark.parametrize("kind", KINDS)
def test_saves_of_one_reference_at_once_are_all_kept(kind: str, tmp_path: Path, toy_engine: Engine) -> None:
    if kind == "postgresql" and not postgres_answers():
        pytest.skip("no PostgreSQL server")
    with database_url(kind, tmp_path) as url:
        store = open_store(url, tmp_path)
        try:
            _all_kept(Client(app_over(store, toy_engine), new_key(store)))
        finally:
            store.close()


def _all_kept(client: Client) -> None:
    def save(number: int) -> tuple[int, str]:
        while True:
            sent = {**FLAT, "reference": "T/1", "age": number}
            answer = client.post("/v1/evaluate", json=sent, headers={"idempotency-key": f"save-{number}"})
            if answer.status_code != 409:  # which says: send it again
                return answer.status_code, answer.text

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(save, range(1, WRITERS + 1)))
    assert [status for status, _ in answers] == [201] * WRITERS, answers
    matters = client.get("/v1/matters").json()["matters"]
    assert [one["version"] for one in matters] == [WRITERS]
    address = f"/v1/matters/{matters[0]['id']}"
    ages = {
        client.get(f"{address}/versions/{version}").json()["case"]["facts"]["age"] for version in range(1, WRITERS + 1)
    }
    assert ages == set(range(1, WRITERS + 1))
    assessed = client.get(f"{address}/assessments").json()["assessments"]
    assert sorted(one["version"] for one in assessed) == list(range(1, WRITERS + 1))
    with ThreadPoolExecutor(3) as pool:
        assert {answer.status_code for answer in pool.map(lambda _: send(client, FILE), range(3))} == {200}
    assert len(client.get("/v1/matters").json()["matters"]) == 3
    deadlines = client.post("/v1/evaluate", json={**FLAT, "reference": "T/2", "seized_on": "1950-05-25"}).json()
    assert [one["on"] for one in client.get("/v1/deadlines").json()["deadlines"]] == [deadlines["next_due"]]
