"""The generated Python client, end to end on a real server: what a tracker does from matter to changed outcome."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from scripts.client import DESCRIPTION, PACKAGE, generate
from tests.api.http.support import CASE
from tests.service.asking import Receiver
from tests.service.clients import until
from tests.service.server import Server, running

AWAKE = {**CASE, "facts": {**CASE["facts"], "ground_up": "no"}}


@pytest.fixture(scope="module")
def client_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The client, generated from the committed description and importable."""
    folder = tmp_path_factory.mktemp("client")
    generate(DESCRIPTION, folder)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    made = Receiver(tmp_path_factory.mktemp("tracker"))
    yield made
    made.close()


@pytest.fixture
def tracked(receiver: Receiver, tmp_path: Path) -> Iterator[Server]:
    """A server that may call the tracker on this machine."""
    settings = {
        "DEDERE_WEBHOOK_HTTP": "1",
        "DEDERE_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "DEDERE_WEBHOOK_PORTS": str(receiver.port),
    }
    with running(Server(tmp_path, settings=settings)) as server:
        yield server


def _api(name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.api.{name}")


def _model(name: str) -> Any:
    return getattr(importlib.import_module(f"{PACKAGE}.models"), name)


def test_a_tracker_follows_a_matter_from_its_facts_to_a_changed_outcome(
    client_package: Path, receiver: Receiver, tracked: Server
) -> None:
    with _client(tracked) as client:
        _followed(client, receiver)


def _followed(client: Any, receiver: Receiver) -> None:
    endpoint = _made(_api("webhooks.webhooks_create"), client, "Endpoint", _hook(receiver))
    matter = _made(_api("matters.matters_create"), client, "Matter", {"reference": "T/1", "case": CASE})
    assert matter.version == 1

    first = _assessed(client, matter.id)
    assert (first.outcome, first.version) == ("inadmissible", 1)
    proofs = _api("assessments.assessments_proof").sync(first.id, client=client, depth="full")
    assert proofs.proofs.additional_properties.keys() >= {"toy-1900.mill"}
    questions = _api("assessments.assessments_questions").sync(first.id, client=client)
    assert isinstance(questions.questions, list)

    saved = _save(client, matter.id, '"v1"')
    assert saved.version == 2
    second = _assessed(client, matter.id)
    assert second.outcome != first.outcome

    until(lambda: len(receiver.came) >= 3, 60)
    kinds = {_verified(endpoint.secret, *one)["type"] for one in receiver.told}
    assert kinds == {"assessment.created", "outcome.changed"}
    changed = [one for one in receiver.told if json.loads(one[1])["type"] == "outcome.changed"]
    assert json.loads(changed[0][1])["data"] == {"matter": matter.id, "assessment": second.id, "changed": True}


def test_a_refusal_comes_as_problem_details(client_package: Path, shared: Server) -> None:
    with _client(shared) as client:
        _refused(client)


def _refused(client: Any) -> None:
    answer = _api("matters.matters_one").sync_detailed("mat_none", client=client)
    assert answer.status_code == 404
    assert answer.parsed.type_ == "urn:dedere:problem:not-found"
    late = _save(client, "mat_none", '"v1"')
    assert late.status == 404


def _client(server: Server) -> Any:
    return importlib.import_module(PACKAGE).AuthenticatedClient(base_url=server.url, token=server.key())


def _hook(receiver: Receiver) -> dict[str, Any]:
    return {"url": f"http://127.0.0.1:{receiver.port}/", "kinds": ["assessment.created", "outcome.changed"]}


def _made(operation: Any, client: Any, what: str, sent: dict[str, Any]) -> Any:
    body = _model(f"{what}sCreate{what}Sent" if what == "Matter" else f"WebhooksCreate{what}Sent").from_dict(sent)
    return operation.sync(client=client, body=body, idempotency_key=f"make-{what}")


def _assessed(client: Any, matter: str) -> Any:
    body = _model("AssessmentsCreateAssessmentSent").from_dict({})
    return _api("assessments.assessments_create").sync(matter, client=client, body=body)


def _save(client: Any, matter: str, tag: str) -> Any:
    body = _model("Case").from_dict(AWAKE)
    return _api("matters.matters_save").sync(matter, client=client, body=body, if_match=tag)


def _verified(secret: str, headers: dict[str, str], body: bytes) -> Any:
    return Webhook(secret).verify(body, headers)
