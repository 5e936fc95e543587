"""Matters: a reference of the tracker's own, and numbered versions of the facts that never change."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from api.storage.audit.chain import listed
from api.storage.base import rows_changed
from api.storage.datakeys import current_key, index_of, make_key
from api.storage.errors import Conflict, NotFound, ReferenceTaken
from api.storage.ids import new_id
from api.storage.sealed import put, readable, take
from api.storage.store import Key, Transaction
from api.storage.tables import Matter, MatterVersion
from api.storage.written import tidy

Document = dict[str, Any]
_LATEST = select(Matter.version).where(
    Matter.id == bindparam("matter"), Matter.workspace_id == bindparam("workspace"), Matter.erased_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class MatterSaid:
    """What is known of a matter besides its facts; the reference is empty where its row is damaged."""

    id: str
    reference: str
    version: int
    created_at: str
    updated_at: str


@dataclass(frozen=True)
class Facts:
    """One saved version of a matter's case file, as JSON."""

    matter: str
    version: int
    content: bytes = field(repr=False)
    created_at: str
    actor: str

    @cached_property
    def document(self) -> Document:
        """The case file as data."""
        read: Document = json.loads(self.content)
        return read


def create_matter(tx: Transaction, reference: str, document: Document) -> MatterSaid:
    """Make a matter with version 1 of its facts.

    Raises:
        ReferenceTaken: the workspace has a matter under this reference.
    """
    reference = tidy(reference)
    index, matter = index_of(tx, "reference", reference), new_id("mat")
    if _by_index(tx, index) is not None:
        raise ReferenceTaken("the reference is in use in this workspace")
    key = make_key(tx, matter)
    row = Matter(
        id=matter, workspace_id=tx.workspace, version=1, created_at=tx.at, updated_at=tx.at, reference_index=index
    )
    put(row, key, reference.encode())
    try:
        tx.add(row)
    except IntegrityError:
        raise ReferenceTaken("the reference is in use in this workspace") from None
    _add_facts(tx, matter, 1, key, document)
    tx.changed.add(matter)
    tx.record("matter.created", matter, version=1)
    return MatterSaid(matter, reference, 1, tx.at, tx.at)


def add_version(tx: Transaction, matter: str, expected: int, document: Document) -> int:
    """Save the next version of the facts; ``expected`` is the version the writer started from.

    Raises:
        Conflict: someone saved in between.
        NotFound: there is no such matter in this workspace.
    """
    mine = (Matter.id == matter, Matter.workspace_id == tx.workspace, Matter.erased_at.is_(None))
    change = update(Matter).where(*mine, Matter.version == expected).values(version=expected + 1, updated_at=tx.at)
    result = tx.session.execute(change.execution_options(synchronize_session=False))
    if rows_changed(result) != 1:
        raise Conflict(_row(tx, matter).version)
    _add_facts(tx, matter, expected + 1, current_key(tx, matter), document)
    tx.changed.add(matter)
    tx.record("matter.updated", matter, version=expected + 1)
    return expected + 1


def _add_facts(tx: Transaction, matter: str, version: int, key: Key, document: Document) -> None:
    row = MatterVersion(matter_id=matter, version=version, workspace_id=tx.workspace, created_at=tx.at, actor=tx.actor)
    put(row, key, json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode())
    tx.add(row)


def read_matter(tx: Transaction, matter: str) -> MatterSaid:
    """A matter without its facts; the access is recorded.

    Raises:
        NotFound: there is no such matter in this workspace.
    """
    row = _row(tx, matter)
    tx.record("matter.read", matter)
    return _said(tx, row)


def find_readable(tx: Transaction, matter: str) -> str:
    """The reference of a matter, for this program itself; empty if there is no such matter or it cannot be read."""
    row = tx.session.get(Matter, matter)
    if row is None or row.workspace_id != tx.workspace or row.sealed is None:
        return ""
    return (readable(tx, row) or b"").decode()


