"""Memo and picture of an assessment of record, from the stored answer and the law it was made under."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from docx import Document
from fastapi import FastAPI

from api.accounts.keys.service import authenticate
from api.settings import Settings
from api.storage.store import Store
from engine.assess import Engine
from tests.api.http.support import CASE, Client, app_over, new_key
from tests.api.http.test_packs import pack_file

NAMED = {**CASE, "title": "The matter of Zhuldyz"}


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def assessed(client: Client, **sent: str) -> str:
    matter = client.post("/v1/matters", json={"reference": "T/1", "case": NAMED}).json()["id"]
    return str(client.post(f"/v1/matters/{matter}/assessments", json=sent).json()["id"])


def memo(client: Client, assessment: str, **query: str) -> str:
    answer = client.get(f"/v1/assessments/{assessment}/memo", params={"format": "md", **query})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_memo_is_to_be_had_as_word_pdf_and_markdown(mine: Client) -> None:
    assessment = assessed(mine)
    receipt = mine.get(f"/v1/assessments/{assessment}/summary").json()["receipt"]
    files = {form: mine.get(f"/v1/assessments/{assessment}/memo?format={form}") for form in ("docx", "pdf", "md")}
    assert files["pdf"].content.startswith(b"%PDF-")
    assert files["pdf"].headers["content-type"] == "application/pdf"
    paragraphs = [one.text for one in Document(io.BytesIO(files["docx"].content)).paragraphs]
    assert any("Memorandum on extradition" in text for text in paragraphs)
    assert receipt in files["md"].text
    for form, answer in files.items():
        assert answer.headers["content-disposition"] == f'attachment; filename="{assessment}.{form}"'


def test_the_memo_tells_the_stored_answer_without_reasoning_anew(mine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = assessed(mine, on="1951-01-01", reading="state")

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Engine, "assess", never)
    text = memo(mine, assessment)
    assert "1 January 1951" in text
    assert mine.get(f"/v1/assessments/{assessment}/summary").json()["receipt"] in text


def test_the_memo_is_of_the_version_that_was_assessed(mine: Client) -> None:
    assessment = assessed(mine)
    before = memo(mine, assessment)
    matter = mine.get(f"/v1/assessments/{assessment}/summary").json()["matter"]
    mine.put(f"/v1/matters/{matter}/facts", json={**NAMED, "title": "Other"}, headers={"if-match": '"v1"'})
    assert memo(mine, assessment) == before


def test_profile_language_and_style_are_chosen(mine: Client) -> None:
    assessment = assessed(mine)
    assert "Zhuldyz" in memo(mine, assessment)
    assert "Zhuldyz" not in memo(mine, assessment, profile="training")
    assert "inadmissible" not in memo(mine, assessment, profile="requesting_state").lower()
    assert memo(mine, assessment, language="uk") != memo(mine, assessment)
    refused = mine.get(f"/v1/assessments/{assessment}/memo", params={"profile": "journalist"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "profile")


def test_a_memo_is_made_under_the_law_of_its_assessment(toy_engine: Engine, toy_store: Store, tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    address = pack_file(packs, tmp_path, "gentler", "optional_refusal")
    mine = Client(app_over(toy_store, toy_engine, Settings(packs=packs)), new_key(toy_store))
    assessment = assessed(mine, pack=address)
    assert "gentler" in memo(mine, assessment)
    assert mine.get(f"/v1/assessments/{assessment}/graph").status_code == 200
    for path in packs.iterdir():
        path.unlink()
    alone = Client(app_over(toy_store, toy_engine, Settings(packs=packs)), mine.key)
    assert alone.get(f"/v1/assessments/{assessment}/memo").status_code == 409
    assert alone.get(f"/v1/assessments/{assessment}/graph").status_code == 409


def test_the_picture_is_svg_or_words(mine: Client) -> None:
    assessment = assessed(mine)
    picture = mine.get(f"/v1/assessments/{assessment}/graph?format=svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(picture.content).tag == "{http://www.w3.org/2000/svg}svg"
    words = mine.get(f"/v1/assessments/{assessment}/graph?format=text").text
    assert "The mill bars surrender" in words or "The mill" in words


def test_papers_need_leave_to_read_facts_and_are_of_ones_own_workspace(mine: Client, toy_store: Store) -> None:
    assessment = assessed(mine)
    workspace = authenticate(toy_store, mine.key).workspace
    half = Client(mine.app, new_key(toy_store, workspace, ["assessments:read"]))
    stranger = Client(mine.app, new_key(toy_store))
    for paper in ("memo", "graph"):
        assert half.get(f"/v1/assessments/{assessment}/{paper}").status_code == 403
        assert stranger.get(f"/v1/assessments/{assessment}/{paper}").status_code == 404
