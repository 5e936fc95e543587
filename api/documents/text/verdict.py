"""The answer on paper, as a lawyer reads it: outcome, duty, grounds, treaties, what would change it.

Long lists are cut and say so; with everything asked for, nothing is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from api.documents.language.words import READINGS
from api.documents.text.blocks import (
    Entry,
    Line,
    Paper,
    Section,
    Span,
    code,
    entry,
    faint,
    line,
    strong,
)
from api.documents.text.grounds import GroundsPaper, unverified_section
from api.documents.text.sources import clocks, conflicts, treaties
from api.documents.text.words import (
    FactWords,
    certainty_word,
    cited,
    day,
    outcome_span,
    outcome_word,
    plural,
)
from engine.answer.model import Answer, AssumptionSaid, FlipSetSaid
from engine.content.models import Pack
from engine.reasoning.outcome import Outcome

One = TypeVar("One")
#: Entries of a long list before the rest is only counted.
SOME = 5
_SIDES = {"person": "for the person", "state": "for the State", "neither": "for neither side"}


def verdict_paper(answer: Answer, pack: Pack, *, everything: bool = False) -> Paper:
    """The whole answer."""
    parts = _Verdict(answer, FactWords(pack), everything)
    title = answer.title or answer.case or "Case"
    return Paper(
        line(title, f" ({answer.case})" if answer.title and answer.case else ""), parts.lead(), parts.sections()
    )


class _Verdict:
    def __init__(self, answer: Answer, words: FactWords, everything: bool) -> None:
        self.answer, self.words, self.everything = answer, words, everything

    def lead(self) -> tuple[Line, ...]:
        """What must be read first."""
        answer = self.answer
        said = outcome_span(answer.outcome, settled=answer.settled)
        return (
            line(Span(said.text.upper(), said.style), ". ", strong(answer.sentence)),
            line(
                f"As of {day(answer.assessed_on)}, {READINGS[answer.reading]}, {certainty_word(answer)}.",
                *self._ranges(),
            ),
            *self._readings(),
        )

    def _ranges(self) -> list[str]:
        known, record = self.answer.range, self.answer.range_on_record
        if self.answer.certainty != "open":
            return []
        if known == record:
            return [f" Possible: {span_of(known)}."]
        return [
            f" Possible by what is known alone: {span_of(known)}; with the burden of proof applied: {span_of(record)}."
        ]

    def _readings(self) -> list[Line]:
        others = {name: outcome for name, outcome in self.answer.readings.items() if name != self.answer.reading}
        if all(outcome == self.answer.outcome for outcome in others.values()):
            return []
        said = "; ".join(f"{READINGS[name]}: {outcome_word(outcome)}" for name, outcome in others.items())
        return [line(f"Other readings of what is disputed: {said}.")]

    def sections(self) -> tuple[Section, ...]:
        """Everything else, in order of weight."""
        answer, everything = self.answer, self.everything
        grounds = GroundsPaper(answer.grounds, self.words, everything=everything).sections()
        sources = [*treaties(answer, everything=everything), *conflicts(answer, everything=everything)]
        ahead = [*self._missing(), *self._flips(), *self._questions()]
        last = [*self._assumptions(), *self._not_relied_on(), *unverified_section(answer.grounds), self._receipt()]
        times = clocks(answer, everything=everything)
        return (self._duty(), *self._not_examined(), *grounds, *self._counts(), *sources, *times, *ahead, *last)

    def _duty(self) -> Section:
        names = {ground.id: ground for ground in self.answer.grounds}
        by = [names[name] for name in self.answer.duty.displaced_by if name in names]
        displaced = [entry("displaced by ", strong(cited(one.citations)), f" {one.title}") for one in by]
        return Section("Duty to extradite", (entry(self.answer.duty.sentence, below=displaced),))

    def _not_examined(self) -> list[Section]:
        rows = [entry(sentence) for sentence in self.answer.not_examined]
        return [Section("What was not examined", tuple(rows))] if rows else []

    def _counts(self) -> list[Section]:
        rows = [
            entry(strong(one.title or one.id), ": ", outcome_span(one.outcome), _possible(one.range))
            for one in self.answer.counts
        ]
        return [Section("Per offence", tuple(rows))] if rows else []

    def _missing(self) -> list[Section]:
        needed: dict[str, int] = {}
        for ground in self.answer.grounds:
            for label in ground.missing if ground.status == "open" else ():
                needed[label] = needed.get(label, 0) + 1
        ranked = sorted(needed.items(), key=lambda item: -item[1])
        rows = [
            entry(*self.words.asked(label), faint(f", for {plural(number, 'ground')}"))
            for label, number in self._some(ranked)
        ]
        return [Section(f"What is missing ({len(ranked)})", (*rows, *self._more(ranked)))] if rows else []

    def _flips(self) -> list[Section]:
        if not self.answer.flip_sets and self.answer.certainty != "open":
            return []
        groups = []
        for side, title in _SIDES.items():
            found = [flip for flip in self.answer.flip_sets if flip.favours == side]
            rows = [*(self._flip(flip) for flip in self._some(found)), *self._more(found)]
            groups += [entry(strong(title), below=rows)] if rows else []
        bound = "" if self.answer.flip_sets_complete else "Not every set of facts was tried; others may exist."
        return [Section("What would change the answer", tuple(groups), bound or ("" if groups else "Nothing found."))]

    def _flip(self, flip: FlipSetSaid) -> Entry:
        said: list[Span] = []
        for number, one in enumerate(flip.set):
            said += [Span(" and ")] if number else []
            said += [*self.words.asked(one.fact), Span(" "), strong(one.shown)]
        return entry(outcome_span(flip.to), ": ", *said)

    def _questions(self) -> list[Section]:
        questions = self.answer.next_questions
        rows = [
            entry(one.question, " (", code(one.fact), ")", faint(f", {plural(len(one.hangs), 'ground')}"))
            for one in questions[:SOME]
        ]
        left = len(questions) - len(rows)
        rows += [entry(faint(f"and {left} more: dedere ask CASE"))] if left else []
        return [Section(f"Next questions ({len(questions)})", tuple(rows))] if rows else []

    def _assumptions(self) -> list[Section]:
        groups: dict[str, list[AssumptionSaid]] = {}
        for one in self.answer.assumptions:
            if one.fact not in self.answer.variants:
                groups.setdefault(one.why, []).append(one)
        rows = [self._assumed(why, found) for why, found in groups.items()]
        facts = sum(len(found) for found in groups.values())
        return [*([Section(f"Taken for granted ({facts})", tuple(rows))] if rows else []), *self._law()]

    def _assumed(self, why: str, found: Sequence[AssumptionSaid]) -> Entry:
        shown = found if self.everything else found[: 2 * SOME]
        if self.everything:
            return entry(f"{why}:", below=[entry(*self.words.asked(one.fact), " ", strong(one.shown)) for one in shown])
        said = [part for one in shown for part in (code(one.fact), Span(" "), strong(one.shown), Span("; "))]
        left = len(found) - len(shown)
        return entry(f"{why}: ", *(said if left else said[:-1]), f"and {left} more (--all)" if left else "")

    def _law(self) -> list[Section]:
        """The readings used where the law itself is unsettled."""
        rows = []
        for name, value in self.answer.variants.items():
            variant = self.words.pack.variants[name]
            why = next((one.why for one in self.answer.assumptions if one.fact == name), "")
            rows.append(entry(variant.question, " ", strong(variant.values[value]), faint(f" ({name}, {why})")))
        return [Section("Unsettled law: the reading used", tuple(rows))] if rows else []

    def _not_relied_on(self) -> list[Section]:
        unused = self.answer.not_relied_on
        title = f"Facts entered that no met or open ground uses: {len(unused)}"
        if not unused:
            return []
        if not self.everything:
            return [Section(f"{title} (--all lists them)")]
        return [Section(title, (entry(*(part for label in unused for part in (code(label), " "))),))]

    def _receipt(self) -> Section:
        receipt = self.answer.receipt
        below = [f"case {receipt.case}", f"rules {receipt.rules}", f"instruments {receipt.instruments}"]
        head = entry(receipt.digest, faint(f" (engine {receipt.engine})"))
        return Section("Receipt", (head, *(entry(one) for one in below if self.everything)))

    def _some(self, found: Sequence[One]) -> Sequence[One]:
        return found if self.everything else found[:SOME]

    def _more(self, found: Sequence[object]) -> list[Entry]:
        left = len(found) - len(self._some(found))
        return [entry(faint(f"and {left} more (--all)"))] if left else []


def span_of(ends: tuple[Outcome, Outcome]) -> str:
    """A range of outcomes in words."""
    low, high = ends
    return f"{outcome_word(low)} only" if low == high else f"from {outcome_word(low)} to {outcome_word(high)}"


def _possible(ends: tuple[Outcome, Outcome]) -> Span:
    return faint(f" (possible: {span_of(ends)})") if ends[0] != ends[1] else Span("")
