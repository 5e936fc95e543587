"""T11 and T12: a workspace goes out in an open form and comes in on another installation, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.operations.backup.errors import Damaged, InTheWay, Unusable
from api.operations.backup.exporting import export_workspace
from api.operations.backup.importing import import_workspace
from api.operations.backup.parcel import MANIFEST
from api.operations.backup.retention import close_matter, hold_matter
from api.operations.erasure import erase_matter
from api.storage.assessments import list_assessments, read_answer
from api.storage.audit.chain import verify_lines
from api.storage.audit.sources import export, verify_url
from api.storage.datakeys import current_key, index_of
from api.storage.errors import NotFound
from api.storage.matters import find_matter, list_matters, read_facts
from api.storage.people_tables import Person
from api.storage.retention_tables import MatterMark
from api.storage.sealed import put
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.summaries import summaries
from api.storage.workspaces import create_workspace, workspace_name
from engine.answer.model import Answer
from tests.api.support import Ran, here
from tests.safekeeping.support import ANY_DATABASE, CANARY, ME, facts, files_below, fill, opened
from tests.store.stock import Stock
from tests.store.support import KINDS, postgres_answers


@pytest.fixture(params=KINDS)
def other(stock: Stock, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Another installation, with keys of its own, on either database."""
    if request.param == "postgresql" and not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    place = tmp_path / "other"
    place.mkdir(mode=0o700)
    with stock.lent(request.param, place) as url, opened(StoreSettings(data=place, database_url=url)) as store:
        yield store


@pytest.fixture
def matters(store: Store, workspace: str, answer: Answer) -> list[str]:
    """Three matters, one closed and on hold; a fourth was erased; and a person."""
    *names, gone = fill(store, workspace, 4, answer)
    erase_matter(store, workspace, gone, ME)
    with store.write(workspace, ME) as tx:
        close_matter(tx, names[0])
        hold_matter(tx, names[0])
        row = Person(
            id="usr_one",
            workspace_id=workspace,
            login_index=index_of(tx, "login", "anna"),
            roles="lawyer",
            created_at=tx.at,
        )
        put(row, current_key(tx, workspace), json.dumps({"name": "Anna"}).encode())
        tx.add(row)
    return names


def content(store: Store, workspace: str) -> list[dict[str, Any]]:
    """Everything of a workspace's matters but their ids."""
    found = []
    with store.write(workspace, ME) as tx:
        for matter in list_matters(tx, limit=100):
            mark = tx.session.get(MatterMark, matter.id)
            versions = [read_facts(tx, matter.id, number) for number in range(1, matter.version + 1)]
            said = list_assessments(tx, matter.id)
            lines = summaries(tx, [one.id for one in said])
            found.append(
                {
                    "matter": (matter.reference, matter.version, matter.created_at, matter.updated_at),
                    "mark": (mark.closed_at, mark.held_at) if mark else None,
                    "versions": [(one.version, one.document, one.created_at, one.actor) for one in versions],
                    "answers": [read_answer(tx, one.id)[1] for one in said],
                    "said": [(one.version, one.receipt, one.rules, one.created_at, lines[one.id]) for one in said],
                }
            )
    return found


