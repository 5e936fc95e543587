"""T19 and T13: events are written with the act or not at all, and say nothing but ids."""

from __future__ import annotations

import logging
import re

import pytest
from sqlalchemy import select

from api.operations.erasure import erase_matter
from api.operations.webhooks.delivery import deliver_due
from api.operations.webhooks.endpoints import disable, enable
from api.operations.webhooks.kinds import KINDS
from api.operations.webhooks.outbox import notify
from api.operations.webhooks.outcomes import notify_assessment, outcome_now
from api.storage.assessments import record_assessment
from api.storage.matters import create_matter
from api.storage.store import Store
from api.storage.webhook_tables import WebhookDelivery
from engine.answer.model import Answer
from engine.reasoning.outcome import Outcome
from tests.webhooks.support import ME, Receiver, local_sender, registered

CANARY = "canary-9c1e"
FACTS = {"title": f"{CANARY}-title", "facts": {"place": f"{CANARY}-place"}, "notes": f"{CANARY}-note"}


def matter_of(store: Store, workspace: str) -> str:
    with store.write(workspace, ME) as tx:
        return create_matter(tx, f"{CANARY}-reference", FACTS).id


def assessed(store: Store, workspace: str, matter: str, answer: Answer, outcome: str) -> str:
    """Record an assessment with an outcome as the service does, events included."""
    marked = answer.model_copy(
        update={"title": f"{CANARY}-answer", "sentence": f"{CANARY}-sentence", "outcome": Outcome(outcome)}
    )
    with store.write(workspace, ME) as tx:
        before = outcome_now(tx, matter, answer.reading)
        said = record_assessment(tx, matter, 1, marked)
        notify_assessment(tx, matter, before, marked.outcome, said.id)
    return said.id


def bodies(store: Store, workspace: str) -> list[str]:
    with store.read(workspace) as tx:
        query = select(WebhookDelivery.body).where(WebhookDelivery.workspace_id == workspace)
        return list(tx.session.scalars(query.order_by(WebhookDelivery.created_at, WebhookDelivery.id)))


def deliver(store: Store, workspace: str, receiver: Receiver) -> None:
    deliver_due(store, workspace, local_sender(receiver.port))


def test_T19_an_event_is_cloudevents_with_ids_and_nothing_else(
    store: Store, workspace: str, receiver: Receiver, answer: Answer
) -> None:
    registered(store, workspace, receiver)
    matter = matter_of(store, workspace)
    assessment = assessed(store, workspace, matter, answer, "inadmissible")
    deliver(store, workspace, receiver)
    (event,) = [got.event for got in receiver.got]
    assert re.fullmatch(r"evt_[a-z2-7]{26}", event.pop("id"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", event.pop("time"))
    assert event == {
        "specversion": "1.0",
        "source": f"urn:dedere:{workspace}",
        "type": "assessment.created",
        "subject": matter,
        "datacontenttype": "application/json",
        "data": {"matter": matter, "assessment": assessment, "changed": False},
    }


def test_a_changed_outcome_is_told_once_and_neither_outcome_is_said(
    store: Store, workspace: str, receiver: Receiver, answer: Answer
) -> None:
    registered(store, workspace, receiver, ["outcome.changed"])
    matter = matter_of(store, workspace)
    for outcome in ("inadmissible", "inadmissible", "admissible", "admissible", "inadmissible"):
        last = assessed(store, workspace, matter, answer, outcome)
    deliver(store, workspace, receiver)
    assert len(receiver.got) == 2
    assert receiver.got[-1].event["data"] == {"matter": matter, "assessment": last, "changed": True}
    assert all(b"admissible" not in got.body for got in receiver.got)


def test_outcomes_under_another_reading_are_not_compared(
    store: Store, workspace: str, receiver: Receiver, answer: Answer
) -> None:
    registered(store, workspace, receiver, ["outcome.changed"])
    matter = matter_of(store, workspace)
    assessed(store, workspace, matter, answer, "inadmissible")
    assessed(store, workspace, matter, answer.model_copy(update={"reading": "person"}), "admissible")
    assert bodies(store, workspace) == []


def test_T19_an_erasure_is_told_although_the_matter_is_gone(
    store: Store, workspace: str, receiver: Receiver, answer: Answer
) -> None:
    endpoint, _ = registered(store, workspace, receiver)
    matter = matter_of(store, workspace)
    assessed(store, workspace, matter, answer, "inadmissible")
    with store.write(workspace, ME) as tx:
        disable(tx, endpoint)
    erase_matter(store, workspace, matter, ME)
    left = "".join(bodies(store, workspace))
    assert CANARY not in left
    assert len(bodies(store, workspace)) == 2
    with store.write(workspace, ME) as tx:
        enable(tx, endpoint)
    deliver(store, workspace, receiver)
    assert [got.event["type"] for got in receiver.got] == ["assessment.created", "matter.erased"]
    assert receiver.got[-1].event["data"] == {"matter": matter}


def test_an_act_that_fails_tells_nothing(store: Store, workspace: str, receiver: Receiver) -> None:
    registered(store, workspace, receiver)

    def act() -> None:
        with store.write(workspace, ME) as tx:
            notify(tx, "assessment.created", create_matter(tx, "x", {}).id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert bodies(store, workspace) == []


@pytest.mark.parametrize("matter", [f"{CANARY} {CANARY}", "Қарағанды", "a@b.example", "x" * 81])
def test_T13_what_is_not_an_id_cannot_be_told(store: Store, workspace: str, matter: str) -> None:
    with store.write(workspace, ME) as tx:
        for arguments in ((matter, ""), ("mat_1", matter)):
            with pytest.raises(ValueError, match="ids only") as refused:
                notify(tx, "matter.erased", *arguments)
            assert matter not in str(refused.value)
        with pytest.raises(ValueError, match="no such kind"):
            notify(tx, "matter.read", "mat_1")


def test_T13_neither_payloads_nor_the_most_talkative_log_hold_content(
    store: Store, workspace: str, receiver: Receiver, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    """Facts, names, the token in an endpoint's URL and its secret are in no payload, header or log line."""
    caplog.set_level(logging.DEBUG)
    _, secret = registered(store, workspace, receiver)
    matter = matter_of(store, workspace)
    for outcome in ("inadmissible", "admissible"):
        assessed(store, workspace, matter, answer, outcome)
    with store.write(workspace, ME) as tx:
        notify(tx, "deadline.near", matter, "asm_1")
    erase_matter(store, workspace, matter, ME)
    receiver.answers = [(500, {}), (302, {"location": "/x"})]
    for _ in range(3):
        deliver(store, workspace, receiver)
    assert {got.event["type"] for got in receiver.got} == set(KINDS)
    sent = "".join(f"{got.headers} {got.body!r}" for got in receiver.got)
    for hidden in (CANARY, "canary-token", secret):
        assert hidden not in sent + caplog.text
    assert max(len(got.body) for got in receiver.got) < 1000
