"""T15: matters go when their time is over, by a clock moved by hand; never earlier, and never one on hold."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from api.operations.backup.retention import (
    NOTICE,
    Periods,
    apply_retention,
    close_matter,
    hold_matter,
    periods_of,
    release_matter,
    reopen_matter,
    retention_due,
    set_periods,
)
from api.operations.erasure import erase_matter
from api.storage.audit.sources import export, verify_url
from api.storage.errors import NotFound, OnHold
from api.storage.matters import add_version, list_matters, read_facts
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from engine.answer.model import Answer
from tests.api.support import Ran, here
from tests.safekeeping.support import ANY_DATABASE, ME, facts, fill
from tests.store.support import Clock

DAY = timedelta(days=1)


@pytest.fixture
def matters(store: Store, workspace: str, answer: Answer) -> list[str]:
    """Three matters in a workspace that keeps open ones for 100 days and closed ones for 10."""
    with store.write(workspace, ME) as tx:
        set_periods(tx, Periods(unchanged=100, closed=10))
    return fill(store, workspace, 3, answer)


def living(store: Store, workspace: str) -> list[str]:
    with store.write(workspace, ME) as tx:
        return [matter.id for matter in list_matters(tx)]


def test_T15_a_matter_goes_when_its_time_is_over_and_not_earlier(
    store: Store, workspace: str, matters: list[str], clock: Clock
) -> None:
    clock.moment += 99 * DAY
    assert apply_retention(store, workspace) == []
    assert living(store, workspace) == matters
    clock.moment += DAY
    assert apply_retention(store, workspace) == matters
    assert living(store, workspace) == []
    with pytest.raises(NotFound), store.write(workspace, ME) as tx:
        read_facts(tx, matters[0], 1)


@ANY_DATABASE
def test_T15_a_change_starts_the_time_anew(store: Store, workspace: str, matters: list[str], clock: Clock) -> None:
    clock.moment += 60 * DAY
    with store.write(workspace, ME) as tx:
        add_version(tx, matters[1], 2, facts(9))
    clock.moment += 60 * DAY
    assert set(apply_retention(store, workspace)) == {matters[0], matters[2]}
    assert living(store, workspace) == [matters[1]]


@ANY_DATABASE
def test_T15_a_closed_matter_goes_by_its_own_period(
    store: Store, workspace: str, matters: list[str], clock: Clock
) -> None:
    with store.write(workspace, ME) as tx:
        close_matter(tx, matters[0])
        close_matter(tx, matters[1])
        reopen_matter(tx, matters[1])
    clock.moment += 11 * DAY
    assert apply_retention(store, workspace) == [matters[0]]


def test_T15_a_matter_on_legal_hold_is_never_erased(
    store: Store, workspace: str, matters: list[str], clock: Clock
) -> None:
    with store.write(workspace, ME) as tx:
        hold_matter(tx, matters[0])
    clock.moment += 1000 * DAY
    assert set(apply_retention(store, workspace)) == set(matters[1:])
    with pytest.raises(OnHold):
        erase_matter(store, workspace, matters[0], ME)
    assert living(store, workspace) == [matters[0]]
    with store.write(workspace, ME) as tx:
        assert read_facts(tx, matters[0], 1).document == facts(0)
        release_matter(tx, matters[0])
    assert apply_retention(store, workspace) == [matters[0]]


def test_T15_a_hold_placed_while_retention_runs_is_heeded(
    store: Store, workspace: str, matters: list[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.moment += 200 * DAY
    real = retention_due

    def slow(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        with store.write(workspace, ME) as tx:
            hold_matter(tx, matters[1])
            add_version(tx, matters[2], 2, facts(3))
        return found

    monkeypatch.setattr("api.operations.backup.retention.retention_due", slow)
    assert apply_retention(store, workspace) == [matters[0]]
    assert set(living(store, workspace)) == {matters[1], matters[2]}


def test_two_nodes_that_apply_at_once_erase_each_matter_once(
    store: Store, workspace: str, matters: list[str], clock: Clock, url: str
) -> None:
    clock.moment += 200 * DAY
    gone: list[str] = []
    threads = [threading.Thread(target=lambda: gone.extend(apply_retention(store, workspace))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(gone) == sorted(matters)
    assert b"".join(export(store, workspace)).count(b'"act":"retention.applied"') == len(matters)
    assert verify_url(url).intact


def test_T15_the_notice_lists_the_next_thirty_days_and_holds(
    store: Store, workspace: str, matters: list[str], clock: Clock
) -> None:
    assert retention_due(store, workspace, NOTICE) == []
    clock.moment += 71 * DAY
    with store.write(workspace, ME) as tx:
        hold_matter(tx, matters[2])
    found = retention_due(store, workspace, NOTICE)
    assert [(due.matter, due.held) for due in found] == [
        (matters[0], False),
        (matters[1], False),
        (matters[2], True),
    ]
    assert retention_due(store, workspace) == []


@ANY_DATABASE
def test_T15_without_periods_nothing_goes_and_workspaces_are_apart(
    store: Store, workspace: str, matters: list[str], answer: Answer, clock: Clock
) -> None:
    other = create_workspace(store, "Other", ME)
    kept = fill(store, other, 1, answer)
    clock.moment += 5000 * DAY
    with pytest.raises(NotFound), store.write(other, ME) as tx:
        hold_matter(tx, matters[0])
    assert apply_retention(store, other) == []
    assert apply_retention(store, workspace) == matters
    assert living(store, other) == kept
    with store.read(other) as tx:
        assert periods_of(tx) == Periods()


@ANY_DATABASE
@pytest.mark.parametrize("days", [0, -1, 36_526])
def test_a_period_is_at_least_a_day_and_at_most_a_century(store: Store, workspace: str, days: int) -> None:
    with pytest.raises(ValueError, match="a period is"), store.write(workspace, ME) as tx:
        set_periods(tx, Periods(unchanged=days))


@ANY_DATABASE
def test_by_command(store: Store, workspace: str, matters: list[str], url: str, tmp_path: Path) -> None:
    def dedere(*arguments: str) -> Ran:
        return here("retention", *arguments, DEDERE_DATA=str(tmp_path), DEDERE_DATABASE_URL=url, DEDERE_MASTER_KEYS="")

    assert "erased 100 days after their last change" in dedere("show", workspace).out
    shown = dedere("set", workspace, "--closed", "1").out
    assert shown == "Open matters: never erased after their last change\nClosed matters: erased 1 days after closing\n"
    for action in ("close", "hold"):
        assert dedere(action, workspace, matters[0]).out == f"{matters[0]}: {action}\n"
    assert dedere("due", workspace).out.endswith(", kept: on legal hold\n")
    assert dedere("apply", workspace).out == "Nothing was due\n"
    for action in ("reopen", "release"):
        assert dedere(action, workspace, matters[0]).out == f"{matters[0]}: {action}\n"
    assert "on legal hold" not in dedere("due", workspace).out
    for arguments, words in (
        (("hold", workspace, "mat_none"), "there is no such matter"),
        (("show", "wsp_none"), "there is no such workspace"),
        (("set", workspace, "--closed", "0"), "--closed"),
    ):
        ran = dedere(*arguments)
        assert (ran.status, ran.out) == (2, "")
        assert words in ran.err
