"""T10 as an auditor meets it: export, head, verify, on both databases; exporting in a process of its own."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from api.storage.matters import create_matter, read_facts
from api.storage.store import Store
from tests.api.support import dedere, here

ME = "usr_one"
SECRET = "Petrenko"


@pytest.fixture
def exported(store: Store, workspace: str, url: str, tmp_path: Path) -> Path:
    """An export of a chain of seven entries, as ``dedere audit export`` prints it."""
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, SECRET, {"title": SECRET}).id
    for _ in range(5):
        with store.write(workspace, ME) as tx:
            read_facts(tx, matter)
    ran = dedere("audit", "export", url)
    assert (ran.status, ran.err) == (0, "")
    assert SECRET not in ran.out
    file = tmp_path / "audit.ndjson"
    file.write_text(ran.out)
    return file


def test_T10_an_export_verifies_offline_against_a_head_noted_elsewhere(exported: Path, url: str) -> None:
    chain, number, head = here("audit", "head", url).out.split()
    assert number == "7"
    ran = here("audit", "verify", str(exported), "--head", head)
    assert (ran.status, ran.out) == (0, f"Intact\n{chain}: 7 entries, head {head}\n")


def test_T10_an_end_that_was_cut_off_shows_only_against_the_head(exported: Path, url: str) -> None:
    head = here("audit", "head", url).out.split()[2]
    exported.write_bytes(b"".join(exported.read_bytes().splitlines(keepends=True)[:-2]))
    assert here("audit", "verify", str(exported)).status == 0
    ran = here("audit", "verify", str(exported), "--head", head)
    assert ran.status == 1
    assert f"head {head[:12]}: not in the chain: its end was cut off or rewritten" in ran.out


def test_T10_a_changed_line_is_named(exported: Path) -> None:
    lines = exported.read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace(ME, "usr_two")
    exported.write_text("".join(lines))
    ran = here("audit", "verify", str(exported))
    assert ran.status == 1
    assert ran.out.startswith("Broken: 1 fault\nline 4 (entry 4 of ")


def test_T10_a_database_changed_behind_the_program_is_found(store: Store, workspace: str, url: str) -> None:
    head = here("audit", "head", url).out.split()[2]
    assert here("audit", "verify", url, "--head", head).status == 0
    _rewrite(store, url)
    ran = here("audit", "verify", url, "--head", head)
    assert ran.status == 1
    assert f"entry 1 of {workspace}: changed: its hash does not fit its content" in ran.out


def _rewrite(store: Store, url: str) -> None:
    statement = "UPDATE audit_entries SET actor = 'usr_two'"
    if store.database.sqlite:
        with store.database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER audit_no_update")
            connection.exec_driver_sql(statement)
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER TABLE audit_entries DISABLE TRIGGER ALL")
        server.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verify", "missing.ndjson"], "no such file"),
        (["verify", "postgresql://petrenko:pw@127.0.0.1:1/x"], "cannot be read"),
        (["head", "sqlite:///missing/petrenko.db"], "there is no such database"),
        (["verify", "missing.ndjson", "--head", "abc"], "64 hexadecimal digits"),
    ],
)
def test_what_cannot_be_verified_is_said_in_one_line(arguments: list[str], words: str) -> None:
    ran = here("audit", *arguments)
    assert ran.status != 0
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1
    assert "petrenko" not in ran.err
