"""An assessment of record from a matter's facts: read, assessed outside of any transaction, kept, told.

The API and the pages both do it this way, so that no writer waits while the engines run.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from api.service import Here, Service
from api.store.assessments import AssessmentSaid, record_assessment
from api.store.store import Transaction
from api.store.summaries import Gist
from api.webhooks.outcomes import notify_assessment, outcome_before
from engine.facts.reading import Reading


def assessed(
    service: Service,
    document: dict[str, Any],
    on: date | None = None,
    reading: Reading = "neutral",
    *,
    pack: str | None = None,
) -> bytes:
    """The answer to a case held as data, as JSON; under another pack of the shelf by its address.

    Raises:
        NoSuchPack: no pack on the shelf has this address.
        InputProblems: the case cannot be assessed as it stands.
        EnginesDisagree: the engines differ; there is no answer.
    """
    case = json.dumps(document, ensure_ascii=False).encode()
    if pack is not None and pack != service.shelf.packs()[0].address:
        return Here(service.shelf.engine(pack)).assess(case, on, reading)
    return service.assessor.assess(case, on, reading)


def keep(tx: Transaction, matter: str, version: int, written: bytes) -> AssessmentSaid:
    """Keep an answer on a version of a matter's facts, and tell whoever wants to be told."""
    answer = Gist.model_validate_json(written)
    before = outcome_before(tx, matter, answer.reading)
    said = record_assessment(tx, matter, version, answer, written)
    notify_assessment(tx, matter, before, answer.outcome, said.id)
    return said
