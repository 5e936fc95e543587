"""T11 and T14: what lies on the disk, moved and changed fields, rotation of all keys, erasure that erases."""

from __future__ import annotations

import base64
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from api.operations.erasure import erase_matter
from api.storage import rotation
from api.storage.assessments import list_assessments, read_answer, record_assessment
from api.storage.database import Database
from api.storage.errors import NotFound, ReferenceTaken
from api.storage.idempotency import Result, once
from api.storage.matters import (
    add_version,
    create_matter,
    find_matter,
    list_matters,
    read_facts,
    read_matter,
)
from api.storage.rotation import rotate_key, rotate_master, rotate_workspace
from api.storage.sealed import take
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.summaries import change_summary, summary_in
from api.storage.tables import Assessment, AssessmentSummary, Base, DataKey, MatterVersion
from api.storage.vault.errors import Tampered, UnknownMasterKey
from api.storage.vault.sealing import new_key
from api.storage.workspaces import create_workspace, workspace_name
from engine.answer.model import Answer
from tests.store.support import bytes_on_disk, open_store

ME = "usr_one"
CANARY = "canary-7f3a"


def facts(number: int) -> dict[str, object]:
    return {
        "title": f"{CANARY}-title-{number}",
        "facts": {"place": f"{CANARY}-Қарағанды-{number}"},
        "notes": f"{CANARY}-note-{number}",
    }


def fill(store: Store, workspace: str, number: int, answer: Answer) -> list[str]:
    """Matters with two versions, an assessment and an idempotency key each."""
    marked = answer.model_copy(update={"title": f"{CANARY}-answer"})
    names = []
    for index in range(number):
        with store.write(workspace, ME) as tx:
            matter = create_matter(tx, f"{CANARY}-ref-{index}", facts(index)).id
            add_version(tx, matter, 1, facts(index))
            record_assessment(tx, matter, 2, marked)
            once(
                tx,
                f"{CANARY}-key-{index}",
                f"{CANARY}-body-{index}".encode(),
                partial(Result, 201, CANARY.encode(), matter),
            )
        names.append(matter)
    return names


def opens(store: Store, workspace: str, matters: list[str]) -> None:
    """Everything is readable."""
    with store.write(workspace, ME) as tx:
        for index, matter in enumerate(matters):
            assert read_facts(tx, matter, 1).document == read_facts(tx, matter, 2).document == facts(index)
            assert read_matter(tx, matter).reference == f"{CANARY}-ref-{index}"
            assert find_matter(tx, f"{CANARY}-ref-{index}").id == matter


def on_disk(store: Store, folder: Path) -> bytes:
    """All bytes of the database: its files and logs, or PostgreSQL's dump of every table and its log."""
    if store.database.sqlite:
        return bytes_on_disk(folder)
    with store.database.engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        base = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
        number = connection.exec_driver_sql(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        ).scalar_one()
    try:
        return bytes_on_disk(base / "base" / str(number))
    except OSError:
        pytest.skip("PostgreSQL's files cannot be read here")


def test_T11_nothing_readable_lies_on_the_disk(store: Store, workspace: str, tmp_path: Path, answer: Answer) -> None:
    fill(store, workspace, 20, answer)
    found = on_disk(store, tmp_path)
    assert len(found) > 100_000
    assert CANARY.encode() not in found
    assert b"Canary Law" not in found
    assert "Қарағанды".encode() not in found


def test_T11_a_field_copied_to_another_row_does_not_open(store: Store, workspace: str, answer: Answer) -> None:
    one, other = fill(store, workspace, 2, answer)
    with store.write(workspace, ME) as tx:
        taken = tx.session.execute(
            select(MatterVersion.sealed, MatterVersion.key_id).where(
                MatterVersion.matter_id == one, MatterVersion.version == 1
            )
        ).one()
        change = update(MatterVersion).values(sealed=taken.sealed, key_id=taken.key_id)
        tx.session.execute(change.where(MatterVersion.matter_id == other, MatterVersion.version == 1))
        tx.session.execute(change.where(MatterVersion.matter_id == one, MatterVersion.version == 2))
    for matter, version in ((other, 1), (one, 2)):
        with pytest.raises(Tampered), store.write(workspace, ME) as tx:
            read_facts(tx, matter, version)


