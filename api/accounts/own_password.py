"""Changing one's own password: the old one is asked for again, at the pace of guessing a second factor.

The other sessions of the person end. Who forgot the old password is invited anew (``links.py``).
"""

from __future__ import annotations

from api.accounts import passwords
from api.accounts.links import own_words
from api.accounts.pace import (
    CODE,
    SOURCE,
    attempt,
    succeeded,
)
from api.accounts.persons import read_person
from api.accounts.sessions import SessionSaid
from api.accounts.signin import Known, refuse
from api.storage.store import Store


def change_password(store: Store, said: SessionSaid, old: str, new: str, source: str, *, request: str = "") -> None:
    """Give the person of a session another password.

    Raises:
        Refused: the old password is wrong, or has to wait.
        UnfitPassword: the rules do not allow the new one.
    """
    made = attempt(store, (CODE, said.person), (SOURCE, source))
    with store.read(said.workspace) as tx:
        stored, details = passwords.password_of(tx, said.person), read_person(tx, said.person).details
    if not passwords.fits(stored, old):
        refuse(store, made, Known(said.workspace, said.person, active=True), "password", request)
    succeeded(store, made)
    new_hash = passwords.hashed(new, own_words(details))
    with store.write(said.workspace, said.person, request) as tx:
        passwords.set_password(tx, said.person, new_hash, keep=said.id)
