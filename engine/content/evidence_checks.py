"""Checks of what leads from evidence to an answer: presumptions, issues with factors, precedents, country findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pycountry

from engine.content.condition_checks import condition_faults, fits, variant_faults
from engine.content.conditions import Atom, Condition, Quantified, walk
from engine.content.evidence import SITUATION, CoinedName, Group, Issue, Picture, Precedent, Ruling, Situation
from engine.content.located import Where
from engine.content.models import PRESUMING, Pack, Presumption
from engine.errors import Problem
from engine.facts.values import hint
from engine.facts.vocabulary import CASE

#: Tests whose answer hangs on the day, the readings or the register, which a decided case does not share.
_OF_THE_DAY = {"date", "bound", "declared", "variant", "within"}


#: What is wrong with a thing, what to do, and the key below it.
_Found = Iterator[tuple[str, str, str]]


def check_evidence(pack: Pack, where: Where) -> Iterator[Problem]:
    """Every problem of presumptions, issues, precedents and situations."""
    for issue in pack.issues.values():
        yield from _issue(pack, issue, where)
    checks: dict[str, Callable[[Pack, Any], _Found]] = {
        "presumptions": _presumption,
        "groups": _group,
        "precedents": _precedent,
        "coined": _coined,
        "situations": _situation,
        "pictures": _picture,
    }
    for kind, check in checks.items():
        for name, one in getattr(pack, kind).items():
            for message, fix, key in check(pack, one):
                yield where.problem(kind, name, message, fix, *filter(None, (key,)))


def _group(pack: Pack, one: Group) -> _Found:
    for message, fix in condition_faults(pack, one.condition, CASE):
        yield message, fix, "when"


def _coined(pack: Pack, one: CoinedName) -> _Found:
    for name, value in one.facts.items():
        for message, fix in _stated(pack, name, value):
            yield message, fix, ""


def _presumption(pack: Pack, one: Presumption) -> _Found:
    if one.id in pack.criteria:
        yield "a criterion has the same name", "Names of one folder are unique", ""
    yield from _tests(pack, one)
    yield from _sources(pack, one)
    yield from _effects(pack, one)


def _tests(pack: Pack, one: Presumption) -> _Found:
    if one.instrument and one.instrument not in pack.instruments:
        yield f"instrument '{one.instrument}' is not in the register", hint(one.instrument, pack.instruments), ""
    if one.scope != CASE and one.scope not in pack.vocabulary.parts:
        yield f"scope '{one.scope}' is not a part", hint(one.scope, [CASE, *pack.vocabulary.parts]), "scope"
    for conditions, key in (((one.condition,), "when"), (one.rebutted_by, "rebutted_by")):
        for condition in conditions:
            for message, fix in condition_faults(pack, condition, one.scope):
                yield message, fix, key
    for question, value in one.variant.items():
        for message, fix in variant_faults(pack, question, value):
            yield message, fix, "variant"
    if one.valid_from and one.valid_until and one.valid_until < one.valid_from:
        yield "is valid until before it is valid from", "", "until"


def _sources(pack: Pack, one: Presumption) -> _Found:
    for cite in one.cites:
        instrument = pack.instruments.get(cite.instrument)
        if instrument is None or cite.article not in instrument.articles:
            yield f"cites {cite.instrument} {cite.article}, which is not in the register", "", "cites"
    for name in one.authorities:
        if name not in pack.authorities and name not in pack.precedents:
            yield f"authority '{name}' is not listed", hint(name, pack.authorities), "authorities"
    if not one.cites and not one.authorities:
        yield "rests on nothing", "Give an article under cites, or a decision under authorities", ""
    if one.rebutted_by and not one.sentences.rebutted:
        yield "does not say what is reported when it is rebutted", "Add sentences: rebutted", "sentences"


def _effects(pack: Pack, one: Presumption) -> _Found:
    if (one.strength in PRESUMING) != bool(one.presumes):
        message = "presumes nothing" if not one.presumes else f"of strength {one.strength} cannot presume a value"
        yield message, f"Only {', '.join(sorted(PRESUMING))} give a fact a value, and each must", "presumes"
    if (one.strength == "excluded") != bool(one.excludes):
        yield "excludes: belongs to strength excluded, and to it alone", "", "excludes"
    for name, value in one.presumes.items():
        yield from ((*found, "presumes") for found in _answerable(pack, name, value, one.scope))
    for name, value in one.excludes.items():
        yield from ((*found, "excludes") for found in _named(pack, name, value, one.scope))


def _named(pack: Pack, name: str, value: Any, scope: str) -> Iterator[tuple[str, str]]:
    """Why a fact cannot have a value at a scope."""
    fact = pack.vocabulary.facts.get(name)
    if fact is None:
        yield f"fact '{name}' is not in the vocabulary", hint(name, pack.vocabulary.facts)
    elif fact.scope != scope:
        yield f"'{name}' is a fact of {fact.scope}, this is about {scope}", "Give both the same scope"
    elif not fits(fact, value):
        yield f"'{value}' is not a value of {name}", hint(value, fact.values)


def _answerable(pack: Pack, name: str, value: Any, scope: str) -> Iterator[tuple[str, str]]:
    """Why a fact cannot be answered by a presumption, a precedent or a country finding."""
    yield from _named(pack, name, value, scope)
    fact = pack.vocabulary.facts.get(name)
    if fact is None:
        return
    if fact.type not in ("yes_no", "choice", "set"):
        yield f"'{name}' is of type {fact.type}; only yes_no, choice and set are presumed", ""
    if not fact.fills:
        return
    below = [other.id for other in pack.vocabulary.facts.values() if any(c.fact == name for c in other.closed_by)]
    if below:
        message = f"'{name}' closes {', '.join(below)} and counts as answered when nobody proved it"
        yield message, "Give it unproved: open, or the presumption would come too late"


def _like(pack: Pack, issue: Issue) -> Iterator[str]:
    other = pack.issues.get(issue.like)
    if issue.like and other is None:
        yield f"like '{issue.like}', which is no issue"
    elif other is not None and other.like:
        yield f"like {other.id}, which is itself like {other.like}"
    elif other is not None and (other.factors != issue.factors or other.scope != issue.scope):
        yield f"is like {other.id} and has its factors; it cannot have others, or another scope"


def _issue(pack: Pack, issue: Issue, where: Where) -> Iterator[Problem]:
    for message in _like(pack, issue):
        yield where.problem("issues", issue.id, message, "", "like")
    for answer in issue.answers:
        for value in (answer.person, answer.state):
            for message, fix in _answerable(pack, answer.fact, value, issue.scope):
                yield where.problem("issues", issue.id, message, fix, "answers")
        if answer.person == answer.state:
            yield where.problem("issues", issue.id, f"both sides want the same of {answer.fact}", "", "answers")
    for factor in issue.factors.values():
        place = ("factors", factor.name)
        if bool(factor.levels) == (factor.when is not None):
            yield where.problem("issues", issue.id, f"{factor.name} needs either 'when' or levels", "", *place)
            continue
        if bool(factor.levels) == bool(factor.favours):
            message = f"{factor.name}: say the side under 'for'; of levels none, they rise for the person"
            yield where.problem("issues", issue.id, message, "", *place)
        for level in factor.neutral:
            if level not in factor.levels:
                message = f"{factor.name}: neutral '{level}' is no level of it"
                yield where.problem("issues", issue.id, message, hint(level, factor.levels), *place)
        for condition in factor.conditions.values():
            for message, fix in (*condition_faults(pack, condition, issue.scope), *_timeless(condition)):
                yield where.problem("issues", issue.id, f"{factor.name}: {message}", fix, *place)


def _timeless(condition: Condition) -> Iterator[tuple[str, str]]:
    for node in walk(condition):
        if isinstance(node, Atom) and node.kind in _OF_THE_DAY:
            yield f"'{node.kind}' differs from day to day; a precedent is compared by facts alone", ""
        if isinstance(node, Quantified) and node.quantifier == "latest":
            yield "'latest' hangs on the day; a precedent is compared by facts alone", "Use some"


def _precedent(pack: Pack, one: Precedent) -> _Found:
    for name, value in one.facts.items():
        yield from ((*found, "facts") for found in _stated(pack, name, value))
    for state in (one.requested_state, one.requesting_state, one.origin_state):
        if state and pycountry.countries.get(alpha_3=state) is None:
            yield f"'{state}' is not a State code of three letters (ISO 3166)", "", ""
    yield from _pictured(pack, one.situation, one.situation_group)
    if one.until and one.until < one.decided_on.first:
        yield "ceased to govern before it was decided", "", "until"
    if one.authority and one.authority not in pack.authorities:
        yield f"authority '{one.authority}' is not listed", hint(one.authority, pack.authorities), "authority"
    for ruling in one.decided:
        yield from ((*found, "decided") for found in _ruling(pack, one, ruling))


def _stated(pack: Pack, name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Why a fact cannot be stated of a decided case."""
    fact = pack.vocabulary.facts.get(name)
    if fact is None:
        yield f"fact '{name}' is not in the vocabulary", hint(name, pack.vocabulary.facts) or "Put it under more_facts"
    elif not fits(fact, value):
        yield f"'{value}' is not a value of {name}", hint(value, fact.values)


