"""Handles: the short public name by which a login names its workspace, as in ``centre/anna``.

A login without a handle means the oldest workspace: one that is made later shuts out nobody of the first. A handle is stored readable, because it
is needed before any key is at hand; it should name no client.
"""

from __future__ import annotations

import re

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from api.accounts.errors import UnfitDetails
from api.storage.people_tables import WorkspaceHandle
from api.storage.store import Store, Transaction
from api.storage.tables import Workspace
from api.storage.written import folded

_FORM = re.compile(r"[a-z0-9](?:[a-z0-9\-]{0,30}[a-z0-9])?")
_BETWEEN = "/"


def set_handle(tx: Transaction, handle: str) -> None:
    """Give the transaction's workspace its handle, in place of any earlier one.

    Raises:
        UnfitDetails: the form is wrong, or another workspace has it.
    """
    if not _FORM.fullmatch(handle):
        raise UnfitDetails("a handle is 1 to 32 small Latin letters, digits and hyphens")
    taken = tx.session.scalars(select(WorkspaceHandle.workspace_id).where(WorkspaceHandle.handle == handle)).first()
    if taken not in (None, tx.workspace):
        raise UnfitDetails("the handle is in use; choose another")
    tx.session.execute(delete(WorkspaceHandle).where(WorkspaceHandle.workspace_id == tx.workspace))
    try:
        tx.add(WorkspaceHandle(handle=handle, workspace_id=tx.workspace))
    except IntegrityError:
        raise UnfitDetails("the handle is in use; choose another") from None
    tx.record("handle.set", tx.workspace)


def handle_of(tx: Transaction) -> str | None:
    """The handle of the transaction's workspace, if it has one."""
    return tx.session.scalars(
        select(WorkspaceHandle.handle).where(WorkspaceHandle.workspace_id == tx.workspace)
    ).first()


def workspace_of(store: Store, handle: str) -> str | None:
    """The workspace of a handle; of no handle, the oldest there is."""
    with store.database.session(writes=False) as session:
        if handle:
            found = session.get(WorkspaceHandle, handle)
            return found.workspace_id if found else None
        return session.scalars(select(Workspace.id).order_by(Workspace.created_at, Workspace.id).limit(1)).first()


def split_login(text: str) -> tuple[str, str]:
    """Handle and login of what was typed, both in the form in which they are compared."""
    handle, _, login = normal(text).rpartition(_BETWEEN)
    return handle, login


def normal(text: str) -> str:
    """A login or handle without what does not matter: case, width, spaces around, what cannot be seen."""
    return folded(text)
