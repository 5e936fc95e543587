"""Facts as an answer names them (``counts[fraud].offence_on``) in the visitor's words, with where they are asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from api.documents.language.catalogues import LawText
from api.documents.language.retelling import retold
from api.web.pages.fields import value_shown
from api.web.pages.verdict_scene import Scene
from engine.facts.vocabulary import Fact

_ITEM = re.compile(r"(?s)^([a-z_]+)\[(.*)\]\.([a-z0-9_]+)$")
_REGISTER, _DECLARATION = "register: ", "The register does not know whether "


@dataclass(frozen=True)
class Named:
    """A fact, a list or a treaty relation: its question, the item it is about, where it is asked."""

    label: str
    question: LawText | str
    about: str = ""
    address: str = ""
    fact: Fact | None = None
    item: str = ""

    @property
    def key(self) -> str:
        """The fact's name in a form."""
        return ":".join((self.fact.scope, self.item, self.fact.id)) if self.fact else ""


def named(scene: Scene, label: str) -> Named:
    """What an answer's label stands for; a label of other law content stands for itself."""
    if label not in scene.named:
        scene.named[label] = _named(scene, label)
    found: Named = scene.named[label]
    return found


def _named(scene: Scene, label: str) -> Named:
    vocabulary = scene.pack.vocabulary
    found = _ITEM.match(label)
    name, item = (found[3], found[2]) if found else (label, "")
    fact, part = vocabulary.facts.get(name), vocabulary.parts.get(label)
    if fact is not None:
        question = scene.speech.law("fact", fact.id, "question", fact.question)
        return Named(label, question, scene.item_title(fact.scope, item), _ask(scene, fact.id, item), fact, item)
    if part is not None:
        question = scene.speech.law("part", part.id, "question", part.question)
        return Named(label, question, address=f"/matters/{scene.matter}/lists/{part.id}")
    if label.startswith(_REGISTER):
        said = scene.speech.say("The standing of {instrument} between these States", instrument=label[len(_REGISTER) :])
        return Named(label, said, address=f"/matters/{scene.matter}/relations")
    if label.startswith(_DECLARATION):
        return Named(label, retold(scene.speech, scene.pack, label), address=f"/matters/{scene.matter}/relations")
    variant = scene.pack.variants.get(label)
    if variant is not None:
        return Named(label, scene.speech.law("variant", label, "question", variant.question))
    return Named(label, retold(scene.speech, scene.pack, label))


def value_of(scene: Scene, about: Named, value: object, said: str) -> LawText | str:
    """A value in words; ``said`` is what the engine says of it in English."""
    if value is None or about.fact is None:
        return retold(scene.speech, scene.pack, said)
    return value_shown(scene.speech, about.fact, value)


def _ask(scene: Scene, fact: str, item: str) -> str:
    about = f"?item={quote(item, safe='')}" if item else ""
    return f"/matters/{scene.matter}/ask/{fact}{about}"
