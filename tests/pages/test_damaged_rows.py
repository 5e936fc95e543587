"""M3: one damaged row is said to be unreadable, and everything else is still shown; the start does not mind it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.accounts.persons import Details, create_person, list_people
from api.storage.people_tables import Person
from api.storage.store import Store
from api.storage.tables import AssessmentSummary, DataKey, Matter
from api.web.serving import first_link
from tests.api.http.support import CASE, Client, new_key
from tests.pages.support import Visitor, visitor, words
from tests.store.support import open_store


@pytest.fixture
def anna(toy_app: FastAPI, toy_store: Store) -> Visitor:
    """Somebody with a workspace of her own."""
    return visitor(toy_app, toy_store)


@pytest.fixture
def program(toy_app: FastAPI, toy_store: Store, anna: Visitor) -> Client:
    """A program in the same workspace."""
    return Client(toy_app, new_key(toy_store, anna.workspace))


def flipped(raw: bytes | None) -> bytes:
    """One bit of it is another one."""
    assert raw is not None
    return raw[:-1] + bytes([raw[-1] ^ 1])


def made(program: Client, reference: str) -> str:
    matter = str(program.post("/v1/matters", json={"reference": reference, "case": CASE}).json()["id"])
    assert program.post(f"/v1/matters/{matter}/assessments", json={}).status_code == 201
    return matter


def damage(store: Store, workspace: str, what: str, matter: str) -> None:
    with store.write(workspace, "usr_disk") as tx:
        if what == "reference":
            row = tx.session.get_one(Matter, matter)
            row.sealed = flipped(row.sealed)
        elif what == "summary":
            line = tx.session.scalars(select(AssessmentSummary).where(AssessmentSummary.matter_id == matter)).one()
            line.sealed = flipped(line.sealed)
        else:
            key = tx.session.scalars(select(DataKey).where(DataKey.subject == matter)).one()
            key.wrapped = flipped(key.wrapped)


def fine(answer: httpx.Response) -> httpx.Response:
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("what", ["reference", "summary", "key"])
def test_M3_lists_show_what_is_whole_and_say_what_cannot_be_read(
    what: str, anna: Visitor, program: Client, toy_store: Store
) -> None:
    bad, good = made(program, "BAD/1"), made(program, "GOOD/1")
    damage(toy_store, anna.workspace, what, bad)
    desk = words(fine(anna.get("/")))
    assert "This cannot be read" in desk
    assert "GOOD/1" in desk
    shown = {one["id"]: one for one in fine(program.get("/v1/matters")).json()["matters"]}
    assert (shown[good]["reference"], shown[good]["outcome"]) == ("GOOD/1", "inadmissible")
    assert shown[bad]["reference"] == ("BAD/1" if what == "summary" else "")
    assert shown[bad]["outcome"] == ("inadmissible" if what == "reference" else None)
    if what != "key":
        assert fine(anna.get(f"/matters/{bad}"))
    due = fine(program.get("/v1/deadlines")).json()["deadlines"]
    assert [one["matter"] for one in due if one["state"] == "unreadable"] == ([] if what == "reference" else [bad])
    calendar = fine(program.get("/v1/deadlines.ics")).text
    assert ("cannot be read" in calendar) == (what != "reference")


def test_M3_a_damaged_person_keeps_nobody_out_and_the_program_from_no_start(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'dedere.db'}", tmp_path)
    assert first_link(store)
    (workspace,) = store.workspaces()
    with store.write(workspace, "usr_disk") as tx:
        create_person(tx, Details("Boris", "boris"), ["lawyer"])
        first = tx.session.scalars(select(Person).order_by(Person.created_at)).first()
        assert first is not None
        first.sealed = flipped(first.sealed)
    assert first_link(store) == ""
    with store.read(workspace) as tx:
        assert sorted(one.details.name for one in list_people(tx)) == ["", "Boris"]
    store.close()
