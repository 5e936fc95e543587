"""T12: one flipped bit costs no backup; what cannot be read is named, and everything else comes back."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from api.operations.backup.backup import back_up, refresh_keys, verify
from api.operations.backup.damage import CHAIN, MATTER, WORKSPACE, Damage
from api.operations.backup.errors import Damaged
from api.operations.backup.keyfile import previous
from api.operations.backup.restore import restore
from api.operations.erasure import erase_matter
from api.storage.assessments import list_assessments, read_answer
from api.storage.audit.sources import export
from api.storage.matters import list_matters, read_facts
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from engine.answer.model import Answer
from tests.safekeeping.support import ANY_DATABASE, CANARY, ME, fill, opened, row_hashes
from tests.safekeeping.test_backup_commands import Desk

pytestmark = ANY_DATABASE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups are kept."""
    place = tmp_path / "kept"
    place.mkdir()
    return place


@pytest.fixture
def machine(tmp_path: Path, store: Store) -> StoreSettings:
    """Another machine with the same master keys."""
    place = tmp_path / "machine"
    place.mkdir(mode=0o700)
    shutil.copy(tmp_path / "master.keys", place)
    return StoreSettings(data=place)


def flip(store: Store, table: str, column: str, where: str, **values: object) -> None:
    """Flip one bit of one field, past all protection, as a disk does."""
    with store.database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        query = f"SELECT rowid, {column} FROM {table} WHERE {where} LIMIT 1"
        row, found = raw.execute(query, values).fetchone()
        old = bytearray(found.encode() if isinstance(found, str) else found)
        old[random.Random(1).randrange(len(old))] ^= 1
        new = bytes(old).decode() if isinstance(found, str) else bytes(old)
        raw.execute("PRAGMA foreign_keys = OFF")
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, row))
        for _, made in triggers:
            raw.execute(made)
        raw.execute("PRAGMA foreign_keys = ON")


def keys_of(folder: Path) -> Path:
    return folder / "backup.keys"


@pytest.fixture
def matters(store: Store, workspace: str, answer: Answer) -> list[str]:
    """Three matters."""
    return fill(store, workspace, 3, answer)


@pytest.mark.parametrize(
    "place",
    [
        ("matter", "wrapped"),
        ("matter", "id"),
        ("matter", "subject"),
        ("workspace", "wrapped"),
        ("workspace", "master"),
        ("index", "id"),
    ],
)
def test_T12_a_damaged_key_is_taken_from_the_key_file_before_and_every_backup_comes_back(
    store: Store, matters: list[str], folder: Path, machine: StoreSettings, place: tuple[str, str]
) -> None:
    (key, column), (workspace,) = place, store.workspaces()
    back_up(store, folder / "monday", keys_of(folder))
    sound = row_hashes(store)
    subject = {"matter": matters[1], "workspace": workspace, "index": f"index:{workspace}"}[key]
    flip(store, "data_keys", column, "subject = :subject", subject=subject)
    tuesday = back_up(store, folder / "tuesday", keys_of(folder))
    assert tuesday.mended
    restore(machine, folder / "monday", keys_of(folder))
    with opened(machine) as again:
        assert row_hashes(again) == sound
    if column != "id":  # then the backup has a row of the wrong name, and nothing in the place of the right one
        assert not tuesday.damage
        restore(machine, folder / "tuesday", keys_of(folder), replace=True)
        with opened(machine) as again, again.write(workspace, ME) as tx:
            assert {read_facts(tx, matter).version for matter in matters} == {2}


def test_T12_a_matter_that_cannot_be_read_is_named_and_left_out_only_when_asked(
    store: Store, workspace: str, matters: list[str], folder: Path, machine: StoreSettings
) -> None:
    flip(store, "data_keys", "wrapped", "subject = :subject", subject=matters[1])
    lost = Damage(MATTER, (matters[1],))
    assert back_up(store, folder / "monday", keys_of(folder)).damage == (lost,)
    with pytest.raises(Damaged, match=str(lost)):
        verify(folder / "monday", keys_of(folder), store.master, folder)
    with pytest.raises(Damaged, match=f"{lost}; nothing was changed"):
        restore(machine, folder / "monday", keys_of(folder))
    done = restore(machine, folder / "monday", keys_of(folder), despite_damage=True)
    assert done.damage == (lost,)
    with opened(machine) as again:
        with again.write(workspace, ME) as tx:
            assert {matter.id for matter in list_matters(tx)} == {matters[0], matters[2]}
            assert len(list_assessments(tx)) == 2
        entries = b"".join(export(again, workspace)).decode()
        assert '"act":"matter.left_out","actor":"operator"' in entries
        assert not back_up(again, folder / "again", machine.data / "backup.keys").damage


