"""Relevance: which open grounds can still change the outcome, and which facts they hang on."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from engine.content.models import Pack
from engine.facts.columns import HERE, Entailment, Place
from engine.facts.reading import Read
from engine.facts.values import Value
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting
from engine.inference.evaluation import Evaluation
from engine.inference.program import Program
from engine.reasoning.missing import Missing, Need
from engine.reasoning.outcome import (
    COUNTS,
    LEVELS,
    Judge,
    level_of,
)
from engine.reasoning.variations import (
    UNLISTED,
    Candidate,
    Domains,
    candidates,
)


class Relevance:
    """Relevance in one evaluated case."""

    def __init__(self, pack: Pack, program: Program, judge: Judge, evaluation: Evaluation) -> None:
        self.pack = pack
        scopes = {fact.id: fact.scope for fact in pack.vocabulary.facts.values()}
        #: also the evidence from which an evaluative answer could be presumed
        self.missing = Missing(program, evaluation.strict, evaluation.strict_columns, scopes=scopes, evidence=True)
        self.direct = Missing(program, evaluation.strict, evaluation.strict_columns, scopes=scopes)
        span = judge.range(evaluation.strict, evaluation.strict_columns)
        self.floor = LEVELS.index(span.bounds()[0])
        self.settled = bool(span.single() & 1)
        self.grounds = [] if self.settled else list(self._grounds(program, evaluation))
        self.criteria = {} if self.settled else self._criteria(program, evaluation)

    def _places(self, scope: str, evaluation: Evaluation) -> list[Place]:
        return [HERE] if scope == CASE else evaluation.strict_columns.places(COUNTS)

    def _criteria(self, program: Program, evaluation: Evaluation) -> dict[str, frozenset[Need]]:
        """Open grounds that could raise the outcome, with what each needs."""
        found = {}
        for criterion in self.pack.criteria.values():
            if level_of(criterion) > self.floor:
                node = program.entries[criterion.id].node
                needs = frozenset().union(
                    *(self.missing.of(node, place) for place in self._places(criterion.scope, evaluation))
                )
                if needs:
                    found[criterion.id] = needs
        return found

    def _grounds(self, program: Program, evaluation: Evaluation) -> list[tuple[int, Place]]:
        grounds = []
        for criterion in self.pack.criteria.values():
            if level_of(criterion) > self.floor:
                node = program.entries[criterion.id].node
                for place in self._places(criterion.scope, evaluation):
                    true, false = evaluation.strict.at(node, place)
                    if not (true | false) & 1:
                        grounds.append((node, place))
        return grounds

    @property
    def needs(self) -> frozenset[Need]:
        """All unknown facts that matter."""
        return frozenset().union(*self.criteria.values()) if self.criteria else frozenset()

    def askable(self, read: Read, entailment: Entailment, domains: Domains, setting: Setting) -> list[Candidate]:
        """Facts to ask about: unknown, not already asked and answered *not known*."""
        facts = candidates(self.needs, self.missing.columns, entailment, domains, setting)
        lists = {need.part: None for need in sorted(self.needs) if need.index == UNLISTED}
        options = []
        for option in facts:
            source = entailment.vocabulary.facts.get(entailment.vocabulary.facts[option.fact].from_latest)
            if source is not None and source.scope not in read.items and self._open(option, entailment):
                lists[source.scope] = None
            elif read.finding(option.place, option.fact) is None:
                options.append(option)
        return [*options, *(Candidate((part, UNLISTED), "", (frozenset(),)) for part in lists)]

    def _open(self, option: Candidate, entailment: Entailment) -> bool:
        """Whether every gate above a fact has been answered, so that its list is worth asking for."""
        gates = entailment.vocabulary.facts[option.fact].closed_by
        return all(self.missing.columns.known(HERE, closure.fact) for closure in gates)

    @cached_property
    def presumable(self) -> frozenset[Need]:
        """The needs that are evidence alone: no answer to them decides anything strictly."""
        direct = (self.direct.of(node, place) for node, place in self.grounds)
        return self.needs.difference(*direct)

    def candidates(self, read: Read, entailment: Entailment, domains: Domains, setting: Setting) -> list[Candidate]:
        """Facts whose value could change the outcome: unknown ones that matter, and disputed ones."""
        unknown = candidates(self.needs, self.missing.columns, entailment, domains, setting)
        disputed = {(option.place, option.fact): option.values for option in _disputed(read)}
        options = [_with_sides(option, disputed.pop((option.place, option.fact), ())) for option in unknown]
        options += [Candidate(*key, values) for key, values in disputed.items()]
        evidence = {(need.place, need.fact) for need in self.presumable}
        useful = [option for option in options if option.values or not option.whole]
        return [replace(option, evidence=(option.place, option.fact) in evidence) for option in useful]


def _with_sides(option: Candidate, sides: tuple[Value, ...]) -> Candidate:
    """What each side says is worth trying even of a fact that has too many values to try them all."""
    if option.whole or not sides:
        return option
    return replace(option, values=tuple(dict.fromkeys([*option.values, *sides])))


def _disputed(read: Read) -> list[Candidate]:
    """Disputed findings that this reading decides: the other side's value is the one worth trying."""
    found = []
    groups = [(HERE, read.case.findings)]
    groups += [((part, index), item.findings) for part, items in read.items.items() for index, item in enumerate(items)]
    for place, findings in groups:
        for name, finding in findings.items():
            if finding.disputed:
                held = [value for value, _ in read.columns.values[place].get(name, ())]
                others: list[Value] = [
                    value for value in (finding.person, finding.state) if value is not None and value not in held
                ]
                found.append(Candidate(place, name, tuple(dict.fromkeys(others))))
    return found