def find_matter(tx: Transaction, reference: str) -> MatterSaid:
    """The matter under a reference; the access is recorded.

    Raises:
        NotFound: there is none in this workspace.
    """
    row = _by_index(tx, index_of(tx, "reference", tidy(reference))) or _by_index(
        tx, index_of(tx, "reference", reference)
    )
    if row is None:
        raise NotFound("there is no such matter in this workspace")
    return read_matter(tx, row.id)


def read_facts(tx: Transaction, matter: str, version: int | None = None) -> Facts:
    """A version of the facts, the latest by default; the access is recorded.

    Raises:
        NotFound: there is no such matter or version in this workspace.
    """
    facts = facts_unrecorded(tx, matter, version)
    record_reading(tx, facts)
    return facts


def facts_unrecorded(tx: Transaction, matter: str, version: int | None = None) -> Facts:
    """The same for whoever records the access in the transaction in which anything comes of it.

    Raises:
        NotFound: there is no such matter or version in this workspace.
    """
    wanted = version if version is not None else _latest(tx, matter)
    row = tx.session.get(MatterVersion, (matter, wanted))
    if row is None or row.workspace_id != tx.workspace:
        raise NotFound("there is no such version in this workspace")
    return Facts(matter, wanted, take(tx, row), row.created_at, row.actor)


def record_reading(tx: Transaction, facts: Facts) -> None:
    """Record that somebody had these facts."""
    tx.record("facts.read", facts.matter, version=facts.version)


@dataclass(frozen=True, slots=True)
class VersionSaid:
    """That a version was saved, when and by whom."""

    version: int
    created_at: str
    actor: str


def list_versions(tx: Transaction, matter: str) -> list[VersionSaid]:
    """The versions of a matter, oldest first; the access is recorded.

    Raises:
        NotFound: there is no such matter in this workspace.
    """
    _row(tx, matter)
    tx.record("versions.listed", matter)
    columns = select(MatterVersion.version, MatterVersion.created_at, MatterVersion.actor)
    rows = tx.session.execute(columns.where(MatterVersion.matter_id == matter).order_by(MatterVersion.version))
    return [VersionSaid(row.version, row.created_at, row.actor) for row in rows]


def list_matters(
    tx: Transaction, since: str = "", after: tuple[str, str] | None = None, limit: int = 50
) -> list[MatterSaid]:
    """Matters in the order of their last change; the access is recorded.

    ``after`` is (updated_at, id) of the last one seen.
    """
    query = select(Matter).where(
        Matter.workspace_id == tx.workspace, Matter.erased_at.is_(None), Matter.updated_at >= since
    )
    if after is not None:
        query = query.where(tuple_(Matter.updated_at, Matter.id) > after)
    rows = tx.session.scalars(query.order_by(Matter.updated_at, Matter.id).limit(limit)).all()
    tx.record("matters.listed", tx.workspace, **listed("matters", [row.id for row in rows]))
    return [_said(tx, row) for row in rows]


def _said(tx: Transaction, row: Matter) -> MatterSaid:
    return MatterSaid(row.id, (readable(tx, row) or b"").decode(), row.version, row.created_at, row.updated_at)


def _by_index(tx: Transaction, index: bytes) -> Matter | None:
    return tx.session.scalars(
        select(Matter).where(Matter.workspace_id == tx.workspace, Matter.reference_index == index)
    ).first()


def _latest(tx: Transaction, matter: str) -> int:
    found = tx.session.scalar(_LATEST, {"matter": matter, "workspace": tx.workspace})
    if found is None:
        raise NotFound("there is no such matter in this workspace")
    return found


def _row(tx: Transaction, matter: str) -> Matter:
    row = tx.session.get(Matter, matter, populate_existing=True)
    if row is None or row.workspace_id != tx.workspace or row.erased_at is not None:
        raise NotFound("there is no such matter in this workspace")
    return row
