"""Which jobs hold something of a matter: those with a case under the matter's own reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import select

from api.storage.job_tables import Job, JobPart, JobResult
from api.storage.sealed import readable
from api.storage.store import Transaction


def jobs_naming(tx: Transaction, reference: str) -> list[str]:
    """The jobs in which a line, or what came of one, is a case of this name."""
    jobs = tx.session.scalars(select(Job.id).where(Job.workspace_id == tx.workspace).order_by(Job.id)).all()
    return [job for job in jobs if any(reference in _names(said) for said in _contents(tx, job))]


def _contents(tx: Transaction, job: str) -> Iterator[Any]:
    """All that a job holds, line by line; what cannot be read names nobody."""
    held: tuple[tuple[Any, Any], ...] = ((JobPart, JobPart.first), (JobResult, JobResult.line))
    for table, order in held:
        mine = (table.job_id == job, table.workspace_id == tx.workspace)
        for row in tx.session.scalars(select(table).where(*mine).order_by(order).execution_options(yield_per=500)):
            yield from _lines(readable(tx, row) or b"")


def _lines(held: bytes) -> Iterator[Any]:
    for line in held.split(b"\n"):
        with suppress(ValueError, RecursionError):
            yield json.loads(line)


def _names(said: Any) -> set[str]:
    """What a line, a summary or a whole answer calls its case."""
    held = [said, said.get("answer")] if isinstance(said, dict) else []
    return {str(one["case"]).strip() for one in held if isinstance(one, dict) and "case" in one}
