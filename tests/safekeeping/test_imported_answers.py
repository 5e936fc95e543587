"""M8: an export with a forged answer is imported, and the forgery is believed nowhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.storage.matters import list_matters
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.summaries import standing_of, summaries
from engine.assess import Engine
from tests.api.http.support import CASE, Client, app_over, new_key
from tests.api.support import here
from tests.pages.support import Visitor, visitor, words

FORGED = "admissible"
NOT_OURS = "Imported, not computed here."


@pytest.fixture(scope="module")
def arrived(toy_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, Store, str]]:
    """An installation into which the forged export was imported: its application, store and workspace."""
    tmp_path = tmp_path_factory.mktemp("forged")
    origin = Store.open(StoreSettings(data=tmp_path / "origin"))
    client = Client(app_over(origin, toy_engine), new_key(origin))
    matter = client.post("/v1/matters", json={"reference": "T/1", "case": CASE}).json()["id"]
    made = client.post(f"/v1/matters/{matter}/assessments", json={}).json()
    assert made["outcome"] != FORGED
    client.get(f"/v1/assessments/{made['id']}")
    (workspace,) = origin.workspaces()
    origin.close()
    _run("export", str(tmp_path / "out"), "--workspace", workspace, data=tmp_path / "origin")
    digest = _forge(tmp_path / "out")
    _run("import", str(tmp_path / "out"), "--digest", digest, data=tmp_path / "here")
    store = Store.open(StoreSettings(data=tmp_path / "here"))
    yield app_over(store, toy_engine), store, store.workspaces()[0]
    store.close()


def _run(*arguments: str, data: Path) -> None:
    ran = here(*arguments, DEDERE_DATA=str(data), DEDERE_DATABASE_URL="", DEDERE_MASTER_KEYS="")
    assert ran.status == 0, ran.err


def _forge(parcel: Path) -> str:
    """Change the outcome in the export, and make its digests right again; gives that of the manifest."""
    (file,) = (parcel / "matters").glob("*.json")
    data = json.loads(file.read_text("utf-8"))
    for one in data["assessments"]:
        one["summary"]["outcome"] = one["answer"]["outcome"] = FORGED
        one["summary"]["sentence"] = one["answer"]["sentence"] = "Nothing examined here forbids surrender."
    file.write_text(json.dumps(data), "utf-8")
    manifest = parcel / "manifest.json"
    about = json.loads(manifest.read_text("utf-8"))
    content = file.read_bytes()
    about["files"][f"matters/{file.name}"] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    manifest.write_text(json.dumps(about), "utf-8")
    return hashlib.sha256(manifest.read_bytes()).hexdigest()


def test_M8_a_forged_outcome_is_told_nowhere_as_where_a_matter_stands(arrived: tuple[FastAPI, Store, str]) -> None:
    app, store, workspace = arrived
    with store.write(workspace, "usr_one") as tx:
        (matter,) = list_matters(tx)
        standing = standing_of(tx, [matter.id])[matter.id]
        (line,) = summaries(tx, [standing.assessment]).values()
    assert line.outcome == "inadmissible", "the matter was assessed anew"
    client = Client(app, new_key(store, workspace))
    assert client.get(f"/v1/matters/{matter.id}").json()["outcome"] == "inadmissible"


def test_M8_an_imported_answer_is_marked_wherever_it_is_shown_and_nothing_is_made_of_it(
    arrived: tuple[FastAPI, Store, str],
) -> None:
    app, store, workspace = arrived
    client = Client(app, new_key(store, workspace))
    imported, ours = client.get("/v1/assessments").json()["assessments"]
    assert (imported["outcome"], imported["imported"], ours["imported"]) == (FORGED, True, False)
    path = f"/v1/assessments/{imported['id']}"
    for answer in (client.get(path), client.get(f"{path}/answer"), client.get(f"{path}/summary")):
        assert answer.json()["sentence"].startswith(NOT_OURS)
    for part in ("proof", "trace", "why-not", "flip-sets", "questions", "not-relied-on", "memo", "graph"):
        assert client.get(f"{path}/{part}").status_code == 409
    sides = {"before": {"assessment": imported["id"]}, "after": {"assessment": imported["id"]}}
    assert client.post("/v1/compare", json=sides).status_code == 409
    _pages_say_so(visitor(app, store, workspace=workspace), imported["matter"], imported["id"])


def _pages_say_so(anna: Visitor, matter: str, assessment: str) -> None:
    pages = [f"/matters/{matter}", f"/matters/{matter}/history"]
    pages += [f"/matters/{matter}/{room}?assessment={assessment}" for room in ("verdict", "memo", "graph")]
    for path in pages:
        assert NOT_OURS.lower().rstrip(".") in words(anna.get(path)).lower(), path
    assert anna.get(f"/matters/{matter}/memo/file?assessment={assessment}").status_code != 200
