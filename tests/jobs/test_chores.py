"""Chores on both databases: each workspace has its turn, one node does it, a failure stops nothing."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from api.operations.jobs.chores import (
    AGAIN,
    LEASE,
    Chore,
    due,
    run_due,
    turns,
)
from api.storage.errors import Unavailable
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.jobs.support import ended, lines, running, send, upper
from tests.store.support import Clock
from tests.workers.support import until

HOURLY = timedelta(hours=1)
GO = threading.Event()


def test_a_chore_is_done_in_every_workspace_and_again_when_its_time_has_come(
    store: Store, workspace: str, clock: Clock
) -> None:
    other, done = create_workspace(store, "Other", "usr_one"), []
    chores = [Chore("sweep", HOURLY, lambda _store, name: done.append(name))]
    assert run_due(store, chores, GO) == 2
    assert sorted(done) == sorted([workspace, other])
    assert run_due(store, chores, GO) == 0
    clock.moment += HOURLY + timedelta(seconds=1)
    assert run_due(store, chores, GO) == 2
    assert len(done) == 4


def test_a_chore_that_fails_is_counted_and_tried_again_and_the_others_go_on(
    store: Store, workspace: str, clock: Clock
) -> None:
    done: list[str] = []

    def fail(_store: Store, name: str) -> None:
        if len(done) < 2:
            raise KeyError("the name of a person")

    chores = [Chore("bad", HOURLY, fail), Chore("good", HOURLY, lambda _store, name: done.append(name))]
    assert run_due(store, chores, GO) == 2
    with store.read(workspace) as tx:
        assert [(turn.name, turn.failures) for turn in turns(tx)] == [("bad", 1), ("good", 0)]
    clock.moment += AGAIN + timedelta(seconds=1)
    assert [chore.name for _, chore in due(store, chores)] == ["bad"]
    done.append("mended")
    assert run_due(store, chores, GO) == 1
    with store.read(workspace) as tx:
        assert [turn.failures for turn in turns(tx)] == [0, 0]


def test_two_nodes_do_a_chore_once(store: Store, workspace: str) -> None:
    both, done, lock = threading.Barrier(2), [], threading.Lock()

    def slow(_store: Store, name: str) -> None:
        with lock:
            done.append(name)
        threading.Event().wait(0.2)

    chores = [Chore(f"chore-{number}", HOURLY, slow) for number in range(3)]

    def node() -> None:
        both.wait()
        run_due(store, chores, GO)

    nodes = [threading.Thread(target=node) for _ in range(2)]
    for one in nodes:
        one.start()
    for one in nodes:
        one.join()
    assert done == [workspace] * 3


def test_a_chore_whose_node_died_is_taken_over(store: Store, workspace: str, clock: Clock) -> None:
    def die(_store: Store, name: str) -> None:
        raise Unavailable("the database is away")  # leaves the lease as a killed process would

    done: list[str] = []
    with pytest.raises(Unavailable):
        run_due(store, [Chore("sweep", HOURLY, die)], GO)
    chores = [Chore("sweep", HOURLY, lambda _store, name: done.append(name))]
    assert run_due(store, chores, GO) == 0
    clock.moment += LEASE + timedelta(seconds=1)
    assert run_due(store, chores, GO) == 1
    assert done == [workspace]


def test_the_runner_of_jobs_does_the_chores_too(store: Store, workspace: str) -> None:
    done: list[str] = []
    with running(store, {"batch": upper}, [Chore("sweep", HOURLY, lambda _store, name: done.append(name))]):
        until(lambda: done)
        assert ended(store, workspace, send(store, workspace, lines(1))).state == "done"
    assert done == [workspace]