@pytest.fixture(params=["out", "out.zip"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder or a zip file to export to."""
    return tmp_path / str(request.param)


def test_a_workspace_comes_in_elsewhere_as_it_went_out(
    store: Store, workspace: str, matters: list[str], other: Store, place: Path
) -> None:
    before = content(store, workspace)
    done = export_workspace(store, workspace, place)
    arrived = import_workspace(other, place, done.digest)
    assert content(other, arrived.workspace) == before
    assert len(before) == done.matters == 3
    with other.write(arrived.workspace, ME) as tx:
        assert workspace_name(tx) == "Canary Law Centre"
        for matter in list_matters(tx):
            assert find_matter(tx, matter.reference).id == matter.id
        assert {matter.id for matter in list_matters(tx)} == {arrived.ids[old] for old in matters}
        assert tx.session.scalars(select(Person)).all() == []
    assert not set(arrived.ids) & set(arrived.ids.values())


def test_an_import_is_in_the_chain_with_the_head_it_comes_from(
    store: Store, workspace: str, matters: list[str], other: Store, tmp_path: Path
) -> None:
    done = export_workspace(store, workspace, tmp_path / "out")
    arrived = import_workspace(other, tmp_path / "out", done.digest)
    old = verify_lines((tmp_path / "out" / "audit.ndjson").read_bytes().splitlines(keepends=True))
    entries = [json.loads(line) for line in export(other, arrived.workspace)]
    first = next(entry for entry in entries if entry["act"] == "workspace.imported")
    assert old.intact
    assert (first["ids"]["was"], first["ids"]["head"]) == (workspace, old.heads[workspace])
    assert first["ids"]["manifest"] == done.digest
    assert [entry["ids"]["was"] for entry in entries if entry["act"] == "matter.imported"] == sorted(matters)
    assert verify_lines(export(other, arrived.workspace)).intact


def test_what_went_out_is_in_the_chain_before_and_after(
    store: Store, workspace: str, matters: list[str], url: str, tmp_path: Path
) -> None:
    done = export_workspace(store, workspace, tmp_path / "out")
    inside = [json.loads(line) for line in (tmp_path / "out" / "audit.ndjson").read_bytes().splitlines()]
    assert [entry["subject"] for entry in inside if entry["act"] == "matter.exported"] == matters
    last = json.loads(list(export(store, workspace))[-1])
    assert (last["act"], last["ids"]["manifest"]) == ("workspace.exported", done.digest)
    assert verify_url(url).intact


@ANY_DATABASE
def test_the_form_is_open_and_holds_no_secret(store: Store, workspace: str, matters: list[str], tmp_path: Path) -> None:
    done = export_workspace(store, workspace, tmp_path / "out")
    out = tmp_path / "out"
    assert files_below(out) == {MANIFEST, "people.json", "audit.ndjson", *(f"matters/{name}.json" for name in matters)}
    manifest = json.loads((out / MANIFEST).read_bytes())
    for name, said in manifest["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == said["sha256"]
    assert hashlib.sha256((out / MANIFEST).read_bytes()).hexdigest() == done.digest
    assert json.loads((out / f"matters/{matters[1]}.json").read_bytes())["versions"][1]["facts"] == facts(1)
    (person,) = json.loads((out / "people.json").read_bytes())
    assert (person["details"], set(person)) == (
        {"name": "Anna"},
        {"id", "roles", "created_at", "disabled_at", "details"},
    )
    assert {path.stat().st_mode & 0o077 for path in [out, *out.rglob("*")]} == {0}


def test_only_one_workspace_goes_out(store: Store, workspace: str, matters: list[str], tmp_path: Path) -> None:
    second = create_workspace(store, "Second", ME)
    done = export_workspace(store, second, tmp_path / "out")
    assert done.matters == 0
    assert not any(CANARY.encode() in path.read_bytes() for path in (tmp_path / "out").rglob("*.*json"))
    with pytest.raises(NotFound):
        export_workspace(store, "wsp_none", tmp_path / "none")
    with pytest.raises(InTheWay):
        export_workspace(store, second, tmp_path / "out")


def _edit(out: Path, change: Callable[[str], str], name: str = "") -> None:
    file = out / (name or next(iter(sorted((out / "matters").iterdir()))).relative_to(out))
    file.write_text(change(file.read_text("utf-8")), "utf-8")


def _forge(out: Path) -> None:
    """Change a fact and make the manifest fit it."""
    _edit(out, lambda text: text.replace(CANARY, "canary-0000"))
    manifest = json.loads((out / MANIFEST).read_bytes())
    for name, said in manifest["files"].items():
        raw = (out / name).read_bytes()
        said.update(sha256=hashlib.sha256(raw).hexdigest(), bytes=len(raw))
    (out / MANIFEST).write_text(json.dumps(manifest))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a fact was changed": lambda out: _edit(out, lambda text: text.replace(CANARY, "canary-0000")),
    "the manifest was changed": lambda out: _edit(out, lambda text: text + " ", MANIFEST),
    "the manifest and the fact were changed together": _forge,
    "a file was left out": lambda out: next(iter((out / "matters").iterdir())).unlink(),
    "a file was added": lambda out: (out / "matters" / "more.json").write_text("{}"),
    "the chain was cut": lambda out: _edit(out, lambda text: text[: len(text) // 2], "audit.ndjson"),
    "there is no manifest": lambda out: (out / MANIFEST).unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
@ANY_DATABASE
def test_an_export_that_was_tampered_with_makes_nothing(
    store: Store, workspace: str, matters: list[str], damage: str, tmp_path: Path
) -> None:
    done = export_workspace(store, workspace, tmp_path / "out")
    before = store.workspaces()
    DAMAGES[damage](tmp_path / "out")
    with pytest.raises(Damaged):
        import_workspace(store, tmp_path / "out", done.digest)
    assert store.workspaces() == before


@ANY_DATABASE
def test_a_damaged_zip_makes_nothing(store: Store, workspace: str, matters: list[str], tmp_path: Path) -> None:
    done, whole = export_workspace(store, workspace, tmp_path / "out.zip"), (tmp_path / "out.zip").read_bytes()
    before, wrong = store.workspaces(), tmp_path / "wrong.zip"
    for place in range(30, len(whole), max(1, len(whole) // 40)):
        wrong.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        try:
            arrived = import_workspace(store, wrong, done.digest)
        except Damaged:
            continue
        assert [row["versions"] for row in content(store, arrived.workspace)] == [
            row["versions"] for row in content(store, workspace)
        ]  # the byte was one that means nothing, such as a file's date
    wrong.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Damaged):
        import_workspace(store, wrong, done.digest)
    assert set(before) <= set(store.workspaces())


@ANY_DATABASE
def test_a_zip_that_names_paths_outside_or_unpacks_to_too_much_is_refused(store: Store, tmp_path: Path) -> None:
    for name, size in (("../../evil.json", 3), ("audit.ndjson", 3)):
        files = {name: {"sha256": "0" * 64, "bytes": size}}
        manifest = json.dumps({"form": "dedere-export 1", "files": files, "workspace": {"id": "x"}}).encode()
        with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as parcel:
            parcel.writestr(name, b"0" * 50_000_000)
            parcel.writestr(MANIFEST, manifest)
        with pytest.raises(Damaged):
            import_workspace(store, tmp_path / "x.zip", hashlib.sha256(manifest).hexdigest())


@ANY_DATABASE
def test_an_import_that_fails_midway_leaves_nothing(
    store: Store, workspace: str, matters: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = export_workspace(store, workspace, tmp_path / "out")
    real = import_workspace.__globals__["_matter"]

    def fail(tx: Any, data: dict[str, Any], ids: dict[str, str]) -> None:
        if data["id"] == max(matters):
            raise RuntimeError
        real(tx, data, ids)

    monkeypatch.setattr("api.operations.backup.importing._matter", fail)
    with pytest.raises(RuntimeError):
        import_workspace(store, tmp_path / "out", done.digest)
    assert store.workspaces() == [workspace]


@ANY_DATABASE
def test_an_export_of_a_newer_program_is_refused(
    store: Store, workspace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.operations.backup.exporting.newest", lambda: "9999")
    done = export_workspace(store, workspace, tmp_path / "out")
    with pytest.raises(Unusable, match="newer"):
        import_workspace(store, tmp_path / "out", done.digest)


@ANY_DATABASE
def test_by_command(store: Store, workspace: str, matters: list[str], url: str, tmp_path: Path) -> None:
    def dedere(*arguments: str) -> Ran:
        return here(*arguments, DEDERE_DATA=str(tmp_path), DEDERE_DATABASE_URL=url, DEDERE_MASTER_KEYS="")

    out, mapping = str(tmp_path / "out.zip"), tmp_path / "ids.json"
    ran = dedere("export", out, "--workspace", workspace)
    assert (ran.status, ran.err) == (0, "")
    digest = ran.out.split()[-1]
    ran = dedere("import", out, "--digest", digest, "--name", "Copy", "--mapping", str(mapping))
    assert (ran.status, ran.err) == (0, "")
    ids = json.loads(mapping.read_text())
    assert ran.out.startswith(f"Imported as {ids[workspace]}: 3 matters\n")
    assert "Assessed anew under the law here: 0; could not be: 3" in ran.out
    shutil.copy(out, tmp_path / "again.zip")
    for arguments, words in (
        (("import", out, "--digest", "0" * 64), "is not the export with this digest"),
        (("import", out, "--digest", "x"), "64 hexadecimal digits"),
        (("import", str(tmp_path / "no.zip"), "--digest", digest), "no such file"),
        (("import", str(mapping), "--digest", digest), "neither an export folder nor a whole zip file"),
        (("export", out, "--workspace", workspace), "is there already"),
    ):
        ran = dedere(*arguments)
        assert (ran.status, len(ran.err.splitlines()), ran.out) == (2, 1, ""), ran
        assert words in ran.err