def test_T11_a_changed_field_or_wrapped_key_does_not_open(store: Store, workspace: str, answer: Answer) -> None:
    (matter,) = fill(store, workspace, 1, answer)
    for table, condition in ((MatterVersion, MatterVersion.matter_id == matter), (DataKey, DataKey.subject == matter)):
        column = "sealed" if table is MatterVersion else "wrapped"
        with store.write(workspace, ME) as tx:
            before = tx.session.scalars(select(getattr(table, column)).where(condition)).first()
            assert before is not None
            tx.session.execute(update(table).where(condition).values({column: before[:-1] + bytes([before[-1] ^ 1])}))
        with pytest.raises(Tampered), store.write(workspace, ME) as tx:
            read_facts(tx, matter, 1)


def test_T11_another_master_key_refuses_to_start(store: Store, workspace: str, url: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownMasterKey):
        Store.open(StoreSettings(data=tmp_path / "elsewhere", database_url=url))
    open_store(url, tmp_path).close()


def test_rotating_every_key_keeps_everything_readable(
    store: Store, workspace: str, url: str, tmp_path: Path, answer: Answer
) -> None:
    matters = fill(store, workspace, 12, answer)
    with store.read(workspace) as tx:
        before = {row.id: row.wrapped for row in tx.session.scalars(select(DataKey))}
        sealed = set(tx.session.scalars(select(MatterVersion.sealed)))
    rotate_master(store, ME)
    opens(store, workspace, matters)
    rotate_workspace(store, workspace, ME, matters=True)
    opens(store, workspace, matters)
    with store.read(workspace) as tx:
        assert workspace_name(tx) == "Canary Law Centre"
        after = {row.id: row.wrapped for row in tx.session.scalars(select(DataKey))}
        assert not set(before.values()) & set(after.values())
        assert set(before) & set(after) == {
            row.id for row in tx.session.scalars(select(DataKey).where(DataKey.subject.regexp_match("^(index|audit):")))
        }
        assert not sealed & set(tx.session.scalars(select(MatterVersion.sealed)))
    again = open_store(url, tmp_path)
    opens(again, workspace, matters)
    assert len(again.master.ids) == 1
    again.close()


def test_master_keys_of_a_setting_are_rotated_by_changing_it(tmp_path: Path, answer: Answer) -> None:
    old, new = (base64.b64encode(new_key()).decode() for _ in range(2))

    def start(keys: str) -> Store:
        return Store.open(StoreSettings(data=tmp_path / "50% & more?#", master_keys=keys))

    store = start(old)
    workspace = create_workspace(store, "x", ME)
    matters = fill(store, workspace, 1, answer)
    store.close()
    store = start(f"{old},{new}")
    rotate_master(store, ME, make=False)
    store.close()
    store = start(new)
    opens(store, workspace, matters)
    store.close()
    assert (tmp_path / "50% & more?#" / "dedere.db").is_file()
    with pytest.raises(UnknownMasterKey):
        start(old)


def test_a_result_of_no_matter_is_kept_under_the_workspace(store: Store, workspace: str) -> None:
    for replayed in (False, True):
        with store.write(workspace, ME) as tx:
            assert once(tx, "key", b"request", lambda: Result(204, b"")) == (Result(204, b""), replayed)
        rotate_workspace(store, workspace, ME)


def test_rotation_under_load_loses_nothing(store: Store, workspace: str, answer: Answer) -> None:
    matters, stop, versions = fill(store, workspace, 3, answer), threading.Event(), dict.fromkeys(range(3), 2)

    def write(index: int) -> None:
        while not stop.is_set():
            with store.write(workspace, ME) as tx:
                versions[index] = add_version(tx, matters[index], versions[index], facts(index))
            stop.wait(0.02)

    def create() -> int:
        made = 0
        while not stop.is_set() and made < 15:
            with store.write(workspace, ME) as tx:
                once(tx, f"made-{made}", b"x", partial(Result, 201, create_matter(tx, f"made-{made}", {}).id.encode()))
            made += 1
        return made

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, index) for index in range(3)]
        maker = pool.submit(create)
        try:
            for _ in range(2):
                rotate_workspace(store, workspace, ME, matters=True)
                rotate_master(store, ME)
        finally:
            stop.set()
        for writer in writers:
            writer.result()
    with store.write(workspace, ME) as tx:
        for index, matter in enumerate(matters):
            for version in range(1, versions[index] + 1):
                assert read_facts(tx, matter, version).document == facts(index)
        made = maker.result()
        assert [find_matter(tx, f"made-{number}").version for number in range(made)] == [1] * made
        assert len(tx.session.scalars(select(DataKey)).all()) == 6 + made


