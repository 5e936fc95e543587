"""T19: signed deliveries, retries over 72 hours, throttling, 410, redirects; at least once under one id."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from standardwebhooks import WebhookVerificationError

from api.operations.webhooks.delivery import LEASE, Run, deliver_due
from api.operations.webhooks.endpoints import enable, list_endpoints, rotate_secret
from api.operations.webhooks.history import (
    DeliverySaid,
    forget_old,
    list_deliveries,
    list_failures,
    replay,
)
from api.operations.webhooks.outbox import notify
from api.operations.webhooks.schedule import DELAYS, next_try, pause_until
from api.operations.webhooks.sending import Letter, Reply
from api.storage.audit.journal import entries
from api.storage.errors import NotFound
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.conftest import ROOT
from tests.store.support import Clock, open_store
from tests.webhooks.support import ME, Receiver, local_sender, registered


def tell(store: Store, workspace: str, number: int = 1, kind: str = "assessment.created") -> None:
    with store.write(workspace, ME) as tx:
        for index in range(number):
            notify(tx, kind, f"mat_{index}", f"asm_{index}")


def deliver(store: Store, workspace: str, receiver: Receiver) -> Run:
    return deliver_due(store, workspace, local_sender(receiver.port))


def deliveries(store: Store, workspace: str) -> list[DeliverySaid]:
    with store.read(workspace) as tx:
        return list_deliveries(tx)


def acts(store: Store, workspace: str) -> list[tuple[str, str]]:
    with store.read(workspace) as tx:
        return [(one.act, one.subject) for one in entries(tx.session, workspace) if one.act.startswith("webhook.")]


def pending(store: Store, workspace: str) -> list[DeliverySaid]:
    return [one for one in deliveries(store, workspace) if one.state == "pending"]


def until(clock: Clock, moment: datetime) -> None:
    """Move the clock to a moment, never back."""
    clock.moment = max(clock.moment, moment)


def test_T19_a_delivery_is_signed_as_the_library_verifies(store: Store, workspace: str, receiver: Receiver) -> None:
    endpoint, secret = registered(store, workspace, receiver)
    tell(store, workspace)
    run = deliver(store, workspace, receiver)
    assert (run.delivered, run.failed) == (1, 0)
    event = receiver.got[0].signed_with(secret)
    assert event["id"] == receiver.got[0].id
    assert receiver.got[0].headers["content-type"] == "application/json"
    said = deliveries(store, workspace)[0]
    assert (said.state, said.attempts, said.status, said.reason) == ("delivered", 1, 204, None)
    assert deliver(store, workspace, receiver).tried == 0
    assert acts(store, workspace) == [("webhook.registered", endpoint)]


def test_T19_a_changed_body_or_another_secret_does_not_verify(store: Store, workspace: str, receiver: Receiver) -> None:
    _, secret = registered(store, workspace, receiver)
    tell(store, workspace)
    deliver(store, workspace, receiver)
    got = receiver.got[0]
    with pytest.raises(WebhookVerificationError):
        got.signed_with("whsec_" + "A" * 44)
    got.body = got.body.replace(b"mat_0", b"mat_1")
    with pytest.raises(WebhookVerificationError):
        got.signed_with(secret)


def test_T19_both_secrets_sign_for_a_day_after_a_rotation(
    store: Store, workspace: str, receiver: Receiver, clock: Clock
) -> None:
    endpoint, old = registered(store, workspace, receiver)
    with store.write(workspace, ME) as tx:
        new = rotate_secret(tx, endpoint)
    tell(store, workspace)
    deliver(store, workspace, receiver)
    for secret in (old, new):
        receiver.got[0].signed_with(secret)
    clock.moment += timedelta(hours=24)
    tell(store, workspace)
    deliver(store, workspace, receiver)
    receiver.got[1].signed_with(new)
    with pytest.raises(WebhookVerificationError):
        receiver.got[1].signed_with(old)
    with store.write(workspace, ME) as tx:
        newest = rotate_secret(tx, endpoint, at_once=True)
    tell(store, workspace)
    deliver(store, workspace, receiver)
    receiver.got[2].signed_with(newest)
    with pytest.raises(WebhookVerificationError):
        receiver.got[2].signed_with(new)
    assert acts(store, workspace)[1:] == [("webhook.secret_rotated", endpoint)] * 2


def test_T19_a_receiver_down_for_72_hours_gets_everything_once_it_is_back(
    store: Store, workspace: str, receiver: Receiver, clock: Clock
) -> None:
    _, secret = registered(store, workspace, receiver)
    tell(store, workspace)
    receiver.stop()
    back = clock.moment + timedelta(hours=72)
    told_late = False
    while (due := min(datetime.fromisoformat(one.due_at) for one in pending(store, workspace))) < back:
        until(clock, due)
        deliver(store, workspace, receiver)
        if not told_late and clock.moment > back - timedelta(hours=30):
            tell(store, workspace, 2, "matter.erased")
            told_late = True
    until(clock, back)
    receiver.start()
    assert {one.state for one in deliveries(store, workspace)} == {"pending"}
    tries = sum(one.attempts for one in deliveries(store, workspace))
    while pending(store, workspace):
        until(clock, min(datetime.fromisoformat(one.due_at) for one in pending(store, workspace)))
        deliver(store, workspace, receiver)
    ids = [got.id for got in receiver.got]
    assert len(ids) == len(set(ids)) == 3
    assert {one.event for one in deliveries(store, workspace)} == set(ids)
    assert all(got.signed_with(secret) for got in receiver.got)
    with store.read(workspace) as tx:
        assert (list_endpoints(tx)[0].enabled, list_endpoints(tx)[0].failing_since) == (True, None)
    print(f"T19: down 72 h, {tries} tries in vain, 3 of 3 events delivered, 0 doubled")


def test_T19_the_id_stays_over_tries_and_the_time_does_not(
    store: Store, workspace: str, receiver: Receiver, clock: Clock
) -> None:
    _, secret = registered(store, workspace, receiver)
    receiver.answers = [(500, {}), (302, {"location": receiver.url}), (404, {})]
    tell(store, workspace)
    reasons = []
    for _ in range(4):
        deliver(store, workspace, receiver)
        reasons.append(deliveries(store, workspace)[0].reason)
        clock.moment += timedelta(hours=3)
    assert reasons == ["status", "redirect", "status", None]
    assert len({got.id for got in receiver.got}) == 1
    assert len({got.body for got in receiver.got}) == 1
    assert len({got.headers["webhook-timestamp"] for got in receiver.got}) == 4
    assert all(got.signed_with(secret) for got in receiver.got)


def test_T19_ten_tries_then_a_failure_that_may_be_replayed_by_hand(
    store: Store, workspace: str, receiver: Receiver, clock: Clock
) -> None:
    endpoint, _ = registered(store, workspace, receiver)
    receiver.always = (500, {})
    tell(store, workspace)
    while waiting := pending(store, workspace):
        until(clock, datetime.fromisoformat(waiting[0].due_at))
        deliver(store, workspace, receiver)
    assert len(receiver.got) == len(DELAYS) == 10
    with store.read(workspace) as tx:
        (failure,) = list_failures(tx, endpoint)
    assert (failure.attempts, failure.status, failure.reason) == (10, 500, "status")
    receiver.always = (200, {})
    with store.write(workspace, ME) as tx:
        replay(tx, failure.id)
    assert deliver(store, workspace, receiver).delivered == 1
    assert len({got.id for got in receiver.got}) == 1
    assert acts(store, workspace)[1:] == [("webhook.delivery_failed", endpoint), ("webhook.replayed", endpoint)]


def test_T19_days_of_nothing_but_failures_disable_the_endpoint(
    store: Store, workspace: str, receiver: Receiver, clock: Clock
) -> None:
    endpoint, _ = registered(store, workspace, receiver)
    receiver.always = (500, {})
    for _ in range(3):
        tell(store, workspace)
        deliver(store, workspace, receiver)
        clock.moment += timedelta(days=2)
    deliver(store, workspace, receiver)
    with store.read(workspace) as tx:
        said = list_endpoints(tx)[0]
    assert (said.enabled, said.because) == (False, "failing")
    assert ("webhook.disabled", endpoint) in acts(store, workspace)
    before = len(receiver.got)
    clock.moment += timedelta(days=1)
    assert deliver(store, workspace, receiver).tried == 0
    assert len(receiver.got) == before


def test_T19_gone_disables_at_once_and_what_comes_later_waits(
    store: Store, workspace: str, receiver: Receiver, clock: Clock
) -> None:
    endpoint, _ = registered(store, workspace, receiver)
    receiver.answers = [(410, {})]
    tell(store, workspace)
    deliver(store, workspace, receiver)
    with store.read(workspace) as tx:
        assert (list_endpoints(tx)[0].enabled, list_endpoints(tx)[0].because) == (False, "gone")
        assert [one.status for one in list_failures(tx)] == [410]
    assert acts(store, workspace)[1:] == [("webhook.delivery_failed", endpoint), ("webhook.disabled", endpoint)]
    tell(store, workspace, kind="matter.erased")
    clock.moment += timedelta(days=3)
    assert deliver(store, workspace, receiver).tried == 0
    with store.write(workspace, ME) as tx:
        enable(tx, endpoint)
    assert deliver(store, workspace, receiver).delivered == 1
    assert receiver.got[-1].event["type"] == "matter.erased"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_T19_a_receiver_that_asks_for_a_pause_is_left_alone(
    store: Store, workspace: str, receiver: Receiver, clock: Clock, status: int
) -> None:
    registered(store, workspace, receiver)
    receiver.answers = [(status, {"Retry-After": "3600"})]
    tell(store, workspace, 3)
    deliver(store, workspace, receiver)
    assert len(receiver.got) == 1
    clock.moment += timedelta(minutes=59)
    assert deliver(store, workspace, receiver).tried == 0
    clock.moment += timedelta(minutes=1)
    assert deliver(store, workspace, receiver).delivered == 3
    assert len(receiver.got) == 4


def test_a_pause_may_be_a_date_is_a_day_at_most_and_a_minute_if_nothing_sensible_is_asked() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert pause_until(format_datetime(now + timedelta(hours=2), usegmt=True), now) == now + timedelta(hours=2)
    assert pause_until("99999999", now) == now + timedelta(days=1)
    for text in ("", "soon", "-5", "1e9", "٣", "Mon, 99 Foo 2026"):
        assert pause_until(text, now) == now + timedelta(minutes=1)


def test_tries_come_on_schedule_and_never_early() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    for tried in range(1, 10):
        moments = {next_try(tried, now) for _ in range(50)}
        waits = sorted(moment - now for moment in moments if moment)
        assert DELAYS[tried] <= waits[0] < waits[-1] <= DELAYS[tried] * 1.1
    assert next_try(10, now) is None
    assert sum(DELAYS, timedelta(0)) > timedelta(hours=75)


def test_T19_a_node_killed_between_sending_and_writing_sends_again_under_the_same_id(
    store: Store, workspace: str, home: tuple[str, Path], receiver: Receiver, clock: Clock
) -> None:
    registered(store, workspace, receiver)
    tell(store, workspace)
    command = [sys.executable, "-m", "tests.webhooks.killed", *map(str, home), workspace, str(receiver.port)]
    done = subprocess.run([*command, clock().isoformat()], cwd=ROOT, timeout=60, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert len(receiver.got) == 1
    assert deliver(store, workspace, receiver).tried == 0  # the dead node's lease still holds
    clock.moment += LEASE + timedelta(seconds=1)
    assert deliver(store, workspace, receiver).delivered == 1
    assert [got.id for got in receiver.got] == [receiver.got[0].id] * 2


def test_two_nodes_at_once_send_everything_once(
    store: Store, workspace: str, home: tuple[str, Path], receiver: Receiver, clock: Clock
) -> None:
    registered(store, workspace, receiver)
    registered(store, workspace, receiver, ["assessment.created"])
    tell(store, workspace, 15)
    other = open_store(*home, clock)
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda node: deliver(node, workspace, receiver), [store, other, store, other]))
    other.close()
    assert sum(run.delivered for run in runs) == len(receiver.got) == 30
    assert len({(got.id, got.headers["webhook-signature"]) for got in receiver.got}) == 30
    assert len({got.id for got in receiver.got}) == 15


def test_an_answer_that_comes_after_the_lease_went_to_another_changes_nothing(
    store: Store, workspace: str, receiver: Receiver, clock: Clock
) -> None:
    registered(store, workspace, receiver)
    tell(store, workspace)

    def slow(letter: Letter) -> Reply:
        clock.moment += LEASE
        assert deliver(store, workspace, receiver).delivered == 1
        return Reply(500)

    deliver_due(store, workspace, slow)
    said = deliveries(store, workspace)[0]
    assert (said.state, said.attempts) == ("delivered", 1)


def test_an_endpoint_without_an_answer_does_not_hold_up_the_others(
    store: Store, workspace: str, receiver: Receiver
) -> None:
    other = Receiver()
    other.start()
    gone, _ = registered(store, workspace, other)
    registered(store, workspace, receiver)
    other.stop()
    tell(store, workspace, 5)
    run = deliver_due(store, workspace, local_sender(receiver.port))
    assert (run.delivered, run.failed, run.silent) == (5, 1, {gone})


def test_an_endpoint_with_another_port_than_the_installation_allows_is_not_called(
    store: Store, workspace: str, receiver: Receiver
) -> None:
    registered(store, workspace, receiver)
    tell(store, workspace)
    deliver_due(store, workspace, local_sender(1))
    assert deliveries(store, workspace)[0].reason == "refused_port"
    assert receiver.got == []


def test_deliveries_are_forgotten_after_thirty_days(
    store: Store, workspace: str, receiver: Receiver, clock: Clock
) -> None:
    registered(store, workspace, receiver)
    tell(store, workspace, 2)
    deliver(store, workspace, receiver)
    clock.moment += timedelta(days=29)
    tell(store, workspace)
    assert forget_old(store, workspace) == 0
    clock.moment += timedelta(days=2)
    assert forget_old(store, workspace) == 2
    assert len(deliveries(store, workspace)) == 1


def test_deliveries_are_listed_newest_first_page_by_page(store: Store, workspace: str, receiver: Receiver) -> None:
    endpoint, _ = registered(store, workspace, receiver)
    for _ in range(5):
        tell(store, workspace)
    with store.read(workspace) as tx:
        whole = list_deliveries(tx, endpoint)
        first = list_deliveries(tx, limit=2)
        rest = list_deliveries(tx, after=(first[-1].created_at, first[-1].id))
    assert [one.id for one in first + rest] == [one.id for one in whole]
    assert [one.created_at for one in whole] == sorted((one.created_at for one in whole), reverse=True)


def test_T8_another_workspace_neither_sees_nor_replays_a_delivery(
    store: Store, workspace: str, receiver: Receiver
) -> None:
    registered(store, workspace, receiver)
    tell(store, workspace)
    other = create_workspace(store, "Other", ME)
    assert deliver(store, other, receiver).tried == 0
    assert deliveries(store, other) == []
    with pytest.raises(NotFound), store.write(other, ME) as tx:
        replay(tx, deliveries(store, workspace)[0].id)
