"""T12 as an operator meets it: ``dedere backup`` and ``dedere restore``, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.storage.store import Store
from engine.answer.model import Answer
from tests.api.support import Ran, dedere, here
from tests.safekeeping.support import ANY_DATABASE, CANARY, fill
from tests.store.support import database_url


class Desk:
    """An operator's desk: commands of one installation."""

    def __init__(self, data: Path, url: str) -> None:
        self.environment = {"DEDERE_DATA": str(data), "DEDERE_DATABASE_URL": url, "DEDERE_MASTER_KEYS": ""}

    def __call__(self, *arguments: object) -> Ran:
        return here(*map(str, arguments), **self.environment)


@pytest.fixture
def desk(store: Store, workspace: str, answer: Answer, url: str, tmp_path: Path) -> Desk:
    """The desk of the installation that is lost later."""
    fill(store, workspace, 3, answer)
    return Desk(tmp_path, url)


@pytest.fixture
def other(desk: Desk, kind: str, tmp_path: Path) -> Iterator[Desk]:
    """A bare machine with the master keys."""
    machine = tmp_path / "machine"
    machine.mkdir(mode=0o700)
    shutil.copy(tmp_path / "master.keys", machine)
    with database_url(kind, machine) as url:
        yield Desk(machine, url)


def test_T12_the_whole_way_by_command(desk: Desk, other: Desk, tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    ran = desk("backup", file)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("Whole: backup bak_")
    assert f"Key file: {tmp_path / 'backup.keys'}" in ran.out
    assert desk("backup", file, "--verify").out == ran.out.splitlines(keepends=True)[0]
    again = other("restore", file)
    assert (again.status, again.err) == (0, "")
    assert ", 3 matters" in again.out
    assert CANARY not in ran.out + again.out


@ANY_DATABASE
def test_every_refusal_is_one_clear_line(desk: Desk, other: Desk, tmp_path: Path) -> None:
    file, missing = tmp_path / "monday.backup", tmp_path / "missing.backup"
    assert desk("backup", file).status == 0
    short = tmp_path / "short.backup"
    short.write_bytes(file.read_bytes()[:-1])
    for ran, words in (
        (desk("backup", file), "monday.backup is there already; give another name"),
        (desk("backup", tmp_path / "no" / "x.backup"), "no such file or directory"),
        (desk("restore", file), "there is data already; nothing was changed"),
        (desk("restore", short, "--replace"), "short.backup is damaged or was cut off at part 1"),
        (desk("restore", missing), "no such file or directory"),
        (desk("restore", tmp_path / "backup.keys"), "backup.keys is not a backup of Dedere"),
        (desk("restore", file, "--keys", file), "monday.backup is not a key file of Dedere"),
    ):
        assert (ran.status, len(ran.err.splitlines()), ran.out) == (2, 1, ""), ran
        assert words in ran.err
        assert CANARY not in ran.err


@ANY_DATABASE
def test_without_master_keys_none_are_made(desk: Desk, other: Desk, tmp_path: Path) -> None:
    assert desk("backup", tmp_path / "x.backup").status == 0
    (tmp_path / "machine" / "master.keys").unlink()
    ran = other("restore", tmp_path / "x.backup")
    assert ran.status == 2
    assert "there are no master keys here" in ran.err
    assert not (tmp_path / "machine" / "master.keys").exists()


@ANY_DATABASE
def test_the_key_file_alone_is_replaced_after_an_erasure(desk: Desk, tmp_path: Path) -> None:
    assert desk("backup", tmp_path / "x.backup").status == 0
    before = (tmp_path / "backup.keys").read_bytes()
    ran = dedere("backup", str(tmp_path / "x.backup"), "--only-keys", **desk.environment)
    assert ran.out.startswith("Key file of ")
    assert (tmp_path / "backup.keys").read_bytes() != before
