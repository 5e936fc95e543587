"""Where the parts of a verdict page are written: the matter, its case, the law content and the language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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

    def item_title(self, part: str, item: str) -> str:
        """What an item of a list is called."""
        found = next((one for one in self.case.items.get(part, ()) if one.id == item), None)
        return (found.title or item) if found else item


def scene_of(record: Record, speech: Speech) -> Scene:
    """The scene of an assessment of record; without titles of items when its law content is not here to read them."""
    case = record.case if record.law_is_here else Case()
    return Scene(record.id, record.engine.pack, case, speech)
