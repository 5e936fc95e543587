"""The classic example of the field: trade-secret cases told by the factors of HYPO and CATO.

Factors and cases as published: K. D. Ashley, *Modeling Legal Argument* (1990), V. Aleven, *Teaching Case-Based
Argumentation through a Model and Examples* (1997); the case base of HYPO with *Mason* as the case at hand, and
the one of A. Wyner and T. Bench-Capon, *Argument Schemes for Legal Case-based Reasoning* (JURIX 2007), as they
are restated with the examples of the Carneades system. *F1* is a factor for the defendant, and so on. What is
forced *a fortiori* is what the literature says is forced: of *Mason* nothing is, since each side can distinguish
every precedent of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.assess import Engine
from engine.content.evidence import Conclusion, Factor, Issue, Precedent, Ruling
from engine.content.models import Pack
from tests.engine.support import criterion, fact, make_pack, weigh

#: The plaintiff stands in the place of the person, the defendant in that of the State.
PLAINTIFF = {2: "bribed employee", 4: "agreed not to disclose", 6: "security measures", 7: "brought tools"}
PLAINTIFF |= {12: "disclosures to outsiders restricted", 15: "unique product", 21: "knew it was confidential"}
PLAINTIFF |= {26: "used deception"}
DEFENDANT = {1: "disclosed in negotiations", 10: "disclosed to outsiders", 16: "can be reverse engineered"}
DEFENDANT |= {25: "was reverse engineered", 27: "disclosed in a public forum"}
FACTORS = PLAINTIFF | DEFENDANT
HYPO: Mapping[str, tuple[str, set[int]]] = {
    "KFC": ("plaintiff", {6, 16}),
    "American Precision": ("plaintiff", {7, 16, 21}),
    "Digital Development": ("plaintiff", {1, 6, 15, 21}),
    "Speciner": ("defendant", {1, 16}),
    "Yokana": ("defendant", {7, 16}),
    "Bryce": ("plaintiff", {1, 6, 21}),
    "Space Aero": ("plaintiff", {1, 15}),
    "Smith": ("defendant", {1}),
}
MASON = {1, 6, 15, 16, 21}
WYNER: Mapping[str, tuple[str, set[int]]] = {
    "Vanilla": ("plaintiff", {1, 15}),
    "Bribe": ("plaintiff", {1, 2, 15}),
    "Deceit": ("plaintiff", {1, 15, 26}),
    "Disclose": ("plaintiff", {1, 10, 15}),
    "Restrict": ("plaintiff", {1, 10, 12, 15}),
    "Bribe2": ("plaintiff", {1, 2, 15, 25}),
    "Announce": ("defendant", {1, 15, 27}),
}


def pack_of(cases: Mapping[str, tuple[str, set[int]]]) -> Pack:
    """A pack in which every factor is a fact, and every case relied on all factors for the side that won."""
    names = {number: f"f{number}" for number in FACTORS}
    issue = Issue(
        id="misappropriation",
        title="Misappropriation",
        question="Was a trade secret misappropriated?",
        answers=(Conclusion(fact="misappropriated", person=True, state=False),),
        factors={
            names[number]: Factor.model_validate(
                {
                    "name": names[number],
                    "text": text,
                    "for": "person" if number in PLAINTIFF else "state",
                    "when": criterion("c", names[number]).condition,
                }
            )
            for number, text in FACTORS.items()
        },
        review="known",
    )
    pack = make_pack(
        [fact("misappropriated"), *(fact(name, unproved=False) for name in names.values())],
        [criterion("liable", "misappropriated")],
    )
    precedents = {name: _case(name, side, numbers) for name, (side, numbers) in cases.items()}
    return pack.model_copy(update={"issues": {issue.id: issue}, "precedents": precedents})


def _case(name: str, side: str, numbers: set[int]) -> Precedent:
    own = PLAINTIFF if side == "plaintiff" else DEFENDANT
    ruling = Ruling(
        issue="misappropriation",
        outcome="person" if side == "plaintiff" else "state",
        because=tuple(f"f{number}" for number in sorted(numbers & set(own))),
        confidence="sure",
    )
    facts: dict[str, Any] = {f"f{number}": True for number in numbers}
    data = {"id": name, "name": name, "tribunal": "T", "date": "1980", "facts": facts, "decided": [ruling]}
    return Precedent.model_validate({**data, "review": "known"})


@pytest.fixture(scope="module")
def hypo() -> Engine:
    return Engine(pack_of(HYPO))


@pytest.fixture(scope="module")
def wyner() -> Engine:
    return Engine(pack_of(WYNER))


def governed(engine: Engine, factors: set[int]) -> dict[str, list[str]]:
    """The cases that govern, by side; both engines agree on it."""
    weighed = weigh(engine, {f"f{number}": True for number in factors})
    rows = engine.presumed(weighed).governing("misappropriation", ("case", 0))
    sides = {"person": "plaintiff", "state": "defendant"}
    return {
        told: sorted(row.precedent.id for row in rows if row.side == side)
        for side, told in sides.items()
        if any(row.side == side for row in rows)
    }


def status(engine: Engine, factors: set[int]) -> str:
    weighed = weigh(engine, {f"f{number}": True for number in factors})
    return engine.prover(weighed).status("liable")[0]


def test_in_mason_nothing_is_forced_because_every_precedent_can_be_distinguished(hypo: Engine) -> None:
    assert governed(hypo, MASON) == {}
    assert status(hypo, MASON) == "open"


def test_in_mason_what_the_product_could_teach_is_what_keeps_the_best_cases_from_governing(hypo: Engine) -> None:
    weighed = weigh(hypo, {f"f{number}": True for number in MASON})
    dossier = hypo.dossier(weighed, "misappropriated")
    near = {one.id: one for one in (*dossier.nearest_for_person, *dossier.nearest_for_state)}
    assert near["Digital Development"].distinguishing == ("can be reverse engineered",)
    assert near["Digital Development"].lacking == ()
    assert set(near["Digital Development"].shared) == {
        "security measures",
        "unique product",
        "knew it was confidential",
    }
    assert near["Speciner"].distinguishing == ("security measures", "unique product", "knew it was confidential")


def test_without_reverse_engineering_mason_is_forced_for_the_plaintiff(hypo: Engine) -> None:
    assert governed(hypo, MASON - {16}) == {"plaintiff": ["Bryce", "Digital Development", "Space Aero"]}
    assert status(hypo, MASON - {16}) == "met"


def test_without_disclosure_in_negotiations_kentucky_fried_chicken_governs(hypo: Engine) -> None:
    assert governed(hypo, MASON - {1}) == {"plaintiff": ["KFC"]}


@pytest.mark.parametrize("name", HYPO)
def test_each_case_of_hypo_governs_a_case_like_itself(hypo: Engine, name: str) -> None:
    side, factors = HYPO[name]
    assert name in governed(hypo, factors)[side]


def test_a_case_between_yokana_and_american_precision_turns_on_knowledge_of_confidence(hypo: Engine) -> None:
    assert governed(hypo, {7, 16}) == {"defendant": ["Yokana"]}
    assert governed(hypo, {7, 16, 21}) == {"plaintiff": ["American Precision"]}


@pytest.mark.parametrize(("factors", "side"), [({1, 15}, "plaintiff"), ({1, 15, 27}, "defendant")])
def test_a_public_announcement_turns_vanilla_into_announce(wyner: Engine, factors: set[int], side: str) -> None:
    assert list(governed(wyner, factors)) == [side]


def test_deceit_beside_an_announcement_is_forced_for_nobody(wyner: Engine) -> None:
    """The factor for the plaintiff is new to Announce, the one for the defendant is new to Deceit."""
    assert governed(wyner, {1, 15, 26, 27}) == {}


def test_restricted_disclosures_help_the_plaintiff_who_would_win_without(wyner: Engine) -> None:
    assert "Restrict" in governed(wyner, {1, 10, 12, 15})["plaintiff"]
    assert "Disclose" in governed(wyner, {1, 10, 12, 15})["plaintiff"]


def test_a_bribe_answers_for_reverse_engineering_and_its_absence_does_not(wyner: Engine) -> None:
    assert governed(wyner, {1, 2, 15, 25}) == {"plaintiff": ["Bribe2"]}
    assert governed(wyner, {1, 15, 25}) == {}
