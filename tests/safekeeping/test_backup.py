"""T12 and T14: backup under writing, restore on an empty place, old over new, damage found first, erasure that lasts."""

from __future__ import annotations

import json
import random
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.accounts.keys.service import (
    Refused,
    authenticate,
    issue,
    revoke,
)
from api.operations.backup.backup import back_up, refresh_keys, verify
from api.operations.backup.container import (
    CHUNK,
    bare,
    read_lines,
    write,
)
from api.operations.backup.errors import Damaged, InTheWay, Unusable
from api.operations.backup.restore import restore
from api.operations.erasure import erase_matter
from api.storage.assessments import list_assessments, read_answer, record_assessment
from api.storage.audit.sources import export, verify_url
from api.storage.errors import NotFound
from api.storage.matters import (
    add_version,
    create_matter,
    list_matters,
    read_facts,
    read_matter,
)
from api.storage.rotation import rotate_master, rotate_workspace
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.vault.errors import UnknownMasterKey
from api.storage.vault.master import MasterKeys
from api.storage.workspaces import create_workspace
from engine.answer.model import Answer
from engine.assess import Engine
from engine.content.documents import read_bytes
from tests.safekeeping.support import ANY_DATABASE, CANARY, ME, facts, files_below, fill, opened, row_hashes
from tests.store.support import database_url


@dataclass(frozen=True)
class Machine:
    """Another machine: a folder with the same master keys, and an empty database."""

    settings: StoreSettings
    folder: Path


@pytest.fixture
def machine(kind: str, tmp_path: Path, store: Store) -> Iterator[Machine]:
    folder = tmp_path / "machine"
    folder.mkdir(mode=0o700)
    shutil.copy(tmp_path / "master.keys", folder)
    with database_url(kind, folder) as url:
        yield Machine(StoreSettings(data=folder, database_url=url), folder)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept" / "one.backup"


@pytest.fixture
def live(url: str, tmp_path: Path) -> StoreSettings:
    """The settings of the store under test."""
    return StoreSettings(data=tmp_path, database_url=url)


def keys_of(file: Path) -> Path:
    return file.with_name("backup.keys")


def test_T12_every_row_comes_back_on_an_empty_machine(
    store: Store, workspace: str, answer: Answer, machine: Machine, file: Path
) -> None:
    fill(store, workspace, 30, answer, at_once=10)
    other = create_workspace(store, "Other", ME)
    fill(store, other, 2, answer)
    made = back_up(store, file, keys_of(file))
    before = row_hashes(store)
    restore(machine.settings, file, keys_of(file))
    with opened(machine.settings) as again:
        assert row_hashes(again) == before
        assert {name: len(rows) for name, rows in before.items() if rows}["matters"] == made.rows["matters"] == 32
    assert verify_url(machine.settings.url).intact
    assert not [name for name in files_below(machine.folder) if "restoring" in name]


def test_T12_assessments_brought_back_evaluate_identically(
    store: Store, workspace: str, machine: Machine, file: Path, toy_engine: Engine
) -> None:
    documents = [{"assessed_on": "1950-06-01", "facts": {"ground_up": word}} for word in (True, False)]
    for number, document in enumerate(documents):
        with store.write(workspace, ME) as tx:
            matter = create_matter(tx, f"T-{number}", document).id
            record_assessment(tx, matter, 1, _assessed(toy_engine, document))
    back_up(store, file, keys_of(file))
    restore(machine.settings, file, keys_of(file))
    with opened(machine.settings) as again, again.write(workspace, ME) as tx:
        kept = [(read_facts(tx, one.matter).document, read_answer(tx, one.id)[1]) for one in list_assessments(tx)]
    assert [document for document, _ in kept] == documents
    assert all(_assessed(toy_engine, document).model_dump_json().encode() == said for document, said in kept)


def _assessed(engine: Engine, document: dict[str, object]) -> Answer:
    return engine.assess(engine.read(read_bytes(json.dumps(document).encode(), "case.json")))


