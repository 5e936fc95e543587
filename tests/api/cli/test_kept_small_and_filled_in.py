"""``dedere template``, ``dedere audit archive`` and ``dedere database tidy`` through their entrance."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.api.support import here


@pytest.fixture(autouse=True)
def _installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEDERE_DATA", str(tmp_path))
    store = Store.open(StoreSettings(data=tmp_path))
    create_workspace(store, "Law Centre", "usr_test")
    store.close()


def test_a_young_chain_is_left_whole(tmp_path: Path) -> None:
    folder = tmp_path / "archives"
    folder.mkdir()
    ran = here("audit", "archive", str(folder))
    assert ran.status == 0
    assert "nothing so old" in ran.out
    assert not list(folder.glob("*.ndjson"))
    refused = here("audit", "archive", str(folder), "--older", "7")
    assert refused.status == 2
    assert refused.faultless


def test_an_empty_workbook_is_written_once(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="an extra of batches")
    out = tmp_path / "cases.xlsx"
    ran = here("template", str(out))
    assert ran.status == 0
    assert "columns" in ran.err
    assert "xl/workbook.xml" in zipfile.ZipFile(out).namelist()
    assert "--force" in here("template", str(out)).err
    assert here("template", str(tmp_path / "cases.csv")).status == 2


def test_what_the_owner_of_postgresql_tidies_is_nothing_of_sqlite() -> None:
    ran = here("database", "tidy")
    assert ran.status == 2
    assert "PostgreSQL" in ran.err
