"""What hangs on an erased matter goes with it; what an interrupted restore left goes at the next start."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from api.operations.backup.staging import sweep
from api.operations.erasure import erase_matter
from api.operations.jobs.book import list_jobs
from api.operations.jobs.leases import Said, claim, finish, next_part, write_results
from api.storage.matters import create_matter
from api.storage.store import Store
from api.storage.tables import DataKey
from api.storage.training_tables import TrainingSession
from api.training.lesson import Lesson
from api.training.sessions import Desk, Kept, open_session
from tests.jobs.support import send

ME = "usr_one"
LATER = "9999"


def matter_of(store: Store, workspace: str, reference: str) -> str:
    with store.write(workspace, ME) as tx:
        return create_matter(tx, reference, {"case": reference}).id


def lesson_on(store: Store, workspace: str, matter: str) -> str:
    kept = Kept.model_construct(lesson=Lesson.model_construct(), document={"case": "A/1"})
    with store.write(workspace, ME) as tx:
        return open_session(tx, Desk(title="A lesson"), kept, matter)


def jobs_of(store: Store, workspace: str) -> list[str]:
    with store.read(workspace) as tx:
        return [job.id for job in list_jobs(tx)]


def sessions_of(store: Store, workspace: str) -> list[str]:
    with store.read(workspace) as tx:
        return list(tx.session.scalars(select(TrainingSession.id)))


def keys_of(store: Store, workspace: str, *subjects: str) -> int:
    with store.read(workspace) as tx:
        return len(tx.session.scalars(select(DataKey.id).where(DataKey.subject.in_(subjects))).all())


def test_training_sessions_on_an_erased_matter_end_with_it_and_others_go_on(store: Store, workspace: str) -> None:
    matter, other = matter_of(store, workspace, "A/1"), matter_of(store, workspace, "A/2")
    ended, going_on = lesson_on(store, workspace, matter), lesson_on(store, workspace, other)
    erase_matter(store, workspace, matter, ME)
    assert sessions_of(store, workspace) == [going_on]
    assert keys_of(store, workspace, ended) == 0


def test_jobs_that_hold_a_case_of_an_erased_matter_go_with_it(store: Store, workspace: str) -> None:
    matter = matter_of(store, workspace, "A/1")
    waits = send(store, workspace, [json.dumps({"case": name}).encode() for name in ("B/1", "A/1")])
    done = send(store, workspace, [b'{"case": "A/1"}'], kind="done")
    other = send(store, workspace, [b'{"case": "A/11"}', b"no case", b"[]"], kind="other")
    with store.write(workspace, ME) as tx:
        held = claim(tx, ["done"], LATER)
        assert held is not None
        part = next_part(tx, held)
        assert part is not None
        write_results(tx, held, part, [Said(True, b'{"answer":{"case":"A/1"}}')], LATER)
        finish(tx, held)
    erase_matter(store, workspace, matter, ME)
    assert jobs_of(store, workspace) == [other]
    assert keys_of(store, workspace, waits, done) == 0


def test_what_an_interrupted_restore_left_is_swept_away(tmp_path: Path) -> None:
    for ending in (".db", ".db-wal"):
        (tmp_path / f"restoring_abc{ending}").write_bytes(b"keys")
    (tmp_path / "dedere.db").write_bytes(b"data")
    assert sweep(tmp_path) == 2
    assert [place.name for place in tmp_path.iterdir()] == ["dedere.db"]
