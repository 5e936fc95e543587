"""``dedere instruments``: which treaties stand between two States on a date, and why.

With the reservations and declarations of the two States that are in force on that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from api.cases.states import state_of
from api.cli.desk import as_day
from api.documents.text.blocks import (
    Entry,
    Paper,
    Section,
    entry,
    faint,
    line,
    strong,
    warn,
)
from api.documents.text.terminal import show
from api.documents.text.words import day
from api.law.catalogue import Catalogue, RelationShown
from api.law.content import load_engine
from engine.content.states import StateRegister
from engine.facts.values import state_name

_FAMILIES = {
    "cooperation": "Extradition and cooperation",
    "offences": "Treaties on certain offences",
    "assistance": "Mutual assistance",
    "human_rights": "Human rights",
    "protection": "Protection of refugees",
    "abolition": "Abolition of the death penalty",
    "national": "Law of the requested State",
}


def command(
    requesting: Annotated[str, typer.Argument(metavar="REQUESTING", help="The State that asks: a name or a code.")],
    requested: Annotated[str, typer.Argument(metavar="REQUESTED", help="The State that is asked.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The date; today if it is left out.")] = "",
) -> None:
    """Show which instruments bind two States on a date, and why, with their reservations."""
    asking, asked = state_of(requesting, "REQUESTING"), state_of(requested, "REQUESTED")
    when = as_day(on) if on else date.today()  # noqa: DTZ011 - the user's own calendar day
    engine = load_engine()
    catalogue = Catalogue(engine)
    told = catalogue.bilateral(asking, asked, when)
    show(paper(catalogue.relations(asking, asked, when), engine.pack.states, (asking, asked), when, told))


def paper(
    relations: Sequence[RelationShown],
    states: StateRegister,
    pair: tuple[str, str],
    on: date,
    bilateral: Sequence[str],
) -> Paper:
    """The relations of the pair, by what they bind to, after the bilateral treaties that are known alone."""
    title = f"{states.name(pair[0])} asks {states.name(pair[1])}: instruments on {day(on)}"
    groups = {"Binding": True, "Not clear from the register": None, "Not binding": False}
    sections = [
        Section(f"{name} ({len(found)})", tuple(_grouped(found)))
        for name, binding in groups.items()
        if (found := [one for one in relations if one.binding is binding])
    ]
    if bilateral:
        sections.insert(0, Section("Bilateral treaties, known and not encoded", tuple(entry(one) for one in bilateral)))
    notes = tuple(line(note) for code in dict.fromkeys(pair) if (note := states.note(code)))
    return Paper(line(title), notes, tuple(sections))


def _grouped(found: Sequence[RelationShown]) -> list[Entry]:
    families = dict.fromkeys([*_FAMILIES, *(one.family for one in found)])
    return [
        entry(strong(_FAMILIES.get(family, family)), below=[_entry(one) for one in found if one.family == family])
        for family in families
        if any(one.family == family for one in found)
    ]


def _entry(one: RelationShown) -> Entry:
    mark = [] if one.verified else [warn(" [unverified]")]
    until = f" (until {day(one.until)})" if one.binding and one.until else ""
    below = [
        entry(
            f"{made.kind} of {state_name(made.state)} to article {made.article}: {made.content}",
            warn(" [unverified]") if made.review == "unverified" else "",
        )
        for made in one.declarations
        if one.binding is not False
    ]
    if one.may_have_declared:
        lacking = " and ".join(map(state_name, one.may_have_declared))
        below.append(
            entry(faint(f"it is not known whether {lacking} made reservations or declarations not listed here"))
        )
    below += [entry(faint(f"known gap: {gap}")) for gap in one.known_gaps if one.binding is None]
    return entry(strong(one.short), faint(f" {one.title}"), f": {one.reason}{until}", *mark, below=below)
