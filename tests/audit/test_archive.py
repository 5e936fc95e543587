"""M1: the old part of a chain goes into an archive, and both together are verified as before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.operations.archive import YOUNGEST, archive
from api.operations.backup.errors import InTheWay, Unusable
from api.storage.audit.journal import entries
from api.storage.audit.signing import signatures
from api.storage.audit.sources import export, verify_files, verify_session, verify_url
from api.storage.store import Store
from tests.audit.test_signing import acted, unbolted
from tests.store.support import Clock

OLD = timedelta(days=60)


def numbers(store: Store, workspace: str) -> list[int]:
    with store.read(workspace) as tx:
        return [one.seq for one in entries(tx.session, workspace)]


def intact(store: Store) -> bool:
    with store.database.session(writes=False) as session:
        return verify_session(session).intact


def test_M1_old_entries_go_into_a_file_and_the_whole_is_verified_with_it(
    store: Store, workspace: str, url: str, clock: Clock, tmp_path: Path
) -> None:
    acted(store, workspace, 4)
    with store.read(workspace) as tx:
        early = [one.hash for one in entries(tx.session, workspace)][2]
    clock.moment += OLD
    acted(store, workspace, 2)
    files = [tmp_path / "one", tmp_path / "two"]
    first = archive(store, workspace, files[0], YOUNGEST)
    assert first is not None
    assert (first.entries, numbers(store, workspace)) == (5, [6, 7, 8])
    assert intact(store)
    clock.moment += OLD
    acted(store, workspace, 1)
    second = archive(store, workspace, files[1], YOUNGEST)
    assert second is not None
    assert numbers(store, workspace) == [9, 10]
    assert archive(store, workspace, tmp_path / "three", YOUNGEST) is None
    assert intact(store)
    whole = verify_url(url, [early], files)
    assert (whole.intact, whole.lengths[workspace]) == (True, 10)
    assert not verify_url(url, [early], files[1:]).intact, "the head is in the archive that is not there"
    assert verify_url(url, [early], files[:1]).faults, "the second archive is missing between them"
    (tmp_path / "now").write_bytes(b"".join(export(store, workspace)))
    assert verify_files([*files, tmp_path / "now"], [early]).intact
    with store.read(workspace) as tx:
        assert signatures(tx).faults == ()


def test_M1_a_beginning_that_no_entry_says_archived_is_missing(store: Store, workspace: str) -> None:
    acted(store, workspace, 3)
    unbolted(store, workspace, "DELETE FROM audit_entries WHERE chain = :chain AND seq < 3")
    with store.database.session(writes=False) as session:
        (fault,) = verify_session(session).faults
    assert "missing before it: entries 1 to 2" in str(fault)


def test_M1_the_last_month_stays_and_no_archive_is_written_over(
    store: Store, workspace: str, clock: Clock, tmp_path: Path
) -> None:
    with pytest.raises(Unusable):
        archive(store, workspace, tmp_path / "x", YOUNGEST - timedelta(days=1))
    clock.moment += OLD
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(InTheWay):
        archive(store, workspace, tmp_path / "x", YOUNGEST)
    assert numbers(store, workspace) == [1]


def test_entries_are_still_never_changed_after_an_archive(
    store: Store, workspace: str, clock: Clock, tmp_path: Path
) -> None:
    clock.moment += OLD
    archive(store, workspace, tmp_path / "x", YOUNGEST)
    with pytest.raises(DBAPIError), store.write(workspace, "usr_one") as tx:
        tx.session.execute(text("DELETE FROM audit_entries"))
