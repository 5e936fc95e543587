"""The duty to extradite and what displaces it: the outcome says *may*, the duty says *must*."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.answer.lasting import cite_said
from engine.answer.model import (
    CitationSaid,
    ConflictSaid,
    DutySaid,
    GroundSaid,
    TreatyRelationSaid,
)
from engine.content.models import Effect
from engine.reasoning.outcome import Outcome

if TYPE_CHECKING:
    from engine.assess import Engine, Weighed

_BARS = (Effect.ABSOLUTE_BAR, Effect.MANDATORY_REFUSAL, Effect.SUSPENSION)


def duty_said(
    engine: Engine, weighed: Weighed, grounds: Sequence[GroundSaid], relations: Sequence[TreatyRelationSaid]
) -> DutySaid:
    """Whether a treaty in force between the pair obliges, and which met grounds displace it."""
    duties = [ground for ground in grounds if ground.effect is Effect.OBLIGATION]
    met = [ground for ground in duties if ground.status == "met"]
    still = [ground for ground in duties if ground.status == "open"]
    displacing = tuple(ground.id for ground in grounds if ground.effect in _BARS and ground.status == "met")
    exists = "yes" if met else "open" if still else "no"
    treaty = any(relation.family == "cooperation" and relation.binding for relation in relations)
    sentence = _sentence(exists, met or still, treaty, bool(displacing), weighed.outcome)
    return DutySaid.said(
        exists=exists,
        sentence=sentence,
        under=tuple(ground.id for ground in met or still),
        displaced_by=displacing if met or still else (),
    )


def _sentence(exists: str, duties: Sequence[GroundSaid], treaty: bool, displaced: bool, outcome: Outcome) -> str:
    if exists == "no":
        reason = (
            "no treaty in force between them obliges it here"
            if treaty
            else "none in this register binds the two States on this date, and bilateral treaties are not all in it"
        )
        return f"There is no treaty duty to extradite: {reason}."
    names = ", ".join(_named(duty.citations[0]) for duty in duties)
    said = (
        f"{names} obliges the requested State to extradite"
        if exists == "yes"
        else f"Whether {names} obliges extradition is open"
    )
    if displaced:
        return f"{said}, but that duty gives way to the bars named here."
    tail = "; that alone never makes surrender admissible" if outcome is not Outcome.ADMISSIBLE else ""
    return f"{said}{tail}."


def _named(cite: CitationSaid) -> str:
    return f"{cite.short} {cite.pinpoint}{' (unverified)' if cite.review == 'unverified' else ''}"


def conflicts_said(engine: Engine, weighed: Weighed, grounds: Sequence[GroundSaid]) -> tuple[ConflictSaid, ...]:
    """Conflicts in which a duty and a prevailing bar are both met or open."""
    live = {ground.id for ground in grounds if ground.status in ("met", "open")}
    said = []
    for conflict in engine.pack.conflicts.values():
        prevails = tuple(name for name in conflict.prevails if name in live)
        yields = tuple(name for name in conflict.yields if name in live)
        if prevails and yields:
            citations = tuple(cite_said(engine.pack, conflict.review, cite) for cite in conflict.cites)
            said.append(
                ConflictSaid.said(
                    id=conflict.id,
                    prevails=prevails,
                    yields=yields,
                    reason=conflict.reason,
                    citations=citations,
                    review=conflict.review,
                )
            )
    return tuple(said)
