"""T23: what a key and a workspace may ask in a minute, and that one workspace's flood leaves the others their answers."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from api.web.problems import MEDIA_TYPE
from tests.api.http.support import CASE
from tests.service.server import Server, opened, running

OF_KEY, OF_WORKSPACE = 60, 90
SETTINGS = {
    "DEDERE_REQUESTS_PER_MINUTE_OF_KEY": str(OF_KEY),
    "DEDERE_REQUESTS_PER_MINUTE_OF_WORKSPACE": str(OF_WORKSPACE),
}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(Server(tmp_path_factory.mktemp("limited"), settings=SETTINGS)) as server:
        yield server


def asked(server: Server, key: str, times: int, what: str = "previews") -> list[httpx.Response]:
    """The answers to previews, or to something else about a case, one after the other."""
    with httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {key}"}, timeout=30) as http:
        return [http.post(f"/v1/{what}", json=CASE) for _ in range(times)]


def test_T23_a_key_and_its_workspace_have_limits_of_their_own(limited: Server) -> None:
    first = limited.key()
    with opened(limited) as store:
        from api.accounts.keys.service import authenticate

        workspace = authenticate(store, first).workspace
    second, stranger = limited.key(workspace), limited.key()
    statuses = Counter(one.status_code for one in asked(limited, first, OF_KEY + 15))
    assert _limited(statuses, OF_KEY)
    answers = asked(limited, second, OF_WORKSPACE - OF_KEY + 15)
    assert _limited(Counter(one.status_code for one in answers), OF_WORKSPACE - OF_KEY)
    refused = next(one for one in answers if one.status_code == 429)
    assert refused.headers["content-type"] == MEDIA_TYPE
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert asked(limited, stranger, 1)[0].status_code == 200


def _limited(statuses: Counter[int], most: int) -> bool:
    """As many as may be, and a few more if seconds pass meanwhile; the rest is refused."""
    return set(statuses) == {200, 429} and most - 10 <= statuses[200] <= most + 10


def test_T23_a_flood_in_one_workspace_leaves_another_its_answers(limited: Server) -> None:
    victim, flooder = limited.key(), limited.key()
    alone = asked(limited, victim, 20)
    stop, came = threading.Event(), Counter[int]()
    flood = [threading.Thread(target=_flood, args=(limited, flooder, stop, came)) for _ in range(4)]
    for one in flood:
        one.start()
    while came[429] < 50:
        time.sleep(0.05)
    beside = asked(limited, victim, 20)
    stop.set()
    for one in flood:
        one.join()
    assert Counter(one.status_code for one in beside) == {200: 20}
    assert came[200] <= 2 * OF_KEY
    assert set(came) == {200, 429}
    _say("previews", alone, beside, came)


def _flood(server: Server, key: str, stop: threading.Event, came: Counter[int], what: str = "previews") -> None:
    with httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {key}"}, timeout=30) as http:
        while not stop.is_set():
            came[http.post(f"/v1/{what}", json=CASE).status_code] += 1


def _say(what: str, alone: list[httpx.Response], beside: list[httpx.Response], came: Counter[int]) -> None:
    ratio, requests = _p95(beside) / _p95(alone), sum(came.values())
    print(
        f"T23, {what}: p95 of a workspace beside a flood of {requests} requests: {ratio:.1f} times that of its own alone"
    )


def _p95(answers: list[httpx.Response]) -> float:
    return statistics.quantiles([one.elapsed.total_seconds() for one in answers], n=20)[-1]


CROWDED = {"DEDERE_WAITING": "4"}
_FLOODING = 24


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(Server(tmp_path_factory.mktemp("crowded"), settings=CROWDED)) as server:
        yield server


def test_T23_who_floods_the_workers_is_refused_and_not_who_asks_beside_him(crowded: Server) -> None:
    victim, flooder = crowded.key(), crowded.key()
    alone = asked(crowded, victim, 20, "answers")
    stop, came = threading.Event(), Counter[int]()
    flood = [threading.Thread(target=_flood, args=(crowded, flooder, stop, came, "answers")) for _ in range(_FLOODING)]
    for one in flood:
        one.start()
    while came[503] < _FLOODING:
        time.sleep(0.05)
    beside = asked(crowded, victim, 20, "answers")
    stop.set()
    for one in flood:
        one.join()
    assert Counter(one.status_code for one in beside) == {200: 20}
    assert set(came) == {200, 503}
    _say("answers", alone, beside, came)
