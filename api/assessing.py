"""An assessment of record from a matter's facts: read, assessed outside of any transaction, kept.

The API and the pages both do it this way, so that no writer waits while the engines run.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from api.service import Here, Service
from api.store.assessments import AssessmentSaid, record_assessment
from api.store.store import Transaction
from engine.answer import Answer
from engine.content.digest import address_of
from engine.facts.reading import Reading


def assessed(
    service: Service,
    document: dict[str, Any],
    on: date | None = None,
    reading: Reading = "neutral",
    *,
    pack: str | None = None,
) -> bytes:
    """The answer to a case held as data, as JSON; under the law content in use unless another pack is named.

    Another pack's assessments run in this process, those of the content in use wherever the service has them.

    Raises:
        NoSuchPack: there is no pack of that address.
        InputProblems: the case cannot be assessed as it stands.
        EnginesDisagree: the engines differ; there is no answer.
    """
    case = json.dumps(document, ensure_ascii=False).encode()
    other = pack is not None and pack != address_of(service.engine.pack)
    assessor = Here(service.shelf.engine(str(pack))) if other else service.assessor
    return assessor.assess(case, on, reading)


def keep(tx: Transaction, matter: str, version: int, written: bytes) -> AssessmentSaid:
    """Keep an answer on a version of a matter's facts."""
    return record_assessment(tx, matter, version, Answer.model_validate_json(written), written)
