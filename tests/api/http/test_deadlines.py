"""Time limits of all matters, as a list, as CSV and as a calendar that names nobody."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import icalendar
import pytest
from fastapi import FastAPI

from api.documents.language.counting import CAVEAT
from api.storage.store import Store
from tests.api.http.support import CASE, Client, new_key

PATH = "/v1/deadlines"


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def seized(client: Client, reference: str, day: str, **facts: Any) -> str:
    """A matter with an assessment, in which a clock runs for forty days from a day on."""
    case = {**CASE, "title": "Secretova", "facts": {**CASE["facts"], "seized_on": day, **facts}}
    matter = client.post("/v1/matters", json={"reference": reference, "case": case}).json()["id"]
    client.post(f"/v1/matters/{matter}/assessments", json={})
    return str(matter)


def test_running_and_expired_time_limits_of_all_matters_are_listed_by_day(mine: Client) -> None:
    late, soon = seized(mine, "T/1", "1950-05-30"), seized(mine, "T/2", "1950-05-10")
    gone = seized(mine, "T/3", "1950-01-01")
    seized(mine, "T/4", "1950-05-30", freed_on="1950-05-31")
    found = mine.get(PATH).json()["deadlines"]
    assert [(one["on"], one["matter"], one["clock"], one["state"]) for one in found] == [
        ("1950-02-10", gone, "seizure", "expired"),
        ("1950-06-19", soon, "seizure", "running"),
        ("1950-07-09", late, "seizure", "running"),
    ]
    whole = mine.get(f"/v1/assessments/{found[1]['assessment']}/answer").json()
    assert found[1]["on"] in [clock["due_on"] for clock in whole["clocks"]]


def test_only_the_latest_assessment_counts(mine: Client) -> None:
    matter = seized(mine, "T/1", "1950-05-10")
    freed = {**CASE, "facts": {**CASE["facts"], "seized_on": "1950-05-10", "freed_on": "1950-05-20"}}
    mine.put(f"/v1/matters/{matter}/facts", json=freed, headers={"if-match": '"v1"'})
    assert len(mine.get(PATH).json()["deadlines"]) == 1
    mine.post(f"/v1/matters/{matter}/assessments", json={})
    assert mine.get(PATH).json()["deadlines"] == []


def test_days_and_pages_cut_the_list(mine: Client) -> None:
    matters = [seized(mine, f"T/{number}", f"1950-05-{number:02d}") for number in range(10, 16)]
    found = mine.get(PATH, params={"from": "1950-06-20", "until": "1950-06-22"}).json()["deadlines"]
    assert [one["matter"] for one in found] == matters[1:4]
    seen, cursor = [], ""
    while True:
        page = mine.get(PATH, params={"limit": 4, **({"cursor": cursor} if cursor else {})})
        seen += [one["matter"] for one in page.json()["deadlines"]]
        assert ("link" in page.headers) == bool(page.json()["next"])
        if not (cursor := page.json()["next"]):
            break
    assert seen == matters
    assert mine.get(PATH, params={"from": "tomorrow"}).json()["errors"][0]["parameter"] == "from"


def test_the_list_is_to_be_had_as_csv(mine: Client) -> None:
    matter = seized(mine, "T/1", "1950-05-30")
    rows = mine.get(PATH, headers={"accept": "text/csv"}).text.splitlines()
    assert rows[0] == "\ufeffon,matter,clock,title,state,assessment,outdated"
    assert rows[1].startswith(f"1950-07-09,{matter},seizure,Forty days of seizure,running,asm_")


def test_the_feed_is_a_calendar_with_ids_and_days_and_nothing_else(mine: Client) -> None:
    matters = {seized(mine, "Ref-Secretova", "1950-05-30"), seized(mine, "T/2", "1950-05-10")}
    answer = mine.get(f"{PATH}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
    assert {str(event["SUMMARY"]) for event in events} == {f"Time limit {matter}" for matter in matters}
    assert [event.decoded("DTSTART") for event in events] == [date(1950, 6, 19), date(1950, 7, 9)]
    for word in ("Secretova", "seizure", "doll"):
        assert word not in answer.text.lower().replace("secretova", "Secretova")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_an_event_is_the_same_when_its_matter_is_assessed_again(mine: Client) -> None:
    matter = seized(mine, "T/1", "1950-05-30")
    first = icalendar.Calendar.from_ical(mine.get(f"{PATH}.ics").text).walk("VEVENT")
    mine.post(f"/v1/matters/{matter}/assessments", json={})
    again = icalendar.Calendar.from_ical(mine.get(f"{PATH}.ics").text).walk("VEVENT")
    assert [event["UID"] for event in first] == [event["UID"] for event in again]
    assert len({event["UID"] for event in first}) == 1


def test_a_calendar_that_has_the_feed_already_gets_no_second_one(mine: Client) -> None:
    seized(mine, "T/1", "1950-05-30")
    tag = mine.get(f"{PATH}.ics").headers["etag"]
    assert mine.get(f"{PATH}.ics", headers={"if-none-match": tag}).status_code == 304
    seized(mine, "T/2", "1950-05-30")
    assert mine.get(f"{PATH}.ics", headers={"if-none-match": tag}).status_code == 200


def test_the_feed_needs_a_key_in_the_header_and_shows_one_workspace(mine: Client, toy_store: Store) -> None:
    seized(mine, "T/1", "1950-05-30")
    assert Client(mine.app).get(f"{PATH}.ics", params={"key": mine.key}).status_code in (400, 401)
    stranger = Client(mine.app, new_key(toy_store))
    assert stranger.get(PATH).json()["deadlines"] == []
    assert icalendar.Calendar.from_ical(stranger.get(f"{PATH}.ics").text).walk("VEVENT") == []


def test_whose_matters_were_shown_is_in_the_audit_chain(mine: Client, toy_store: Store) -> None:
    from sqlalchemy import select

    from api.accounts.keys.service import authenticate
    from api.storage.audit.chain import listed
    from api.storage.tables import AuditEntry

    matter = seized(mine, "T/1", "1950-05-30")
    mine.get(PATH)
    workspace = authenticate(toy_store, mine.key).workspace
    with toy_store.read(workspace) as tx:
        query = select(AuditEntry.ids).where(AuditEntry.chain == workspace, AuditEntry.act == "deadlines.listed")
        assert json.loads(tx.session.scalars(query).one()) == listed("matters", [matter])


def test_lists_and_calendars_say_what_the_law_of_the_forum_may_change(mine: Client) -> None:
    seized(mine, "T/1", "1950-05-30")
    assert mine.get(PATH).json()["counting"] == CAVEAT
    (event,) = icalendar.Calendar.from_ical(mine.get(f"{PATH}.ics").text).walk("VEVENT")
    assert str(event["description"]) == CAVEAT