def test_T12_a_backup_under_writing_holds_everything_acknowledged_before_it(
    store: Store, workspace: str, answer: Answer, machine: Machine, file: Path
) -> None:
    acknowledged: list[str] = []
    stop, going = threading.Event(), threading.Event()

    def write_on() -> None:
        while not stop.is_set():
            acknowledged.extend(fill(store, workspace, 1, answer))
            if len(acknowledged) >= 5:
                going.set()

    writers = [threading.Thread(target=write_on) for _ in range(2)]
    for writer in writers:
        writer.start()
    assert going.wait(60)
    before = set(acknowledged)
    back_up(store, file, keys_of(file))
    stop.set()
    for writer in writers:
        writer.join()
    restore(machine.settings, file, keys_of(file))
    with opened(machine.settings) as again, again.write(workspace, ME) as tx:
        found = {matter.id for matter in list_matters(tx, limit=100_000)}
        assert before <= found <= set(acknowledged)
        for matter in found:
            assert read_facts(tx, matter, 2).document == facts(0)
    assert verify_url(machine.settings.url).intact


def test_T12b_an_old_backup_over_newer_data_and_then_a_hundred_writes(
    store: Store, workspace: str, answer: Answer, live: StoreSettings, file: Path
) -> None:
    old = fill(store, workspace, 5, answer)
    back_up(store, file, keys_of(file))
    newer = fill(store, workspace, 20, answer)
    with pytest.raises(InTheWay, match="nothing was changed"):
        restore(live, file, keys_of(file))
    restore(live, file, keys_of(file), replace=True)
    after = fill(store, workspace, 100, answer)
    with store.write(workspace, ME) as tx:
        assert {matter.id for matter in list_matters(tx, limit=1000)} == {*old, *after}
        for matter in old:
            assert add_version(tx, matter, 2, facts(0)) == 3
    assert not set(after) & {*old, *newer}
    assert len(set(after)) == 100
    assert verify_url(live.url).intact


def test_T12b_the_new_chain_names_the_head_that_it_replaces(
    store: Store, workspace: str, answer: Answer, live: StoreSettings, file: Path
) -> None:
    back_up(store, file, keys_of(file))
    fill(store, workspace, 3, answer)
    head = verify_url(live.url).heads[workspace]
    restore(live, file, keys_of(file), replace=True)
    assert not verify_url(live.url, [head]).intact
    last = json.loads(list(export(store, workspace))[-1])
    assert (last["act"], last["ids"]["head"]) == ("backup.restored", head)


def test_T14_what_was_erased_after_a_backup_stays_erased_in_it(
    store: Store, workspace: str, answer: Answer, machine: Machine, file: Path
) -> None:
    kept, gone = fill(store, workspace, 2, answer)
    back_up(store, file, keys_of(file))
    erase_matter(store, workspace, gone, ME)
    refresh_keys(store, keys_of(file))
    restore(machine.settings, file, keys_of(file))
    with opened(machine.settings) as again:
        with again.write(workspace, ME) as tx:
            assert [matter.id for matter in list_matters(tx)] == [kept]
            for attempt in (read_matter, read_facts):
                with pytest.raises(NotFound):
                    attempt(tx, gone)
        hashes = row_hashes(again)
        assert len(hashes["matters"]) == 2
        assert len(hashes["matter_versions"]) == 2
        assert len(hashes["assessments"]) == len(hashes["idempotency_keys"]) == 1
    assert verify_url(machine.settings.url).intact


def test_T14_on_existing_data_an_older_key_file_brings_nothing_erased_back(
    store: Store, workspace: str, answer: Answer, live: StoreSettings, file: Path
) -> None:
    kept, gone = fill(store, workspace, 2, answer)
    back_up(store, file, keys_of(file))
    erase_matter(store, workspace, gone, ME)
    restore(live, file, keys_of(file), replace=True)
    with store.write(workspace, ME) as tx:
        assert [matter.id for matter in list_matters(tx)] == [kept]


