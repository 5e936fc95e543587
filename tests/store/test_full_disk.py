"""M1: on a full disk people still read, sign in and erase; nothing new is kept, and it is said."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from api.accounts.links import make_sign_in_link, use_sign_in_link
from api.accounts.persons import Details, create_person
from api.accounts.sessions import open_session, session_of
from api.operations.erasure import erase_matter
from api.storage import reserve
from api.storage.assessments import read_answer, record_assessment
from api.storage.errors import Full, NotFound, Unavailable
from api.storage.matters import create_matter, list_matters, read_facts
from api.storage.reserve import Reserve
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from engine.answer.model import Answer
from tests.store.support import open_store

ME = "usr_one"
MB = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store on SQLite."""
    opened = open_store(f"sqlite:///{tmp_path / 'dedere.db'}", tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def workspace(store: Store) -> str:
    """A workspace."""
    return create_workspace(store, "x", ME)


def left(monkeypatch: pytest.MonkeyPatch, number: int, total: int = 10**12) -> None:
    """So many bytes are left on the disk."""
    monkeypatch.setattr(reserve.shutil, "disk_usage", lambda _: SimpleNamespace(free=number, total=total))


def made(store: Store, workspace: str, reference: str = "A/1") -> str:
    with store.write(workspace, ME) as tx:
        return create_matter(tx, reference, {"case": reference}).id


def works_but_keeps_nothing_new(store: Store, workspace: str, matter: str) -> None:
    """Reading, signing in and erasing work."""
    with pytest.raises(Full):
        made(store, workspace, "A/2")
    with pytest.raises(Full):
        store.database.probe()
    with store.write(workspace, ME) as tx:
        assert [one.id for one in list_matters(tx)] == [matter]
        assert read_facts(tx, matter).document == {"case": "A/1"}
    with store.write(workspace, ME) as tx:
        person = create_person(tx, Details("Anna", "anna"), ["lawyer"]).id
        link = make_sign_in_link(tx, person)
    assert session_of(store, open_session(store, use_sign_in_link(store, link))) is not None
    erase_matter(store, workspace, matter, ME)
    with pytest.raises(NotFound), store.write(workspace, ME) as tx:
        read_facts(tx, matter)


def test_M1_below_the_floor_one_reads_signs_in_and_erases_and_nothing_new_is_kept(
    store: Store, workspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = made(store, workspace)
    left(monkeypatch, MB)
    works_but_keeps_nothing_new(store, workspace, matter)
    left(monkeypatch, 1000 * MB)
    store.database.probe()
    made(store, workspace, "A/3")


def test_M1_an_answer_that_is_not_in_words_is_read_and_the_words_are_not_kept(
    store: Store, workspace: str, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = store.with_words(lambda law, facts, record: b"words")
    matter = made(store, workspace)
    with told.write(workspace, ME) as tx:
        assessment = record_assessment(tx, matter, 1, answer, b"record", in_words=False).id
    left(monkeypatch, MB)
    with told.write(workspace, ME) as tx:
        assert read_answer(tx, assessment)[1] == b"words"
        assert "assessment.worded" not in [one.act for one in tx.acts]


def test_M1_the_reserve_is_given_up_when_others_fill_the_disk_and_taken_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, place = Reserve(tmp_path / "dedere.db", size=MB), tmp_path / "dedere.reserve"
    left(monkeypatch, 3 * MB)
    kept.keep()
    assert (place.exists(), kept.low()) == (False, False), "there is room for work and none for a reserve"
    seen = []
    for free in (5 * MB, 2 * MB, MB // 5, MB + MB // 5, 5 * MB):
        left(monkeypatch, free)
        kept.look()
        seen.append((place.stat().st_size, kept.low()))
    assert seen == [(MB, False), (MB, False), (0, True), (0, True), (MB, False)]


def test_M1_of_a_small_disk_only_a_small_part_is_kept_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Reserve(tmp_path / "dedere.db")
    left(monkeypatch, 3 * MB, total=4 * MB)
    assert not kept.low()
    left(monkeypatch, MB // 8, total=4 * MB)
    assert kept.low()


def _fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as others:
        while others.write(bytes(65536)) == 65536:
            pass


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="mounting needs root")
def test_M1_on_a_disk_that_is_full_for_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a file system cannot be mounted here")
    monkeypatch.setattr(reserve, "SIZE", 2 * MB)
    store = open_store(f"sqlite:///{disk / 'dedere.db'}", tmp_path)
    try:
        store.database.reserve = Reserve(disk / "dedere.db", 2 * MB)
        store.database.reserve.keep()
        workspace = create_workspace(store, "x", ME)
        matter = made(store, workspace)
        _fill(disk / "others")
        works_but_keeps_nothing_new(store, workspace, matter)
    finally:
        store.close()
        subprocess.run(["umount", disk], check=True)


def test_M1_a_database_that_takes_no_writes_is_not_ready(store: Store) -> None:
    with store.database.session(writes=False) as session:
        session.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(Unavailable):
        store.database.probe()
