"""The engines of the benchmarks decide the real rule base alike; what is not installed is skipped, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.base import Base, chains, completed, times
from benchmarks.cases import Cases, drawn, random_atoms
from benchmarks.field import Field, same
from benchmarks.peers import clingo, openfisca, ours, prolog, python, taught, zen
from benchmarks.peers.peer import Missing, Peer
from benchmarks.timing import QUICK
from engine.assess import Engine

PEERS = {
    "loop": python.loop,
    "generated": python.generated,
    "arrays": python.arrays,
    "planes": ours.planes,
    "chained": ours.chained,
    "openfisca": openfisca.chunked,
    "clingo": clingo.solved,
    "zen": zen.plain,
    "zen traced": zen.traced,
    "prolog": prolog.plain,
    "prolog proving": prolog.proving,
}
each_peer = pytest.mark.parametrize("make", PEERS.values(), ids=PEERS)


@pytest.fixture(scope="module")
def base(engine: Engine) -> Base:
    """The real criteria and the verdict."""
    return Base.of(engine.program, engine.judge)


@pytest.fixture(scope="module")
def cases(engine: Engine, base: Base) -> Cases:
    """A few cases with what our engine says of them."""
    return drawn(engine, base, 4)


@contextmanager
def made(make: Callable[[Base], Peer], base: Base) -> Iterator[Peer]:
    """A peer, closed in the end."""
    try:
        peer = make(base)
    except Missing as missing:
        pytest.skip(str(missing))
    try:
        yield peer
    finally:
        peer.close()


@each_peer
def test_a_peer_decides_the_real_rule_base_as_we_do(make: Callable[[Base], Peer], base: Base, cases: Cases) -> None:
    with made(make, base) as peer:
        assert same(peer, cases.atoms, cases.right)


def test_our_single_evaluation_from_ready_atoms_gives_statuses_and_verdict(
    engine: Engine, base: Base, cases: Cases
) -> None:
    peer = ours.single(base, engine.judge)
    found = peer.values(peer.run(peer.ready(cases.atoms)))
    assert np.array_equal(found, cases.right)
    outcomes = [outcome for *_, outcome in peer.run(peer.ready(cases.atoms))]
    assert outcomes == [weighed.outcome for weighed in cases.weighed]


def test_the_cases_do_not_all_have_the_same_answers(cases: Cases) -> None:
    assert len(np.unique(cases.right.reshape(-1, cases.right.shape[2]), axis=0)) > 2
    assert set(np.unique(cases.right)) == {-1, 0, 1}


def test_durable_rules_as_taught_decides_a_part_it_can_hold(base: Base, cases: Cases) -> None:
    part = base.part(5)
    assert any(step.op == "closed" for step in part.steps)
    atoms = cases.atoms[:, :, taught.part_of(base.atoms, part.atoms)]
    with made(lambda some: taught.peer_of(some, limit=30), part) as peer:
        assert same(peer, atoms, cases.right[:, :, taught.part_of(base.nodes, part.nodes)])


@each_peer
@pytest.mark.parametrize("depth", [1, 3])
def test_a_peer_decides_chains_as_the_plain_loop_does(make: Callable[[Base], Peer], depth: int) -> None:
    base = Base.of(chains(depth, 12))
    atoms = random_atoms(base, 4)
    loop = python.loop(base)
    with made(make, base) as peer:
        assert same(peer, atoms, loop.values(loop.run(loop.ready(atoms))))


def test_copies_of_the_rule_base_share_no_atom(engine: Engine) -> None:
    once, twice = Base.of(engine.program), Base.of(times(engine.program, 2))
    assert twice.criteria == 2 * once.criteria
    assert len(twice.own) == len(set(twice.own)) == 2 * len(once.own)
    atoms = random_atoms(once, 3)
    loop, both = python.loop(once), ours.planes(twice)
    right = loop.values(loop.run(loop.ready(atoms)))
    size = len(engine.program.nodes)
    known = {atom: atoms[:, :, place] for place, atom in enumerate(once.own)}
    opposite = np.stack([known[atom % size] * (1 if atom < size else -1) for atom in twice.own], axis=2)
    found = both.values(both.run(both.ready(completed(opposite, twice))))
    first, second = (
        [place for place, node in enumerate(twice.nodes) if (node < size) is here] for here in (True, False)
    )
    assert np.array_equal(found[:, :, first], right)
    assert not np.array_equal(found[:, :, second], right)


def test_a_peer_with_other_values_is_not_timed(engine: Engine, base: Base, cases: Cases) -> None:
    def wrong(given: Base) -> Peer:
        loop = python.loop(given)
        return replace(loop, name="a liar", values=lambda raw: -loop.values(raw))

    field = Field(engine, base, cases, QUICK)
    assert field.checked(wrong) is None
    assert field.notes == ["a liar gives other values, so it is not timed"]
    assert field.checked(python.loop) is not None
