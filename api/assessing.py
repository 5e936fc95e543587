"""An assessment of record from a matter's facts: read, assessed outside of any transaction, kept, told.

The API and the pages both do it this way, so that no writer waits while the engines run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from api.service import Here, Service
from api.store.assessments import AssessmentSaid, record_assessment
from api.store.store import Transaction
from api.store.summaries import Gist
from api.webhooks.outcomes import notify_assessment, outcome_before
from engine.facts.reading import Reading


@dataclass(frozen=True, slots=True)
class Assessed:
    """An answer as JSON, and what is kept of it besides, read from it before anybody waits for the writing."""

    written: bytes = field(repr=False)
    gist: Gist = field(repr=False)


def assessed(
    service: Service,
    document: dict[str, Any],
    on: date | None = None,
    reading: Reading = "neutral",
    *,
    pack: str | None = None,
) -> Assessed:
    """The answer to a case held as data; under another pack of the shelf by its address.

    Raises:
        NoSuchPack: no pack on the shelf has this address.
        InputProblems: the case cannot be assessed as it stands.
        EnginesDisagree: the engines differ; there is no answer.
    """
    case = json.dumps(document, ensure_ascii=False).encode()
    if pack is not None and pack != service.shelf.packs()[0].address:
        written = Here(service.shelf.engine(pack)).assess(case, on, reading)
    else:
        written = service.assessor.assess(case, on, reading)
    return Assessed(written, Gist.model_validate_json(written))


def keep(tx: Transaction, matter: str, version: int, made: Assessed) -> AssessmentSaid:
    """Keep an answer on a version of a matter's facts, and tell whoever wants to be told."""
    before = outcome_before(tx, matter, made.gist.reading)
    said = record_assessment(tx, matter, version, made.gist, made.written)
    notify_assessment(tx, matter, before, made.gist.outcome, said.id)
    return said
