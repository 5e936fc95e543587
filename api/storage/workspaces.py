"""Workspaces: made with their keys, for content and for finding things again; that of the chain follows by itself."""

from __future__ import annotations

from api.storage.datakeys import index_subject, make_key
from api.storage.errors import NotFound
from api.storage.ids import new_id
from api.storage.sealed import put, take
from api.storage.store import Store, Transaction
from api.storage.tables import Workspace


def create_workspace(store: Store, name: str, actor: str, request: str = "") -> str:
    """Make a workspace and give its id."""
    workspace = new_id("wsp")
    with store.write(workspace, actor, request) as tx:
        found_workspace(tx, name)
    return workspace


def found_workspace(tx: Transaction, name: str) -> None:
    """Make the workspace that the transaction names: its two keys, its name, the first entry of its chain."""
    key = make_key(tx, tx.workspace)
    row = Workspace(id=tx.workspace, created_at=tx.at)
    put(row, key, name.encode())
    tx.add(row)
    make_key(tx, index_subject(tx.workspace))
    tx.record("workspace.created", tx.workspace)


def workspace_name(tx: Transaction) -> str:
    """The name of the transaction's workspace.

    Raises:
        NotFound: there is no such workspace.
    """
    row = tx.session.get(Workspace, tx.workspace)
    if row is None:
        raise NotFound("there is no such workspace")
    return take(tx, row).decode()
