"""An assessment of record from a matter's facts: read, assessed outside of any transaction, kept, told.

The API and the pages both do it this way, so that no writer waits while the engines run. What is kept
is the record of what both engines agree on; its words follow when somebody reads them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from api.operations.webhooks.outbox import somebody_listens
from api.operations.webhooks.outcomes import notify_assessment, outcome_now
from api.service.service import Service
from api.storage.assessments import AssessmentSaid, record_assessment
from api.storage.store import Transaction
from api.storage.summaries import Gist
from engine.facts.reading import Reading


@dataclass(frozen=True, slots=True)
class Assessed:
    """A record or a whole answer as JSON, and its gist, read from it before anybody waits for the writing."""

    content: bytes = field(repr=False)
    gist: Gist = field(repr=False)
    in_words: bool
    #: As of another day than the case's own, or under other law than that in use
    hypothetical: bool = False


def assessed(
    service: Service,
    document: dict[str, Any] | bytes,
    on: date | None = None,
    reading: Reading = "neutral",
    *,
    whose: str,
    pack: str | None = None,
    in_words: bool = False,
) -> Assessed:
    """What both engines agree on of a case held as data or JSON, for a workspace; under another pack by its address.

    ``in_words`` gives the whole answer at once, for whoever is going to read it.

    Raises:
        NoSuchPack: no pack on the shelf has this address.
        InputProblems: the case cannot be assessed as it stands.
        EnginesDisagree: the engines differ; there is nothing to keep.
    """
    case = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    file = service.shelf.file(pack) if pack is not None else None
    place = str(file.resolve()) if file is not None else None
    content = service.assessor.assess(case, on, reading, place, whose=whose, whole=in_words)
    gist = Gist.model_validate_json(content)
    in_use = (service.engine.pack.rules_digest, service.engine.pack.instruments_digest)
    other_law = (gist.receipt.rules, gist.receipt.instruments) != in_use
    other_day = on is not None and _elsewhen(case, on, service.store.now().date())
    return Assessed(content, gist, in_words, other_law or other_day)


def keep(tx: Transaction, matter: str, version: int, made: Assessed) -> AssessmentSaid:
    """Keep an answer on a version of a matter's facts, and tell whoever wants to be told."""
    heard = somebody_listens(tx)
    before = outcome_now(tx, matter, made.gist.reading) if heard else None
    told = {"in_words": made.in_words, "hypothetical": made.hypothetical}
    said = record_assessment(tx, matter, version, made.gist, made.content, **told)
    if heard:
        notify_assessment(tx, matter, before, outcome_now(tx, matter, made.gist.reading), said.id)
    return said


def _elsewhen(case: bytes, on: date, today: date) -> bool:
    """Whether a day is before the case's own, or still to come."""
    own = json.loads(case).get("assessed_on")
    first = date.fromisoformat(own) if isinstance(own, str) else on
    return not first <= on <= max(first, today)
