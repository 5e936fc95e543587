"""A tracker sends its rows again and again while people work on the same matters: nobody's work is lost."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.storage.store import Store
from tests.api.http.support import Client, new_key

ROW = {
    "assessed_on": "1950-06-01",
    "requesting_state": "AND",
    "requested_state": "MCO",
    "ground_up": "yes",
    "age": "12",
    "counts[0].broke_vase": "yes",
    "counts[1].broken_on": "1950-01-02",
}
WARD = {"value": "yes", "standing": "established", "exhibits": ["ward"], "note": "ward report"}
Work = Callable[[dict[str, Any]], object]


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def by_file(client: Client, row: dict[str, str]) -> tuple[str, httpx.Response]:
    text = ",".join(["reference", *row]) + "\n" + ",".join(["T/1", *row.values()]) + "\n"
    answer = client.post("/v1/matters:import", content=text.encode(), headers={"content-type": "text/csv"})
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"][0]["change"], answer


def by_request(client: Client, row: dict[str, str]) -> tuple[str, httpx.Response]:
    answer = client.post("/v1/evaluate", json={"reference": "T/1", "assessed_on": "1950-06-01", **row})
    return (answer.json()["change"] if answer.status_code == 201 else "refused"), answer


@pytest.fixture(params=[by_file, by_request], ids=["file", "request"])
def send(request: pytest.FixtureRequest, mine: Client) -> Callable[[dict[str, str]], tuple[str, httpx.Response]]:
    """Sends a row under the reference T/1; gives what came of it, and the whole answer."""
    return lambda row: request.param(mine, row)


def case_of(client: Client) -> dict[str, Any]:
    matter = client.get("/v1/matters", params={"reference": "T/1"}).json()["matters"][0]
    found: dict[str, Any] = client.get(f"/v1/matters/{matter['id']}/facts").json()["case"]
    return found


def work(client: Client, change: Work) -> dict[str, Any]:
    """Somebody changes the matter; gives it as it then stands."""
    matter = client.get("/v1/matters", params={"reference": "T/1"}).json()["matters"][0]
    case = case_of(client)
    change(case)
    saved = client.put(f"/v1/matters/{matter['id']}/facts", json=case, headers={"if-match": f'"v{matter["version"]}"'})
    assert saved.status_code == 200, saved.text
    return case_of(client)


def a_lawyers_work(case: dict[str, Any]) -> None:
    case["exhibits"] = {"ward": {"title": "Ward report"}}
    case["notes"] = "Seen in custody"
    case["facts"]["mill_feared"] = WARD
    case["facts"]["age"] = {"value": 11, "standing": "established", "exhibits": ["ward"]}
    case["counts"][0]["title"] = "The blue vase"
    case["counts"].append({"id": "jar", "title": "A jar", "broke_vase": "no"})


def test_the_row_that_was_sent_before_changes_nothing(send: Any, mine: Client) -> None:
    assert send(ROW)[0] == "created"
    after = work(mine, a_lawyers_work)
    assert send(ROW)[0] == "unchanged"
    assert case_of(mine) == after


def test_what_is_in_no_column_stays(send: Any, mine: Client) -> None:
    send(ROW)
    after = work(mine, a_lawyers_work)
    assert send({"mill_closed": "yes"})[0] == "updated"
    assert case_of(mine) == {**after, "facts": {**after["facts"], "mill_closed": "yes"}}


def test_an_empty_cell_says_nothing(send: Any, mine: Client) -> None:
    send(ROW)
    assert send({**ROW, "age": "", "counts[0].broke_vase": ""})[0] == "unchanged"
    assert case_of(mine)["facts"]["age"] == 12


def test_what_is_new_in_a_row_goes_in_and_the_work_of_people_stays(send: Any, mine: Client) -> None:
    send(ROW)
    after = work(mine, a_lawyers_work)
    assert send({**ROW, "ground_up": "no", "counts[0].broken_on": "1950-01-01"})[0] == "updated"
    expected = copy.deepcopy(after)
    expected["facts"]["ground_up"] = "no"
    expected["counts"][0]["broken_on"] = "1950-01-01"
    assert case_of(mine) == expected


def test_a_row_that_says_what_people_entered_leaves_its_standing_and_exhibits(send: Any, mine: Client) -> None:
    send(ROW)
    after = work(mine, a_lawyers_work)
    assert send({**ROW, "age": "11", "mill_feared": "yes"})[0] == "unchanged"
    assert case_of(mine) == after
    assert send({**ROW, "age": "11", "mill_feared": "yes", "stuffing": "wool"})[0] == "updated"


@pytest.mark.parametrize(
    ("change", "row", "pointer"),
    [
        (lambda case: case["facts"].update(age=11), {"age": "13"}, "/age"),
        (lambda case: case["facts"].pop("age"), {"age": "13"}, "/age"),
        (
            lambda case: case["facts"].update(mill_feared={"value": "yes", "by": "counsel"}),
            {"mill_feared": "no"},
            "/mill_feared",
        ),
        (lambda case: case["facts"].update(age={"value": 12, "note": "by the ward"}), {"age": "13"}, "/age"),
        (lambda case: case["facts"].update(age={"value": 12, "standing": "established"}), {"age": "13"}, "/age"),
        (lambda case: case["facts"].update(mill_feared="unknown"), {"mill_feared": "no"}, "/mill_feared"),
        (lambda case: case.update(title="Of the lawyer"), {"title": "Of the tracker"}, "/title"),
        (
            lambda case: case.update(variants={"tickling": "strict"}),
            {"variants.tickling": "loose"},
            "/variants.tickling",
        ),
        (
            lambda case: case["counts"][0].update(broke_vase="no"),
            {"counts[0].broke_vase": "unknown"},
            "/counts[0].broke_vase",
        ),
        (lambda case: case["counts"].pop(0), {"counts[0].broke_vase": "no"}, "/counts[0]"),
        (lambda case: case["counts"].append({"id": "jar"}), {"counts[2].broke_vase": "no"}, "/counts[2]"),
        (lambda case: case["counts"][1].update(title="A jar"), {"counts.size": "1"}, "/counts.size"),
        (
            lambda case: case.update(promises=[{"kind_promise": "yes"}]),
            {"promises[0].kind_promise": "no"},
            "/promises[0]",
        ),
    ],
)
def test_a_row_that_would_overwrite_what_people_entered_is_refused_with_the_column(
    send: Any, mine: Client, change: Work, row: dict[str, str], pointer: str
) -> None:
    send(ROW)
    after = work(mine, change)
    done, answer = send(row)
    assert done == "refused"
    (told,) = answer.json()["rows"] if "rows" in answer.json() else [answer.json()]
    assert told["status"] == 409
    assert [one["pointer"] for one in told["errors"]] == [pointer]
    assert "here" in told["errors"][0]["detail"]
    assert case_of(mine) == after
    assert send(ROW)[0] == "unchanged", "and the row as it was sent before is still taken"


def test_lists_that_rows_made_grow_and_shrink_by_rows(send: Any, mine: Client) -> None:
    send(ROW)
    assert send({"counts[2].broke_vase": "no"})[0] == "updated"
    first, second, third = case_of(mine)["counts"]
    assert (first["broke_vase"], second["broken_on"], third["broke_vase"]) == ("yes", "1950-01-02", "no")
    assert send({"counts.size": "2"})[0] == "updated"
    assert [one["id"] for one in case_of(mine)["counts"]] == [first["id"], second["id"]]
    assert send({"counts[2].broke_vase": "no"})[0] == "updated"
    assert case_of(mine)["counts"][2]["id"] not in (first["id"], second["id"], third["id"])
    assert send({"nap_steps.size": "0"})[0] == "updated"
    assert case_of(mine)["nap_steps"] == []


def test_an_item_that_people_took_out_does_not_come_back(send: Any, mine: Client) -> None:
    send(ROW)
    after = work(mine, lambda case: case["counts"].pop(0))
    assert send(ROW)[0] == "unchanged"
    assert case_of(mine) == after


def test_a_row_for_a_matter_that_people_made_fills_in_what_nobody_said(send: Any, mine: Client) -> None:
    case = {"assessed_on": "1950-06-01", "facts": {"age": {"value": 11, "standing": "established"}}, "title": "Doll"}
    assert mine.post("/v1/matters", json={"reference": "T/1", "case": case}).status_code == 201
    assert send(ROW)[0] == "refused"
    assert case_of(mine) == case
    rest = {name: cell for name, cell in ROW.items() if name != "age"}
    assert send(rest)[0] == "updated"
    assert case_of(mine)["facts"] == {
        **case["facts"],  # type: ignore[dict-item]
        "requesting_state": "AND",
        "requested_state": "MCO",
        "ground_up": "yes",
    }


def test_what_stands_disputed_here_is_not_overwritten_by_one_side(send: Any, mine: Client) -> None:
    send({**ROW, "mill_closed.person": "no", "mill_closed.state": "yes"})
    assert send({**ROW, "mill_closed.person": "no", "mill_closed.state": "yes"})[0] == "unchanged"
    after = work(mine, lambda case: case["facts"].update(mill_closed={"value": "no", "standing": "established"}))
    assert send({**ROW, "mill_closed.person": "no", "mill_closed.state": "yes"})[0] == "unchanged"
    assert send({**ROW, "mill_closed.person": "no", "mill_closed.state": "no"})[0] == "refused"
    assert case_of(mine) == after


def test_a_day_that_people_chose_stands_when_a_tracker_sends_its_own(mine: Client) -> None:
    by_request(mine, ROW)
    work(mine, lambda case: case.update(assessed_on="1950-05-05"))
    done, _ = by_request(mine, {**ROW, "assessed_on": "1951-01-01", "ground_up": "no"})
    assert done == "updated"
    assert case_of(mine)["assessed_on"] == "1950-05-05"


def test_a_refused_row_hurts_no_other(mine: Client) -> None:
    by_file(mine, ROW)
    work(mine, lambda case: case["facts"].update(age=11))
    text = "reference,age,requesting_state,requested_state\nT/0,5,AND,MCO\nT/1,13,AND,MCO\nT/2,5,AND,MCO\n"
    answer = mine.post("/v1/matters:import", content=text.encode(), headers={"content-type": "text/csv"}).json()
    assert [one["change"] for one in answer["rows"]] == ["created", "refused", "created"]
