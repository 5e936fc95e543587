"""API keys: shown once, kept as a hash, with scopes and an end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.accounts.keys import service
from api.accounts.keys.service import (
    Refused,
    authenticate,
    issue,
    list_keys,
    revoke,
)
from api.accounts.keys.token import (
    Token,
    fits,
    new_token,
    parse,
)
from api.storage.audit.journal import entries
from api.storage.errors import NotFound
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.store.support import Clock, bytes_on_disk

ME = "usr_one"


def issued(store: Store, workspace: str, days: int = 30) -> tuple[str, str]:
    with store.write(workspace, ME) as tx:
        said, text = issue(tx, ["matters:read", "matters:write"], store.now() + timedelta(days=days))
    return said.id, text


def test_a_key_names_its_workspace_and_scopes(store: Store, workspace: str) -> None:
    name, text = issued(store, workspace)
    caller = authenticate(store, text)
    assert (caller.workspace, caller.actor, set(caller.scopes)) == (
        workspace,
        f"key_{name}",
        {"matters:read", "matters:write"},
    )
    assert text.startswith(f"ddr_live_{name}_")


def test_the_secret_is_nowhere_on_the_disk(store: Store, workspace: str, tmp_path: Path) -> None:
    _, text = issued(store, workspace)
    assert text.rsplit("_", 1)[-1].encode() not in bytes_on_disk(tmp_path)
    assert text not in repr(parse(text))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: text.replace("live", "test"),
        lambda text: text + " ",
        lambda text: "",
        lambda text: "é" * 100,
    ],
)
def test_any_other_text_is_refused(store: Store, workspace: str, change: object) -> None:
    _, text = issued(store, workspace)
    with pytest.raises(Refused):
        authenticate(store, change(text))  # type: ignore[operator]


def test_an_unknown_key_is_compared_all_the_same(store: Store, workspace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def watched(token: Token, stored: bytes | None) -> bool:
        seen.append(stored)
        return fits(token, stored)

    monkeypatch.setattr(service, "fits", watched)
    with pytest.raises(Refused):
        authenticate(store, new_token().text())
    assert seen == [None]


def test_a_key_ends_when_it_expires(store: Store, workspace: str, clock: Clock) -> None:
    _, text = issued(store, workspace, days=1)
    clock.moment += timedelta(hours=23)
    authenticate(store, text)
    clock.moment += timedelta(hours=2)
    with pytest.raises(Refused):
        authenticate(store, text)


def test_a_revoked_key_ends_at_once(store: Store, workspace: str) -> None:
    name, text = issued(store, workspace)
    authenticate(store, text)
    for _ in range(2):
        with store.write(workspace, ME) as tx:
            revoke(tx, name)
    with pytest.raises(Refused):
        authenticate(store, text)


def test_the_last_use_is_noted_but_not_every_time(store: Store, workspace: str, clock: Clock) -> None:
    _, text = issued(store, workspace)

    def last_use() -> str | None:
        with store.read(workspace) as tx:
            return list_keys(tx)[0].last_used_at

    assert last_use() is None
    authenticate(store, text)
    first = last_use()
    assert first is not None
    authenticate(store, text)
    assert last_use() == first
    clock.moment += timedelta(minutes=2)
    authenticate(store, text)
    assert str(last_use()) > first


def test_T8_another_workspace_neither_sees_nor_ends_a_key(store: Store, workspace: str) -> None:
    name, text = issued(store, workspace)
    other = create_workspace(store, "Other", ME)
    with store.read(other) as tx:
        assert list_keys(tx) == []
    with pytest.raises(NotFound), store.write(other, ME) as tx:
        revoke(tx, name)
    authenticate(store, text)


@pytest.mark.parametrize(("scopes", "days"), [([], 1), (["everything"], 1), (["matters:read"], -1)])
def test_a_key_needs_known_scopes_and_a_future(store: Store, workspace: str, scopes: list[str], days: int) -> None:
    with pytest.raises(ValueError, match="needs known scopes"), store.write(workspace, ME) as tx:
        issue(tx, scopes, store.now() + timedelta(days=days))


def test_issue_and_revocation_are_audited(store: Store, workspace: str) -> None:
    name, _ = issued(store, workspace)
    with store.write(workspace, ME) as tx:
        revoke(tx, name)
    with store.read(workspace) as tx:
        seen = [(entry.act, entry.subject) for entry in entries(tx.session, workspace)]
    assert seen[1:] == [("apikey.issued", f"key_{name}"), ("apikey.revoked", f"key_{name}")]
