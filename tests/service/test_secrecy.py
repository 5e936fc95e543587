"""T13: nothing of a case in the log, in metrics, in refusals or in what webhooks are sent, whatever is asked.

A real server is asked every operation and every page that there is, with a fresh canary in every place
for text: in ways that succeed, in ways that are refused, while its storage fails, and over tampered rows.
"""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.service.asking import Asker, Browser, Canaries, Heard, Receiver, case_with
from tests.service.server import Server, free_port, log_of, opened, running

ENOUGH = 100


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    made = Receiver(tmp_path_factory.mktemp("receiver"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def watched(receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with metrics, webhooks to our receiver, and the fullest log there is."""
    settings = {
        "DEDERE_METRICS": f"127.0.0.1:{free_port()}",
        "DEDERE_WEBHOOK_HTTP": "1",
        "DEDERE_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "DEDERE_WEBHOOK_PORTS": str(receiver.port),
        "DEDERE_MAX_BODY_BYTES": "20000",
        "DEDERE_REQUESTS_PER_MINUTE_OF_KEY": "100000",
        "DEDERE_REQUESTS_PER_MINUTE_OF_WORKSPACE": "100000",
        "DEDERE_LOG": "debug",
    }
    with running(Server(tmp_path_factory.mktemp("watched"), settings=settings)) as server:
        yield server


def test_T13_no_canary_in_logs_metrics_refusals_or_webhooks(watched: Server, receiver: Receiver) -> None:
    word, heard = Canaries(), Heard()
    with opened(watched) as store:
        workspace = store.workspaces()[0]
    key = watched.key(workspace)
    with httpx.Client(base_url=watched.url, headers={"authorization": f"Bearer {key}"}, timeout=60) as http:
        asker = Asker(http, word, heard)
        asker.ids = _something_of_everything(asker, receiver)
        asker.everything()
        _limits(watched, asker)
        _storage_fails(watched, asker)
        _rows_are_tampered_with(watched, asker)
    with httpx.Client(base_url=watched.url, timeout=60, headers={"accept": "text/html"}) as http:
        pages = Heard()
        browser = Browser(http, word, pages, asker.ids)
        browser.sign_in(watched)
        browser.everything()
    metrics = httpx.get(f"http://{watched.settings['DEDERE_METRICS']}/metrics").text
    told = b"".join(receiver.came)
    print(
        f"T13: {word.number} canaries; the API answered {dict(sorted(heard.statuses.items()))}, "
        f"pages {dict(sorted(pages.statuses.items()))}; {len(receiver.came)} webhooks, {len(log_of(watched))} bytes of log"
    )
    assert word.number >= ENOUGH
    assert receiver.came
    assert {500, 503} <= heard.statuses.keys()
    assert "Zqcanary" not in log_of(watched)
    assert "Zqcanary" not in metrics
    assert b"Zqcanary" not in told
    assert [*heard.echoed, *pages.echoed] == [], "\n".join([*heard.echoed, *pages.echoed])


def _something_of_everything(asker: Asker, receiver: Receiver) -> dict[str, str]:
    """A matter, an assessment, an endpoint: what the addresses of the API speak of."""
    hook = {"url": f"http://127.0.0.1:{receiver.port}/hook", "kinds": ["assessment.created", "outcome.changed"]}
    endpoint = asker.ask("POST", "/v1/webhooks", json=hook).json()["id"]
    sent = {"reference": asker.word(), "case": case_with(asker.word)}
    matter = asker.ask("POST", "/v1/matters", json=sent).json()["id"]
    assessment = asker.ask("POST", f"/v1/matters/{matter}/assessments", json={}).json()["id"]
    asker.ask("PUT", f"/v1/matters/{matter}/facts", json=case_with(asker.word), headers={"if-match": '"v1"'})
    until = time.monotonic() + 30
    while not receiver.came and time.monotonic() < until:
        time.sleep(0.2)
    sent = asker.ask("GET", f"/v1/webhooks/{endpoint}/deliveries").json()["deliveries"]
    return {
        "matter": matter,
        "assessment": assessment,
        "endpoint": endpoint,
        "delivery": sent[0]["id"],
        "version": "1",
        "kind": "svg",
    }


def _limits(server: Server, asker: Asker) -> None:
    """A body and a query beyond what is accepted."""
    asker.ask("POST", "/v1/answers", json={"title": asker.word() * 5_000})
    asker.ask("GET", "/v1/facts", params={"q": asker.word() * 500})


def _storage_fails(server: Server, asker: Asker) -> None:
    """While no file of the server may grow."""
    assert server.process is not None
    pid, free = server.process.pid, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    sent = {"reference": asker.word(), "case": case_with(asker.word)}
    assert asker.ask("POST", "/v1/matters", json=sent).status_code == 503
    assert asker.ask("GET", "/v1/matters").status_code == 503
    resource.prlimit(pid, resource.RLIMIT_FSIZE, free)


def _rows_are_tampered_with(server: Server, asker: Asker) -> None:
    """A fault of ours: content that cannot be opened any more."""
    sent = {"reference": asker.word(), "case": case_with(asker.word)}
    matter = asker.ask("POST", "/v1/matters", json=sent).json()["id"]
    with sqlite3.connect(server.data / "dedere.db") as other:
        other.execute("UPDATE matter_versions SET sealed = zeroblob(length(sealed)) WHERE matter_id = ?", (matter,))
    other.close()
    assert asker.ask("GET", f"/v1/matters/{matter}/facts").status_code == 500
    assert asker.ask("POST", f"/v1/matters/{matter}/assessments", json={}).status_code == 500
