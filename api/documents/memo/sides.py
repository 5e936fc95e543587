"""The best argument of the other side on a ground, and the reply: both drawn from data, nothing invented.

An argument is one of: the ground read as the other side says, a disputed fact, a fact whose proof would
remove it, a step that rests on one side's word, why it is not met, an unverified reading of the law. A reply is one
of: the burden, a finding that is established, the ground as the own side says, one fact that would decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.documents.graph.turning import leaves
from api.documents.language.marking import marked
from api.documents.memo.argued import Argued
from api.documents.memo.matter import Matter, speaks_for
from api.documents.memo.tree import (
    Block,
    Item,
    Line,
    Run,
    bullets,
    item,
    para,
    strong,
)
from engine.answer.model import GroundSaid, ProofNode
from engine.facts.reading import Reading

_BEST = {"person": marked("Best argument of the person"), "state": marked("Best argument of the State")}
_REPLY = {"person": marked("Reply of the person"), "state": marked("Reply of the State")}
_READ_AS = {
    "person": marked("Read as the person says, this ground is {status}."),
    "state": marked("Read as the State says, this ground is {status}."),
}
#: Facts named in one argument before the rest is left to the section on evidence.
MANY = 6


@dataclass(frozen=True)
class Sides:
    """Argument and reply on one ground; ``own`` is the side that the ground helps."""

    matter: Matter
    ground: GroundSaid
    proof: ProofNode | None
    argued: Argued | None = None

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
        say, argued = self.matter.speak.say, self.argued
        told = argued is not None and not argued.again
        point = argued.part("point") if argued and told else [argued.elsewhere()] if argued else []
        answer = argued.part("answer") if argued and told else []
        replied = argued.part("reply") if argued and told else []
        against = (*answer, *self._against()) or (item(say("Nothing on record speaks against this.")),)
        reply = (*replied, *self._reply()) or (
            item(say("The record holds no reply yet; the evidence to obtain names what would give one.")),
        )
        made: list[Block] = [para(strong(say("Point"))), *bullets(point)] if point else []
        return (
            *made,
            para(strong(say(_BEST[self.other]))),
            *bullets(against),
            para(strong(say(_REPLY[self.own]))),
            *bullets(reply),
        )

    def _against(self) -> Iterator[Item]:
        yield from self._differs(self.other)
        yield from self._disputed()
        ground, speak = self.ground, self.matter.speak
        if ground.status == "met" and ground.rebuttable_by:
            fall = speak.say("The ground is met on the record only. It could fall if these were answered:")
            yield item(fall, below=self._asked(ground.rebuttable_by))
        if ground.status == "open":
            yield item(*self._whose_burden(), f" {self._unknown()}")
        if ground.status == "not_met":
            because = speak.say("The ground is not met, because:")
            yield item(because, below=[item(matter_said(why, self.matter)) for why in ground.why_not])
        yield from self._only_asserted()
        for note in ground.unverified:
            yield item(speak.phrase(marked("The law itself is to be checked: {note}."), note=speak.told(note)))

    def _reply(self) -> Iterator[Item]:
        ground, speak = self.ground, self.matter.speak
        yield from self._differs(self.own)
        if ground.status == "met" and ground.status_strict == "met":
            yield item(speak.say("The ground is met on what is known alone; no open fact can change it."))
        if ground.burden and ground.status == "met":
            yield item(speak.phrase(marked("Burden: {burden}."), burden=self._burden()))
        yield from self._established()
        yield from self._decisive()
        for conflict in self.matter.answer.conflicts:
            if ground.id in conflict.prevails and ground.status == "met":
                yield item(speak.law("conflict", conflict.id, "reason", conflict.reason))

    def _burden(self) -> Run:
        return self.matter.speak.law("criterion", self.ground.id, "burden", self.ground.burden)

    def _whose_burden(self) -> Line:
        speak = self.matter.speak
        if not self.ground.burden:
            return (Run(speak.say("No burden is named.")),)
        return speak.phrase(marked("The burden: {burden}."), burden=self._burden())

    def _unknown(self) -> str:
        """How much of the application is not known; the facts themselves stand there."""
        return self.matter.speak.count(
            "{n} fact on which the ground hangs is not known, so it is not made out.",
            "{n} facts on which the ground hangs are not known, so it is not made out.",
            len(self.ground.missing),
        )

    def _differs(self, side: Reading) -> Iterator[Item]:
        """What the ground becomes when a side's word is taken, if that changes it."""
        status = self.matter.under(side, self.ground.id)
        if status != self.ground.status and self.matter.answer.reading != side:
            yield item(self.matter.speak.phrase(_READ_AS[side], status=strong(self.matter.status(status))))

    def _labels(self) -> list[str]:
        found = [leaf.fact for leaf in leaves(self.proof)] if self.proof else []
        return list(dict.fromkeys([*found, *self.ground.missing, *self.ground.rebuttable_by]))

    def _disputed(self) -> Iterator[Item]:
        speak = self.matter.speak
        for label in self._labels():
            finding, fact = speak.behind(label), speak.where(label)[1]
            if finding and fact and finding.disputed:
                sides = speak.say("Disputed: {sides}.", sides=speak.sides(fact, finding))
                yield item(speak.question(label), f" {sides}")

    def _by_standing(self, standing: str) -> list[Item]:
        speak, told = self.matter.speak, []
        for label in dict.fromkeys(leaf.fact for leaf in leaves(self.proof)) if self.proof else ():
            finding, fact = speak.behind(label), speak.where(label)[1]
            if finding and fact and finding.standing == standing and finding.value is not None:
                told.append(
                    item(
                        speak.question(label),
                        " ",
                        strong(speak.said(fact, finding.value)),
                        f" ({speak.support(finding, note=False)})",
                    )
                )
        return told

    def _only_asserted(self) -> Iterator[Item]:
        found = self._by_standing("asserted")
        if found:
            say = self.matter.speak.say
            yield item(say("It rests on assertions that are not established:"), below=self._some(found))

    def _established(self) -> Iterator[Item]:
        found = self._by_standing("established")
        if found:
            yield item(self.matter.speak.say("These are established:"), below=self._some(found))

    def _asked(self, labels: Iterable[str]) -> list[Item]:
        return self._some([item(self.matter.speak.question(label)) for label in labels])

    def _decisive(self) -> Iterator[Item]:
        """Single facts of this ground that would change the outcome for the own side."""
        if self.ground.status != "open" or not self.matter.profile.verdict:
            return
        matter, speak = self.matter, self.matter.speak
        for flip in matter.answer.flip_sets:
            one = flip.set[0]
            if len(flip.set) == 1 and one.fact in self.ground.missing and flip.favours == self.own:
                answer = strong(speak.assigned(one.fact, one.value, one.shown))
                then = marked("If {answer}, the outcome is {outcome}.")
                said = speak.phrase(then, answer=answer, outcome=matter.outcome(flip.to))
                yield item(speak.question(one.fact), " ", said)

    def _some(self, found: list[Item]) -> list[Item]:
        left = len(found) - MANY
        more = self.matter.speak.count(
            "and {n} more, listed under the evidence to obtain or in the facts",
            "and {n} more, listed under the evidence to obtain or in the facts",
            left,
        )
        return found if left <= 1 else [*found[:MANY], item(more)]


def matter_said(why: str, matter: Matter) -> Run:
    """A reason why a ground is not met, as the profile allows it to be said."""
    return matter.speak.reason(why)
