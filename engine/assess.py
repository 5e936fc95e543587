"""The one entrance: a case, a date and a reading in; a reasoned answer out.

An ``Engine`` is made once per pack and may be used from several threads. Every assessment of
record runs both inference engines and is refused if a single status differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from threading import Lock

from engine.answer.compose import compose
from engine.answer.dossier import dossier, dossiers
from engine.answer.dossier_model import Dossier
from engine.answer.lasting import Lasting
from engine.answer.model import Answer, ProofNode, QuestionSaid
from engine.answer.questions import questions_said
from engine.content.clocks import Clock
from engine.content.documents import Document
from engine.content.models import Pack
from engine.errors import EnginesDisagree, InputProblems, Problem
from engine.facts.casefile import Case, CaseReader
from engine.facts.columns import HERE, Columns, Entailment, Place
from engine.facts.impossible import Possibility
from engine.facts.reading import READINGS, Read, Reading, read_case, refuse_impossible
from engine.facts.values import hint
from engine.facts.vocabulary import CASE, REQUESTED, REQUESTING
from engine.inference.agreement import compare, observed
from engine.inference.atoms import Setting
from engine.inference.chaining import Firing, Run
from engine.inference.coding import code_precedents
from engine.inference.compiled import CompiledEngine, Planes
from engine.inference.durable import DurableEngine
from engine.inference.evaluation import Evaluation, evaluate_both, evaluate_spread
from engine.inference.order import Order
from engine.inference.program import Program, compile_pack
from engine.inference.situations import EARLIER, Selection, Situations
from engine.reasoning.build import ProofBuilder
from engine.reasoning.certainty import Certainties
from engine.reasoning.flips import FlipSet, flip_sets
from engine.reasoning.outcome import (
    Judge,
    Outcome,
    outcome_in,
    outcomes,
)
from engine.reasoning.outline import Outlines
from engine.reasoning.presumed import Presumed
from engine.reasoning.questions import Ranked, rank
from engine.reasoning.relevance import Relevance
from engine.reasoning.variations import Candidate, Domains
from engine.treaties.relations import Relations

#: Beyond so many lanes an evaluation takes hundreds of megabytes.
MANY_LANES = 4000


@dataclass(frozen=True)
class Weighed:
    """A case under one reading, evaluated but not yet put into words."""

    read: Read
    setting: Setting
    evaluation: Evaluation
    outcome: Outcome
    find_relevance: Callable[[], Relevance] = field(repr=False, compare=False)
    find_ranked: Callable[[Weighed], list[Ranked]] = field(repr=False, compare=False)

    @cached_property
    def relevance(self) -> Relevance:
        """Which open grounds, and so which unknown facts, can still change the outcome."""
        return self.find_relevance()

    @cached_property
    def ranked(self) -> list[Ranked]:
        """Unknown facts still worth asking about, in order: evidence before the conclusions that it could lead to."""
        return self.find_ranked(self)


@dataclass(frozen=True)
class Explained:
    """A weighed case with its reasons as the compiled engine has them: what followed from what, in order."""

    weighed: Weighed
    firings: list[Firing]
    find_proofs: Callable[[], dict[str, ProofNode]] = field(repr=False, compare=False)

    @cached_property
    def proofs(self) -> dict[str, ProofNode]:
        """The proof of every ground that is met or open, by its id."""
        return self.find_proofs()


class Engine:
    """Both inference engines, prepared for one pack."""

    def __init__(self, pack: Pack, code: object = None) -> None:
        """``code`` is generated code of this pack's program, kept from earlier; it is used if it fits."""
        self.pack = pack
        self.relations = Relations(pack)
        self.situations = Situations(pack.situations.values(), (one.years for one in pack.pictures.values()))
        self.program: Program = compile_pack(pack, self.relations)
        self.compiled = CompiledEngine(self.program, code)
        self.entailment = Entailment(pack.vocabulary)
        self.possibility = Possibility(pack.vocabulary)
        self.compiled.one.bases = code_precedents(pack, self.program, self.compiled, self.entailment, self.relations)
        self.reader = CaseReader(pack)
        self.judge = Judge(pack, self.program)
        self._turn = Lock()

    @cached_property
    def durable(self) -> DurableEngine:
        """The forward-chaining engine; its rulesets are made on first use and kept."""
        return DurableEngine(self.program, self.compiled.one.bases)

    @cached_property
    def order(self) -> Order:
        """The order in which the compiled engine's conclusions follow from each other."""
        return Order(self.program, self.compiled.one.bases)

    @cached_property
    def outlines(self) -> Outlines:
        """What of the proofs is the same in every case."""
        return Outlines(self.pack, self.program)

    @cached_property
    def domains(self) -> Domains:
        """Representative values of facts, for what-ifs."""
        return Domains(self.pack, self.program)

    def read(self, document: Document) -> Case:
        """Validate a case file (see ``CaseReader.read``)."""
        return self.reader.read(document)

    def weigh(
        self, case: Case, on: date | None = None, reading: Reading = "neutral", selection: Selection = EARLIER
    ) -> Weighed:
        """Evaluate a case in the compiled engine only; ``selection`` says which decisions are consulted.

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
        refuse_impossible(read, self.possibility)
        setting = Setting(assessed_on, self.variants(case.variants), self.relations, self.situations, selection)
        evaluation = evaluate_spread(self.compiled, read.known, read.assumed, setting)
        ranges = (
            self.judge.range(evaluation.strict, evaluation.strict_columns),
            self.judge.range(evaluation.record, evaluation.record_columns),
        )
        relevance = partial(Relevance, self.pack, self.program, self.judge, evaluation)
        return Weighed(read, setting, evaluation, outcome_in(*ranges), relevance, self._rank)

    def explain(self, case: Case, on: date | None = None, reading: Reading = "neutral") -> Explained:
        """Weigh a case in the compiled engine and say why, without the chaining that an assessment of record needs.

        An assessment of record is fired by both engines and refused if they differ; this is one engine's word.

        Raises:
            InputProblems: as for ``weigh``.
        """
        weighed = self.weigh(case, on, reading)
        return Explained(
            weighed, self.order.firings(weighed.evaluation, weighed.setting), partial(self._proofs, weighed)
        )

    def _proofs(self, weighed: Weighed) -> dict[str, ProofNode]:
        """The proof of each ground that is met or open: at the case, or at its first item in that status."""
        prover, proofs = self.prover(weighed), {}
        for ground in self.lasting.grounds:
            places = [HERE] if ground.scope == CASE else weighed.evaluation.strict_columns.places(ground.scope)
            first = {prover.status(ground.id, place)[0]: place for place in reversed(places)}
            place = first.get("met") or first.get("open")
            if place is not None:
                proofs[ground.id] = prover.criterion(ground.id, place)
        return proofs

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
        return self.worded(weighed, self.chain(weighed).firings)

    def worded(self, weighed: Weighed, firings: Sequence[Firing]) -> Answer:
        """The full answer to a weighed case whose firings are at hand."""
        others = {other: self._outcome_under(weighed, other) for other in READINGS}
        return compose(self, weighed, firings, others, self.flips(weighed))

    def chain(self, weighed: Weighed) -> Run:
        """The forward chaining of a weighed case, checked against the compiled statuses."""
        seen = observed(self.program, weighed.evaluation, weighed.read.columns, self.pack.vocabulary)
        run = self.durable.run(seen.strict, seen.record, seen.parts, weighed.setting)
        differences = compare(self.program, self.durable, run, weighed.evaluation)
        if differences:
            raise EnginesDisagree(f"the two engines differ on {', '.join(differences[:5])}")
        return run

    def _outcome_under(self, weighed: Weighed, reading: Reading) -> Outcome:
        case = weighed.read.case
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

        options = self.candidates(weighed)
        with self._wide(options):
            return flip_sets(weighed.read.columns, options, weighed.outcome, weigh)

    def _wide(self, options: Sequence[Candidate]) -> AbstractContextManager[object]:
        """Of evaluations that take much memory one at a time is made; the interpreter is no faster with several."""
        return self._turn if sum(len(option.values) for option in options) > MANY_LANES else nullcontext()

    def ranked(self, weighed: Weighed) -> list[Ranked]:
        """Unknown facts still worth asking about, in order."""
        return weighed.ranked

    def _rank(self, weighed: Weighed) -> list[Ranked]:
        relevance = weighed.relevance
        options = relevance.askable(weighed.read, self.entailment, self.domains, weighed.setting)

        def evaluate(columns: Columns) -> Planes:
            return self.compiled.run(self.entailment.spread(columns, on_the_record=False), weighed.setting)

        with self._wide(options):
            ranked = rank(weighed.read.columns, options, relevance.grounds, self.entailment, evaluate)
        return sorted(ranked, key=lambda one: one.candidate.fact in self.program.evidence.of_fact)

    def questions(self, weighed: Weighed) -> tuple[QuestionSaid, ...]:
        """The next questions in words."""
        return questions_said(self, weighed)

    def prove(self, weighed: Weighed, criterion: str, place: Place = HERE) -> ProofNode:
        """The proof tree of any criterion."""
        return self.prover(weighed).criterion(criterion, place)

    def prover(self, weighed: Weighed) -> ProofBuilder:
        """Builds proof trees of one weighed case."""
        return ProofBuilder(self.outlines, weighed.read, weighed.evaluation, weighed.setting, self.presumed(weighed))

    def presumed(self, weighed: Weighed) -> Presumed:
        """What is presumed in a weighed case, and by what."""
        bases = self.compiled.one.bases
        return Presumed(self.pack, self.program, bases, weighed.evaluation, weighed.setting)

    def dossier(self, weighed: Weighed, fact: str, place: Place = HERE) -> Dossier:
        """All that bears on one evaluative question of a weighed case."""
        return dossier(self, weighed, fact, place)

    def dossiers(self, weighed: Weighed) -> tuple[Dossier, ...]:
        """The dossier of every question of the case on which anything bears."""
        return dossiers(self, weighed)

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

    def leaves_out_days(self, weighed: Weighed, clock: Clock) -> bool:
        """Whether it is known that days which the clock may leave out are left out here."""
        if clock.not_counted is None:
            return False
        true, _ = weighed.evaluation.strict.at(self.program.entries[clock.not_counted.where].node, HERE)
        return bool(true & 1)

    @cached_property
    def certainties(self) -> Certainties:
        """How certain outcomes are, and on whose word."""
        return Certainties(self.pack, self.program, self.judge, self.lasting.facts_below)

    @cached_property
    def lasting(self) -> Lasting:
        """What of an answer is the same in every case."""
        return Lasting(self.pack, self.program)

    def facts_below(self, node: int) -> frozenset[str]:
        """Every fact that a node reads, directly or through others."""
        return self.lasting.facts_below[node]
