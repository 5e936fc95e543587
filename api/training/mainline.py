"""The main line: of all firings, those that a class walks through.

These are the grounds that carry the outcome, with all that their rules ask of and that was concluded, so that the
branches which failed stand beside the one that carried; and, of the grounds that stay open and would weigh more, what
was concluded from the facts entered about this person (and not only from who asks whom for what, which the first theme
asks). The other firings stay in the lesson for whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from api.training.lesson import Lesson, Premise, Step
from engine.reasoning.outcome import LEVEL_OF

About = tuple[str, str]


def with_main_line(
    steps: Sequence[Step], about_the_request: Collection[str] = (), open_branches: Mapping[int, Collection[str]] = {}
) -> tuple[Step, ...]:
    """Mark the steps of the main line.

    Args:
        steps: all steps, in their order.
        about_the_request: the facts that every case has.
        open_branches: of the open grounds by their level, the criteria that their rules ask of.
    """
    known = {step.about: step for step in steps}
    deciding = [step for step in steps if step.decides and step.status == "met"]
    level = max((_level(step) for step in deciding), default=0)
    carrying = _branches([step for step in deciding if _level(step) == level], known)
    heavier = {name for above, names in open_branches.items() if above > level for name in names}
    entered = [step for step in steps if _rests_on_the_case(step, about_the_request)]
    raised = _branches([step for step in entered if step.criterion in heavier], known)
    line = carrying | raised or _branches(entered, known) or set(known)
    return tuple(step.model_copy(update={"key": step.about in line}) for step in steps)


def _level(step: Step) -> int:
    return LEVEL_OF.get(step.effect, 0) if step.effect is not None else 0


def along(changed: Lesson, first: Lesson) -> Lesson:
    """Mark in a changed lesson the steps of the first one's main line, and those of its own that say something new."""
    line = {step.about for step in first.steps if step.key}
    concluded = {step.concludes for step in first.steps}
    steps = (
        step.model_copy(update={"key": step.about in line or (step.key and step.concludes not in concluded)})
        for step in changed.steps
    )
    return changed.model_copy(update={"steps": tuple(steps)})


def behind(step: Step, known: Mapping[About, Step], *, asked: bool = False) -> list[Step]:
    """Find the steps that a step was concluded from and, if ``asked``, all others that its rule asks of."""
    names = [one.name for one in step.premises if one.kind == "criterion"]
    if asked:
        names += [line.criterion for line in step.rule if line.criterion]
    return [one for name in names if (one := known.get((name, step.place)) or known.get((name, "")))]


def _branches(first: Iterable[Step], known: Mapping[About, Step]) -> set[About]:
    found: set[About] = set()
    waiting = list(first)
    while waiting:
        step = waiting.pop()
        if step.about not in found:
            found.add(step.about)
            waiting += behind(step, known, asked=True)
    return found


def _rests_on_the_case(step: Step, about_the_request: Collection[str]) -> bool:
    return any(_entered(one) and one.name not in about_the_request for one in step.premises)


def _entered(premise: Premise) -> bool:
    return premise.kind == "fact" and premise.source == "finding"
