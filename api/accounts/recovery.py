"""Recovery codes: ten texts of 80 random bits on paper, each of which stands in once for a lost second factor."""

from __future__ import annotations

import base64
import secrets

from sqlalchemy import ColumnElement, delete, func, select

from api.storage.base import rows_changed
from api.storage.datakeys import index_of
from api.storage.people_tables import RecoveryCode
from api.storage.store import Transaction

NUMBER = 10
_BYTES, _GROUP = 10, 4


def make_recovery_codes(tx: Transaction, person: str) -> list[str]:
    """Ten new codes, shown here and never again; earlier ones are void."""
    drop_recovery_codes(tx, person)
    codes = [_new_code() for _ in range(NUMBER)]
    for code in codes:
        tx.add(RecoveryCode(person_id=person, code_index=_index(tx, person, code), workspace_id=tx.workspace))
    tx.record("recovery.made", person, number=NUMBER)
    return codes


def take_recovery_code(tx: Transaction, person: str, code: str) -> bool:
    """Whether it is a code that was not used yet; then it is spent."""
    index = _index(tx, person, code)
    spent = delete(RecoveryCode).where(_of(tx, person), RecoveryCode.code_index == index)
    result = tx.session.execute(spent)
    used = rows_changed(result) == 1
    if used:
        tx.record("recovery.used", person)
    return used


def recovery_codes_left(tx: Transaction, person: str) -> int:
    """How many codes the person has left."""
    return tx.session.scalar(select(func.count()).select_from(RecoveryCode).where(_of(tx, person))) or 0


def drop_recovery_codes(tx: Transaction, person: str) -> None:
    """Void all codes of a person."""
    tx.session.execute(delete(RecoveryCode).where(_of(tx, person)))


def _of(tx: Transaction, person: str) -> ColumnElement[bool]:
    return (RecoveryCode.person_id == person) & (RecoveryCode.workspace_id == tx.workspace)


def _new_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def _index(tx: Transaction, person: str, code: str) -> bytes:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return index_of(tx, "recovery code", f"{person}\x00{plain}")
