"""What was changed of late in how a person signs in: told to them whenever they sign in, so that no takeover is quiet.

It is read from the audit chain, which nobody can clear, and it cannot be waved away for as long as it is new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from api.accounts.passkeys import list_passkeys
from api.accounts.sessions import SessionSaid
from api.storage.store import Transaction, stamp
from api.storage.tables import AuditEntry

NEW = timedelta(days=14)
_ACTS = ("totp.enrolled", "recovery.made", "password.set", "factors.reset")


@dataclass(frozen=True, slots=True)
class Change:
    """A change: the act of the audit chain, when, and of a passkey its name."""

    act: str
    at: str
    label: str = ""


def changed_before(tx: Transaction, session: SessionSaid) -> list[Change]:
    """What was changed before a session was opened and is still new, oldest first.

    The password that a person began with is no change.
    """
    mine = (AuditEntry.chain == tx.workspace, AuditEntry.subject == session.person, AuditEntry.act.in_(_ACTS))
    found = tx.session.execute(select(AuditEntry.act, AuditEntry.at).where(*mine).order_by(AuditEntry.seq)).all()
    first = next((row.at for row in found if row.act == "password.set"), "")
    changes = [Change(row.act, row.at) for row in found if (row.act, row.at) != ("password.set", first)]
    changes += [Change("passkey.registered", one.created_at, one.label) for one in list_passkeys(tx, session.person)]
    since = stamp(datetime.fromisoformat(tx.at) - NEW)
    return sorted((one for one in changes if since < one.at < session.opened_at), key=lambda one: one.at)