def test_a_rotation_that_was_interrupted_is_finished_by_the_next(
    store: Store, workspace: str, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    matters = fill(store, workspace, 2, answer)
    for step in ("_seal_anew", "_destroyed"):
        monkeypatch.setattr(rotation, step, lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            rotate_workspace(store, workspace, ME, matters=True)
        monkeypatch.undo()
        opens(store, workspace, matters)
    rotate_workspace(store, workspace, ME, matters=True)
    opens(store, workspace, matters)
    with store.read(workspace) as tx:
        assert len(tx.session.scalars(select(DataKey)).all()) == 5


def test_T14_an_erased_matter_is_gone_from_every_byte(
    store: Store, workspace: str, tmp_path: Path, answer: Answer, request: pytest.FixtureRequest
) -> None:
    matters = fill(store, workspace, 30, answer)
    erased, kept = matters[::2], matters[1::2]
    with store.read(workspace) as tx:
        versions = select(MatterVersion.sealed).where(MatterVersion.matter_id.in_(erased))
        secrets = [
            *tx.session.scalars(versions),
            *tx.session.scalars(select(DataKey.wrapped).where(DataKey.subject.in_(erased))),
        ]
    for matter in erased:
        assert erase_matter(store, workspace, matter, ME)
    for matter in erased:
        with pytest.raises(NotFound), store.write(workspace, ME) as tx:
            read_matter(tx, matter)
        with pytest.raises(NotFound), store.write(workspace, ME) as tx:
            read_facts(tx, matter, 1)
    with store.write(workspace, ME) as tx:
        assert {one.id for one in list_matters(tx)} == set(kept)
        with pytest.raises(NotFound):
            find_matter(tx, f"{CANARY}-ref-0")
    if not store.database.sqlite and "slow" not in request.config.option.markexpr:
        return  # the server's files are scanned alone: other tests on the same server leave pages of their own behind
    wanted = secrets if store.database.sqlite else [secret for secret in secrets if len(secret) == 61]
    bytes_left = on_disk(store, tmp_path)
    assert len(wanted) >= len(erased)
    assert [secret for secret in wanted if secret[13:45] in bytes_left] == []


def test_T14_rows_kept_from_before_an_erasure_do_not_open(store: Store, workspace: str, answer: Answer) -> None:
    """Crypto-shredding: someone who copied the sealed rows, but not the key, has nothing."""
    (matter,) = fill(store, workspace, 1, answer)
    with store.read(workspace) as tx:
        copy = tx.session.scalars(select(MatterVersion).where(MatterVersion.version == 1)).one()
    erase_matter(store, workspace, matter, ME)
    with store.write(workspace, ME) as tx:
        other = create_matter(tx, "new", {}).id
        key = tx.session.scalars(select(DataKey.id).where(DataKey.subject == other)).one()
        tx.add(
            MatterVersion(
                matter_id=other,
                version=2,
                workspace_id=workspace,
                key_id=key,
                sealed=copy.sealed,
                created_at="",
                actor="",
            )
        )
    with pytest.raises(Tampered), store.write(workspace, ME) as tx:
        read_facts(tx, other, 2)


def test_an_erased_reference_may_be_used_again_and_a_replay_is_gone(
    store: Store, workspace: str, answer: Answer
) -> None:
    (matter,) = fill(store, workspace, 1, answer)
    erase_matter(store, workspace, matter, ME)
    with pytest.raises(NotFound):
        erase_matter(store, workspace, matter, ME)
    with store.write(workspace, ME) as tx:
        assert create_matter(tx, f"{CANARY}-ref-0", facts(0)).id != matter


def test_rotating_a_matter_moves_its_answers_too(store: Store, workspace: str, answer: Answer) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", facts(0)).id
        said = record_assessment(tx, matter, 1, answer)
    rotate_key(store, workspace, matter, ME)
    with store.write(workspace, ME) as tx:
        assert read_answer(tx, said.id)[1].decode() == answer.model_dump_json()


def everything_in_clear(store: Store) -> str:
    """What a thief without any key reads in the tables."""
    with store.read(store.workspaces()[0]) as tx:
        tables = [tx.session.execute(select(table)).all() for table in Base.metadata.sorted_tables]
    return repr(tables)


def test_H3_a_stolen_database_has_no_receipt_to_try_guessed_facts_on(
    store: Store, workspace: str, answer: Answer
) -> None:
    (matter,) = fill(store, workspace, 1, answer)
    seen = everything_in_clear(store)
    told = [answer.receipt.digest, answer.receipt.case, answer.assessed_on.isoformat()]
    assert [one for one in told if one in seen] == []
    with store.write(workspace, ME) as tx:
        assert [(one.receipt, one.assessed_on) for one in list_assessments(tx, matter)] == [
            (answer.receipt.digest, "2026-01-01")
        ]


def test_H3_receipts_that_an_earlier_program_kept_in_the_clear_are_sealed_when_the_store_is_opened(
    store: Store, workspace: str, url: str, tmp_path: Path, answer: Answer
) -> None:
    (matter,) = fill(store, workspace, 1, answer)
    with store.write(workspace, ME) as tx:
        line = tx.session.scalars(select(AssessmentSummary)).one()
        change_summary(tx, line, replace(summary_in(take(tx, line)), receipt="", assessed_on=""))
        tx.session.execute(update(Assessment).values(receipt=answer.receipt.digest, assessed_on="2026-01-01"))
    assert answer.receipt.digest in everything_in_clear(store)
    again = open_store(url, tmp_path)
    assert answer.receipt.digest not in everything_in_clear(again)
    if store.database.sqlite:
        assert answer.receipt.digest.encode() not in bytes_on_disk(tmp_path)
    with again.write(workspace, ME) as tx:
        (said,) = list_assessments(tx, matter)
    assert (said.receipt, said.assessed_on) == (answer.receipt.digest, "2026-01-01")
    again.close()


def test_the_database_refuses_to_destroy_a_key_in_use(store: Store, workspace: str, answer: Answer) -> None:
    (matter,) = fill(store, workspace, 1, answer)
    with pytest.raises(IntegrityError) as refused, store.write(workspace, ME) as tx:
        tx.session.execute(text("DELETE FROM data_keys WHERE subject = :it"), {"it": matter})
    assert matter not in str(refused.value)


def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'dedere.db'}", tmp_path / "new")
    create_workspace(store, "x", ME)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 4
    store.close()


@pytest.mark.slow
def test_T11_ten_thousand_rows_are_sealed_anew_online(tmp_path: Path) -> None:
    """KEK and DEK rotation with 10,000 matters (of small facts)."""
    store = open_store(f"sqlite:///{tmp_path / 'dedere.db'}", tmp_path)
    workspace = create_workspace(store, "x", ME)
    for start in range(0, 10_000, 500):
        with store.write(workspace, ME) as tx:
            names = [create_matter(tx, f"r{start + index}", facts(0)).id for index in range(500)]
    rotate_master(store, ME)
    rotate_workspace(store, workspace, ME)
    with store.write(workspace, ME) as tx:
        assert read_facts(tx, names[-1]).document == facts(0)
    store.close()


def test_T13_the_most_talkative_log_holds_no_content(
    store: Store, workspace: str, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    matters = fill(store, workspace, 1, answer)
    opens(store, workspace, matters)
    with pytest.raises(ReferenceTaken), store.write(workspace, ME) as tx:
        create_matter(tx, f"{CANARY}-ref-0", facts(0))
    rotate_workspace(store, workspace, ME, matters=True)
    erase_matter(store, workspace, matters[0], ME)
    assert CANARY not in caplog.text
    assert "Қарағанды" not in caplog.text


def test_a_database_error_never_shows_content(url: str, store: Store, workspace: str) -> None:
    database = Database(url)
    with (
        pytest.raises(DBAPIError, match="nowhere") as refused,
        database.session(writes=True) as session,
    ):
        session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": CANARY})
    assert CANARY not in str(refused.value)
    database.close()
