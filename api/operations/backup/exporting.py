"""Writing a whole workspace in an open form: JSON for each matter, people without secrets, the audit chain.

Everything comes from one snapshot. That it goes out is recorded, with the id of every matter, before
the first byte is written; the digest of the manifest follows when the export is whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.operations.backup.backup import ACTOR
from api.operations.backup.parcel import Outgoing, outgoing
from api.operations.backup.rows import snapshot
from api.storage.assessments import words_of
from api.storage.audit.journal import entries
from api.storage.errors import NotFound
from api.storage.migrate import newest
from api.storage.people_tables import Person
from api.storage.retention_tables import MatterMark
from api.storage.sealed import take
from api.storage.store import Store, Transaction
from api.storage.summaries import summaries
from api.storage.tables import (
    Assessment,
    Matter,
    MatterVersion,
    SentRow,
    Workspace,
)
from api.storage.vault.errors import Tampered
from api.storage.workspaces import workspace_name
from engine import ENGINE_VERSION

ASSESSMENT = ("id", "rules", "instruments", "engine", "reading", "created_at", "actor")
#: What is sealed beside the line of an assessment, and stands in an export where it always stood.
RECEIPT = ("receipt", "assessed_on")
#: What exports made before it was kept do not tell.
LATER = ("hypothetical",)
PERSON = ("id", "roles", "created_at", "disabled_at")


@dataclass(frozen=True, slots=True)
class Exported:
    """How many matters went out, and the digest of the manifest, to be handed over by another way."""

    matters: int
    digest: str


def export_workspace(store: Store, workspace: str, path: Path) -> Exported:
    """Write a workspace to a folder or a zip file. It is not encrypted.

    Raises:
        NotFound: there is no such workspace.
        NoWords: an assessment is not in words, and the law it was made under is not here.
        InTheWay: there is something of this name already.
        OSError: it cannot be written.
    """
    _note(store, workspace)
    with outgoing(path) as parcel, _looking(store, workspace) as tx:
        living = _matters(tx, parcel)
        parcel.add("people.json", _json([_person(tx, row) for row in _people(tx)]))
        parcel.add("audit.ndjson", b"".join(entry.line() for entry in entries(tx.session, workspace)))
        digest = parcel.close(_about(tx, living))
    with store.write(workspace, ACTOR) as tx:
        tx.record("workspace.exported", workspace, manifest=digest, matters=len(living))
    return Exported(len(living), digest)


def _note(store: Store, workspace: str) -> None:
    if workspace not in store.workspaces():
        raise NotFound("there is no such workspace")
    with store.write(workspace, ACTOR) as tx:
        for matter in _living(tx):
            tx.record("matter.exported", matter)
        tx.record("export.begun", workspace)


@contextmanager
def _looking(store: Store, workspace: str) -> Iterator[Transaction]:
    """A transaction that reads one consistent state; what it opens was recorded before."""
    with snapshot(store.database) as look, Session(look) as session:
        yield store.entered(session, workspace)


def _living(tx: Transaction) -> list[str]:
    mine = (Matter.workspace_id == tx.workspace, Matter.erased_at.is_(None))
    return list(tx.session.scalars(select(Matter.id).where(*mine).order_by(Matter.created_at, Matter.id)))


def _matters(tx: Transaction, parcel: Outgoing) -> list[str]:
    living = _living(tx)
    for matter in living:
        parcel.add(f"matters/{matter}.json", _json(_matter(tx, matter)))
        tx.session.expunge_all()
        tx.keys.clear()
    return living


def _matter(tx: Transaction, matter: str) -> dict[str, Any]:
    row, mark = tx.session.get_one(Matter, matter), tx.session.get(MatterMark, matter)
    sent = tx.session.get(SentRow, matter)
    return {
        "id": matter,
        "reference": take(tx, row).decode(),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "closed_at": mark.closed_at if mark else None,
        "held_at": mark.held_at if mark else None,
        "sent": {"at": sent.sent_at, "row": json.loads(take(tx, sent))} if sent else None,
        "versions": [_version(tx, one) for one in _under(tx, MatterVersion, matter, MatterVersion.version)],
        "assessments": [_assessment(tx, one) for one in _under(tx, Assessment, matter, Assessment.created_at)],
    }


def _under(tx: Transaction, table: Any, matter: str, order: Any) -> Iterator[Any]:
    mine = (table.workspace_id == tx.workspace, table.matter_id == matter)
    yield from tx.session.scalars(select(table).where(*mine).order_by(order, table.key_id))


def _version(tx: Transaction, row: MatterVersion) -> dict[str, Any]:
    facts = json.loads(take(tx, row))
    return {"version": row.version, "created_at": row.created_at, "actor": row.actor, "facts": facts}


def _assessment(tx: Transaction, row: Assessment) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in (*ASSESSMENT, *LATER)}
    line = asdict(summaries(tx, [row.id])[row.id])
    if not line["outcome"]:
        raise Tampered(f"what lists show of the assessment {row.id} is damaged")
    said |= {name: line.pop(name) for name in RECEIPT}
    return {**said, "version": row.matter_version, "summary": line, "answer": json.loads(words_of(tx, row))}


def _people(tx: Transaction) -> Iterator[Person]:
    yield from tx.session.scalars(select(Person).where(Person.workspace_id == tx.workspace).order_by(Person.id))


def _person(tx: Transaction, row: Person) -> dict[str, Any]:
    """Who somebody is, and nothing with which they sign in."""
    return {**{name: getattr(row, name) for name in PERSON}, "details": json.loads(take(tx, row))}


def _about(tx: Transaction, living: list[str]) -> dict[str, Any]:
    row = tx.session.get_one(Workspace, tx.workspace)
    return {
        "schema": newest(),
        "program": ENGINE_VERSION,
        "exported_at": tx.at,
        "workspace": {"id": row.id, "name": workspace_name(tx), "created_at": row.created_at},
        "matters": len(living),
    }


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1).encode()
