"""Making a workspace of an export, in one transaction: all of it, or nothing.

Ids are new, because an id is never used twice; a mapping from the old ones is given. Times, actors,
version numbers and receipts stay. The old audit chain is verified, and its head is in the first
entries of the new one. People are not made: nobody gets in by an import. Whoever made the export could have written
any answer into it, so answers are marked as imported, and nothing hangs on them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.operations.backup.backup import ACTOR
from api.operations.backup.errors import Damaged, Unusable
from api.operations.backup.exporting import ASSESSMENT, LATER, RECEIPT
from api.operations.backup.parcel import Incoming
from api.storage.audit.chain import Verification, verify_lines
from api.storage.datakeys import index_of, make_key
from api.storage.ids import new_id
from api.storage.migrate import newest
from api.storage.retention_tables import MatterMark
from api.storage.sealed import put
from api.storage.store import Key, Store, Transaction
from api.storage.summaries import Due, Summary, keep_summary
from api.storage.tables import Assessment, Matter, MatterVersion, SentRow
from api.storage.workspaces import found_workspace


@dataclass(frozen=True, slots=True)
class Imported:
    """The new workspace, and the new id of everything by its old one."""

    workspace: str
    ids: dict[str, str] = field(default_factory=dict)


def import_workspace(store: Store, path: Path, digest: str, name: str = "") -> Imported:
    """Make a new workspace of an export whose manifest has this digest.

    Raises:
        Damaged: the export was changed, or a part is missing.
        Unusable: a newer program made it.
        OSError: it cannot be read.
    """
    parcel = Incoming(path, digest)
    about = parcel.manifest["workspace"]
    chain = _chain(parcel, about["id"])
    if parcel.manifest["schema"] > newest():
        raise Unusable("a newer program made this export; update this program")
    done = Imported(new_id("wsp"))
    done.ids[about["id"]] = done.workspace
    with store.write(done.workspace, ACTOR) as tx:
        found_workspace(tx, name or about["name"])
        tx.record(
            "workspace.imported",
            tx.workspace,
            was=about["id"],
            manifest=digest.lower(),
            head=chain.heads[about["id"]],
            entries=chain.lengths[about["id"]],
        )
        for file in sorted(name for name in parcel.manifest["files"] if name.startswith("matters/")):
            _import(tx, parcel, file, done.ids)
            tx.session.expunge_all()
    return done


def _chain(parcel: Incoming, workspace: str) -> Verification:
    found = verify_lines(parcel.read("audit.ndjson").splitlines(keepends=True))
    if not found.intact or list(found.heads) != [workspace]:
        raise Damaged("the audit chain in the export does not hold")
    return found


def _import(tx: Transaction, parcel: Incoming, file: str, ids: dict[str, str]) -> None:
    try:
        _matter(tx, json.loads(parcel.read(file)), ids)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise Damaged(f"{file} is not a matter as an export holds it") from None


def _matter(tx: Transaction, data: dict[str, Any], ids: dict[str, str]) -> None:
    matter = ids[data["id"]] = new_id("mat")
    key = make_key(tx, matter)
    row = Matter(
        id=matter,
        workspace_id=tx.workspace,
        version=len(data["versions"]),
        created_at=data["created_at"],
        updated_at=data["updated_at"],
        reference_index=index_of(tx, "reference", data["reference"]),
    )
    put(row, key, data["reference"].encode())
    tx.add(row)
    _marks(tx, matter, data)
    for number, version in enumerate(data["versions"], 1):
        _version(tx, key, matter, number, version)
    _sent_row(tx, key, matter, data.get("sent"))
    for assessment in data["assessments"]:
        _assessment(tx, key, matter, assessment, ids)
    tx.record("matter.imported", matter, was=data["id"], version=row.version)


def _marks(tx: Transaction, matter: str, data: dict[str, Any]) -> None:
    if data["closed_at"] or data["held_at"]:
        marks = {"closed_at": data["closed_at"], "held_at": data["held_at"]}
        tx.add(MatterMark(matter_id=matter, workspace_id=tx.workspace, **marks))


def _version(tx: Transaction, key: Key, matter: str, number: int, data: dict[str, Any]) -> None:
    if data["version"] != number:
        raise KeyError
    row = MatterVersion(
        matter_id=matter,
        version=number,
        workspace_id=tx.workspace,
        created_at=data["created_at"],
        actor=data["actor"],
    )
    put(row, key, _compact(data["facts"]))
    tx.add(row)


def _sent_row(tx: Transaction, key: Key, matter: str, sent: dict[str, Any] | None) -> None:
    """What rows have said of it; older exports do not tell."""
    if sent:
        row = SentRow(matter_id=matter, workspace_id=tx.workspace, sent_at=sent["at"])
        put(row, key, _compact(sent["row"]))
        tx.add(row)


def _assessment(tx: Transaction, key: Key, matter: str, data: dict[str, Any], ids: dict[str, str]) -> None:
    said = {name: data[name] for name in ASSESSMENT if name != "id"}
    said |= {name: data[name] for name in LATER if name in data} | {"listed_at": data["created_at"]}
    row = Assessment(
        id=new_id("asm"),
        workspace_id=tx.workspace,
        matter_id=matter,
        matter_version=data["version"],
        imported=True,
        **said,
    )
    ids[data["id"]] = row.id
    put(row, key, _compact(data["answer"]))
    tx.add(row)
    line = {**data["summary"], **{name: data[name] for name in RECEIPT}}
    keep_summary(tx, row, Summary(**{**line, "due": tuple(Due(**one) for one in line["due"])}))
    tx.record("assessment.imported", matter, assessment=row.id, was=data["id"])


def _compact(data: Any) -> bytes:
    """As the service writes it."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
