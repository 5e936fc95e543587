"""M12: who has the database and not the keys can rewrite a chain, but not so that it is not seen."""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from api.operations.heads import heads_in, send_head
from api.storage.audit.journal import entries, head
from api.storage.audit.signing import Signatures, signatures
from api.storage.audit.sources import verify_session
from api.storage.store import Store, enter_workspace
from api.storage.tables import AuditEntry, DataKey
from engine.errors import InputProblems
from tests.api.support import here

ME = "usr_one"


def acted(store: Store, workspace: str, number: int = 3) -> None:
    for one in range(number):
        with store.write(workspace, ME) as tx:
            tx.record("matter.read", f"mat_{one}")


def signed(store: Store, workspace: str) -> Signatures:
    with store.read(workspace) as tx:
        return signatures(tx)


def unbolted(store: Store, workspace: str, *statements: str) -> None:
    """What somebody does who has the database as its owner."""
    with store.database.session(writes=True) as session:
        enter_workspace(session, workspace)
        if store.database.sqlite:
            for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        for one in statements:
            session.execute(text(one), {"chain": workspace, "bad": b"x"})


def rewritten(store: Store, workspace: str, without: int) -> None:
    """Take an entry out of a chain, and compute every hash after it anew."""
    with store.read(workspace) as tx:
        first, *others = [one for one in entries(tx.session, workspace) if one.seq != without]
    unbolted(store, workspace, "DELETE FROM audit_entries WHERE chain = :chain AND seq > 1")
    previous = first.hash
    with store.database.session(writes=True) as session:
        enter_workspace(session, workspace)
        for number, old in enumerate(others, 2):
            entry = replace(old, seq=number, previous=previous).sealed()
            session.add(AuditEntry(**{**asdict(entry), "ids": json.dumps(entry.ids), "mac": b"x"}))
            previous = entry.hash


def test_M12_every_entry_is_signed_from_the_first_on(store: Store, workspace: str) -> None:
    acted(store, workspace)
    found = signed(store, workspace)
    assert (found.since, found.faults) == (1, ())


def test_M12_a_chain_rewritten_without_the_key_has_right_hashes_and_wrong_signatures(
    store: Store, workspace: str
) -> None:
    acted(store, workspace)
    rewritten(store, workspace, without=3)
    with store.database.session(writes=False) as session:
        assert verify_session(session).intact, "by its hashes alone it looks whole"
    assert [fault.where for fault in signed(store, workspace).faults] == [
        f"entry {seq} of {workspace}" for seq in (2, 3)
    ]


def test_M12_the_service_records_that_it_found_an_entry_of_somebody_else(store: Store, workspace: str) -> None:
    acted(store, workspace)
    rewritten(store, workspace, without=2)
    acted(store, workspace, 2)
    with store.read(workspace) as tx:
        said = [(one.act, one.ids) for one in entries(tx.session, workspace)]
    assert said[-3:] == [("audit.unsigned", {"entry": 3}), ("matter.read", {}), ("matter.read", {})]
    assert signed(store, workspace).faults


def test_M12_a_chain_of_an_older_program_is_signed_from_the_next_entry_on_and_says_so(
    store: Store, workspace: str
) -> None:
    acted(store, workspace)
    unbolted(
        store,
        workspace,
        "UPDATE audit_entries SET mac = NULL WHERE chain = :chain",
        "DELETE FROM data_keys WHERE workspace_id = :chain AND subject LIKE 'audit:%'",
    )
    assert signed(store, workspace).faults
    acted(store, workspace, 1)
    found = signed(store, workspace)
    assert (found.since, found.faults) == (5, ())
    assert "signed since entry 5" in str(found)


def test_M12_a_damaged_key_of_the_chain_stops_no_work(store: Store, workspace: str) -> None:
    acted(store, workspace)
    unbolted(store, workspace, "UPDATE data_keys SET wrapped = :bad WHERE subject = 'audit:' || :chain")
    acted(store, workspace)
    assert "damaged" in str(signed(store, workspace).faults[0])


def test_each_workspace_has_a_key_of_its_own_for_its_chain(store: Store, workspace: str) -> None:
    with store.read(workspace) as tx:
        subjects = tx.session.scalars(select(DataKey.subject).where(DataKey.workspace_id == workspace)).all()
    assert f"audit:{workspace}" in subjects


def test_M12_the_command_checks_signatures_and_heads_that_were_sent(
    store: Store, workspace: str, url: str, tmp_path: Path
) -> None:
    acted(store, workspace)
    place = tmp_path / "heads"
    send_head(store, workspace, str(place))
    acted(store, workspace)
    send_head(store, workspace, str(place))
    asked = ("audit", "verify", url, "--heads", str(place), "--signed")
    fine = here(*asked, DEDERE_DATA=str(tmp_path))
    assert (fine.status, fine.err) == (0, "")
    assert "signed since entry 1" in fine.out
    unbolted(store, workspace, "DELETE FROM audit_entries WHERE chain = :chain AND seq > 5")
    cut = here(*asked, DEDERE_DATA=str(tmp_path))
    assert cut.status == 1
    assert "its end was cut off" in cut.out


def test_M12_a_head_reaches_a_syslog_server(store: Store, workspace: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        send_head(store, workspace, f"syslog://127.0.0.1:{server.getsockname()[1]}")
        line = server.recv(2000).decode()
    assert line.startswith("<110>1 ")
    with store.read(workspace) as tx:
        assert json.loads(line[line.index("{") :])["head"] == head(tx.session, workspace)[1]


def test_heads_that_cannot_be_read_are_refused_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "heads").write_text('{"head": "' + "0" * 64 + '"}\nnonsense\n', "utf-8")
    with pytest.raises(InputProblems) as error:
        heads_in(tmp_path / "heads")
    assert error.value.problems[0].line == 2
