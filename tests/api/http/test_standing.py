"""Where a matter stands: by its newest facts, on its own day, under the law in use; and whoever polls sees it move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import icalendar
import pytest
from fastapi import FastAPI

from api.storage.store import Store, utc_now
from tests.api.http.support import CASE, Client, new_key

SEIZED = {**CASE, "facts": {**CASE["facts"], "seized_on": "1950-05-25"}}
LATER = {**CASE, "facts": {**CASE["facts"], "seized_on": "1950-05-27"}}


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def made(client: Client, case: dict[str, Any]) -> str:
    return str(client.post("/v1/matters", json={"reference": "T/1", "case": case}).json()["id"])


def assess(client: Client, matter: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/matters/{matter}/assessments", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def change(client: Client, matter: str, case: dict[str, Any], version: int) -> None:
    saved = client.put(f"/v1/matters/{matter}/facts", json=case, headers={"if-match": f'"v{version}"'})
    assert saved.status_code == 200, saved.text


def due(client: Client) -> list[str]:
    listed = [one["on"] for one in client.get("/v1/deadlines").json()["deadlines"]]
    events = icalendar.Calendar.from_ical(client.get("/v1/deadlines.ics").text).walk("VEVENT")
    assert listed == [str(event.decoded("DTSTART")) for event in events]
    return listed


def stands(client: Client, matter: str) -> dict[str, Any]:
    one = client.get(f"/v1/matters/{matter}").json()
    (listed,) = client.get("/v1/matters").json()["matters"]
    assert listed == one
    found: dict[str, Any] = one
    return found


@pytest.mark.parametrize("day", ["1940-01-01", str(utc_now().date() + timedelta(days=400))])
def test_looking_back_or_ahead_changes_no_list_and_no_calendar(mine: Client, day: str) -> None:
    matter = made(mine, SEIZED)
    own = assess(mine, matter)
    aside = assess(mine, matter, on=day)
    assert (own["hypothetical"], aside["hypothetical"]) == (False, True)
    assert due(mine) == ["1950-07-04"]
    assert stands(mine, matter)["assessment"] == own["id"]


def test_a_day_since_the_case_s_own_up_to_today_tells_where_it_stands(mine: Client) -> None:
    matter = made(mine, SEIZED)
    assess(mine, matter)
    for day in ("1950-06-02", utc_now().date().isoformat()):
        later = assess(mine, matter, on=day)
        assert not later["hypothetical"]
        assert stands(mine, matter)["assessment"] == later["id"]


def test_a_case_without_a_day_of_its_own_stands_by_whatever_day_up_to_today(mine: Client) -> None:
    matter = made(mine, {name: said for name, said in SEIZED.items() if name != "assessed_on"})
    assert not assess(mine, matter, on="1950-06-01")["hypothetical"]
    assert due(mine) == ["1950-07-04"]


def test_assessing_older_facts_once_more_changes_nothing(mine: Client) -> None:
    matter = made(mine, SEIZED)
    assess(mine, matter)
    change(mine, matter, LATER, 1)
    newest = assess(mine, matter)
    assess(mine, matter, version=1)
    assert due(mine) == ["1950-07-06"]
    assert stands(mine, matter)["assessment"] == newest["id"]


def test_the_person_s_reading_does_not_stand_for_the_neutral_one(mine: Client) -> None:
    matter = made(mine, SEIZED)
    neutral = assess(mine, matter)
    assess(mine, matter, reading="person")
    assert stands(mine, matter)["assessment"] == neutral["id"]


def test_what_a_tracker_sends_is_of_its_own_day(mine: Client) -> None:
    row = {"reference": "T/1", "requesting_state": "AND", "requested_state": "MCO", "seized_on": "1950-05-25"}
    for day in ("1950-06-01", "1950-06-10", "1950-06-05"):
        told = mine.post("/v1/evaluate", json={**row, "assessed_on": day}).json()
        assert stands(mine, told["matter"])["assessment"] == told["assessment"]
    aside = mine.post("/v1/evaluate", params={"on": "1940-01-01"}, json={**row, "assessed_on": "1950-06-01"}).json()
    assert stands(mine, aside["matter"])["assessment"] == told["assessment"]


def test_an_outcome_of_older_facts_is_marked(mine: Client) -> None:
    matter = made(mine, SEIZED)
    assert (stands(mine, matter)["outcome"], stands(mine, matter)["outdated"]) == (None, None)
    assess(mine, matter)
    assert (stands(mine, matter)["assessed_version"], stands(mine, matter)["outdated"]) == (1, False)
    change(mine, matter, LATER, 1)
    assert (stands(mine, matter)["assessed_version"], stands(mine, matter)["outdated"]) == (1, True)
    assert [one["outdated"] for one in mine.get("/v1/deadlines").json()["deadlines"]] == [True]
    table = mine.get("/v1/matters", headers={"accept": "text/csv"}).text.splitlines()
    assert table[1].split(",")[table[0].split(",").index("outdated")] == "true"


def test_a_new_assessment_moves_what_pollers_and_caches_look_at(mine: Client) -> None:
    matter = made(mine, SEIZED)
    before = mine.get(f"/v1/matters/{matter}")
    assess(mine, matter, on="1940-01-01")
    assert mine.get(f"/v1/matters/{matter}").json() == before.json(), "what is hypothetical moves nothing"
    assess(mine, matter)
    after = mine.get(f"/v1/matters/{matter}")
    assert after.headers["etag"] != before.headers["etag"]
    assert after.json()["updated_at"] > before.json()["updated_at"]
    seen = mine.get("/v1/matters", params={"updated_since": after.json()["updated_at"]}).json()["matters"]
    assert [one["id"] for one in seen] == [matter]
    cached = mine.get(f"/v1/matters/{matter}", headers={"if-none-match": after.headers["etag"]})
    assert cached.status_code == 304
    change_from = {"if-match": after.headers["etag"]}
    assert mine.put(f"/v1/matters/{matter}/facts", json=LATER, headers=change_from).status_code == 200
    assert mine.put(f"/v1/matters/{matter}/facts", json=SEIZED, headers=change_from).status_code == 412


def test_a_calendar_without_time_limits_is_a_calendar_still(mine: Client) -> None:
    calendar = icalendar.Calendar.from_ical(mine.get("/v1/deadlines.ics").text)
    assert [one.name for one in calendar.subcomponents] == ["VTIMEZONE"]
