"""The assessment of record that a page shows: the one by which its matter stands, or another by its id.

Everything is told from the answer that was stored, with the facts of its version. Proofs and trace are
most of an answer, so they stay plain data until a page shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from api.law.shelf import NoSuchPack
from api.service.papers import Kept
from api.service.within import within
from api.storage.assessments import AssessmentSaid, answer_of
from api.storage.errors import NotFound, NoWords
from api.storage.matters import Document as Facts
from api.storage.matters import MatterSaid, read_facts, read_matter
from api.storage.summaries import standing_of
from api.web.pages.visit import Visit
from api.web.problems import Refused, fault
from api.web.store_errors import IMPORTED, LAW_IS_MISSING
from engine.answer.model import Answer, StepSaid
from engine.assess import Engine, Weighed
from engine.content.documents import Document
from engine.facts.casefile import Case

_STEPS = TypeAdapter(tuple[StepSaid, ...])


@dataclass(frozen=True)
class Record:
    """A matter with one of its assessments of record, if it has any."""

    matter: MatterSaid
    said: AssessmentSaid
    written: bytes
    facts: Facts
    #: The engine of the law content it was made under; that in use, when the other is not here
    engine: Engine
    law_is_here: bool
    law_in_use: bool

    @property
    def id(self) -> str:
        """The matter's id."""
        return self.matter.id

    @property
    def stale(self) -> bool:
        """Whether the facts have changed since."""
        return self.said.version != self.matter.version

    @cached_property
    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = from_json(self.written)
        return data

    @cached_property
    def answer(self) -> Answer:
        """The answer without its proofs and its trace."""
        return Answer.model_validate({**self._data, "proof": {}, "trace": ()})

    @cached_property
    def count_titles(self) -> dict[str, str]:
        """What the offences are called, by id."""
        return {one.id: one.title or one.id for one in self.answer.counts}

    @property
    def proofs(self) -> dict[str, dict[str, Any]]:
        """The proofs of the grounds that are met or open, as they are stored."""
        proofs: dict[str, dict[str, Any]] = self._data["proof"]
        return proofs

    def with_trace(self) -> Answer:
        """The answer with its trace, without its proofs."""
        return self.answer.model_copy(update={"trace": _STEPS.validate_python(self._data["trace"])})

    def whole(self) -> Answer:
        """All of the answer."""
        return Answer.model_validate_json(self.written)

    @cached_property
    def case(self) -> Case:
        """The facts it was made from."""
        return self.engine.read(Document(self.facts, "case"))

    @cached_property
    def weighed(self) -> Weighed:
        """These facts weighed again as they were then; only where the law content is here."""
        with within():
            return self.engine.weigh(self.case, self.answer.assessed_on, self.answer.reading)

    @property
    def kept(self) -> Kept:
        """What papers are made from.

        Raises:
            Refused: the version of the law content used for it is not installed here, or it was imported.
        """
        if self.said.imported:
            raise Refused(409, [IMPORTED])
        if not self.law_is_here:
            raise Refused(409, [LAW_IS_MISSING])
        return Kept(self.said, self.whole(), self.facts, self.engine)


def record_of(visit: Visit, matter: str, assessment: str = "") -> Record | MatterSaid:
    """The assessment by which a matter stands, or the one of this id; the matter alone when there is none.

    Raises:
        NotFound: there is no such matter, or no such assessment of it.
    """
    if not visit.may("assessments:read"):
        raise Refused(403, [fault("this needs the scope assessments:read")])
    with visit.look() as tx:
        said = read_matter(tx, matter)
        standing = None if assessment else standing_of(tx, [matter]).get(matter)
    wanted = standing.assessment if standing else assessment
    return record_in(visit, said, wanted) if wanted else said


def record_in(visit: Visit, matter: MatterSaid, assessment: str) -> Record:
    """One assessment of a matter, put into words behind the transaction in which it is read.

    Raises:
        NotFound: the matter has no such assessment.
        Refused: it is not yet in words, and the version of the law content used for it is not installed here.
    """
    with visit.look() as tx:
        said, kept = answer_of(tx, assessment)
        if said.matter != matter.id:
            raise NotFound("there is no such assessment of this matter")
        facts = read_facts(tx, matter.id, said.version).document
    try:
        written = visit.gathered.worded(kept)
    except NoWords:
        raise Refused(409, [LAW_IS_MISSING]) from None
    engine, here = _engine(visit, said)
    in_use = here and engine is visit.service.engine
    return Record(matter, said, written, facts, engine, here, in_use)


def _engine(visit: Visit, said: AssessmentSaid) -> tuple[Engine, bool]:
    """The engine of its law content, and whether that is here."""
    current = visit.service.engine
    if (said.rules, said.instruments) == (current.pack.rules_digest, current.pack.instruments_digest):
        return current, True
    try:
        return visit.service.shelf.engine_for(said.rules, said.instruments), True
    except NoSuchPack:
        return current, False
