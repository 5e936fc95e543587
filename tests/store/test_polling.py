"""Whoever asks again and again what is new misses nothing, whichever writer began first, on whichever node."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from api.storage.assessments import list_assessments, record_assessment
from api.storage.audit.journal import entries
from api.storage.matters import add_version, create_matter, list_matters
from api.storage.store import Store
from api.storage.summaries import standing_of
from engine.answer.model import Answer
from tests.store.support import Clock, open_store

ME = "usr_one"
FACTS = {"title": "T"}


def change(store: Store, workspace: str, matter: str, answer: Answer) -> None:
    with store.write(workspace, ME) as tx:
        record_assessment(tx, matter, 1, answer)
        add_version(tx, matter, 1, {"title": "U"})


def changed_since(store: Store, workspace: str, moment: str) -> list[tuple[str, int, str]]:
    with store.write(workspace, ME) as tx:
        return [(one.id, one.version, one.updated_at) for one in list_matters(tx, moment)]


def listed_since(store: Store, workspace: str, moment: str) -> list[tuple[str, str]]:
    with store.write(workspace, ME) as tx:
        return [(one.matter, one.listed_at) for one in list_assessments(tx, since=moment)]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_writer_who_waited_and_commits_late_is_seen_by_the_next_look(
    store: Store, workspace: str, url: str, answer: Answer
) -> None:
    with store.write(workspace, ME) as tx:
        slow, quick = (create_matter(tx, reference, FACTS).id for reference in ("A", "B"))
    with psycopg.connect(url) as other:
        other.execute("SELECT 1 FROM matters WHERE id = %s FOR UPDATE", [slow])
        waiting = threading.Thread(target=change, args=(store, workspace, slow, answer))
        waiting.start()
        _until_somebody_waits(url)
        change(store, workspace, quick, answer)
        seen = changed_since(store, workspace, "")
        assert {(one, version) for one, version, _ in seen} == {(slow, 1), (quick, 2)}
        assert [one for one, _ in listed_since(store, workspace, "")] == [quick]
        moments = max(at for *_, at in seen), max(at for _, at in listed_since(store, workspace, ""))
    waiting.join(timeout=30)
    assert (slow, 2) in {(one, version) for one, version, _ in changed_since(store, workspace, moments[0])}
    assert slow in {one for one, _ in listed_since(store, workspace, moments[1])}


def _until_somebody_waits(url: str) -> None:
    end = time.monotonic() + 30
    with psycopg.connect(url, autocommit=True) as look:
        while not look.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            assert time.monotonic() < end, "nobody waits for the row"
            time.sleep(0.02)


def test_a_node_whose_clock_is_a_little_behind_dates_what_it_commits_later_as_later(
    store: Store, workspace: str, url: str, tmp_path: Path, answer: Answer
) -> None:
    behind = Clock()
    behind.moment -= timedelta(seconds=2)
    node = open_store(url, tmp_path, behind)
    with store.write(workspace, ME) as tx:
        first = create_matter(tx, "A", FACTS).id
    with node.write(workspace, ME) as tx:
        second = create_matter(tx, "B", FACTS).id
        record_assessment(tx, second, 1, answer)
    node.close()
    assert [one for one, *_ in changed_since(store, workspace, "")] == [first, second]
    with store.read(workspace) as tx:
        moments = [one.at for one in entries(tx.session, workspace)]
    assert moments == sorted(moments)


def test_a_clock_that_was_far_ahead_is_not_followed(store: Store, workspace: str, clock: Clock) -> None:
    clock.moment += timedelta(days=400)
    with store.write(workspace, ME) as tx:
        create_matter(tx, "A", FACTS)
    clock.moment -= timedelta(days=400)
    with store.write(workspace, ME) as tx:
        create_matter(tx, "B", FACTS)
    with store.read(workspace) as tx:
        assert [one.at[:4] for one in entries(tx.session, workspace)][-2:] == ["2027", "2026"]


def test_M4_of_two_assessments_of_the_same_facts_the_later_one_counts_though_the_clock_was_set_back(
    store: Store, workspace: str, answer: Answer, clock: Clock
) -> None:
    clock.moment += timedelta(days=1)
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "A", FACTS).id
        record_assessment(tx, matter, 1, answer)
    clock.moment -= timedelta(days=1)
    with store.write(workspace, ME) as tx:
        later = record_assessment(tx, matter, 1, answer).id
    with store.read(workspace) as tx:
        assert standing_of(tx, [matter])[matter].assessment == later