def _ruling(pack: Pack, one: Precedent, ruling: Ruling) -> Iterator[tuple[str, str]]:
    if ruling.issue not in pack.issues:
        yield f"issue '{ruling.issue}' has no file of factors", hint(ruling.issue, pack.issues)
    known = [*one.facts, *(fact.name for fact in one.more_facts), SITUATION]
    for reason in (*ruling.because, *ruling.despite):
        name = next(iter(reason), "") if isinstance(reason, dict) else reason
        if isinstance(reason, dict) and len(reason) != 1:
            yield "a reason is a name, or one name with its value", ""
        elif name not in known:
            yield f"'{name}' is given as a reason but is not among its facts", hint(name, known)


def _pictured(pack: Pack, level: str, group: str) -> _Found:
    levels = dict.fromkeys(value for one in pack.pictures.values() for value in _levels(pack, one))
    if level and level not in levels:
        yield f"'{level}' is no level of the general situation", hint(level, levels), ""
    if group and group not in pack.groups:
        yield f"'{group}' is not a group", hint(group, pack.groups), ""


def _levels(pack: Pack, picture: Picture) -> tuple[str, ...]:
    fact = pack.vocabulary.facts.get(picture.answers)
    return tuple(fact.values) if fact else ()


def _situation(pack: Pack, one: Situation) -> _Found:
    if pycountry.countries.get(alpha_3=one.state) is None:
        yield f"'{one.state}' is not a State code of three letters (ISO 3166)", "", "state"
    yield from _pictured(pack, one.level, one.group)
    if one.valid_until and one.valid_until < one.valid_from:
        yield "holds until before it holds from", "", "until"
    if one.superseded_by and one.superseded_by not in pack.situations:
        yield f"'{one.superseded_by}' is not listed", hint(one.superseded_by, pack.situations), "superseded_by"
    if one.superseded_by and not one.valid_until:
        yield "is superseded but does not say until when it held", "Add until", "superseded_by"
    if one.precedent and one.precedent not in pack.precedents:
        yield f"precedent '{one.precedent}' is not listed", hint(one.precedent, pack.precedents), "precedent"


def _picture(pack: Pack, one: Picture) -> _Found:
    choices = [fact.id for fact in pack.vocabulary.of_scope(CASE) if fact.type == "choice"]
    states = [fact.id for fact in pack.vocabulary.of_scope(CASE) if fact.type in ("state", "states")]
    if one.answers not in choices:
        yield f"'{one.answers}' is not a choice fact of the case", hint(one.answers, choices), "answers"
    if one.state not in states:
        yield f"'{one.state}' is not a State fact of the case", hint(one.state, states), "state"
    if one.years not in pack.variants:
        yield f"variant '{one.years}' is not listed", hint(one.years, pack.variants), "years"
    else:
        for value in pack.variants[one.years].values:
            if value != "never" and not value.isdigit():
                yield f"'{value}' of {one.years} is neither a number of years nor 'never'", "", "years"
