"""Acts on somebody's access that one administrator alone may not do: another one has to do the same within three days.

Whoever manages people reads no matter. Without this an administrator could give themself a lawyer's role, invite
a lawyer anew and sign in in the lawyer's name, or make a lawyer up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from api.accounts.factors import factors_of
from api.accounts.identities import fingerprint, list_identities
from api.accounts.passwords import password_of
from api.accounts.persons import read_person
from api.accounts.roles import scopes_of
from api.accounts.tokens import hashed, new_token
from api.storage.people_tables import OneTimeLink
from api.storage.store import Transaction, stamp

WAITS = timedelta(hours=72)


def for_roles(tx: Transaction, scopes: Collection[str], person: str, roles: Iterable[str]) -> bool:
    """Whether somebody with these scopes may change a person's roles; not alone if they add more than that."""
    wanted = tuple(roles)
    added = scopes_of(wanted) - scopes_of(read_person(tx, person).roles)
    return added <= set(scopes) or _confirmed(tx, person, f"roles {' '.join(sorted(wanted))}")


def for_invitation(tx: Transaction, scopes: Collection[str], person: str) -> bool:
    """Whether somebody with these scopes may invite a person; not alone if the person can sign in, or may more."""
    alone = not _can_sign_in(tx, person) and scopes_of(read_person(tx, person).roles) <= set(scopes)
    return alone or _confirmed(tx, person, "invite")


def for_reset(tx: Transaction, scopes: Collection[str], person: str) -> bool:
    """Whether somebody with these scopes may reset a person's sign-in methods; not alone if the person may more."""
    return scopes_of(read_person(tx, person).roles) <= set(scopes) or _confirmed(tx, person, "reset")


def for_identity(tx: Transaction, scopes: Collection[str], person: str, issuer: str, subject: str) -> bool:
    """Whether somebody with these scopes may link a person to a provider's subject: whoever that is signs in as them."""
    alone = not _can_sign_in(tx, person) and scopes_of(read_person(tx, person).roles) <= set(scopes)
    return alone or _confirmed(tx, person, f"identity {fingerprint(tx, issuer, subject).hex()}")


def _can_sign_in(tx: Transaction, person: str) -> bool:
    return password_of(tx, person) is not None or bool(factors_of(tx, person) or list_identities(tx, person))


def _confirmed(tx: Transaction, person: str, act: str) -> bool:
    """Whether somebody else asked for the same; else it is noted that it was asked for."""
    asked, mine = f"asked {act} by ", f"asked {act} by {tx.actor}"
    query = select(OneTimeLink.purpose).where(
        OneTimeLink.workspace_id == tx.workspace,
        OneTimeLink.person_id == person,
        OneTimeLink.purpose.startswith(asked, autoescape=True),
        OneTimeLink.expires_at > tx.at,
    )
    found = [purpose for purpose in tx.session.scalars(query) if purpose != mine]
    tx.session.execute(
        delete(OneTimeLink).where(OneTimeLink.workspace_id == tx.workspace, OneTimeLink.purpose.in_([mine, *found]))
    )
    if found:
        tx.record("access.confirmed", person, asked_by=found[0].rpartition(" ")[2])
        return True
    until = stamp(datetime.fromisoformat(tx.at) + WAITS)
    tx.add(
        OneTimeLink(
            token_hash=hashed(new_token(tx.workspace)),
            workspace_id=tx.workspace,
            person_id=person,
            purpose=mine,
            expires_at=until,
        )
    )
    tx.record("access.asked", person, wanted=act.split(maxsplit=1)[0])
    return False
