"""A stored proof to show: the verdict alone, down to the conditions of the grounds, or everything.

The tree comes as a flat list that says where levels begin and end: a template walks it in one loop, and
not by calling itself for each of thousands of steps. A branch that is cut says how many steps it hides,
so that a partial tree never looks whole.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, Literal

from api.documents.language.catalogues import LawText
from api.web.pages.verdict_labels import Named, named, value_of
from api.web.pages.verdict_scene import Scene
from engine.reasoning.wording import DENIED_GROUPS

Depth = Literal["verdict", "grounds", "full"]
LEVELS: dict[Depth, int] = {"verdict": 0, "grounds": 2, "full": 1_000}
_PAGE = " p. "


@dataclass(frozen=True)
class Leaf:
    """The finding behind a step: whose value it is, what it is, on whose word, by which exhibits."""

    about: Named
    value: LawText | str
    source: str
    standing: str
    by: str
    exhibits: tuple[str, ...]
    note: str


@dataclass
class Step:
    """One step of the reasoning. ``hidden`` counts the steps below that are not shown.

    ``opens`` says that a level of steps follows it, ``closes`` how many levels end with it. ``apart`` names
    the ground whose own proof shows what is below.
    """

    kind: str
    text: LawText
    status: str
    word: str
    turns: bool
    citations: str
    authorities: str
    unverified: bool
    leaf: Leaf | None
    hidden: int
    opens: bool
    closes: int = 0
    apart: str = ""


def steps_of(scene: Scene, proof: dict[str, Any], levels: int, proofs: Container[str] = ()) -> list[Step]:
    """A proof down to so many levels; a ground inside it that is among ``proofs`` is proved there, and only once."""
    found: list[Step] = []
    _walk(scene, proof, levels, proofs, found)
    return found


def _walk(scene: Scene, proof: dict[str, Any], levels: int, proofs: Container[str], found: list[Step]) -> None:
    apart = proof["criterion"] if found and proof["criterion"] in proofs else ""
    below = _below(proof) if levels and not apart else ()
    found.append(_step(scene, proof, opens=bool(below)))
    found[-1].apart = apart
    for one in below:
        _walk(scene, one, levels - 1, proofs, found)
    if below:
        found[-1].closes += 1


def _step(scene: Scene, proof: dict[str, Any], *, opens: bool) -> Step:
    known = scene.pack.authorities
    return Step(
        proof["kind"],
        scene.told(proof["text"]),
        proof["status"],
        scene.words[proof["status"]],
        proof["dispositive"],
        "; ".join(scene.cited(one) for one in proof["citations"]),
        "; ".join(known[one].name for one in proof["authorities"] if one in known),
        proof["review"] == "unverified",
        _leaf(scene, proof["finding"]) if proof["finding"] else None,
        0 if opens else size(proof) - 1,
        opens,
    )


def _below(proof: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands below a step; a negated group says itself that it is one."""
    children: list[dict[str, Any]] = proof["children"]
    return children[0]["children"] if proof["text"] in DENIED_GROUPS else children


def size(proof: dict[str, Any]) -> int:
    """How many steps a proof has."""
    return 1 + sum(size(one) for one in _below(proof))


def _leaf(scene: Scene, finding: dict[str, Any]) -> Leaf | None:
    if finding["source"] in ("register", "date", "reading"):
        return None
    about = named(scene, finding["fact"])
    return Leaf(
        about,
        value_of(scene, about, finding["value"], finding["shown"]),
        finding["source"],
        finding["standing"],
        finding["by"],
        tuple(_exhibit(scene, one) for one in finding["exhibits"]),
        finding["note"],
    )


def _exhibit(scene: Scene, reference: str) -> str:
    """An exhibit's title, with the page when one is given."""
    held = scene.case.exhibits
    name, joint, page = (reference, "", "") if reference in held else reference.rpartition(_PAGE)
    title = held[name].title if name in held else reference
    return f"{title}, {scene.speech.say('page {page}', page=page)}" if joint and name in held else title
