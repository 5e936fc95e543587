"""Where the parts of a verdict page are written: the matter, its case, the law content and the language."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from api.documents.language.catalogues import LawText, Speech
from api.documents.language.retelling import cited, retold
from api.documents.language.words import STATUSES, status_word
from api.web.pages.record import Record
from engine.content.models import Pack
from engine.facts.casefile import Case


@dataclass(frozen=True)
class Scene:
    """What every part needs to say things in the visitor's words."""

    matter: str
    pack: Pack
    case: Case
    speech: Speech
    #: Labels of the answer in words, once they were looked up
    named: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def words(self) -> dict[str, str]:
        """The statuses in words."""
        return {name: status_word(self.speech, name) for name in STATUSES}

    def told(self, english: str) -> LawText:
        """What the engine says, in the visitor's language."""
        return retold(self.speech, self.pack, english)

    def cited(self, citation: str) -> str:
        """A citation in this language's abbreviations."""
        return cited(self.speech, self.pack, citation)

    @cached_property
    def titles(self) -> dict[tuple[str, str], str]:
        """What the items of the lists are called, by list and id."""
        return {(part, one.id): one.title or one.id for part, listed in self.case.items.items() for one in listed}

    def item_title(self, part: str, item: str) -> str:
        """What an item of a list is called."""
        return self.titles.get((part, item), item)


def scene_of(record: Record, speech: Speech) -> Scene:
    """The scene of an assessment of record; without titles of items when its law content is not here to read them."""
    case = record.case if record.law_is_here else Case()
    return Scene(record.id, record.engine.pack, case, speech)
