"""Time limits are announced when they come near, once for each threshold, and say nothing but ids."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from api.operations.erasure import erase_matter
from api.operations.webhooks import deadlines
from api.operations.webhooks.deadlines import announce_deadlines, near_deadlines
from api.operations.webhooks.delivery import deliver_due
from api.operations.webhooks.outcomes import outcome_now
from api.storage.assessments import record_assessment
from api.storage.audit.journal import entries
from api.storage.matters import create_matter
from api.storage.store import Store
from api.storage.webhook_tables import DeadlineNotice
from engine.answer.model import Answer
from engine.assess import Engine
from tests.engine.said.toy import ask
from tests.webhooks.support import ME, Receiver, local_sender, registered

SEIZED = date(2026, 11, 1)
DUE = SEIZED + timedelta(days=40)  # the clock of Toyland
ASSESSED = SEIZED + timedelta(days=4)


def matter_of(store: Store, workspace: str, engine: Engine, seized: date = SEIZED, on: date = ASSESSED) -> str:
    """A matter with one assessment, in which the clock of the seizure runs."""
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, f"ref-{tx.at}", {}).id
    assessed(store, workspace, matter, running(engine, seized, on))
    return matter


def running(engine: Engine, seized: date, on: date = ASSESSED) -> Answer:
    """An answer in which the clock of the seizure has a day."""
    answer = ask(engine, {"seized_on": seized.isoformat()}, on=on)
    assert any(clock.due_on == seized + timedelta(days=40) for clock in answer.clocks)
    return answer


def assessed(store: Store, workspace: str, matter: str, answer: Answer) -> str:
    with store.write(workspace, ME) as tx:
        return record_assessment(tx, matter, 1, answer).id


def test_a_hypothetical_assessment_takes_no_deadline_away(store: Store, workspace: str, toy_engine: Engine) -> None:
    matter = matter_of(store, workspace, toy_engine)
    with store.write(workspace, ME) as tx:
        before = outcome_now(tx, matter, "neutral")
        looking_back = ask(toy_engine, {"ground_up": "yes"}, on=date(1950, 1, 1))
        record_assessment(tx, matter, 1, looking_back, hypothetical=True)
        assert outcome_now(tx, matter, "neutral") == before
    assert told(store, workspace, 7) == [1]


def told(store: Store, workspace: str, *days_before: int) -> list[int]:
    """How many are told on each of these days before the end."""
    return [announce_deadlines(store, workspace, DUE - timedelta(days=days)) for days in days_before]


def test_a_deadline_is_told_seven_days_and_one_day_before_and_only_then(
    store: Store, workspace: str, toy_engine: Engine, receiver: Receiver
) -> None:
    _, secret = registered(store, workspace, receiver, ["deadline.near"])
    matter = matter_of(store, workspace, toy_engine)
    assert told(store, workspace, 9, 8, 7, 7, 6, 2, 1, 1, 0, -1) == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    deliver_due(store, workspace, local_sender(receiver.port))
    events = [got.signed_with(secret) for got in receiver.got]
    assert [event["type"] for event in events] == ["deadline.near"] * 2
    assert all(set(event["data"]) == {"matter", "assessment"} for event in events)
    assert {event["data"]["matter"] for event in events} == {matter}
    assert all(hidden not in got.body.decode() for got in receiver.got for hidden in (str(DUE), "seizure"))


def test_of_two_thresholds_reached_at_once_one_event_comes(store: Store, workspace: str, toy_engine: Engine) -> None:
    matter_of(store, workspace, toy_engine)
    assert told(store, workspace, 1, 1, 0) == [1, 0, 0]


def test_a_deadline_missed_while_the_service_was_down_is_told_late(
    store: Store, workspace: str, toy_engine: Engine
) -> None:
    matter_of(store, workspace, toy_engine)
    assert told(store, workspace, -2, -3) == [1, 0]
    other = matter_of(store, workspace, toy_engine, SEIZED - timedelta(days=300), ASSESSED - timedelta(days=300))
    assert other not in {near.matter for near in near_deadlines(store, workspace, DUE)}


def test_a_clock_that_had_run_out_when_assessed_is_not_near(store: Store, workspace: str, toy_engine: Engine) -> None:
    matter_of(store, workspace, toy_engine, on=DUE + timedelta(days=1))
    assert told(store, workspace, 7, 1, 0, -1) == [0, 0, 0, 0]


def test_only_the_newest_assessment_counts_and_a_moved_clock_is_told_again(
    store: Store, workspace: str, toy_engine: Engine
) -> None:
    matter = matter_of(store, workspace, toy_engine)
    assert told(store, workspace, 7) == [1]
    newest = assessed(store, workspace, matter, running(toy_engine, SEIZED + timedelta(days=3)))
    assert told(store, workspace, 7, 5, 4, 3) == [0, 0, 1, 0]
    with store.read(workspace) as tx:
        seen = [one.ids for one in entries(tx.session, workspace) if one.act == "deadline.near"]
    assert seen[-1] == {"assessment": newest}


def test_matters_are_looked_at_page_by_page(
    store: Store, workspace: str, toy_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "_PAGE", 2)
    matters = {matter_of(store, workspace, toy_engine) for _ in range(5)}
    assert {near.matter for near in near_deadlines(store, workspace, DUE)} == matters
    assert told(store, workspace, 0, 0) == [5, 0]


def test_nothing_is_left_of_the_deadlines_of_an_erased_matter(
    store: Store, workspace: str, toy_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter, late = matter_of(store, workspace, toy_engine), matter_of(store, workspace, toy_engine)
    assert told(store, workspace, 7) == [2]
    (near,) = [one for one in near_deadlines(store, workspace, DUE) if one.matter == late]
    for one in (matter, late):
        erase_matter(store, workspace, one, ME)
    monkeypatch.setattr(deadlines, "near_deadlines", lambda *_: [near])  # it was near a moment before the erasure
    assert told(store, workspace, 0) == [0]
    with store.read(workspace) as tx:
        assert tx.session.scalar(select(func.count()).where(DeadlineNotice.workspace_id == workspace)) == 0


def test_two_nodes_that_look_at_once_tell_once(store: Store, workspace: str, toy_engine: Engine) -> None:
    matter_of(store, workspace, toy_engine)
    both = [near_deadlines(store, workspace, DUE) for _ in range(2)]
    assert both[0] == both[1] != []
    assert [sum(_announced(store, workspace, near) for near in nears) for nears in both] == [1, 0]


def _announced(store: Store, workspace: str, near: deadlines.Near) -> bool:
    with store.write(workspace, deadlines.ACTOR) as tx:
        return deadlines._announce(tx, near)
