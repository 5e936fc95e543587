"""Over HTTP: an assessment of record reads as if its words had been written at once, also after an update of the law."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from api.law.catalogue import Catalogue
from api.operations.backup.exporting import export_workspace
from api.operations.jobs.chores import run_due
from api.service.service import Here, Service
from api.service.wording import keep_law
from api.settings import Settings
from api.storage.errors import NoWords
from api.storage.store import Store
from api.storage.tables import Assessment
from api.web.housekeeping import wording
from engine.assess import Engine
from engine.content.loader import load_pack
from engine.content.packfile import ROOMS
from tests.api.http.support import CASE, Client, app_over, new_key
from tests.conftest import TOYLAND


def assessed(client: Client, reference: str = "W/1") -> str:
    matter = client.post("/v1/matters", json={"reference": reference, "case": CASE}).json()["id"]
    return str(client.post(f"/v1/matters/{matter}/assessments", json={}).json()["id"])


def in_words(store: Store, assessment: str) -> bool:
    with store.database.session(writes=False) as session:
        return bool(session.scalar(select(Assessment.in_words).where(Assessment.id == assessment)))


@pytest.fixture
def later(tmp_path: Path) -> tuple[Engine, Settings]:
    """An update of Toyland's law in a folder of its own, and settings with a shelf."""
    for room in ROOMS:
        shutil.copytree(TOYLAND / room, tmp_path / "law" / room)
    (tmp_path / "law" / "rules" / "pack.yaml").write_text("version: later\n", "utf-8")
    pack = load_pack(tmp_path / "law" / "rules", tmp_path / "law" / "instruments")
    return Engine(pack), Settings(content=TOYLAND, packs=tmp_path / "shelf")


def test_the_first_reader_gets_the_words_that_a_stateless_answer_has(toy_store: Store, toy_engine: Engine) -> None:
    client = Client(app_over(toy_store, toy_engine), new_key(toy_store))
    assessment = assessed(client)
    assert not in_words(toy_store, assessment)
    read = [client.get(f"/v1/assessments/{assessment}/answer") for _ in range(2)]
    assert read[0].content == read[1].content == client.post("/v1/answers", json=CASE).content
    assert in_words(toy_store, assessment)


def test_an_update_of_the_law_changes_no_word_of_what_was_assessed_before(
    toy_store: Store, toy_engine: Engine, later: tuple[Engine, Settings]
) -> None:
    engine, settings = later
    key = new_key(toy_store)
    assessment = assessed(Client(app_over(toy_store, toy_engine, settings), key))
    keep_law(toy_engine, settings)
    updated = Client(app_over(toy_store, engine, settings), key)
    before = Client(app_over(toy_store, toy_engine), key).post("/v1/answers", json=CASE)
    assert updated.get(f"/v1/assessments/{assessment}/answer").content == before.content


def test_without_the_earlier_law_the_outcome_is_there_and_the_words_say_what_is_missing(
    toy_store: Store, toy_engine: Engine, later: tuple[Engine, Settings]
) -> None:
    key = new_key(toy_store)
    assessment = assessed(Client(app_over(toy_store, toy_engine), key))
    updated = Client(app_over(toy_store, *later), key)
    refused = updated.get(f"/v1/assessments/{assessment}/proof")
    assert refused.status_code == 409
    assert "pack file" in refused.json()["errors"][0]["fix"]
    assert updated.get(f"/v1/assessments/{assessment}/summary").json()["outcome"] == "inadmissible"


def test_the_law_in_use_is_put_on_the_shelf_once_and_is_whole(
    toy_engine: Engine, later: tuple[Engine, Settings]
) -> None:
    settings = later[1]
    assert settings.packs is not None
    for _ in range(2):
        keep_law(toy_engine, settings)
        (file,) = settings.packs.iterdir()
        moment = file.stat().st_mtime_ns
    keep_law(toy_engine, settings)
    assert file.stat().st_mtime_ns == moment


def test_while_nobody_waits_records_are_put_into_words(toy_store: Store, toy_engine: Engine) -> None:
    client = Client(app_over(toy_store, toy_engine), new_key(toy_store))
    made = [assessed(client, f"W/{number}") for number in range(3)]
    service = Service(toy_engine, Catalogue(toy_engine), Settings(), toy_store, Here(toy_engine))
    until = time.monotonic() + 30
    while not all(in_words(toy_store, one) for one in made) and time.monotonic() < until:
        run_due(service.store, wording(service.assessor), threading.Event())
    assert all(in_words(toy_store, one) for one in made)


def test_an_export_has_the_words_and_without_the_law_there_is_no_export(
    toy_store: Store, toy_engine: Engine, tmp_path: Path
) -> None:
    key = new_key(toy_store)
    client = Client(app_over(toy_store, toy_engine), key)
    assessment = assessed(client)
    workspace = _workspace(toy_store, assessment)
    with pytest.raises(NoWords):
        export_workspace(toy_store, workspace, tmp_path / "without")
    service = Service(toy_engine, Catalogue(toy_engine), Settings(), toy_store, Here(toy_engine))
    export_workspace(service.store, workspace, tmp_path / "with")
    (file,) = (tmp_path / "with" / "matters").iterdir()
    assert '"next_questions"' in file.read_text("utf-8")


def _workspace(store: Store, assessment: str) -> str:
    with store.database.session(writes=False) as session:
        return str(session.scalar(select(Assessment.workspace_id).where(Assessment.id == assessment)))
