"""Next questions: the unknown facts still worth asking about, most telling first.

A fact is worth asking while a ground that could raise the outcome is open and hangs on it. First
come the request itself, the gates and the lists; then the fact whose answers close the most open grounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.facts.columns import Columns, Entailment
from engine.facts.vocabulary import CASE
from engine.inference.compiled import Planes
from engine.reasoning.variations import Assigned, Candidate, lanes_for

#: Themes up to this order (the request, the gates) are asked in their own order, before all others.
FIRST_THEMES = 10
Evaluate = Callable[[Columns], Planes]
#: Nodes of the open grounds that matter: of the case, and of each offence.
OpenGrounds = Sequence[tuple[int, tuple[str, int]]]


@dataclass(frozen=True)
class Ranked:
    """A candidate with its rank: smaller is asked earlier."""

    candidate: Candidate
    left_open: float


def rank(
    columns: Columns, options: Sequence[Candidate], grounds: OpenGrounds, entailment: Entailment, evaluate: Evaluate
) -> list[Ranked]:
    """The candidates in asking order; empty when no ground that matters is open."""
    if not grounds or not options:
        return []
    tried = [(option.place, option.fact, value) for option in options for value in option.values]
    tally = _tally(_still_open(columns, tried, grounds, evaluate)) if tried else []
    ranked, start = [], 0
    for option in options:
        width = len(option.values)
        left = sum((plane >> start & (1 << width) - 1).bit_count() << power for power, plane in enumerate(tally))
        ranked.append(Ranked(option, left / width if width else 0.0))
        start += width
    order = {option: position for position, option in enumerate(options)}
    return sorted(ranked, key=lambda item: (*_turn(item, entailment), order[item.candidate]))


def _turn(item: Ranked, entailment: Entailment) -> tuple[int, float]:
    fact = entailment.vocabulary.facts.get(item.candidate.fact)
    if fact is None:  # a list as a whole: right after the gates
        return FIRST_THEMES, 1.0
    theme = entailment.vocabulary.themes[fact.theme].order
    return (theme, 0.0) if theme <= FIRST_THEMES and fact.scope == CASE else (FIRST_THEMES + 1, item.left_open)


def _still_open(columns: Columns, tried: Sequence[Assigned], grounds: OpenGrounds, evaluate: Evaluate) -> Iterator[int]:
    """For each ground, the answers tried that leave it open."""
    planes = evaluate(lanes_for(columns, tried, len(tried), [1 << index for index in range(len(tried))]))
    for node, place in grounds:
        true, false = planes.at(node, place)
        yield planes.full & ~(true | false)


def _tally(masks: Iterable[int]) -> list[int]:
    """In how many masks each lane is, as a binary number: one plane for each power of two."""
    planes: list[int] = []
    for mask in masks:
        carry = mask
        for power, plane in enumerate(planes):
            if not carry:
                break
            planes[power], carry = plane ^ carry, plane & carry
        if carry:
            planes.append(carry)
    return planes
