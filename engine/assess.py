"""The one entrance: a case, a date and a reading in; a reasoned answer out.

An ``Engine`` is made once per pack and may be used from several threads. Every assessment of
record runs both inference engines and is refused if a single status differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial

from engine.answer import Answer, ProofNode, QuestionSaid
from engine.content.documents import Document
from engine.content.models import Clock, Criterion, Pack
from engine.errors import EnginesDisagree, InputProblems, Problem
from engine.facts.casefile import Case, CaseReader
from engine.facts.columns import HERE, Columns, Entailment, Place
from engine.facts.reading import READINGS, Read, Reading, read_case
from engine.facts.values import hint
from engine.facts.vocabulary import CASE
from engine.inference.agreement import compare, observed
from engine.inference.atoms import REQUESTED, REQUESTING, Setting
from engine.inference.compiled import CompiledEngine, Planes
from engine.inference.durable import DurableEngine, Run
from engine.inference.evaluation import Evaluation, evaluate_both, evaluate_spread
from engine.inference.program import Program, compile_pack
from engine.proofs.build import ProofBuilder
from engine.proofs.wording import cited_line, standing_of
from engine.said.answer import compose
from engine.said.grounds import Sources, sources_said
from engine.said.questions import questions_said
from engine.treaties.relations import Relations
from engine.verdict.flips import FlipSet, flip_sets
from engine.verdict.outcome import Judge, Outcome, outcome_in, outcomes
from engine.verdict.questions import Ranked, rank
from engine.verdict.relevance import Relevance
from engine.verdict.variations import Candidate, Domains


@dataclass(frozen=True)
class Weighed:
    """A case under one reading, evaluated but not yet put into words."""

    read: Read
    setting: Setting
    evaluation: Evaluation
    outcome: Outcome
    find_relevance: Callable[[], Relevance] = field(repr=False, compare=False)

    @cached_property
    def relevance(self) -> Relevance:
        """Which open grounds, and so which unknown facts, can still change the outcome."""
        return self.find_relevance()


class Engine:
    """Both inference engines, prepared for one pack."""

    def __init__(self, pack: Pack, code: object = None) -> None:
        """``code`` is generated code of this pack's program, kept from earlier; it is used if it fits."""
        self.pack = pack
        self.relations = Relations(pack)
        self.program: Program = compile_pack(pack, self.relations)
        self.compiled = CompiledEngine(self.program, code)
        self.entailment = Entailment(pack.vocabulary)
        self.reader = CaseReader(pack)
        self.judge = Judge(pack, self.program)
        self._sources: dict[str, Sources] = {}
        self._cited: dict[str, tuple[str, ...]] = {}

    @cached_property
    def durable(self) -> DurableEngine:
        """The forward-chaining engine; its rulesets are made on first use and kept."""
        return DurableEngine(self.program)

    @cached_property
    def domains(self) -> Domains:
        """Representative values of facts, for what-ifs."""
        return Domains(self.pack, self.program)

    def read(self, document: Document) -> Case:
        """Validate a case file (see ``CaseReader.read``)."""
        return self.reader.read(document)

    def weigh(self, case: Case, on: date | None = None, reading: Reading = "neutral") -> Weighed:
        """Evaluate a case in the compiled engine only.

        Raises:
            InputProblems: no date of assessment, an unknown reading, or findings that contradict.
        """
        assessed_on = on or case.assessed_on
        if assessed_on is None:
            raise InputProblems(
                [
                    Problem(
                        "the date of assessment is not given",
                        fix="Add 'assessed_on:' to the case, or give the date with --on",
                    )
                ]
            )
        if reading not in READINGS:
            raise InputProblems([Problem(f"'{reading}' is not a reading", fix=hint(reading, READINGS))])
        read = read_case(case, self.pack, self.entailment, reading, assessed_on)
        setting = Setting(assessed_on, self.variants(case.variants), self.relations)
        evaluation = evaluate_spread(self.compiled, read.known, read.assumed, setting)
        ranges = (
            self.judge.range(evaluation.strict, evaluation.strict_columns),
            self.judge.range(evaluation.record, evaluation.record_columns),
        )
        relevance = partial(Relevance, self.pack, self.program, self.judge, evaluation)
        return Weighed(read, setting, evaluation, outcome_in(*ranges), relevance)

    def variants(self, chosen: Mapping[str, str]) -> dict[str, str]:
        """The reading used for every question of law, chosen or default."""
        return {name: chosen.get(name, variant.default) for name, variant in self.pack.variants.items()}

    def assess(self, case: Case, on: date | None = None, reading: Reading = "neutral") -> Answer:
        """The full answer, agreed by both engines.

        Raises:
            InputProblems: the case cannot be assessed as it stands.
            EnginesDisagree: the engines differ; no answer is given.
        """
        weighed = self.weigh(case, on, reading)
        run = self.chain(weighed)
        others = {other: self._outcome_under(case, weighed, other) for other in READINGS}
        return compose(self, weighed, run, others, self.flips(weighed))

    def chain(self, weighed: Weighed) -> Run:
        """The forward chaining of a weighed case, checked against the compiled statuses."""
        seen = observed(self.program, weighed.evaluation, weighed.read.columns, self.pack.vocabulary)
        run = self.durable.run(seen.strict, seen.record, seen.parts)
        differences = compare(self.program, self.durable, run, weighed.evaluation)
        if differences:
            raise EnginesDisagree(f"the two engines differ on {', '.join(differences[:5])}")
        return run

    def _outcome_under(self, case: Case, weighed: Weighed, reading: Reading) -> Outcome:
        if reading == weighed.read.reading or not case.disputed:
            return weighed.outcome
        return self.weigh(case, weighed.read.assessed_on, reading).outcome

    def candidates(self, weighed: Weighed) -> list[Candidate]:
        """Unknown facts that matter, and disputed ones, with the values worth trying."""
        return weighed.relevance.candidates(weighed.read, self.entailment, self.domains, weighed.setting)

    def flips(self, weighed: Weighed) -> tuple[list[FlipSet], bool]:
        """Minimal sets of open or disputed facts that would change the outcome."""

        def weigh(columns: Columns) -> tuple[dict[Outcome, int], int]:
            both = evaluate_both(self.compiled, self.entailment, columns, weighed.setting)
            strict, record = (
                self.judge.range(both.strict, both.strict_columns),
                self.judge.range(both.record, both.record_columns),
            )
            return outcomes(strict, record), self.entailment.clashes(both.strict_columns)

        return flip_sets(weighed.read.columns, self.candidates(weighed), weighed.outcome, weigh)

    def ranked(self, weighed: Weighed) -> list[Ranked]:
        """Unknown facts still worth asking about, in order."""
        relevance = weighed.relevance
        options = relevance.askable(weighed.read, self.entailment, self.domains, weighed.setting)

        def evaluate(columns: Columns) -> Planes:
            return self.compiled.run(self.entailment.spread(columns, on_the_record=False), weighed.setting)

        return rank(weighed.read.columns, options, relevance.grounds, self.entailment, evaluate)

    def questions(self, weighed: Weighed) -> tuple[QuestionSaid, ...]:
        """The next questions in words."""
        return questions_said(self, weighed)

    def prove(self, weighed: Weighed, criterion: str, place: Place = HERE) -> ProofNode:
        """The proof tree of any criterion."""
        return self.prover(weighed).criterion(criterion, place)

    def prover(self, weighed: Weighed) -> ProofBuilder:
        """Builds proof trees of one weighed case."""
        return ProofBuilder(self.pack, self.program, weighed.read, weighed.evaluation, weighed.setting)

    def clock_applies(self, weighed: Weighed, clock: Clock) -> bool:
        """Whether the clock's instrument binds here and its own condition, if any, is met."""
        states = [weighed.read.columns.values[HERE].get(fact) for fact in (REQUESTING, REQUESTED)]
        requesting, requested = (str(entries[0][0]) if entries else None for entries in states)
        if not self.relations.standing(
            clock.cites[0].instrument, requesting, requested, weighed.read.assessed_on
        ).binding:
            return False
        if clock.applies_when is None:
            return True
        true, _ = weighed.evaluation.strict.at(self.program.locate(clock.applies_when, CASE), HERE)
        return bool(true & 1)

    @cached_property
    def _below(self) -> list[frozenset[str]]:
        below: list[frozenset[str]] = []
        for node in self.program.nodes:
            below.append(frozenset(node.facts).union(*(below[child] for child in node.children)))
        return below

    def sources(self, criterion: Criterion) -> Sources:
        """Citations and authorities of a criterion, made once."""
        if criterion.id not in self._sources:
            self._sources[criterion.id] = sources_said(self.pack, criterion)
        return self._sources[criterion.id]

    def cited(self, criterion: Criterion) -> tuple[str, ...]:
        """The citations of a criterion in words, made once."""
        if criterion.id not in self._cited:
            self._cited[criterion.id] = tuple(cited_line(self.pack, cite) for cite in criterion.cites)
        return self._cited[criterion.id]

    def facts_below(self, node: int) -> frozenset[str]:
        """Every fact that a node reads, directly or through others."""
        return self._below[node]

    @cached_property
    def _bound_below(self) -> list[frozenset[int]]:
        below: list[frozenset[int]] = []
        for index, node in enumerate(self.program.nodes):
            own = frozenset({index}) if node.atom is not None and node.atom.kind == "bound" else frozenset[int]()
            below.append(own.union(*(below[child] for child in node.children)))
        return below

    def unverified_relations(self, weighed: Weighed, criterion: Criterion) -> list[str]:
        """Treaty relations behind a criterion that the register marks as unverified."""
        notes = []
        for index in sorted(self._bound_below[self.program.entries[criterion.id].node]):
            atom = self.program.nodes[index].atom
            if atom is not None:
                standing = standing_of(atom, weighed.setting, weighed.read)
                if not standing.verified:
                    notes.append(
                        f"the status of the {self.pack.instruments[atom.args[0]].short} is unverified: {standing.reason}"
                    )
        return notes
