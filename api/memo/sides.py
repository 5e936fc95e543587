"""The best argument of the other side on a ground, and the reply: both drawn from data, nothing invented.

An argument is one of: the ground read as the other side says, a disputed fact, a fact whose proof would
remove it, a step that rests on one side's word, why it is not met, an unverified reading of the law. A reply is one
of: the burden, a finding that is established, the ground as the own side says, one fact that would decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.graph.turning import leaves
from api.memo.matter import Matter, speaks_for
from api.memo.tree import Block, Item, bullets, item, para, strong
from api.text.words import STATUSES, outcome_word, plural
from engine.answer import GroundSaid, ProofNode
from engine.facts.reading import Reading

_NAMES = {"person": "the person", "state": "the State"}
#: Facts named in one argument before the rest is left to the section on evidence.
MANY = 6


@dataclass(frozen=True)
class Sides:
    """Argument and reply on one ground; ``own`` is the side that the ground helps."""

    matter: Matter
    ground: GroundSaid
    proof: ProofNode | None

    @property
    def own(self) -> Reading:
        """The side that argues for the ground."""
        return "state" if speaks_for(self.ground) == "state" else "person"

    @property
    def other(self) -> Reading:
        """The side that argues against it."""
        return "person" if self.own == "state" else "state"

    def blocks(self) -> tuple[Block, ...]:
        """Both, each under its own name."""
        other, own = _NAMES[self.other], _NAMES[self.own]
        against = tuple(self._against()) or (item("Nothing on record speaks against this."),)
        reply = tuple(self._reply()) or (
            item("The record holds no reply yet; the evidence to obtain names what would give one."),
        )
        return (
            para(strong(f"Best argument of {other}")),
            *bullets(against),
            para(strong(f"Reply of {own}")),
            *bullets(reply),
        )

    def _against(self) -> Iterator[Item]:
        yield from self._differs(self.other)
        yield from self._disputed()
        ground = self.ground
        if ground.status == "met" and ground.rebuttable_by:
            yield item(
                "The ground is met on the record only. It could fall if these were answered:",
                below=self._asked(ground.rebuttable_by),
            )
        if ground.status == "open":
            yield item(f"{self._whose_burden()} {self._unknown()}")
        if ground.status == "not_met":
            yield item(
                "The ground is not met, because:", below=[item(matter_said(why, self.matter)) for why in ground.why_not]
            )
        yield from self._only_asserted()
        for note in ground.unverified:
            yield item(f"The law itself is to be checked: {note}.")

    def _reply(self) -> Iterator[Item]:
        ground = self.ground
        yield from self._differs(self.own)
        if ground.status == "met" and ground.status_strict == "met":
            yield item("The ground is met on what is known alone; no open fact can change it.")
        if ground.burden and ground.status == "met":
            yield item(f"Burden: {ground.burden}.")
        yield from self._established()
        yield from self._decisive()
        for conflict in self.matter.answer.conflicts:
            if ground.id in conflict.prevails and ground.status == "met":
                yield item(conflict.reason)

    def _whose_burden(self) -> str:
        return f"The burden: {self.ground.burden}." if self.ground.burden else "No burden is named."

    def _unknown(self) -> str:
        """How much of the application is not known; the facts themselves stand there."""
        number = len(self.ground.missing)
        return f"{plural(number, 'fact')} on which the ground hangs {'is' if number == 1 else 'are'} not known, so it is not made out."

    def _differs(self, side: Reading) -> Iterator[Item]:
        """What the ground becomes when a side's word is taken, if that changes it."""
        status = self.matter.under(side, self.ground.id)
        if status != self.ground.status and self.matter.answer.reading != side:
            yield item(f"Read as {_NAMES[side]} says, this ground is ", strong(STATUSES[status]), ".")  # type: ignore[index]

    def _labels(self) -> list[str]:
        found = [leaf.fact for leaf in leaves(self.proof)] if self.proof else []
        return list(dict.fromkeys([*found, *self.ground.missing, *self.ground.rebuttable_by]))

    def _disputed(self) -> Iterator[Item]:
        speak = self.matter.speak
        for label in self._labels():
            finding, fact = speak.behind(label), speak.where(label)[1]
            if finding and fact and finding.disputed:
                yield item(f"{speak.question(label)} Disputed: {speak.sides(fact, finding)}.")

    def _by_standing(self, standing: str) -> list[Item]:
        speak, told = self.matter.speak, []
        for label in dict.fromkeys(leaf.fact for leaf in leaves(self.proof)) if self.proof else ():
            finding, fact = speak.behind(label), speak.where(label)[1]
            if finding and fact and finding.standing == standing and finding.value is not None:
                told.append(
                    item(
                        f"{speak.question(label)} ",
                        strong(speak.said(fact, finding.value)),
                        f" ({speak.support(finding, note=False)})",
                    )
                )
        return told

    def _only_asserted(self) -> Iterator[Item]:
        found = self._by_standing("asserted")
        if found:
            yield item("It rests on assertions that are not established:", below=_some(found))

    def _established(self) -> Iterator[Item]:
        found = self._by_standing("established")
        if found:
            yield item("These are established:", below=_some(found))

    def _asked(self, labels: Iterable[str]) -> list[Item]:
        return _some([item(self.matter.speak.question(label)) for label in labels])

    def _decisive(self) -> Iterator[Item]:
        """Single facts of this ground that would change the outcome for the own side."""
        if self.ground.status != "open" or not self.matter.profile.verdict:
            return
        for flip in self.matter.answer.flip_sets:
            one = flip.set[0]
            if len(flip.set) == 1 and one.fact in self.ground.missing and flip.favours == self.own:
                shown = self.matter.speak.assigned(one.fact, one.value, one.shown)
                yield item(
                    f"{self.matter.speak.question(one.fact)} If ",
                    strong(shown),
                    f", the outcome is {outcome_word(flip.to)}.",
                )


def _some(found: list[Item]) -> list[Item]:
    left = len(found) - MANY
    return (
        found
        if left <= 1
        else [*found[:MANY], item(f"and {left} more, listed under the evidence to obtain or in the facts")]
    )


def matter_said(why: str, matter: Matter) -> str:
    """A reason why a ground is not met, as the profile allows it to be said."""
    return matter.speak.reason(why)
