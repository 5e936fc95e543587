"""Endpoints: secrets shown once, everything sealed, every act audited, and no workspace sees another's."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from sqlalchemy import text

from api.operations.webhooks.delivery import deliver_due
from api.operations.webhooks.endpoints import (
    MOST,
    TooMany,
    change,
    delete_endpoint,
    disable,
    enable,
    list_endpoints,
    read_endpoint,
    register,
    rotate_secret,
)
from api.operations.webhooks.history import list_deliveries
from api.operations.webhooks.outbox import notify
from api.storage.audit.journal import entries
from api.storage.audit.sources import verify_session
from api.storage.errors import NotFound
from api.storage.rotation import rotate_master, rotate_workspace
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.store.support import bytes_on_disk
from tests.store.test_databases import restricted
from tests.webhooks.support import ME, Receiver, local_gate, local_sender, registered

__all__ = ["restricted"]


def test_a_secret_has_256_bits_and_is_shown_once(store: Store, workspace: str, receiver: Receiver) -> None:
    endpoint, secret = registered(store, workspace, receiver)
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    with store.read(workspace) as tx:
        said = read_endpoint(tx, endpoint)
        assert list_endpoints(tx) == [said]
    assert secret not in repr(said)
    assert "canary-token" not in repr(said)
    assert (said.url, said.enabled, said.because, said.old_secret_until) == (receiver.url, True, None, None)


def test_T11_neither_url_nor_secret_lies_on_the_disk(
    store: Store, workspace: str, receiver: Receiver, folder: Path
) -> None:
    endpoint, secret = registered(store, workspace, receiver)
    with store.read(workspace) as tx:
        row = tx.session.execute(text("SELECT * FROM webhook_endpoints WHERE id = :id"), {"id": endpoint}).one()
    seen = repr(tuple(row)).encode() + bytes_on_disk(folder)
    assert endpoint.encode() in seen
    for hidden in (secret, "canary-token", "127.0.0.1"):
        assert hidden.encode() not in seen


def test_an_endpoint_is_changed_and_keeps_its_secret(store: Store, workspace: str, receiver: Receiver) -> None:
    endpoint, secret = registered(store, workspace, receiver, ["matter.erased"])
    other = local_gate(receiver.port).check(receiver.url.replace("hooks", "elsewhere"))
    with store.write(workspace, ME) as tx:
        said = change(tx, endpoint, other, ["outcome.changed", "matter.erased", "matter.erased"])
        notify(tx, "outcome.changed", "mat_1", "asm_1")
        notify(tx, "assessment.created", "mat_1", "asm_1")
    assert said.kinds == ("outcome.changed", "matter.erased")
    assert deliver_due(store, workspace, local_sender(receiver.port)).delivered == 1
    assert receiver.got[0].path.startswith("/elsewhere")
    receiver.got[0].signed_with(secret)


def test_a_deleted_endpoint_takes_what_waited_with_it(store: Store, workspace: str, receiver: Receiver) -> None:
    endpoint, _ = registered(store, workspace, receiver)
    with store.write(workspace, ME) as tx:
        notify(tx, "matter.erased", "mat_1")
    with store.write(workspace, ME) as tx:
        delete_endpoint(tx, endpoint)
    with store.read(workspace) as tx:
        assert (list_endpoints(tx), list_deliveries(tx)) == ([], [])
    with pytest.raises(NotFound), store.write(workspace, ME) as tx:
        delete_endpoint(tx, endpoint)


def test_every_act_is_in_the_audit_chain(store: Store, workspace: str, receiver: Receiver) -> None:
    endpoint, _ = registered(store, workspace, receiver)
    for act in (change, rotate_secret, disable, disable, enable, delete_endpoint):
        with store.write(workspace, ME) as tx:
            act(tx, endpoint)
    with store.read(workspace) as tx:
        found = [(one.act, one.subject, one.ids) for one in entries(tx.session, workspace)][1:]
        assert verify_session(tx.session).faults == []
    names = ("registered", "changed", "secret_rotated", "disabled", "enabled", "deleted")
    assert [act for act, _, _ in found] == [f"webhook.{name}" for name in names]
    assert {subject for _, subject, _ in found} == {endpoint}
    assert [ids for _, _, ids in found if ids] == [{"because": "by_hand"}]


@pytest.mark.parametrize("kinds", [[], ["everything"], ["assessment.created", "x"]])
def test_an_endpoint_needs_known_kinds(store: Store, workspace: str, receiver: Receiver, kinds: list[str]) -> None:
    with pytest.raises(ValueError, match="at least one kind"):
        registered(store, workspace, receiver, kinds)


def test_a_workspace_has_a_bounded_number_of_endpoints(store: Store, workspace: str, receiver: Receiver) -> None:
    checked = local_gate(receiver.port).check(receiver.url)
    with store.write(workspace, ME) as tx:
        for _ in range(MOST):
            register(tx, checked, ["matter.erased"])
        with pytest.raises(TooMany):
            register(tx, checked, ["matter.erased"])


def test_rotating_the_keys_of_the_workspace_keeps_endpoints_working(
    store: Store, workspace: str, receiver: Receiver
) -> None:
    _, secret = registered(store, workspace, receiver)
    rotate_workspace(store, workspace, ME)
    rotate_master(store, ME)
    with store.write(workspace, ME) as tx:
        notify(tx, "matter.erased", "mat_1")
    assert deliver_due(store, workspace, local_sender(receiver.port)).delivered == 1
    receiver.got[0].signed_with(secret)


def test_T8_another_workspace_neither_sees_nor_changes_an_endpoint(
    store: Store, workspace: str, receiver: Receiver
) -> None:
    endpoint, _ = registered(store, workspace, receiver)
    other = create_workspace(store, "Other", ME)
    with store.write(other, ME) as tx:
        assert list_endpoints(tx) == []
        assert notify(tx, "matter.erased", "mat_1") == 0
    for act in (read_endpoint, change, rotate_secret, disable, enable, delete_endpoint):
        with pytest.raises(NotFound), store.write(other, ME) as tx:
            act(tx, endpoint)


def test_T9_the_database_itself_keeps_workspaces_apart(restricted: Store, receiver: Receiver) -> None:
    workspace, other = create_workspace(restricted, "x", ME), create_workspace(restricted, "y", ME)
    registered(restricted, workspace, receiver)
    with restricted.write(workspace, ME) as tx:
        notify(tx, "matter.erased", "mat_1")
    for table in ("webhook_endpoints", "webhook_deliveries", "deadline_notices"):
        with restricted.read(other) as tx:
            assert tx.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    assert deliver_due(restricted, workspace, local_sender(receiver.port)).delivered == 1