def test_T12_the_key_file_before_is_kept_until_a_backup_is_whole_again(
    store: Store, workspace: str, answer: Answer, folder: Path
) -> None:
    (matter,) = fill(store, workspace, 1, answer)
    back_up(store, folder / "monday", keys_of(folder))
    before = keys_of(folder).read_bytes()
    flip(store, "matter_versions", "sealed", "matter_id = :matter", matter=matter)
    for day in ("tuesday", "wednesday"):
        assert back_up(store, folder / day, keys_of(folder)).damage == (Damage(MATTER, (matter,)),)
    assert previous(keys_of(folder)).read_bytes() == before
    for keys in (keys_of(folder), previous(keys_of(folder))):
        assert verify(folder / "monday", keys, store.master, folder).rows["matters"] == 1
    erase_matter(store, workspace, matter, ME)
    assert not back_up(store, folder / "thursday", keys_of(folder)).damage
    assert not previous(keys_of(folder)).exists()


def test_T14_after_an_erasure_no_key_file_before_is_kept(
    store: Store, workspace: str, answer: Answer, folder: Path
) -> None:
    damaged, gone = fill(store, workspace, 2, answer)
    back_up(store, folder / "monday", keys_of(folder))
    flip(store, "matter_versions", "sealed", "matter_id = :matter", matter=damaged)
    back_up(store, folder / "tuesday", keys_of(folder))
    erase_matter(store, workspace, gone, ME)
    refresh_keys(store, keys_of(folder))
    assert not previous(keys_of(folder)).exists()


def test_T12_a_damaged_workspace_key_that_no_key_file_has_takes_no_other_workspace_along(
    store: Store, workspace: str, answer: Answer, folder: Path, machine: StoreSettings
) -> None:
    other = create_workspace(store, "Other", ME)
    fill(store, workspace, 1, answer)
    matters = fill(store, other, 2, answer)
    flip(store, "data_keys", "wrapped", "subject = :subject", subject=workspace)
    assert back_up(store, folder / "monday", keys_of(folder)).damage == (Damage(WORKSPACE, (workspace,)),)
    restore(machine, folder / "monday", keys_of(folder), despite_damage=True)
    with opened(machine) as again:
        assert again.workspaces() == [other]
        with again.write(other, ME) as tx:
            assert {read_facts(tx, matter).version for matter in matters} == {2}


def test_T12_a_damaged_assessment_costs_that_assessment(
    store: Store, workspace: str, answer: Answer, folder: Path, machine: StoreSettings
) -> None:
    matters = fill(store, workspace, 2, answer)
    with store.write(workspace, ME) as tx:
        lost, kept = (one.id for one in list_assessments(tx))
    for table in ("assessments", "assessment_summaries"):
        flip(store, table, "sealed", "id = :id", id=lost)
    assert back_up(store, folder / "monday", keys_of(folder)).damage == (Damage("assessments", (lost,)),)
    restore(machine, folder / "monday", keys_of(folder), despite_damage=True)
    with opened(machine) as again, again.write(workspace, ME) as tx:
        assert [one.id for one in list_assessments(tx)] == [kept]
        assert read_answer(tx, kept)
        assert {read_facts(tx, matter).version for matter in matters} == {2}


def test_T12_a_broken_audit_chain_is_named_and_everything_can_come_back_with_it(
    store: Store, workspace: str, answer: Answer, folder: Path, machine: StoreSettings
) -> None:
    (matter,) = fill(store, workspace, 1, answer)
    flip(store, "audit_entries", "hash", "seq = 3")
    assert back_up(store, folder / "monday", keys_of(folder)).damage == (Damage(CHAIN, (workspace,)),)
    with pytest.raises(Damaged, match=f"audit chain {workspace}"):
        restore(machine, folder / "monday", keys_of(folder))
    restore(machine, folder / "monday", keys_of(folder), despite_damage=True)
    with opened(machine) as again, again.write(workspace, ME) as tx:
        assert read_facts(tx, matter).version == 2


def test_T12_by_command_a_damaged_database_is_never_told_whole(
    store: Store, workspace: str, answer: Answer, folder: Path, machine: StoreSettings
) -> None:
    here, there = Desk(folder.parent, store.database.url), Desk(machine.data, "")
    matters = fill(store, workspace, 2, answer)
    monday, tuesday = folder / "monday", folder / "tuesday"
    assert here("backup", monday).status == 0
    flip(store, "data_keys", "wrapped", "subject = :subject", subject=matters[0])
    mended = here("backup", tuesday)
    assert mended.status == 1
    assert f"Damaged in the database: the key of {matters[0]}" in mended.err
    for ran in (here("backup", tuesday, "--verify"), there("restore", tuesday), there("restore", monday, "--replace")):
        assert (ran.status, ran.err) == (0, "")
    flip(store, "matter_versions", "sealed", "matter_id = :matter", matter=matters[1])
    broken = here("backup", folder / "wednesday")
    assert broken.status == 1
    assert "Whole" not in broken.out
    assert "Not whole: in backup" in broken.err
    assert f"matter {matters[1]}" in broken.err
    refused = there("restore", folder / "wednesday", "--replace")
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)
    asked = there("restore", folder / "wednesday", "--replace", "--despite-damage")
    assert f"Left out, cannot be read: matter {matters[1]}" in asked.out
    assert CANARY not in broken.err + refused.err + asked.out
