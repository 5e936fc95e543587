"""Grounds on paper: what each is, what it rests on, and the facts on which it hangs.

Unless everything is asked for, the strongest open grounds show what they hang on, the others only
their names, and grounds that are not met are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from api.documents.text.blocks import (
    Entry,
    Section,
    Span,
    code,
    entry,
    faint,
    strong,
    warn,
)
from api.documents.text.words import (
    FactWords,
    cited,
    doubted,
    effect_word,
    plural,
)
from engine.answer.model import GroundSaid
from engine.content.models import Effect
from engine.reasoning.outcome import LEVEL_OF

#: Facts and authorities named at a ground, and open grounds shown in full, before the rest is counted.
FEW, MANY = 3, 10


class GroundsPaper:
    """Sections about the grounds of one answer."""

    def __init__(self, grounds: Sequence[GroundSaid], words: FactWords, *, everything: bool) -> None:
        self.words, self.everything = words, everything
        grounds = sorted(grounds, key=_weight)
        self.deciding = [ground for ground in grounds if weighs(ground)]
        self.beside = [ground for ground in grounds if not weighs(ground)]
        self.full: set[str] = {ground.id for ground in self._of(self.deciding, "met")}
        self.full |= {ground.id for ground in self._of(self.deciding, "open")[:MANY]}

    def sections(self) -> list[Section]:
        """Met and open grounds in order of weight; the others counted, or shown if everything is."""
        return [
            self._section("Grounds that are met", self._of(self.deciding, "met")),
            self._section("Grounds still open", self._of(self.deciding, "open")),
            *self._besides(),
            *self._rest(),
        ]

    def _of(self, grounds: Sequence[GroundSaid], status: str) -> list[GroundSaid]:
        return [ground for ground in grounds if ground.status == status]

    def _section(self, title: str, grounds: Sequence[GroundSaid]) -> Section:
        return Section(f"{title} ({len(grounds)})" if grounds else f"{title}: none", self._grouped(grounds))

    def _grouped(self, grounds: Sequence[GroundSaid]) -> tuple[Entry, ...]:
        groups = [(effect, list(found)) for effect, found in groupby(grounds, key=lambda ground: ground.effect)]
        return tuple(
            entry(strong(effect_word(effect).capitalize()), below=[self.entry(ground) for ground in found])
            for effect, found in groups
        )

    def _besides(self) -> list[Section]:
        """Duties, limits, detention and the like: they never decide whether surrender is admissible."""
        met, still = self._of(self.beside, "met"), self._of(self.beside, "open")
        if not met and not still:
            return []
        shown = [*met, *still] if self.everything else met
        rows = list(self._grouped(sorted(shown, key=_weight)))
        if still and not self.everything:
            kinds = [
                f"{effect_word(effect)} {len(list(found))}" for effect, found in groupby(still, lambda one: one.effect)
            ]
            rows.append(entry(faint(f"open: {', '.join(kinds)} (--all shows them)")))
        return [Section("Beside admissibility", tuple(rows))]

    def _rest(self) -> list[Section]:
        every = [*self.deciding, *self.beside]
        lists = {"Not met": self._of(every, "not_met"), "Not applicable here": self._of(every, "not_applicable")}
        if self.everything:
            return [
                Section(f"{title} ({len(found)})", tuple(self._denied(one) for one in found))
                for title, found in lists.items()
                if found
            ]
        counted = ", ".join(f"{len(found)} {title.lower()}" for title, found in lists.items())
        return [Section(f"Other grounds: {counted} (--all shows them)")]

    def entry(self, ground: GroundSaid) -> Entry:
        """One ground, in full if it weighs enough."""
        if self.everything or ground.status == "met":
            return entry(*headline(ground), below=self._whole(ground))
        if ground.id in self.full:
            return entry(*headline(ground), below=self._facts("hangs on", ground.missing, 1))
        return entry(*headline(ground), faint(f", {plural(len(ground.missing), 'fact')} missing"))

    def _whole(self, ground: GroundSaid) -> list[Entry]:
        below = [entry(ground.sentence), *self._counts(ground)]
        below += self._facts("rebuttable by", ground.rebuttable_by, FEW) + self._facts("missing", ground.missing, FEW)
        below += self._authorities(ground)
        if self.everything:
            below += [entry(warn("unverified: "), note) for note in ground.unverified]
            below += [entry(faint(f"note: {ground.note}"))] if ground.note else []
        return below

    def _denied(self, ground: GroundSaid) -> Entry:
        why = ground.why_not or (ground.sentence,)
        return entry(
            *headline(ground), faint(f" {effect_word(ground.effect)}"), below=[entry(faint(one)) for one in why]
        )

    def _counts(self, ground: GroundSaid) -> list[Entry]:
        these = [name for name, status in ground.counts.items() if status == ground.status]
        if len(these) == len(ground.counts):
            return []
        return [entry(f"for {len(these)} of {plural(len(ground.counts), 'offence')}: {', '.join(these)}")]

    def _facts(self, title: str, labels: Sequence[str], few: int) -> list[Entry]:
        if not labels:
            return []
        shown = labels if self.everything else labels[:few]
        more = faint(f" and {len(labels) - len(shown)} more") if len(labels) > len(shown) else ""
        if len(shown) == 1:
            return [entry(f"{title}: ", *self.words.asked(shown[0]), more)]
        return [entry(f"{title}:", more, below=[entry(*self.words.asked(label)) for label in shown])]

    def _authorities(self, ground: GroundSaid) -> list[Entry]:
        shown = ground.authorities if self.everything else ground.authorities[:FEW]
        if not shown:
            return []
        names = "; ".join(f"{one.name} ({one.year}){_mark(one.review)}" for one in shown)
        more = len(ground.authorities) - len(shown)
        return [entry(faint(f"authorities: {names}{f'; and {more} more' if more else ''}"))]


def weighs(ground: GroundSaid) -> bool:
    """Whether the ground can decide admissibility."""
    return ground.effect in LEVEL_OF


def _weight(ground: GroundSaid) -> tuple[int, int]:
    """Weightiest effects first, those that decide nothing last."""
    effects = list(Effect)
    return -LEVEL_OF.get(ground.effect, 0) if ground.effect else 1, effects.index(ground.effect) if ground.effect else 0


def headline(ground: GroundSaid) -> list[Span]:
    """Pinpoint, title, name, and the marks that must never be missed."""
    marks = [warn(" [rebuttable]")] if ground.rebuttable_by else []
    marks += [warn(" [unverified]")] if ground.unverified and not doubted(ground.citations) else []
    return [strong(cited(ground.citations)), Span(f": {ground.title} ("), code(ground.id), Span(")"), *marks]


def _mark(review: str) -> str:
    return " [unverified]" if review == "unverified" else ""


def unverified_section(grounds: Iterable[GroundSaid]) -> list[Section]:
    """What is unverified behind met and open grounds, each reason once."""
    notes: dict[str, list[str]] = {}
    for ground in grounds:
        if ground.status in ("met", "open"):
            for note in ground.unverified:
                notes.setdefault(note, []).append(cited(ground.citations))
    if not notes:
        return []
    rows = [entry(note, faint(f" ({_listed(list(dict.fromkeys(places)))})")) for note, places in notes.items()]
    return [Section("Unverified: check these before relying on what rests on them", tuple(rows))]


def _listed(places: Sequence[str]) -> str:
    few = "; ".join(places[:FEW])
    return few if len(places) <= FEW else f"{few}; and {len(places) - FEW} more"
