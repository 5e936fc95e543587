"""The register in columns says what it says of single cases: every State, every pair, on every day it can change."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np

from engine.assess import Engine
from engine.bulk.register import NO, NOT_KNOWN, YES, Register
from engine.bulk.table import Codec
from engine.content.conditions import Atom
from engine.inference.atoms import Setting, evaluate, facts_of

SAID = {YES: True, NO: False, NOT_KNOWN: None}


def register_of(engine: Engine, states: list[str]) -> Register:
    """A register whose codec knows these States in this order."""
    codec = Codec(engine.pack.vocabulary)
    fact = next(name for name, kind in codec.kinds.items() if kind == "state")
    assert [codec.code(fact, state) for state in states] == list(range(len(states)))
    return Register(engine.pack, engine.relations, codec)


def states_of(engine: Engine) -> list[str]:
    """States named in suspensions and bilateral treaties first, then others, one of them in no instrument."""
    named = [
        s for each in engine.pack.instruments.values() for suspension in each.suspensions for s in suspension.states
    ]
    named += [state for each in engine.pack.instruments.values() if each.bilateral for state in each.parties]
    others = sorted({state for each in engine.pack.instruments.values() for state in each.parties})
    return list(dict.fromkeys([*named, *others[::40], "NRU"]))


def atoms_of(engine: Engine) -> list[Atom]:
    """Every test of the register in the law."""
    kinds = ("bound", "declared")
    return list(
        dict.fromkeys(
            n.atom for n in engine.program.nodes if n.atom is not None and n.atom.kind in kinds and not n.atom.facts
        )
    )


def days_of(register: Register) -> list[date]:
    """Days around some on which the register changes, and some between."""
    pick = random.Random(5)
    chosen = sorted(pick.sample(register.days.tolist(), 16))
    return [date.fromordinal(max(1, day + step)) for day in chosen for step in (-1, 0, 1)] + [
        date(2000, 1, 1) + timedelta(pick.randrange(9_000)) for _ in range(8)
    ]


def test_every_answer_is_that_of_a_single_case(engine: Engine) -> None:
    states = states_of(engine)
    register, said = register_of(engine, states), set()
    codes = np.arange(-1, len(states))
    one, other = (codes.ravel() for codes in np.meshgrid(codes, codes))
    for day in days_of(register):
        setting = Setting(day, {}, engine.relations)
        numbers = register.numbers(codes, np.full(len(codes), day.toordinal()))
        for atom in atoms_of(engine):
            if len(facts_of(atom, engine.relations)) == 1:
                answers = register.of_state(atom, numbers)
                held = [(states[code],) if code >= 0 else None for code in codes.tolist()]
            else:
                answers = register.of_pair(atom, (numbers, one + 1), (numbers, other + 1))
                held = [
                    (states[a], states[b]) if min(a, b) >= 0 else None
                    for a, b in zip(one.tolist(), other.tolist(), strict=True)
                ]
            single = [None if values is None else evaluate(atom, values, setting) for values in held]
            assert [SAID[answer] for answer in answers.tolist()] == single, (atom, day)
            said |= set(single)
    assert said == {True, False, None}


def test_days_between_two_changes_are_one_period(engine: Engine) -> None:
    register = register_of(engine, ["KAZ"])
    for first, following in zip(register.days[:-1].tolist(), register.days[1:].tolist(), strict=True):
        assert register.period_of[first] == register.period_of[following - 1] == register.period_of[following] - 1
