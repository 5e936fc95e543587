"""Dossiers: what is entered that bears on an evaluative question, what is presumed, and what decided cases say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from engine.answer.dossier_cited import cited, cited_finding
from engine.answer.dossier_model import (
    Dossier,
    DossierEvidence,
    DossierFinding,
    DossierHelp,
    DossierPrecedent,
    DossierPresumption,
    Standing,
)
from engine.answer.dossier_precedents import conditions_of, facts_of, told_of
from engine.answer.lasting import cite_said
from engine.content.evidence import Situation
from engine.content.models import Presumption
from engine.facts.columns import HERE, Place
from engine.facts.values import plain, show
from engine.facts.vocabulary import CASE
from engine.inference.precedents import IssueBase
from engine.inference.situations import ends, seen_on
from engine.reasoning.build import fact_label
from engine.reasoning.missing import Missing
from engine.reasoning.nearest import Comparison, among, governing, nearest

if TYPE_CHECKING:
    from engine.assess import Engine, Weighed

MOST_GOVERNING, MOST_NEAREST, MOST_HELPFUL, MOST_OF_STATE = 5, 3, 6, 4


def questions_with_sources(engine: Engine) -> list[str]:
    """The evaluative questions that can have a dossier, in the order of the vocabulary."""
    return [name for name in engine.pack.vocabulary.facts if name in engine.program.evidence.of_fact]


def dossiers(engine: Engine, weighed: Weighed) -> tuple[Dossier, ...]:
    """The dossier of every question of the case on which anything bears."""
    made = (dossier(engine, weighed, name) for name in questions_with_sources(engine) if _of_case(engine, name))
    return tuple(one for one in made if one.evidence or one.standing != "open")


def _of_case(engine: Engine, name: str) -> bool:
    return engine.pack.vocabulary.facts[name].scope == CASE


def dossier(engine: Engine, weighed: Weighed, fact: str, place: Place = HERE) -> Dossier:
    """The dossier of one evaluative question."""
    return _Writer(engine, weighed, fact, place).dossier()


class _Writer:
    def __init__(self, engine: Engine, weighed: Weighed, fact: str, place: Place) -> None:
        self.engine, self.weighed, self.pack = engine, weighed, engine.pack
        self.fact, self.place = self.pack.vocabulary.facts[fact], place
        self.presumed, self.prover = engine.presumed(weighed), engine.prover(weighed)
        self.day, self.selection = weighed.setting.assessed_on, weighed.setting.selection
        both = weighed.evaluation
        self.missing = Missing(
            engine.program, both.record, both.record_columns, scopes=engine.lasting.fact_scopes, evidence=True
        )
        self.sources = [source for source, _ in engine.program.evidence.of_fact.get(fact, ())]

    def dossier(self) -> Dossier:
        (standing, value, shown), setting = self._standing(), self.weighed.setting
        issues = list(dict.fromkeys(source.id for source in self.sources if source.kind == "precedent"))
        compared = [(self.presumed.bases[issue], self.presumed.marks(issue, self.place)) for issue in issues]
        governs = [
            one for base, has in compared for one in told_of(self.pack, base, governing(base, has, setting), self.day)
        ]
        near = {
            side: [
                (base, one) for base, has in compared for one in nearest(base, has, side, setting, most=MOST_NEAREST)
            ]
            for side in ("person", "state")
        }
        presumptions = tuple(self._presumptions())
        findings = tuple(self._findings())
        told = {
            side: [said for base, one in pairs for said in told_of(self.pack, base, [one], self.day)]
            for side, pairs in near.items()
        }
        notes = [f"{one.id}: this presumption is unverified" for one in presumptions if one.review == "unverified"]
        notes += [
            f"{one.id}: the coding of this decision is unverified"
            for one in governs[:MOST_GOVERNING]
            if one.review == "unverified" or one.confidence == "check"
        ]
        notes += [f"{one.id}: this finding is unverified" for one in findings if one.review == "unverified"]
        return Dossier.said(
            fact=fact_label(self.weighed.read, self.place, self.fact.id),
            question=self.fact.question,
            standing=standing,
            value=value,
            shown=shown,
            evidence=tuple(self._evidence(issues)),
            presumptions=presumptions,
            findings=findings,
            governing=tuple(governs[:MOST_GOVERNING]),
            nearest_for_person=tuple(told["person"][:MOST_NEAREST]),
            nearest_for_state=tuple(told["state"][:MOST_NEAREST]),
            same_state=tuple(self._on_same_state(compared)),
            helpful=tuple(self._helpful([*near["person"], *near["state"]]))[:MOST_HELPFUL],
            unverified=tuple(dict.fromkeys(notes)),
        )

    def _standing(self) -> tuple[Standing, object, str]:
        known = self.weighed.evaluation.strict_columns.values[self.place].get(self.fact.id)
        if known:
            return "found", plain(known[0][0]), show(known[0][0], self.fact)
        presumed = self.presumed.value(self.fact.id, self.place)
        if presumed is None:
            return "open", None, "open"
        if presumed.value is None:
            return "both_ways", None, "presumed both ways"
        return "presumed", plain(presumed.value), show(presumed.value, self.fact)

    def _evidence(self, issues: Iterable[str]) -> Iterator[DossierEvidence]:
        """What was entered of the facts that factors and presumptions of this question read."""
        favours: dict[str, str] = {}
        for issue in issues:
            for factor in self.pack.issues[issue].factors.values():
                for fact in facts_of(factor.conditions.values()):
                    side = factor.favours or ""
                    favours[fact] = side if favours.get(fact, side) == side else ""
        for presumption in self._own_presumptions():
            for fact in facts_of([presumption.condition, *presumption.rebutted_by]):
                favours.setdefault(fact, "")
        read = self.weighed.read
        for place, column in read.columns.values.items():
            for fact, entries in column.items():
                finding = read.finding(place, fact)
                if fact in favours and finding is not None:
                    of = self.pack.vocabulary.facts[fact]
                    yield DossierEvidence.said(
                        fact=fact_label(read, place, fact),
                        question=of.question,
                        shown=show(entries[0][0], of),
                        favours=favours[fact],
                        standing=finding.standing,
                        by=finding.by,
                        exhibits=tuple(f"{ref.id} p. {ref.page}" if ref.page else ref.id for ref in finding.exhibits),
                    )

    def _own_presumptions(self) -> list[Presumption]:
        """The presumptions that give this fact a value, and those that say what may not count about it."""
        ids = [source.id for source in self.sources if source.kind == "presumption"]
        excluded = [one.id for one in self.pack.presumptions.values() if self.fact.id in one.excludes]
        return [self.pack.presumptions[name] for name in dict.fromkeys([*ids, *excluded])]

    def _presumptions(self) -> Iterator[DossierPresumption]:
        for one in self._own_presumptions():
            proof = self.prover.presumption(one.id, self.place)
            condition, *rebuttals = proof.children
            met = [part for part, child in zip(one.rebutted_by, rebuttals, strict=True) if child.status == "met"]
            rebutted = condition.status == "met" and bool(met)
            entry = self.engine.program.evidence.presumptions[one.id]
            status = "applies" if proof.status == "met" else "rebutted" if rebutted else "does_not_apply"
            if status == "does_not_apply" and condition.status == "open":
                status = "open"
            needs = sorted(self.missing.of(entry.condition, self.place)) if status == "open" else []
            presumes = one.presumes.get(self.fact.id, one.excludes.get(self.fact.id))
            yield DossierPresumption.said(
                id=one.id,
                title=one.title,
                sentence=proof.text,
                status=status,
                strength=one.strength,
                presumes=show(presumes, self.fact),
                favours=self._side_of(one) if one.presumes else "",
                rebutted_by=tuple(facts_of(one.rebutted_by)),
                rebuttal_questions=tuple(
                    self.pack.vocabulary.facts[fact].question for fact in facts_of(one.rebutted_by)
                ),
                against=tuple(self._shown(fact) for fact in facts_of(met) if self._entered(fact)),
                missing=tuple(dict.fromkeys(need.fact for need in needs if need.fact)),
                citations=tuple(
                    f"{said.short} {said.pinpoint}"
                    for said in (cite_said(self.pack, one.review, cite) for cite in one.cites)
                ),
                authorities=tuple(self._named(name) for name in one.authorities),
                authorities_cited=tuple(cited(self.pack, name, self.day) for name in one.authorities),
                review=one.review,
            )

    def _named(self, authority: str) -> str:
        if authority in self.pack.authorities:
            return self.pack.authorities[authority].name
        return self.pack.precedents[authority].name

    def _findings(self) -> Iterator[DossierFinding]:
        for picture in self._pictures():
            spec = self.pack.pictures[picture]
            levels = self.pack.vocabulary.facts[spec.answers].values
            years = self.weighed.setting.variants[spec.years]
            for state in self._states(spec.state):
                decided = list(self.weighed.setting.situations.decided(state, self.day, self.selection))
                ours = [one for one in decided if one.level in levels]
                yield from (self._finding(one, ours, years, levels[one.level]) for one in ours)

    def _entered(self, fact: str) -> bool:
        """Whether a fact of the case was entered by somebody."""
        return self.weighed.read.finding(HERE, fact) is not None

    def _shown(self, fact: str) -> str:
        """A fact that was entered, with its value."""
        of, entries = self.pack.vocabulary.facts[fact], self.weighed.read.columns.values[HERE].get(fact)
        return f"{of.question} {show(entries[0][0], of) if entries else 'disputed'}"

    def _pictures(self) -> list[str]:
        """The pictures that answer the question, or a fact that its presumptions and factors read."""
        of = {self.fact.id, *(fact for one in self._own_presumptions() for fact in facts_of([one.condition]))}
        for issue in {source.id for source in self.sources if source.kind == "precedent"}:
            of |= {
                fact for one in self.pack.issues[issue].factors.values() for fact in facts_of(one.conditions.values())
            }
        return [name for name, spec in self.pack.pictures.items() if spec.answers in of]

    def _states(self, fact: str) -> list[str]:
        """The States that a fact of the case names."""
        held = self.weighed.evaluation.record_columns.values[HERE].get(fact)
        states = held[0][0] if held else frozenset[str]()
        return sorted(states) if isinstance(states, frozenset) else [str(states)]

    def _on_same_state(self, compared: Iterable[tuple[IssueBase, int]]) -> Iterator[DossierPrecedent]:
        """Decisions on the States of this case, for each side the nearest first."""
        states = {state for picture in self._pictures() for state in self._states(self.pack.pictures[picture].state)}
        for side in ("person", "state"):
            found = [
                (base, one) for base, has in compared for one in among(base, has, side, self.weighed.setting, states)
            ]
            told = (said for base, one in found for said in told_of(self.pack, base, [one], self.day))
            yield from list({one.id: one for one in told}.values())[:MOST_OF_STATE]

    def _finding(self, one: Situation, decided: list[Situation], years: str, level: str) -> DossierFinding:
        concerns = self.presumed.is_member(one.group)
        later = [other.id for other in decided if other.group == one.group and other.valid_from > one.valid_from]
        return DossierFinding.said(
            id=one.id,
            state=one.state,
            group=self.pack.groups[one.group].title if one.group else "",
            level=level,
            finding=one.finding,
            tribunal=one.tribunal,
            case=one.case,
            since=one.valid_from,
            until=one.valid_until,
            years_old=max(0, (self.day - seen_on(one)).days // 365),
            concerns=concerns,
            presumes=concerns and self.day <= ends(one, years),
            followed_by=tuple(later),
            authority=cited_finding(one, self.day),
            review=one.review,
        )

    def _helpful(self, near: Iterable[tuple[IssueBase, Comparison]]) -> Iterator[DossierHelp]:
        """Facts that are not entered and that alone would make a precedent govern or a presumption apply."""
        found: dict[tuple[str, str], list[str]] = {}
        for base, one in near:
            if one.row.governs and len(one.lacking) == 1 and not (one.distinguishing or one.coined):
                for fact in facts_of(conditions_of(base, one.lacking[0])):
                    found.setdefault((fact, one.row.side), []).append(f"{one.row.precedent.name} would govern")
        for presumption in self._own_presumptions():
            entry = self.engine.program.evidence.presumptions[presumption.id]
            needs = {need.fact for need in self.missing.of(entry.condition, self.place) if need.fact}
            side = self._side_of(presumption)
            if len(needs) == 1 and side:
                found.setdefault((needs.pop(), side), []).append(f"presumption: {presumption.title}")
        for (fact, side), follows in sorted(found.items(), key=lambda item: -len(item[1])):
            of = self.pack.vocabulary.facts[fact]
            yield DossierHelp.said(
                fact=fact,
                question=of.question,
                favours=side,
                proof=of.proof,
                burden=of.burden,
                follows=tuple(dict.fromkeys(follows)),
            )

    def _side_of(self, presumption: Presumption) -> str:
        """For whom a presumption speaks, by an issue that answers the same fact."""
        value = presumption.presumes.get(self.fact.id)
        for issue in self.pack.issues.values():
            for answer in issue.answers:
                if answer.fact == self.fact.id:
                    return "person" if value == answer.person else "state" if value == answer.state else ""
        return ""
