"""``dedere situation``: what tribunals have held of a State, as of a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from api.cli.desk import as_day
from api.documents.text.dossier import situation_paper
from api.documents.text.terminal import show
from api.law.content import load_engine
from engine.errors import InputProblems, Problem
from engine.facts.values import BadValue, state_code

State = Annotated[str, typer.Argument(metavar="STATE", help="ISO 3166-1 alpha-3 code, for example KAZ.")]
Day = Annotated[str, typer.Option("--on", metavar="DATE", help="As of this day; without it, today.")]


def command(state: State, on: Day = "") -> None:
    """Show the country findings on a State, oldest first: which are in force, how old they are, what came after."""
    try:
        code = state_code(state.upper())
    except BadValue as error:
        raise InputProblems([Problem(str(error), "STATE")]) from None
    day = as_day(on) if on else date.today()  # noqa: DTZ011 - a day of the reader's calendar
    show(situation_paper(load_engine(), code, day))
