"""Saving a flat row under the tracker's reference: the matter is made, gets a version, or stays as it is.

A tracker sends the same row again and again. What rows have said of a matter is kept beside it, so that
what is new in a row can be told from what people have made of the matter meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlalchemy.exc import IntegrityError

from api.storage.datakeys import current_key
from api.storage.errors import Conflict, NotFound
from api.storage.matters import (
    Document,
    Facts,
    add_version,
    create_matter,
    find_matter,
    read_facts,
)
from api.storage.sealed import put, take
from api.storage.store import Transaction
from api.storage.tables import SentRow

Change = Literal["created", "updated", "unchanged"]


class Merged(Protocol):
    """How a case file shall stand after a row, and all that rows have said of it so far."""

    @property
    def document(self) -> Document:
        """The case file."""

    @property
    def sent(self) -> Document:
        """What rows have said."""


#: Lays a row over the case file that stands now (None: there is none yet) and what earlier rows said of it.
Merge = Callable[[Document | None, Document], Merged]


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a case file is kept, and whether that changed anything."""

    matter: str
    version: int
    change: Change


def facts_under(tx: Transaction, reference: str, *, lock: bool = False) -> tuple[Facts | None, Document]:
    """The latest facts of the matter under a reference, if there is one, and what rows have said of it.

    The access is recorded. With ``lock`` nobody else saves what rows say until this writing transaction ends.
    """
    try:
        matter = find_matter(tx, reference)
    except NotFound:
        return None, {}
    row = tx.session.get(SentRow, matter.id, with_for_update=lock or None)
    return read_facts(tx, matter.id), json.loads(take(tx, row)) if row else {}


def save(tx: Transaction, reference: str, merge: Merge) -> Saved:
    """Keep what a row says under a reference.

    Raises:
        ReferenceTaken: somebody made the matter in this moment.
        Conflict: somebody saved a version in this moment.
    """
    held, sent = facts_under(tx, reference, lock=True)
    merged = merge(held.document if held else None, sent)
    if held is None:
        saved = Saved(create_matter(tx, reference, merged.document).id, 1, "created")
    elif merged.document == held.document:
        saved = Saved(held.matter, held.version, "unchanged")
    else:
        saved = Saved(held.matter, add_version(tx, held.matter, held.version, merged.document), "updated")
    if merged.sent != sent:
        _remember(tx, saved, merged.sent)
    return saved


def _remember(tx: Transaction, saved: Saved, sent: Document) -> None:
    row = tx.session.get(SentRow, saved.matter) or SentRow(matter_id=saved.matter, workspace_id=tx.workspace)
    row.sent_at = tx.at
    put(row, current_key(tx, saved.matter), json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode())
    try:
        tx.add(row)
    except IntegrityError:
        raise Conflict(saved.version) from None
