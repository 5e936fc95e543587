"""A condition in one line, as it is written in YAML, for reports that name a part of a rule."""

from __future__ import annotations

from engine.content.conditions import ASSESSED_ON, All, AnyOf, Applies, Atom, Condition, Not, Quantified, Ref

_SPELLED = {"yes": "", "nonempty": "any of ", "same_state": "same State: "}


def text_of(condition: Condition) -> str:
    """The condition in one line; equal conditions have equal lines."""
    if isinstance(condition, Atom):
        return _atom(condition)
    if isinstance(condition, Ref):
        return f"criterion {condition.criterion}"
    if isinstance(condition, Applies):
        return f"presumption {condition.presumption}"
    if isinstance(condition, Not):
        return f"not {text_of(condition.of)}"
    if isinstance(condition, Quantified):
        return f"{condition.quantifier} of {condition.part} ({text_of(condition.of)})"
    return f"{joint(condition)} ({', '.join(text_of(operand) for operand in condition.of)})"


def joint(condition: All | AnyOf) -> str:
    """``all`` or ``any``."""
    return "all" if isinstance(condition, All) else "any"


def _atom(atom: Atom) -> str:
    if atom.kind in ("in", "includes"):
        return f"{atom.facts[0]} {'is' if atom.kind == 'in' else 'has'} {' or '.join(map(str, atom.args))}"
    if atom.kind == "compare":
        return f"{atom.facts[0]} {atom.args[0]} {atom.args[1]:g}"
    if atom.kind == "date":
        return _date(atom)
    if atom.kind in ("bound", "declared", "variant", "within"):
        day = f" on {atom.facts[0]}" if atom.facts else ""
        return f"{atom.kind} {' '.join(str(arg) for arg in atom.args)}{day}"
    if atom.kind == "state_in":
        return f"{atom.facts[0]} in {atom.facts[1]}"
    return _SPELLED.get(atom.kind, f"{atom.kind} ") + " and ".join(atom.facts)


def _date(atom: Atom) -> str:
    op, fixed, days, months = atom.args
    than = fixed or (atom.facts[1] if len(atom.facts) > 1 else ASSESSED_ON)
    shift = "".join(f" + {amount} {unit}" for amount, unit in ((months, "months"), (days, "days")) if amount)
    return f"{atom.facts[0]} {op} {than}{shift}"
