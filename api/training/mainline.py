"""The main line: of all firings, those that a class walks through.

These are the grounds met that can decide, every firing that rests on what was entered about this person (and not
only on who asks whom for what, which the first theme asks), and all that one of these was concluded from. The
others stay in the lesson for whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from api.training.lesson import Premise, Step


def with_main_line(steps: Sequence[Step], about_the_request: Collection[str] = ()) -> tuple[Step, ...]:
    """The same steps, those of the main line marked; ``about_the_request`` are facts that every case has."""
    known = {step.about: step for step in steps}
    kept: set[tuple[str, str]] = set()
    waiting = [step for step in steps if _wanted(step, about_the_request)]
    while waiting:
        step = waiting.pop()
        if step.about not in kept:
            kept.add(step.about)
            waiting += behind(step, known)
    return tuple(step.model_copy(update={"key": step.about in kept}) for step in steps)


def behind(step: Step, known: dict[tuple[str, str], Step]) -> list[Step]:
    """The steps that a step was concluded from."""
    names = [one.name for one in step.premises if one.kind == "criterion"]
    found = [known.get((name, step.place)) or known.get((name, "")) for name in names]
    return [one for one in found if one is not None]


def _wanted(step: Step, about_the_request: Collection[str]) -> bool:
    if step.decides and step.status == "met":
        return True
    return any(_entered(one) and one.name not in about_the_request for one in step.premises)


def _entered(premise: Premise) -> bool:
    return premise.kind == "fact" and premise.source == "finding"