@ANY_DATABASE
def test_T11_neither_file_holds_content_or_data_keys_in_the_clear(
    store: Store, workspace: str, answer: Answer, file: Path
) -> None:
    fill(store, workspace, 5, answer)
    back_up(store, file, keys_of(file))
    raw = file.read_bytes() + keys_of(file).read_bytes()
    assert CANARY.encode() not in raw
    assert {path.stat().st_mode & 0o777 for path in (file, keys_of(file))} == {0o600}
    for line in read_lines(file, "backup", store.master):
        assert not line.startswith(b'["data_keys"') or b'{"b":""}' in line


@ANY_DATABASE
def test_an_access_that_was_ended_after_the_backup_does_not_come_back(
    store: Store, workspace: str, machine: Machine, file: Path
) -> None:
    with store.write(workspace, ME) as tx:
        said, key = issue(tx, ["matters:read"])
        _, good = issue(tx, ["matters:read"])
    back_up(store, file, keys_of(file))
    with store.write(workspace, ME) as tx:
        revoke(tx, said.id)
    refresh_keys(store, keys_of(file))
    restore(machine.settings, file, keys_of(file))
    with opened(machine.settings) as again:
        assert authenticate(again, good).workspace == workspace
        with pytest.raises(Refused):
            authenticate(again, key)


@ANY_DATABASE
def test_a_second_backup_replaces_the_key_file_and_never_another_backup(
    store: Store, workspace: str, answer: Answer, file: Path
) -> None:
    fill(store, workspace, 1, answer)
    back_up(store, file, keys_of(file))
    first = keys_of(file).read_bytes()
    (file.parent / "link").hardlink_to(keys_of(file))
    with pytest.raises(InTheWay):
        back_up(store, file, keys_of(file))
    back_up(store, file.with_name("two.backup"), keys_of(file))
    assert keys_of(file).read_bytes() != first
    assert set((file.parent / "link").read_bytes()) == {0}
    assert files_below(file.parent) == {"one.backup", "two.backup", "backup.keys", "link"}


def _flipped(raw: bytes, place: int, bit: int) -> bytes:
    return raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]


