"""Dossiers, precedents and country findings in words: the papers of the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from api.documents.text.blocks import Entry, Paper, Section, Span, bad, code, entry, faint, good, line, strong, warn
from api.law.situations import CountryFinding, country_findings
from engine.answer.dossier_model import Dossier, DossierFinding, DossierPrecedent, DossierPresumption
from engine.assess import Engine
from engine.facts.values import state_name

_STANDING = {"found": good, "presumed": warn, "both_ways": warn, "open": faint}
_TOLD = {
    "found": "found",
    "presumed": "presumed on the record, rebuttable",
    "both_ways": "presumed both ways: neither counts",
    "open": "open",
}
_STATUS = {"applies": warn, "rebutted": good, "open": faint, "does_not_apply": faint}
_SIDES = {"person": "for the person", "state": "for the State", "": "by its level"}


def list_paper(dossiers: Sequence[Dossier]) -> Paper:
    """Every question on which anything bears, with how it stands."""
    rows = [
        entry(code(one.fact), "  ", _stands(one), below=[entry(one.question), *map(_governs, one.governing[:3])])
        for one in dossiers
    ]
    lead = (line("One of them in full: dedere dossier CASE QUESTION"),)
    return Paper(line("Evaluative questions"), lead, (Section("Questions", tuple(rows)),))


def dossier_paper(one: Dossier) -> Paper:
    """One dossier: how the question stands, then the argument on each side."""
    lead = (line(code(one.fact), ": ", _stands(one)),)
    evidence = [
        entry(
            f"{fact.question} ",
            strong(fact.shown),
            faint(f"  {_SIDES[fact.favours]}; {fact.standing}{f' by {fact.by}' if fact.by else ''}"),
            faint(f" [{', '.join(fact.exhibits)}]" if fact.exhibits else ""),
        )
        for fact in one.evidence
    ]
    helps = [
        entry(
            f"{fact.question} ",
            faint(_SIDES[fact.favours]),
            below=[
                *(entry(faint("then "), each) for each in fact.follows[:3]),
                *([entry(faint("usually proved by "), ", ".join(fact.proof))] if fact.proof else []),
            ],
        )
        for fact in one.helpful
    ]
    sections = [
        Section("Entered", tuple(evidence)),
        Section("Presumptions", tuple(map(_presumption, one.presumptions))),
        Section("Country findings", tuple(map(_finding, one.findings))),
        *_precedents(one),
        Section("What would help", tuple(helps)),
        Section("Unverified", tuple(entry(warn(note)) for note in one.unverified)),
    ]
    return Paper(line(one.question), lead, tuple(section for section in sections if section.entries))


def precedents_paper(dossiers: Iterable[Dossier]) -> Paper:
    """The precedents of several questions."""
    sections = [
        Section(f"{one.fact}: {section.title.lower()}", section.entries)
        for one in dossiers
        for section in _precedents(one)
        if section.entries
    ]
    return Paper(
        line("Precedents"), (), tuple(sections or [Section("Precedents", (entry("none bears on this case"),))])
    )


def situation_paper(engine: Engine, state: str, on: date) -> Paper:
    """What tribunals have held of a State before a day, oldest first."""
    sections: list[Section] = []
    for picture, rows in groupby(country_findings(engine, state, on), lambda one: one.picture.title):
        sections.append(Section(picture, tuple(map(_finding_entry, rows))))
    lead = (line(f"As of {on}; findings older than the reading chosen ({years_told(engine)}) presume nothing."),)
    if not sections:
        lead = (line(f"No finding on this State before {on} is listed."),)
    return Paper(line(state_name(state)), lead, tuple(sections))


def years_told(engine: Engine) -> str:
    """After how many years findings presume nothing, by the default readings."""
    names = dict.fromkeys(picture.years for picture in engine.pack.pictures.values())
    return ", ".join(engine.pack.variants[name].values[engine.pack.variants[name].default] for name in names) or "none"


_NOW = {"in_force": "in force", "ended": "ended", "too_old": "too old to presume anything"}


def _finding_entry(held: CountryFinding) -> Entry:
    one, group = held.finding, f"{held.group}: " if held.group else ""
    where = ", ".join(filter(None, [one.tribunal, one.case, one.number, f"para {one.para}" if one.para else ""]))
    after = [entry(faint("superseded by "), one.superseded_by)] if one.superseded_by else []
    return entry(
        strong(f"{one.valid_from}"),
        f"  {group}{held.level}  ",
        (good if held.standing == "in_force" else faint)(f"{_NOW[held.standing]}, {held.years_old} years old"),
        below=[entry(one.finding), entry(faint(where)), *after, entry(faint(f"review {one.review}"))],
    )


def _stands(one: Dossier) -> Span:
    shown = f"{one.shown}, " if one.standing in ("found", "presumed") else ""
    return _STANDING[one.standing](f"{shown}{_TOLD[one.standing]}")


def _presumption(one: DossierPresumption) -> Entry:
    below = [entry(one.sentence)] if one.sentence != one.title else []
    if one.rebutted_by:
        below.append(entry(faint("rebutted by "), code(", ".join(one.rebutted_by))))
    if one.missing:
        below.append(entry(faint("missing "), code(", ".join(one.missing))))
    rests = "; ".join([*one.citations, *one.authorities])
    below.append(entry(faint(f"{rests} ({one.review})")))
    presumes = f"  presumes {one.presumes}: " if one.strength not in ("must_examine", "excluded") else "  "
    return entry(strong(one.title), presumes, _STATUS[one.status](one.status.replace("_", " ")), below=below)


def _finding(one: DossierFinding) -> Entry:
    state = "presumes" if one.presumes else "does not concern the person" if not one.concerns else "presumes nothing"
    group = f"{one.group}: " if one.group else ""
    below = [entry(one.finding), entry(faint(f"{one.tribunal}, {one.case} ({one.review})"))]
    if one.followed_by:
        below.append(entry(faint("followed by "), ", ".join(one.followed_by)))
    age = f"since {one.since}, {one.years_old} years old"
    return entry(
        strong(f"{one.state} "),
        f"{group}{one.level}  ",
        (warn if one.presumes else faint)(state),
        faint(f"; {age}"),
        below=below,
    )


def _precedents(one: Dossier) -> list[Section]:
    return [
        Section("Precedents that govern", tuple(map(_precedent, one.governing))),
        Section("Nearest for the person", tuple(map(_precedent, one.nearest_for_person))),
        Section("Nearest for the State", tuple(map(_precedent, one.nearest_for_state))),
    ]


def _governs(one: DossierPrecedent) -> Entry:
    return entry(faint("governed by "), f"{one.name} ({one.decided_on}), for the {one.decided_for}")


def _precedent(one: DossierPrecedent) -> Entry:
    where = ", ".join(filter(None, [one.tribunal, one.number, one.decided_on, f"para {one.para}" if one.para else ""]))
    below = [entry(one.holding)] if one.holding else []
    below += [entry(good("alike: "), "; ".join(one.shared))] if one.shared else []
    below += [entry(warn("prove this: "), "; ".join(one.lacking))] if one.lacking else []
    below += [entry(bad("differs: "), "; ".join(one.distinguishing))] if one.distinguishing else []
    below += [entry(faint("example only: "), one.example_only)] if one.example_only else []
    marks = ", ".join(dict.fromkeys([one.review, one.confidence]))
    return entry(strong(one.name), f" ({where}) for the {one.decided_for}", faint(f"  {marks}"), below=below)
