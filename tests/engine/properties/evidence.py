"""Random evidence over a rule base: presumptions, issues with factors, precedents, country findings."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from engine.content.checks import check
from engine.content.conditions import Applies, Atom, Condition, Not, walk
from engine.content.evidence import (
    SITUATION,
    CoinedFact,
    Conclusion,
    Factor,
    Group,
    Issue,
    Picture,
    Precedent,
    Prevalence,
    Ruling,
    Situation,
)
from engine.content.models import Pack, Presumption, PresumptionSentences
from engine.facts.vocabulary import CASE, Fact
from engine.inference.evidence import holds
from tests.engine.support import criterion, fact, variant

YEARS = variant("years", "5", "never")
LEVELS = {"low": "Low", "middle": "Middle", "high": "High"}
INSIDE = {"bad": "Bad", "worse": "Worse"}
DATES = ("2000", "2005-03", "2015-01-13", "2019-12-31", "2020-01-13", "2021")


def presumption(name: str, condition: Any, presumes: dict[str, Any], **more: Any) -> Presumption:
    """A presumption of no instrument."""
    return Presumption(
        **{
            "id": name,
            "instrument": "",
            "title": f"Title of {name}",
            "when": condition,
            "presumes": presumes,
            "strength": "presumption",
            "sentences": PresumptionSentences(applies=f"{name} applies.", rebutted=f"{name} is rebutted."),
            "cites": ({"instrument": "toy", "article": "1"},),
            "review": "known",
            **more,
        }
    )


def _values(of: Fact) -> list[Any]:
    if of.type == "yes_no":
        return [True, False]
    return list(of.values) if of.type == "choice" else [frozenset({value}) for value in of.values]


@st.composite
def with_evidence(draw: Any, pack: Pack, conditions: Any) -> Pack:
    """A rule base with sources of some of its facts; whatever would be refused when loaded is left out."""
    answerable = [of for of in pack.vocabulary.facts.values() if of.type in ("yes_no", "choice", "set")]
    if not answerable:
        return pack
    pack = _pictured(draw, pack)
    tested = {
        name
        for one in pack.criteria.values()
        for node in walk(one.condition)
        if isinstance(node, Atom)
        for name in node.facts
    }
    read = [of for of in answerable if of.id in tested]
    for index in range(draw(st.integers(1, 5))):
        of = draw(st.sampled_from(read or answerable))
        pack = _allowed(pack, "presumptions", draw(_presumptions(of, f"p{index}", conditions)))
    for index in range(draw(st.integers(0, 2))):
        of = draw(st.sampled_from([one for one in read or answerable if one.type != "set"] or [None]))
        if of is not None:
            pack = draw(_issues(pack, of, f"i{index}"))
    names = [one.id for one in pack.presumptions.values() if one.scope == CASE]
    if names:
        condition: Condition = Applies(draw(st.sampled_from(names)))
        if draw(st.booleans()):
            condition = Not(condition)
        pack = _allowed(pack, "criteria", criterion("on_presumption", condition))
    return pack


def _allowed(pack: Pack, kind: str, one: Any) -> Pack:
    """The pack with one thing more, unless it is then refused."""
    more = pack.model_copy(update={kind: {**getattr(pack, kind), one.id: one}})
    return pack if set(map(str, check(more, {}))) - set(map(str, check(pack, {}))) else more


def _pictured(draw: Any, pack: Pack) -> Pack:
    levels = {"level": fact("level", "choice", values=LEVELS), "inside": fact("inside", "choice", values=INSIDE)}
    vocabulary = pack.vocabulary.model_copy(update={"facts": {**pack.vocabulary.facts, **levels}})
    pictures = {
        name: Picture(id=name, title=name, answers=answers, state="requesting_state", years="years", review="known")
        for name, answers in (("there", "level"), ("prisons", "inside"))
    }
    pack = pack.model_copy(
        update={
            "vocabulary": vocabulary,
            "pictures": pictures,
            "variants": {**pack.variants, "years": YEARS},
        }
    )
    bare = [of for of in vocabulary.of_scope(CASE) if of.type == "yes_no"]
    if bare:
        group = Group(id="g", title="G", when=holds(draw(st.sampled_from(bare)), True, CASE), review="known")
        pack = _allowed(pack, "groups", group)
    for index in range(draw(st.integers(0, 3))):
        start = date(draw(st.sampled_from([2000, 2016, 2020])), 1, draw(st.sampled_from([1, 13])))
        situation = Situation.model_validate(
            {
                "id": f"s{index}",
                "state": draw(st.sampled_from(["AND", "MCO"])),
                "group": draw(st.sampled_from(["", *pack.groups])),
                "level": draw(st.sampled_from([*LEVELS, *INSIDE])),
                "date": draw(st.sampled_from([None, start, *DATES])),
                "from": start,
                "until": draw(st.sampled_from([None, date(2019, 1, 1)])),
                "finding": "F",
                "tribunal": "T",
                "case": "C",
                "review": "known",
            }
        )
        pack = _allowed(pack, "situations", situation)
    return pack


@st.composite
def _presumptions(draw: Any, of: Fact, name: str, conditions: Any) -> Presumption:
    rebuttals = tuple(draw(conditions(of)) for _ in range(draw(st.integers(0, 1))))
    strengths = ["presumption", "presumption", "sufficient", "burden_shift", "must_examine", "excluded"]
    strength = draw(st.sampled_from(strengths))
    answer = {of.id: draw(st.sampled_from(_values(of)))}
    gives = {"must_examine": {}, "excluded": {"presumes": {}, "excludes": answer}}.get(strength, {"presumes": answer})
    more = {"presumes": {}, "scope": of.scope, "strength": strength, "rebutted_by": rebuttals, **gives}
    return presumption(name, draw(conditions(of)), **more)


@st.composite
def _issues(draw: Any, pack: Pack, of: Fact, name: str) -> Pack:
    facts = [one for one in pack.vocabulary.facts.values() if one.type in ("yes_no", "choice", "set") and one is not of]
    factors = {}
    for index, one in enumerate(draw(st.lists(st.sampled_from(facts), max_size=4, unique_by=lambda f: f.id))):
        tests = [holds(one, value, of.scope) for value in _plain_values(one)]
        if one.type == "choice" and draw(st.booleans()):
            levels = dict(zip(_plain_values(one), tests, strict=True))
            neutral = draw(st.sampled_from([(), (), tuple(levels)[1:2]]))
            factors[f"x{index}"] = Factor(name=f"x{index}", text="X", levels=levels, neutral=neutral)
        else:
            favours = draw(st.sampled_from(["person", "state"]))
            data = {"name": f"x{index}", "text": "X", "for": favours, "when": draw(st.sampled_from(tests))}
            factors[f"x{index}"] = Factor.model_validate(data)
    person, state = draw(st.permutations(_values(of)))[:2]
    rule = Prevalence(formations=("high", "low"), later=draw(st.booleans()), reason="R")
    issue = Issue(
        id=name,
        title=name,
        question=f"{name}?",
        answers=(Conclusion(fact=of.id, person=person, state=state),),
        scope=of.scope,
        factors=factors,
        prevails=draw(st.sampled_from([None, rule])),
        review="known",
    )
    with_issue = _allowed(pack, "issues", issue)
    if with_issue is pack:
        return pack
    for index in range(draw(st.integers(1, 5))):
        with_issue = _allowed(with_issue, "precedents", draw(precedents(with_issue, name, f"{name}-{index}")))
    return with_issue


def _plain_values(of: Fact) -> list[Any]:
    return [True, False] if of.type == "yes_no" else list(of.values)


@st.composite
def precedents(draw: Any, pack: Pack, issue: str, name: str) -> Precedent:
    """A decided case on an issue: some facts, and reasons among them."""
    facts = {
        of.id: draw(st.sampled_from(_plain_values(of)))
        for of in pack.vocabulary.facts.values()
        if of.type in ("yes_no", "choice") and draw(st.integers(0, 2)) == 0
    }
    coined = draw(st.lists(st.sampled_from(["alone", "tired"]), unique=True, max_size=1))
    situation = draw(st.sampled_from(["", "", *LEVELS, *INSIDE]))
    names = [*facts, *coined, SITUATION]
    reasons = draw(st.lists(st.sampled_from(names), unique=True, max_size=3))
    with_value = draw(st.sets(st.sampled_from(names)))
    because = [{one: facts[one]} if one in with_value and one in facts else one for one in reasons]
    return Precedent.model_validate(
        {
            "id": name,
            "name": name,
            "tribunal": "T",
            "formation": draw(st.sampled_from(["", "high", "low"])),
            "date": draw(st.sampled_from(DATES)),
            "situation": situation,
            "facts": facts,
            "more_facts": [CoinedFact(name=one, points=draw(st.sampled_from(["person", "state"]))) for one in coined],
            "decided": [
                Ruling(
                    issue=issue,
                    outcome=draw(st.sampled_from(["person", "state"])),
                    because=tuple(because),
                    confidence="sure",
                    until=draw(st.sampled_from([None, None, date(2020, 1, 1)])),
                    example_only=draw(st.sampled_from(["", "", "", "E"])),
                )
            ],
            "formal": draw(st.integers(0, 9)) == 0,
            "review": "known",
        }
    )
