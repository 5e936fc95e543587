"""What would change the outcome, for each side; and what the answer takes for granted or leaves aside."""

from __future__ import annotations

from dataclasses import dataclass

from api.documents.language.catalogues import LawText
from api.web.pages.answers import NONE
from api.web.pages.scratch import follows
from api.web.pages.verdict_labels import Named, named, value_of
from api.web.pages.verdict_scene import Scene
from engine.answer.model import Answer, Assignment, FlipSetSaid

SIDES = ("person", "state", "neither")


@dataclass(frozen=True)
class Valued:
    """A fact with a value."""

    about: Named
    value: LawText | str
    #: The value as fields of a form hold it
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flip:
    """Facts that together would change the outcome, and to what."""

    facts: tuple[Valued, ...]
    to: str
    #: Whether a what-if can set all of these facts
    can_be_tried: bool


@dataclass(frozen=True)
class Assumed:
    """Facts taken for granted for one reason."""

    why: LawText
    facts: tuple[Valued, ...]


def flips(answer: Answer, scene: Scene) -> dict[str, list[Flip]]:
    """The sets of facts by the side that they favour."""
    return {side: [_flip(one, scene) for one in answer.flip_sets if one.favours == side] for side in SIDES}


def _flip(flip: FlipSetSaid, scene: Scene) -> Flip:
    pairs = [(named(scene, one.fact), one) for one in flip.set]
    values = [Valued(about, value_of(scene, about, one.value, one.shown), _fields(about, one)) for about, one in pairs]
    free = [about.fact for about, _ in pairs if about.fact and not follows(scene.pack, scene.case, about.fact)]
    return Flip(tuple(values), str(flip.to), len(free) == len(pairs))


def _fields(about: Named, one: Assignment) -> tuple[str, ...]:
    """A value as the fields of a form hold it."""
    if isinstance(one.value, bool):
        return ("yes" if one.value else "no",)
    if isinstance(one.value, list | tuple):
        words = tuple(map(str, one.value))
        joined = about.fact is not None and about.fact.type == "states"
        return (", ".join(words),) if joined else words or (NONE,)
    return (str(one.value),)


def assumptions(answer: Answer, scene: Scene) -> list[Assumed]:
    """What is taken for granted, by the reason why."""
    found: dict[str, list[Valued]] = {}
    for one in answer.assumptions:
        if one.fact not in answer.variants:
            found.setdefault(one.why, []).append(Valued(named(scene, one.fact), scene.told(one.shown)))
    return [Assumed(scene.told(why), tuple(facts)) for why, facts in found.items()]


def law_readings(answer: Answer, scene: Scene) -> list[Valued]:
    """The reading used for each question on which the law itself is unsettled."""
    found = []
    for name, value in answer.variants.items():
        variant = scene.pack.variants.get(name)
        if variant is not None:
            said = scene.speech.law("variant", name, f"value.{value}", variant.values[value])
            found.append(Valued(named(scene, name), said))
    return found


def not_relied_on(answer: Answer, scene: Scene) -> list[Named]:
    """Facts that are recorded and that no met or open ground uses."""
    return [named(scene, label) for label in answer.not_relied_on]
