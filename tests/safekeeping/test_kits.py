"""Key recovery with two holders, and its drill: the keys are lost, two kits bring them back, one opens nothing."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from api.operations.backup.errors import Damaged, Unusable
from api.operations.backup.kits import read, recover, split
from api.storage.audit.sources import export
from api.storage.matters import list_matters
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.vault.master import MasterKeys, id_of
from engine.answer.model import Answer
from tests.api.support import Ran, here
from tests.safekeeping.support import ANY_DATABASE, ME, fill, opened


@pytest.fixture
def master(tmp_path: Path) -> MasterKeys:
    """Two master keys, as in the middle of a rotation."""
    keys = MasterKeys.in_file(tmp_path / "data" / "master.keys")
    keys.add()
    return keys


@pytest.mark.parametrize("holders", [2, 3])
def test_any_two_kits_bring_back_every_master_key(master: MasterKeys, holders: int) -> None:
    sheets = split(master, "kit_" + "a" * 26, holders)
    for one, other in permutations(sheets, 2):
        keys = recover([read(one, "one"), read(other, "other")])
        assert [id_of(key) for key in keys] == master.ids
        assert keys == [master.key(name) for name in master.ids]


def test_a_kit_is_read_however_it_was_typed(master: MasterKeys) -> None:
    sheets = split(master, "kit_" + "a" * 26, 2)
    typed = [sheet.replace("   ", " ").replace("\n\n", "\n\n\n") for sheet in sheets]
    head, *rest = typed[0].split("Master key")
    shouted = head + "Master key".join(["", *(part[:21] + part[21:].upper() for part in rest)])
    assert recover([read(shouted, "one"), read(typed[1], "other")]) == [master.key(name) for name in master.ids]


def test_one_kit_alone_opens_nothing(master: MasterKeys) -> None:
    one, _, third = (read(sheet, "kit") for sheet in split(master, "kit_" + "a" * 26, 3))
    for few in ([one], [one, one], []):
        with pytest.raises(Unusable):
            recover(few)
    strange = read(split(master, "kit_" + "b" * 26, 2)[1], "kit")
    with pytest.raises(Unusable, match="different sets"):
        recover([one, strange])
    assert "mk_" in " ".join(third.shares)
    assert not any(word in repr(third) for word in next(iter(third.shares.values())).split())


def test_shares_of_different_sets_under_one_name_are_found_out(master: MasterKeys) -> None:
    one, other = (split(master, "kit_" + "a" * 26, 2) for _ in range(2))
    with pytest.raises(Damaged, match="do not fit"):
        recover([read(one[0], "one"), read(other[1], "other")])


def test_a_wrong_word_is_found_out_and_not_repeated(master: MasterKeys) -> None:
    one, other = split(master, "kit_" + "a" * 26, 2)
    first = next(iter(read(one, "one").shares.values())).split()[7]
    wrong = one.replace(f" {first} ", " zebra ", 1)
    with pytest.raises(Damaged, match="compare each kit's words") as refused:
        recover([read(wrong, "one"), read(other, "other")])
    assert "zebra" not in str(refused.value)
    with pytest.raises(Damaged, match="is not a recovery kit"):
        read("Master key", "note.txt")


class TestDrill:
    """As two holders and an operator do it, by command."""

    @pytest.fixture
    def kits(self, store: Store, workspace: str, answer: Answer, url: str, tmp_path: Path) -> list[str]:
        fill(store, workspace, 2, answer)
        (tmp_path / "kits").mkdir()
        ran = self.dedere(tmp_path, url, "split", str(tmp_path / "kits"), "--holders", "3")
        assert (ran.status, ran.err) == (0, "")
        assert "mk_" not in ran.out
        return ran.out.split()

    def dedere(self, data: Path, url: str, *arguments: str) -> Ran:
        environment = {"DEDERE_DATA": str(data), "DEDERE_DATABASE_URL": url, "DEDERE_MASTER_KEYS": ""}
        return here("keys", *arguments, **environment)

    def test_the_keys_are_lost_and_two_holders_bring_them_back(
        self, kits: list[str], store: Store, workspace: str, url: str, tmp_path: Path
    ) -> None:
        before = (tmp_path / "master.keys").read_bytes()
        assert self.dedere(tmp_path, url, "check", *kits[:2]).status == 0
        (tmp_path / "master.keys").unlink()
        ran = self.dedere(tmp_path, url, "recover", kits[2], kits[0])
        assert (ran.status, ran.err) == (0, "")
        assert ran.out.endswith("The store opens with them\n")
        assert (tmp_path / "master.keys").read_bytes() == before
        assert (tmp_path / "master.keys").stat().st_mode & 0o777 == 0o600
        with opened(StoreSettings(data=tmp_path, database_url=url)) as again, again.write(workspace, ME) as tx:
            assert len(list_matters(tx)) == 2
        acts = b"".join(export(store, workspace))
        assert b'"act":"keys.split"' in acts
        assert b'"act":"keys.recovered"' in acts

    @ANY_DATABASE
    def test_one_holder_alone_gets_a_line_and_nothing_else(self, kits: list[str], url: str, tmp_path: Path) -> None:
        (tmp_path / "master.keys").unlink()
        for given in (kits[:1], [kits[0], kits[0]]):
            ran = self.dedere(tmp_path, url, "recover", *given)
            assert (ran.status, len(ran.err.splitlines()), ran.out) == (2, 1, "")
        assert not (tmp_path / "master.keys").exists()

    @ANY_DATABASE
    def test_keys_that_are_there_are_not_touched(self, kits: list[str], url: str, tmp_path: Path) -> None:
        before = (tmp_path / "master.keys").read_bytes()
        ran = self.dedere(tmp_path, url, "recover", *kits[:2])
        assert "it was not touched" in ran.err
        assert (tmp_path / "master.keys").read_bytes() == before
        assert self.dedere(tmp_path, url, "split", str(tmp_path / "kits"), "--holders", "3").status == 2

    @ANY_DATABASE
    def test_kits_of_before_a_rotation_fail_the_rehearsal(self, kits: list[str], url: str, tmp_path: Path) -> None:
        MasterKeys.in_file(tmp_path / "master.keys").add()
        ran = self.dedere(tmp_path, url, "check", *kits[:2])
        assert ran.status == 2
        assert "make new kits" in ran.err

    @ANY_DATABASE
    def test_on_a_bare_machine_the_next_step_is_named(self, kits: list[str], tmp_path: Path) -> None:
        ran = self.dedere(tmp_path / "bare", "", "recover", *kits[:2])
        assert (ran.status, ran.err) == (0, "")
        assert "dedere restore FILE" in ran.out

    @ANY_DATABASE
    def test_every_kit_is_for_its_owner_alone(self, kits: list[str]) -> None:
        assert {Path(kit).stat().st_mode & 0o777 for kit in kits} == {0o600}
        assert len({Path(kit).read_text() for kit in kits}) == 3
