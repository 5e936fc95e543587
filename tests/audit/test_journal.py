"""The chain in the database: one transaction with the act, every access, one chain for many writers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.cli.app import COMMANDS, run
from api.operations.erasure import erase_matter
from api.storage.assessments import list_assessments, read_answer, record_assessment
from api.storage.audit.chain import verify_lines
from api.storage.audit.journal import entries, head
from api.storage.audit.sources import export, verify_session, verify_url
from api.storage.errors import Conflict
from api.storage.matters import (
    add_version,
    create_matter,
    find_matter,
    list_matters,
    read_facts,
    read_matter,
)
from api.storage.store import Store, Transaction
from api.storage.workspaces import create_workspace
from engine.answer.model import Answer
from tests.conftest import ROOT

ME = "key_one"
SECRET = "Petrenko"


def acts(store: Store, workspace: str) -> list[tuple[str, str]]:
    with store.read(workspace) as tx:
        return [(entry.act, entry.subject) for entry in entries(tx.session, workspace)]


def test_T10_every_access_is_in_the_chain_and_holds_ids_only(store: Store, workspace: str, answer: Answer) -> None:
    with store.write(workspace, ME, "req_1") as tx:
        matter = create_matter(tx, f"{SECRET} 2026", {"title": SECRET}).id
        assessment = record_assessment(tx, matter, 1, answer).id
    with store.write(workspace, ME) as tx:
        add_version(tx, matter, 1, {"title": SECRET})
        read_matter(tx, matter)
        find_matter(tx, f"{SECRET} 2026")
        read_facts(tx, matter)
        list_matters(tx)
        read_answer(tx, assessment)
        list_assessments(tx, matter)
    erase_matter(store, workspace, matter, ME)
    names = [act for act, _ in acts(store, workspace)]
    first = ["workspace.created", "matter.created", "assessment.created"]
    read = [
        "matter.updated",
        "matter.read",
        "matter.read",
        "facts.read",
        "matters.listed",
        "assessment.read",
        "assessments.listed",
    ]
    assert names == [*first, *read, "matter.erased"]
    exported = b"".join(export(store, workspace))
    assert SECRET.encode() not in exported
    assert answer.receipt.digest.encode() not in exported
    assert verify_lines(exported.splitlines(keepends=True)).intact


def test_T10_what_cannot_be_recorded_cannot_be_read(store: Store, workspace: str, answer: Answer) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", {}).id
        assessment = record_assessment(tx, matter, 1, answer).id
    attempts: list[Callable[[Transaction], object]] = [
        lambda tx: read_matter(tx, matter),
        lambda tx: find_matter(tx, "REF"),
        lambda tx: read_facts(tx, matter),
        list_matters,
        lambda tx: read_answer(tx, assessment),
        lambda tx: list_assessments(tx, matter),
    ]
    for attempt in attempts:
        with pytest.raises(RuntimeError, match="needs a writing transaction"), store.read(workspace) as tx:
            attempt(tx)
    with pytest.raises(ValueError, match="actor"), store.write(workspace, ""):
        pass


def test_an_act_that_is_undone_leaves_no_entry(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", {}).id
    before = acts(store, workspace)

    def read_and_write(tx: Transaction) -> None:
        read_facts(tx, matter)
        add_version(tx, matter, 7, {})

    with pytest.raises(Conflict), store.write(workspace, ME) as tx:
        read_and_write(tx)
    assert acts(store, workspace) == before


def test_an_act_whose_entry_cannot_be_written_is_undone(store: Store, workspace: str) -> None:
    with pytest.raises(ValueError, match="ids only"), store.write(workspace, "not an id") as tx:
        create_matter(tx, "REF", {})
    with store.write(workspace, ME) as tx:
        assert list_matters(tx) == []


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'usr_other'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_the_chain(store: Store, workspace: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), store.write(workspace, ME) as tx:
        tx.session.execute(text(statement))


def test_eight_threads_keep_one_chain(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", {}).id

    def read(_: int) -> None:
        with store.write(workspace, ME) as tx:
            read_facts(tx, matter)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, range(80)))
    with store.read(workspace) as tx:
        found = verify_session(tx.session)
        assert (found.faults, found.lengths[workspace]) == ([], 82)
        assert head(tx.session, workspace) == (82, found.heads[workspace])


_READER = """
import sys
from pathlib import Path
from api.storage.matters import read_facts
from tests.store.support import open_store
url, folder, workspace, matter = sys.argv[1:]
store = open_store(url, Path(folder))
for _ in range(40):
    with store.write(workspace, "key_two") as tx:
        read_facts(tx, matter)
store.close()
"""


def test_two_processes_keep_one_chain(store: Store, workspace: str, url: str, tmp_path: Path) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", {}).id
    command = [sys.executable, "-c", _READER, url, str(tmp_path), workspace, matter]
    both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(acts(store, workspace)) == 82
    assert verify_url(url).intact


def test_T10_changes_behind_the_program_are_found_and_named(store: Store, workspace: str, url: str) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", {}).id
        for _ in range(8):
            read_matter(tx, matter)
    with store.read(workspace) as tx:
        anchored = head(tx.session, workspace)[1]
    assert verify_url(url, [anchored]).intact
    damages = {
        "UPDATE audit_entries SET actor = 'usr_x' WHERE seq = 3": "entry 3 of",
        "DELETE FROM audit_entries WHERE seq = 5": "missing before it: entry 5",
        "DELETE FROM audit_entries WHERE seq >= 9": "cut off or rewritten",
        "DELETE FROM audit_entries": "has no entries",
    }
    for statement, said in damages.items():
        _behind(store, workspace, statement)
        assert any(said in str(fault) for fault in verify_url(url, [anchored]).faults)


def _behind(store: Store, workspace: str, statement: str) -> None:
    with store.write(workspace, ME) as tx:
        if store.database.sqlite:
            for name in tx.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                tx.session.execute(text(f"DROP TRIGGER {name}"))
        else:
            tx.session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER ALL"))
        tx.session.execute(text(statement))


def test_workspaces_have_chains_of_their_own(store: Store, workspace: str) -> None:
    other = create_workspace(store, "Other", ME)
    assert acts(store, other) == [("workspace.created", other)]
    assert acts(store, workspace) == [("workspace.created", workspace)]


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command, listed."""
    monkeypatch.setitem(COMMANDS, "audit", "Verify an audit chain offline")


@pytest.mark.usefixtures("listed", "workspace")
def test_the_command_exports_heads_and_verifies(
    store: Store, url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    create_workspace(store, "Other", ME)
    assert run(["audit", "head", url]) == 0
    heads = [line.split() for line in capfd.readouterr().out.splitlines()]
    assert [(seq, len(head)) for _, seq, head in heads] == [("1", 64), ("1", 64)]
    assert run(["audit", "export", url]) == 0
    (tmp_path / "audit.ndjson").write_text(capfd.readouterr().out)
    noted = [part for _, _, head in heads for part in ("--head", head)]
    assert run(["audit", "verify", str(tmp_path / "audit.ndjson"), *noted]) == 0
    assert run(["audit", "verify", url, *noted]) == 0
    assert run(["audit", "export", "somewhere"]) == 2
