"""Finding matters for people: those changed last first, page by page, by any part of their reference.

References are sealed, each under its matter's key, so nothing in the database can be searched for a part of
one. They are opened one after the other until a page is full or the time of one request is spent, and the next page
goes on from there. One under exactly this reference is found at once by its blind index, and makes a page of its own
before the others.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_

from api.storage.audit.chain import listed
from api.storage.datakeys import Wrapped, key_by_id, unwrap_under
from api.storage.errors import NotFound
from api.storage.matters import MatterSaid, find_matter
from api.storage.store import Transaction
from api.storage.tables import DataKey, Matter
from api.storage.vault.errors import VaultError
from api.storage.vault.sealing import Place, unseal
from api.storage.written import folded

_AT_ONCE = 500
#: How long one page looks for a part of a reference.
SECONDS = 1.0
#: Before the newest there is.
_START = ("9999-12-31T23:59:59.999999Z", "")
#: A matter together with its key, so that a list asks the database once.
_LISTED = (
    select(
        Matter.id,
        Matter.sealed,
        Matter.version,
        Matter.created_at,
        Matter.updated_at,
        DataKey.id.label("key"),
        DataKey.subject,
        DataKey.parent_id,
        DataKey.wrapped,
    )
    .outerjoin(DataKey, DataKey.id == Matter.key_id)
    .order_by(Matter.updated_at.desc(), Matter.id.desc())
)


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A page of matters; a reference that cannot be read any more is empty. ``after`` is where the next page begins.

    ``looked_until`` is the last change of the matter looked at last, where time ended the search and not its end.
    """

    matters: list[MatterSaid]
    after: tuple[str, str] | None
    looked_until: str = ""


def newest_matters(
    tx: Transaction, part: str = "", after: tuple[str, str] | None = None, limit: int = 200
) -> MatterPage:
    """Matters whose reference has a part, those changed last first; the access is recorded.

    ``after`` is (updated_at, id) of the last one seen.
    """
    exact = _exactly(tx, part) if part and after is None else None
    page = MatterPage([exact], _START) if exact else _holding(tx, folded(part), after, limit)
    tx.record("matters.listed", tx.workspace, **listed("matters", [one.id for one in page.matters]))
    return page


def _holding(tx: Transaction, wanted: str, after: tuple[str, str] | None, limit: int) -> MatterPage:
    found, last, ends = list[MatterSaid](), None, time.monotonic() + SECONDS
    for one in _all(tx, after):
        if last and wanted and time.monotonic() > ends:
            return MatterPage(found, (last.updated_at, last.id), last.updated_at)
        if wanted in folded(one.reference):
            if len(found) == limit:
                return MatterPage(found, (found[-1].updated_at, found[-1].id))
            found.append(one)
        last = one
    return MatterPage(found, None)


def _exactly(tx: Transaction, reference: str) -> MatterSaid | None:
    with suppress(NotFound, VaultError):
        return find_matter(tx, reference)
    return None


def _all(tx: Transaction, after: tuple[str, str] | None) -> Iterator[MatterSaid]:
    query = _LISTED.where(Matter.workspace_id == tx.workspace, Matter.erased_at.is_(None))
    if after is not None:
        query = query.where(tuple_(Matter.updated_at, Matter.id) < after)
    for row in tx.session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield MatterSaid(row.id, _reference(tx, row), row.version, row.created_at, row.updated_at)


def _reference(tx: Transaction, row: Any) -> str:
    """A reference; empty where it is damaged or its key is gone, so that one such row hides no other."""
    try:
        key = Wrapped(row.key, tx.workspace, row.subject, None, row.parent_id, row.wrapped)
        secret = unwrap_under(key_by_id(tx, key.parent_id).secret, key)
        place = Place(tx.workspace, Matter.__tablename__, row.id, Matter.content)
        return zlib.decompress(unseal(secret, place, row.sealed)).decode()
    except (VaultError, NotFound, zlib.error, TypeError):
        return ""
