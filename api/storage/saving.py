"""Saving a case file under the tracker's reference: the matter is made, gets a version, or stays as it is.

A tracker sends the same case again and again; only what is different becomes a version.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from api.storage.errors import NotFound
from api.storage.matters import (
    Document,
    Facts,
    add_version,
    create_matter,
    find_matter,
    read_facts,
)
from api.storage.store import Transaction

Same = Callable[[Document, Document], bool]
Change = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a case file is kept, and whether that changed anything."""

    matter: str
    version: int
    change: Change


def facts_under(tx: Transaction, reference: str) -> Facts | None:
    """The latest facts of the matter under a reference, if there is one; the access is recorded."""
    try:
        matter = find_matter(tx, reference)
    except NotFound:
        return None
    return read_facts(tx, matter.id)


def save(tx: Transaction, reference: str, document: Document, same: Same) -> Saved:
    """Keep a case file under a reference; ``same`` says whether two case files need no new version.

    Raises:
        ReferenceTaken: somebody made the matter in this moment.
        Conflict: somebody saved a version in this moment.
    """
    held = facts_under(tx, reference)
    if held is None:
        made = create_matter(tx, reference, document)
        return Saved(made.id, 1, "created")
    if same(held.document, document):
        return Saved(held.matter, held.version, "unchanged")
    return Saved(held.matter, add_version(tx, held.matter, held.version, document), "updated")
