"""Papers on an assessment of record: what it was made from, and the memo on it as a file.

A memo tells the answer that was stored. One whose profile reads the facts otherwise is reasoned anew on
the same facts, the same day and the same law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from api.documents.memo.citations import Style
from api.documents.memo.compose import memo_of
from api.documents.memo.profiles import PROFILES
from api.documents.memo.tree import Memo
from api.service.assessing import assessed
from api.service.service import Service
from api.storage.assessments import AssessmentSaid
from api.storage.matters import Document as Facts
from engine.answer.model import Answer
from engine.assess import Engine
from engine.content.digest import address_of
from engine.content.documents import Document
from engine.facts.casefile import Case
from engine.facts.reading import Reading

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Renderer and media type of every format.
MEMOS = {"docx": ("docx", _WORD), "pdf": ("pdf", "application/pdf"), "md": ("markdown", "text/markdown")}
Profile = Literal["neutral", "person", "training", "requesting_state"]
Format = Literal["docx", "pdf", "md"]


@dataclass(frozen=True)
class Kept:
    """An assessment of record with all it was made from."""

    said: AssessmentSaid
    answer: Answer
    facts: Facts
    engine: Engine

    @property
    def case(self) -> Case:
        """Its facts as a case."""
        return self.engine.read(Document(self.facts, "case"))


@dataclass(frozen=True)
class Wanted:
    """What memo is wanted."""

    form: Format = "docx"
    profile: Profile = "neutral"
    style: Style = "court"
    language: str = "en"


def memo_file(service: Service, kept: Kept, wanted: Wanted, *, whose: str) -> tuple[bytes, str]:
    """The memo as a file for a workspace, and its media type.

    Raises:
        EnginesDisagree: the profile reads the facts otherwise and the engines differ on them; no memo is given.
    """
    chosen = PROFILES[wanted.profile]
    answer = _read_as(service, kept, chosen.reading if chosen.reading != "neutral" else kept.answer.reading, whose)
    written = memo_of(
        kept.engine,
        kept.case,
        on=answer.assessed_on,
        reading=answer.reading,
        profile=chosen,
        style=wanted.style,
        language=wanted.language,
        answer=answer,
    )
    module, media = MEMOS[wanted.form]
    render: Callable[[Memo], bytes] = import_module(f"api.documents.memo.{module}").render
    return render(written), media


def _read_as(service: Service, kept: Kept, reading: Reading, whose: str) -> Answer:
    """The stored answer, or for another reading one on the same facts, day and law."""
    if reading == kept.answer.reading:
        return kept.answer
    pack = address_of(kept.engine.pack)
    on = kept.answer.assessed_on
    made = assessed(service, kept.facts, on, reading, whose=whose, pack=pack, in_words=True)
    return Answer.model_validate_json(made.content)
