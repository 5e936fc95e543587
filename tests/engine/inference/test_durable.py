"""Forward chaining: what it concludes, in which order, and the library's traps kept shut.

What the library does when it is left alone is told in the docstring of the engine's own module.
"""

from __future__ import annotations

import resource
import sys
import threading
from typing import Any

import pytest

from engine.assess import Engine, Weighed
from engine.errors import EnginesDisagree, InternalError
from engine.facts.columns import HERE
from engine.inference.agreement import compare, observed
from engine.inference.atoms import Setting
from engine.inference.chaining import OPENED, PartsView, Run, holds, literals
from engine.inference.durable import DurableEngine
from engine.inference.rulebook import MAX_JOIN
from tests.engine.support import (
    DAY,
    chain_with,
    criterion,
    document,
    fact,
    make_engine,
    part,
    weigh,
)

NO_ITEMS = PartsView({"counts": 0}, {"counts": {"strict": True, "record": True}}, {"counts": None})
PARTS = [part("counts", "count", needs_items=True), part("steps", "step", dated_by="step_on")]


def chained(engine: Engine, facts: Any = None, **more: Any) -> Run:
    return engine.chain(engine.weigh(engine.read(document(facts, **more)), DAY))


def concluded(engine: Engine, run: Run) -> list[tuple[str, str, Any, bool]]:
    """Criteria in the order in which they were concluded."""
    names = engine.program.of_node
    return [
        (name, firing.phase, firing.place, firing.concludes[1])
        for firing in run.firings
        for name in names.get(firing.concludes[0], ())
    ]


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Its list is that every of the counts is so."""
    return chain_with(criterion("of_counts", {"every": {"in": "counts", "that": {"criterion": "per_count"}}}))


class TestConclusions:
    def test_conclusions_follow_from_each_other_in_order(self, engine: Engine) -> None:
        run = chained(engine, {"a": True, "b": True}, counts=[{"k": True}])
        assert concluded(engine, run) == [
            ("first", "known", HERE, True),
            ("second", "known", HERE, True),
            ("third", "known", HERE, False),
            ("per_count", "known", ("counts", 0), True),
            ("of_counts", "known", HERE, True),
        ]

    def test_what_the_burden_adds_comes_second(self, engine: Engine) -> None:
        run = chained(engine, {"a": False, "c": False})
        assert ("third", "burden", HERE, True) in concluded(engine, run)
        third = engine.program.entries["third"].node
        assert holds(run.strict, engine.durable, third, HERE) is None
        assert holds(run.record, engine.durable, third, HERE) is True

    def test_unknown_is_the_absence_of_both(self, engine: Engine) -> None:
        run = chained(engine, {"a": True})
        first = engine.program.entries["first"].node
        assert holds(run.strict, engine.durable, first, HERE) is None
        assert concluded(engine, run) == []

    def test_a_firing_names_what_it_rests_on(self, engine: Engine) -> None:
        run = chained(engine, {"a": True, "b": True})
        first = next(
            firing for firing in run.firings if firing.concludes == (engine.program.entries["first"].node, True)
        )
        atoms = {engine.program.nodes[node].facts[0]: holds for node, holds in first.because}
        assert atoms == {"a": True, "b": True}

    def test_firings_are_numbered_from_one(self, engine: Engine) -> None:
        run = chained(engine, {"a": True, "b": True}, counts=[{"k": True}, {"k": False}])
        assert [firing.number for firing in run.firings] == list(range(1, len(run.firings) + 1))

    def test_nothing_is_concluded_twice_at_one_place(self, engine: Engine) -> None:
        run = chained(engine, {"a": False, "b": False, "c": True}, counts=[{"k": True}, {"k": True}])
        made = [(firing.place, firing.concludes) for firing in run.firings]
        assert len(made) == len(set(made))

    def test_each_item_has_its_own_conclusions(self, engine: Engine) -> None:
        run = chained(engine, {"a": True, "b": True}, counts=[{"k": True}, {"k": False}, {}])
        node = engine.program.entries["per_count"].node
        assert [holds(run.strict, engine.durable, node, ("counts", index)) for index in range(3)] == [True, False, None]

    def test_a_quantifier_over_facts_that_no_rule_reads_is_concluded_too(self) -> None:
        alone = make_engine(
            [fact("filled", unproved=True), fact("k", scope="counts")],
            [
                criterion("c", {"some": {"in": "counts", "that": "filled"}}),
                criterion("d", {"some": {"in": "counts", "that": "k"}}),
            ],
            parts=PARTS[:1],
        )
        run = chained(alone, counts=[{"k": True}])
        assert [name for name, *_ in concluded(alone, run)] == ["d", "c"]

    def test_the_latest_step_and_an_empty_list(self) -> None:
        steps = make_engine(
            [fact("step_on", "date", scope="steps"), fact("s", scope="steps")],
            [criterion("c", {"latest": {"in": "steps", "that": "s"}})],
            parts=PARTS[1:],
        )
        for listed, status in (
            ([], False),
            ([{"step_on": "2019-01-01", "s": True}], True),
            ([{"step_on": "2019-01-01"}], None),
        ):
            run = chained(steps, steps=listed)
            assert holds(run.strict, steps.durable, steps.program.entries["c"].node, HERE) is status


class TestAgreement:
    def test_a_criterion_on_which_the_engines_differ_is_named_and_nothing_is_answered(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        weighed = weigh(engine, {"a": True, "b": True})
        seen = observed(engine.program, weighed.evaluation, weighed.read.columns, engine.pack.vocabulary)
        wrong = engine.durable.run(literals([]), literals([]), seen.parts, weighed.setting)
        assert "first" in compare(engine.program, engine.durable, wrong, weighed.evaluation)
        monkeypatch.setattr(engine.durable, "run", lambda *_: wrong)
        with pytest.raises(EnginesDisagree, match="the two engines differ on first, second"):
            engine.chain(weighed)

    def test_only_atoms_are_shared_between_the_engines(self, engine: Engine) -> None:
        weighed = weigh(engine, {"a": True, "b": False})
        seen = observed(engine.program, weighed.evaluation, weighed.read.columns, engine.pack.vocabulary)
        assert all(engine.program.nodes[node].op == "atom" for known in seen.strict.values() for node, _ in known)


class TestTraps:
    def test_a_conclusion_both_ways_is_a_fault_of_ours_and_said_to_be(self, engine: Engine) -> None:
        atom = next(index for index, node in enumerate(engine.program.nodes) if node.facts == ("a",))
        both = {HERE: {(atom, True): 0, (atom, False): 0}}
        with pytest.raises(InternalError, match="was concluded both ways"):
            engine.durable.run(both, both, NO_ITEMS, Setting(DAY, {}, engine.relations))

    def test_after_a_fault_the_engine_still_works(self, engine: Engine) -> None:
        atom = next(index for index, node in enumerate(engine.program.nodes) if node.facts == ("a",))
        both = {HERE: {(atom, True): 0, (atom, False): 0}}
        for _ in range(3):
            with pytest.raises(InternalError):
                engine.durable.run(both, both, NO_ITEMS, Setting(DAY, {}, engine.relations))
        assert concluded(engine, chained(engine, {"c": True}))[0][0] == "second"

    @pytest.mark.parametrize("again", [1, 2])
    def test_a_fact_that_the_library_takes_for_one_already_seen_is_a_fault(self, engine: Engine, again: int) -> None:
        ruleset = engine.durable.scopes["case"].rulesets[0]
        sid = f"twice{again}"
        try:
            list(ruleset.fire(sid, [OPENED]))
            with pytest.raises(InternalError, match="already seen"):
                list(ruleset.fire(sid, [OPENED]))
        finally:
            ruleset.delete_state(sid)

    def test_a_list_of_negated_facts_names_the_facts_themselves(self) -> None:
        negated = make_engine(
            [fact("k", scope="counts")],
            [criterion("c", {"every": {"in": "counts", "that": {"not": "k"}}})],
            parts=PARTS[:1],
        )
        (firing,) = chained(negated, counts=[{"k": False}, {"k": False}]).firings
        assert [(negated.program.nodes[node].facts, value) for node, value in firing.because] == [(("k",), False)]

    @pytest.mark.parametrize("width", [MAX_JOIN, MAX_JOIN + 1, 16, 17, 40, 130])
    def test_a_wide_conjunction_is_cut_into_pieces(self, width: int) -> None:
        names = [f"f{number}" for number in range(width)]
        wide = make_engine(
            [fact(name) for name in names],
            [criterion("all_of", {"all": names}), criterion("none_of", {"not": {"any": names}})],
        )
        for value in (True, False):
            run = chained(wide, dict.fromkeys(names, value))
            made = {
                name: holds(run.strict, wide.durable, entry.node, HERE) for name, entry in wide.program.entries.items()
            }
            assert made == {"all_of": value, "none_of": not value}
        missing_one = chained(wide, dict.fromkeys(names[1:], True))
        assert holds(missing_one.strict, wide.durable, wide.program.entries["all_of"].node, HERE) is None

    def test_six_hundred_criteria_over_one_fact(self) -> None:
        """The library hangs on some 500 rules in one ruleset, and on 63 that test one property of a wide fact."""
        others = [f"g{number}" for number in range(600)]
        engine = make_engine(
            [fact("f"), *(fact(name) for name in others)],
            [criterion(f"c{number}", {"all": ["f", name]}) for number, name in enumerate(others)],
        )
        met = chained(engine, {"f": True} | {name: number % 2 == 0 for number, name in enumerate(others)})
        found = [holds(met.strict, engine.durable, engine.program.entries[f"c{n}"].node, HERE) for n in range(600)]
        assert found == [n % 2 == 0 for n in range(600)]
        unmet = chained(engine, {"f": False})
        assert {holds(unmet.strict, engine.durable, e.node, HERE) for e in engine.program.entries.values()} == {False}

    def test_items_have_sessions_of_their_own(self, engine: Engine) -> None:
        """Facts of one item must not meet those of another, nor the next case those of this one."""
        for _ in range(3):
            run = chained(engine, {"a": True, "b": True}, counts=[{"k": value} for value in (True, False) * 10])
            node = engine.program.entries["per_count"].node
            found = [holds(run.strict, engine.durable, node, ("counts", index)) for index in range(20)]
            assert found == [True, False] * 10

    def test_a_case_leaves_nothing_behind_for_the_next(self, engine: Engine) -> None:
        assert concluded(engine, chained(engine, {"a": True, "b": True}))
        assert concluded(engine, chained(engine, {"a": True})) == []
        assert concluded(engine, chained(engine, {"b": True})) == []

    def test_more_cases_than_the_library_has_sessions(self, engine: Engine) -> None:
        """Without an end to each session the 1,024th raises MemoryError."""
        weighed = weigh(engine, {"a": True, "b": True})
        first = engine.chain(weighed).firings
        for _ in range(1_200):
            assert engine.chain(weighed).firings == first

    def test_two_engines_over_one_program_do_not_meet(self, engine: Engine) -> None:
        other = DurableEngine(engine.program)
        weighed = weigh(engine, {"a": True, "b": True})
        seen = observed(engine.program, weighed.evaluation, weighed.read.columns, engine.pack.vocabulary)
        runs = [
            each.run(seen.strict, seen.record, seen.parts, weighed.setting) for each in (other, engine.durable, other)
        ]
        assert runs[0] == runs[1] == runs[2]

    def test_no_thread_of_the_library_stays_behind(self, engine: Engine) -> None:
        before = threading.active_count()
        chained(engine, {"a": True})
        assert threading.active_count() == before

    def test_a_pack_without_rules_chains_too(self) -> None:
        assert chained(make_engine([fact("a")], []), {"a": True}).firings == []
        single = make_engine([fact("a")], [criterion("c", "a")])
        assert (
            holds(chained(single, {"a": True}).strict, single.durable, single.program.entries["c"].node, HERE) is True
        )


def in_threads(engine: Engine, threads: int, rounds: int) -> list[str]:
    """Chain different cases at once; report every answer that was not its own."""
    cases: list[tuple[Weighed, Any]] = []
    for number in range(threads):
        weighed = weigh(
            engine,
            {"a": number % 2 == 0, "b": number % 3 == 0, "c": number % 5 == 0},
            counts=[{"k": bool(number >> bit & 1)} for bit in range(3)],
        )
        cases.append((weighed, engine.chain(weighed).firings))
    faults: list[str] = []

    def work(number: int) -> None:
        weighed, expected = cases[number]
        try:
            for _ in range(rounds):
                if engine.chain(weighed).firings != expected:
                    faults.append(f"thread {number} got another's firings")
        except Exception as error:
            faults.append(repr(error))

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return faults


def test_threads_get_their_own_answers(engine: Engine) -> None:
    assert in_threads(engine, 8, 25) == []


@pytest.mark.slow
def test_many_threads_get_their_own_answers(engine: Engine) -> None:
    assert in_threads(engine, 40, 250) == []


@pytest.mark.slow
def test_memory_stays_flat_over_many_cases(engine: Engine) -> None:
    weighed = weigh(engine, {"a": True, "b": True}, counts=[{"k": True}, {"k": False}])

    def peak_after(cases: int) -> int:
        for _ in range(cases):
            engine.chain(weighed)
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

    warm = peak_after(1_000)
    assert peak_after(10_000) - warm < 8_000_000
