"""Precedents are coded by what their issues compare, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess import Engine
from engine.content.conditions import Atom
from engine.inference import onecase
from engine.inference.atoms import Setting, evaluate
from engine.inference.coding import code_precedents
from engine.treaties.relations import Relations


def test_coding_precedents_asks_no_atom_on_which_no_factor_rests(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = set[Atom | None]()

    def noting(atom: Atom, values: Any, setting: Setting) -> bool | None:
        asked.add(atom)
        return evaluate(atom, values, setting)

    monkeypatch.setattr(onecase, "evaluate", noting)
    program = engine.program
    bases = code_precedents(engine.pack, program, engine.compiled, engine.entailment, Relations(engine.pack))
    factors = [child for entry in program.evidence.issues.values() for child in entry.children]
    assert asked
    assert asked <= {program.nodes[node].atom for node in program.below(factors)}
    assert {name: base.rows for name, base in bases.items()} == {
        name: base.rows for name, base in engine.compiled.one.bases.items()
    }