class TestWhatIsRefused:
    """Nothing live is touched before the backup was read to its end."""

    @pytest.fixture(autouse=True)
    def backed_up(self, store: Store, workspace: str, answer: Answer, file: Path) -> None:
        fill(store, workspace, 3, answer)
        back_up(store, file, keys_of(file))

    def test_T12c_any_changed_byte_is_found_before_live_data_is_touched(
        self, live: StoreSettings, store: Store, file: Path
    ) -> None:
        before, whole, chance = row_hashes(store), file.read_bytes(), random.Random(12)
        for place in [*range(0, 400, 80), len(whole) // 2, len(whole) - 1]:
            file.write_bytes(_flipped(whole, place, chance.randrange(8)))
            with pytest.raises((Damaged, UnknownMasterKey, Unusable)) as refused:
                restore(live, file, keys_of(file), replace=True)
            assert len(str(refused.value).splitlines()) == 1
        assert row_hashes(store) == before

    @ANY_DATABASE
    def test_T12c_no_changed_byte_goes_unnoticed(self, store: Store, file: Path) -> None:
        whole, chance = file.read_bytes(), random.Random(12)
        for place in [*range(500), *(chance.randrange(len(whole)) for _ in range(500))]:
            file.write_bytes(_flipped(whole, place, chance.randrange(8)))
            with pytest.raises((Damaged, UnknownMasterKey)):
                verify(file, keys_of(file), store.master, file.parent)

    @ANY_DATABASE
    @pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.9999])
    def test_T12c_a_file_that_was_cut_off_is_found(self, live: StoreSettings, file: Path, share: float) -> None:
        raw = file.read_bytes()
        file.write_bytes(raw[: int(len(raw) * share)])
        with pytest.raises(Damaged):
            restore(live, file, keys_of(file), replace=True)

    @ANY_DATABASE
    def test_T12c_a_damaged_key_file_is_found(self, live: StoreSettings, file: Path) -> None:
        raw = bytearray(keys_of(file).read_bytes())
        raw[-20] ^= 1
        keys_of(file).write_bytes(raw)
        with pytest.raises(Damaged, match=r"backup\.keys is damaged"):
            restore(live, file, keys_of(file), replace=True)

    @ANY_DATABASE
    def test_other_master_keys_open_nothing(self, live: StoreSettings, file: Path, tmp_path: Path) -> None:
        other = StoreSettings(data=tmp_path / "other", database_url=f"sqlite:///{tmp_path / 'other' / 'x.db'}")
        with pytest.raises(UnknownMasterKey, match="keys recover"):
            restore(other, file, keys_of(file))
        MasterKeys.in_file(tmp_path / "other" / "master.keys")
        with pytest.raises(UnknownMasterKey, match="mk_"):
            restore(other, file, keys_of(file))

    @ANY_DATABASE
    def test_a_key_file_older_than_the_backup_is_refused(
        self, live: StoreSettings, store: Store, file: Path, tmp_path: Path
    ) -> None:
        shutil.copy(keys_of(file), tmp_path / "old.keys")
        back_up(store, file.with_name("two.backup"), keys_of(file))
        with pytest.raises(Unusable, match="older"):
            restore(live, file.with_name("two.backup"), tmp_path / "old.keys", replace=True)

    def test_after_a_rotation_of_all_keys_an_older_backup_says_so(
        self, live: StoreSettings, store: Store, workspace: str, file: Path
    ) -> None:
        rotate_workspace(store, workspace, ME, matters=True)
        refresh_keys(store, keys_of(file))
        with pytest.raises(Unusable, match="use a newer one"):
            restore(live, file, keys_of(file), replace=True)

    @ANY_DATABASE
    def test_destroying_the_master_key_ends_the_backups_made_under_it(
        self, live: StoreSettings, store: Store, file: Path
    ) -> None:
        rotate_master(store, ME)
        with pytest.raises(UnknownMasterKey):
            restore(live, file, keys_of(file), replace=True)
        with pytest.raises(InTheWay, match="another master key"):
            refresh_keys(store, keys_of(file))

    def test_a_restore_that_fails_midway_leaves_everything(
        self, live: StoreSettings, store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = row_hashes(store)

        def fail(*_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("api.operations.backup.restore._tell", fail)
        with pytest.raises(RuntimeError):
            restore(live, file, keys_of(file), replace=True)
        assert row_hashes(store) == before


def test_chunks_cannot_be_reordered_repeated_left_out_or_taken_from_another_file(tmp_path: Path) -> None:
    master = MasterKeys.in_file(tmp_path / "master.keys")
    for name in ("a", "b"):
        write(tmp_path / name, bare("backup", "bak_x", "2026", "1"), master, [b"x" * CHUNK + b"\n"] * 3)
    sealed = CHUNK + 16
    head, *body = (tmp_path / "a").read_bytes().partition(b"\n")
    chunks = [body[1][at : at + sealed] for at in range(0, len(body[1]), sealed)]
    other = (tmp_path / "b").read_bytes().partition(b"\n")[2]
    assert len(list(read_lines(tmp_path / "a", "backup", master))) == 3
    for wrong in (
        [chunks[1], chunks[0], *chunks[2:]],
        [chunks[0], chunks[0], *chunks[1:]],
        [chunks[0], *chunks[2:]],
        chunks[:-1],
        [*chunks, chunks[-1]],
        [other[:sealed], *chunks[1:]],
    ):
        (tmp_path / "a").write_bytes(head + b"\n" + b"".join(wrong))
        with pytest.raises(Damaged):
            list(read_lines(tmp_path / "a", "backup", master))


@ANY_DATABASE
def test_verify_counts_what_is_there(store: Store, workspace: str, answer: Answer, file: Path) -> None:
    fill(store, workspace, 2, answer)
    made = back_up(store, file, keys_of(file))
    assert verify(file, keys_of(file), store.master, file.parent) == made
    with store.write(workspace, ME) as tx:
        create_matter(tx, "later", {})
    assert verify(file, keys_of(file), store.master, file.parent).rows["matters"] == 2
