"""Other packs over HTTP: listed, assessed under, and what they would change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from api.law.shelf import KEPT, NoSuchPack, Shelf
from api.settings import Settings
from api.storage.store import Store
from engine.assess import Engine
from engine.content import packfile
from engine.content.digest import address_of
from tests.api.http.support import CASE, Client, app_over, new_key
from tests.conftest import TOYLAND


def pack_file(folder: Path, work: Path, version: str, bars: str = "absolute_bar") -> str:
    """Write a pack file of Toyland with another version, in which the mill does something else; its address."""
    place = work / version
    for room in packfile.ROOMS:
        shutil.copytree(TOYLAND / room, place / room)
    (place / "rules" / "pack.yaml").write_text(f"version: {version}\n", "utf-8")
    path = place / "rules" / "toy-1900" / "all.yaml"
    path.write_text(path.read_text("utf-8").replace("absolute_bar", bars), "utf-8")
    content = packfile.content_of(place, version)
    name, raw = packfile.write(content)
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(raw)
    return content.address


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


@pytest.fixture(scope="module")
def gentler(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a pack in which the mill only permits refusal."""
    return pack_file(folder, tmp_path_factory.mktemp("gentler"), "gentler", "optional_refusal")


@pytest.fixture
def mine(toy_engine: Engine, toy_store: Store, folder: Path, gentler: str) -> Client:
    """A client of a workspace of its own, in an installation with a folder of packs."""
    return Client(app_over(toy_store, toy_engine, Settings(packs=folder)), new_key(toy_store))


def matter_of(client: Client, reference: str, **facts: str) -> str:
    case = {**CASE, "facts": {**CASE["facts"], **facts}}
    return str(client.post("/v1/matters", json={"reference": reference, "case": case}).json()["id"])


def test_the_pack_in_use_comes_first_with_its_digests(mine: Client, toy_engine: Engine, gentler: str) -> None:
    listed = mine.get("/v1/packs").json()["packs"]
    assert [one["address"] for one in listed] == [address_of(toy_engine.pack), gentler]
    assert [one["in_use"] for one in listed] == [True, False]
    assert listed[0]["rules"] == toy_engine.pack.rules_digest
    assert listed[1]["rules"] != listed[0]["rules"]
    assert listed[1]["instruments"] == listed[0]["instruments"]


def test_a_pack_says_how_much_is_in_it(mine: Client, toy_engine: Engine, gentler: str) -> None:
    found = mine.get(f"/v1/packs/{gentler}").json()
    assert (found["criteria"], found["facts"]) == (len(toy_engine.pack.criteria), 30)
    assert mine.get(f"/v1/packs/{gentler}0").status_code == 404


def test_an_assessment_under_another_pack_names_that_pack(mine: Client, gentler: str) -> None:
    matter = matter_of(mine, "T/1")
    address = f"/v1/matters/{matter}/assessments"
    here, there = mine.post(address, json={}).json(), mine.post(address, json={"pack": gentler}).json()
    assert (here["outcome"], there["outcome"]) == ("inadmissible", "undetermined")
    assert there["rules"] == mine.get(f"/v1/packs/{gentler}").json()["rules"]
    assert (here["hypothetical"], there["hypothetical"]) == (False, True)
    assert mine.get(address.removesuffix("/assessments")).json()["assessment"] == here["id"]
    refused = mine.post(address, json={"pack": "toy+000000000000"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/pack")


def test_a_pack_file_that_was_changed_is_not_on_the_shelf(
    mine: Client, tmp_path: Path, toy_engine: Engine, toy_store: Store
) -> None:
    packs = tmp_path / "packs"
    address = pack_file(packs, tmp_path, "spoilt")
    path = next(packs.iterdir())
    app = Client(app_over(toy_store, toy_engine, Settings(packs=packs)), mine.key)
    assert app.get(f"/v1/packs/{address}").status_code == 200
    data = json.loads(path.read_text("utf-8"))
    data["files"]["rules/clocks.yaml"] += "# more\n"
    path.write_text(json.dumps(data), "utf-8")
    fresh = Client(app_over(toy_store, toy_engine, Settings(packs=packs)), mine.key)
    for client in (app, fresh):
        assert len(client.get("/v1/packs").json()["packs"]) == 1
    assert fresh.get(f"/v1/packs/{address}").status_code == 404


def test_only_the_last_engines_are_kept_and_each_is_made_once(tmp_path: Path, toy_engine: Engine) -> None:
    packs = tmp_path / "packs"
    addresses = [pack_file(packs, tmp_path, f"v{number}") for number in range(KEPT + 1)]
    shelf = Shelf(toy_engine, Settings(packs=packs))
    first = shelf.engine(addresses[0])
    assert shelf.engine(addresses[0]) is first
    assert shelf.engine(address_of(toy_engine.pack)) is toy_engine
    for address in addresses[1:]:
        shelf.engine(address)
    assert shelf.engine(addresses[0]) is not first
    with pytest.raises(NoSuchPack):
        shelf.engine_for("0" * 64, "0" * 64)


def test_impact_names_the_matters_that_would_stand_otherwise(mine: Client, gentler: str) -> None:
    barred, free, bare = matter_of(mine, "T/1"), matter_of(mine, "T/2", ground_up="no"), matter_of(mine, "T/3")
    assessed = {
        matter: mine.post(f"/v1/matters/{matter}/assessments", json={}).json()["id"] for matter in (barred, free)
    }
    found = mine.post("/v1/impact", json={"pack": gentler}).json()
    assert (found["seen"], found["compared"], found["next"]) == (3, 2, "")
    assert bare not in str(found["changes"])
    assert found["changes"] == [
        {
            "matter": barred,
            "assessment": assessed[barred],
            "before": {"outcome": "inadmissible", "first": "toy-1900.mill", "status": "met"},
            "after": {"outcome": "undetermined", "first": "toy-1900.mill", "status": "met"},
        }
    ]


def test_impact_comes_in_pages_and_its_cursor_is_of_the_pack(mine: Client, toy_engine: Engine, gentler: str) -> None:
    matters = [matter_of(mine, f"T/{number}") for number in range(5)]
    for matter in matters:
        mine.post(f"/v1/matters/{matter}/assessments", json={})
    seen, cursor = [], ""
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = mine.post("/v1/impact", params=query, json={"pack": gentler}).json()
        seen += [one["matter"] for one in page["changes"]]
        if not page["next"]:
            break
        cursor = page["next"]
    assert seen == matters
    foreign = mine.post("/v1/impact", params={"cursor": cursor}, json={"pack": address_of(toy_engine.pack)})
    assert foreign.status_code == 400


def test_the_pack_in_use_changes_nothing(mine: Client, toy_engine: Engine) -> None:
    matter = matter_of(mine, "T/1", ground_up="unknown")
    mine.post(f"/v1/matters/{matter}/assessments", json={})
    found = mine.post("/v1/impact", json={"pack": address_of(toy_engine.pack)}).json()
    assert (found["compared"], found["changes"]) == (1, [])
    assert mine.post("/v1/impact", json={"pack": "toy+1"}).status_code == 422
