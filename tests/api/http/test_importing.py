"""Matters from CSV as spreadsheets write it: made, updated, left alone, and rows that say what is wrong."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI

from api.accounts.keys.service import authenticate
from api.storage.errors import Unavailable
from api.storage.saving import Saved, save
from api.storage.store import Store
from api.web.rest import importing
from tests.api.http.support import Client, new_key

PATH = "/v1/matters:import"
HEAD = "reference,assessed_on,requesting_state,requested_state,title,ground_up,counts[0].broke_vase"
ROWS = [f"T/{number},1950-06-01,AND,MCO,Лялька {number},yes,yes" for number in (1, 2, 3)]
FILE = "\n".join([HEAD, *ROWS]) + "\n"


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def send(client: Client, raw: bytes | str, media: str = "text/csv", query: str = "", **headers: str) -> httpx.Response:
    content = raw.encode() if isinstance(raw, str) else raw
    return client.post(PATH + query, content=content, headers={"content-type": media, **headers})


def imported(client: Client, raw: bytes | str, media: str = "text/csv") -> dict[str, Any]:
    answer = send(client, raw, media)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def facts(client: Client, reference: str) -> dict[str, Any]:
    matter = client.get("/v1/matters", params={"reference": reference}).json()["matters"][0]["id"]
    found: dict[str, Any] = client.get(f"/v1/matters/{matter}/facts").json()
    return found


def test_each_row_makes_a_matter_and_the_same_file_again_changes_nothing(mine: Client) -> None:
    first = imported(mine, FILE)
    assert [first[name] for name in ("created", "updated", "unchanged", "refused")] == [3, 0, 0, 0]
    assert [(one["line"], one["status"], one["version"]) for one in first["rows"]] == [
        (2, 201, 1),
        (3, 201, 1),
        (4, 201, 1),
    ]
    again = imported(mine, FILE)
    assert [again[name] for name in ("created", "updated", "unchanged", "refused")] == [0, 0, 3, 0]
    assert [one["matter"] for one in again["rows"]] == [one["matter"] for one in first["rows"]]
    assert facts(mine, "T/2")["case"] == {
        "assessed_on": "1950-06-01",
        "title": "Лялька 2",
        "facts": {"requesting_state": "AND", "requested_state": "MCO", "ground_up": "yes"},
        "counts": [{"id": "count-1", "broke_vase": "yes"}],  # an id that stays when people change the list
    }


def test_only_rows_that_changed_get_a_version(mine: Client) -> None:
    imported(mine, FILE)
    found = imported(mine, FILE.replace("Лялька 2,yes", "Лялька 2,no").replace("Лялька 3,yes", "Лялька 3,true"))
    assert [one["change"] for one in found["rows"]] == ["unchanged", "updated", "unchanged"]
    assert facts(mine, "T/2")["version"] == 2
    assert facts(mine, "T/2")["case"]["facts"]["ground_up"] == "no"


def test_a_bad_row_hurts_no_other_and_says_where_it_is_wrong(mine: Client) -> None:
    bad = ["T/4,1950-06-01,AND,Secretova,x,yes,yes", ",1950-06-01,AND,MCO,x,yes,yes", "T/1,1950-06-01,AND,MCO,x,yes,no"]
    bad.append("T/5,1/6/1950,AND,MCO,x,Secretova,Secretova")
    found = imported(mine, "\n".join([HEAD, ROWS[0], *bad, ROWS[1]]))
    assert [one["change"] for one in found["rows"]] == ["created", *["refused"] * 4, "created"]
    pointers = [[each["pointer"] for each in one["errors"]] for one in found["rows"]]
    assert pointers[1:4] == [["/requested_state"], ["/reference"], ["/reference"]]
    assert set(pointers[4]) == {"/assessed_on", "/ground_up", "/counts[0].broke_vase"}
    assert "Secretova" not in str(found)


@pytest.mark.parametrize(
    ("raw", "media"),
    [
        (FILE.encode("utf-8-sig"), "text/csv"),
        (FILE.encode("utf-16"), "text/csv"),
        (b"\xfe\xff" + FILE.encode("utf-16-be"), "text/csv"),
        (FILE.encode("utf-16-le"), "text/csv; charset=utf-16le"),
        (FILE.encode("cp1251"), "text/csv; charset=windows-1251"),
        (FILE.replace("\n", "\r\n").encode(), "text/csv; charset=utf-8"),
        (FILE.replace(",", ";").encode("utf-8-sig"), "text/csv"),
        (FILE.replace(",", "\t").encode("utf-16"), "text/csv"),
    ],
    ids=["utf-8 mark", "utf-16le mark", "utf-16be mark", "utf-16 said", "cp1251 said", "crlf", "semicolons", "tabs"],
)
def test_what_spreadsheets_write_is_read(mine: Client, raw: bytes, media: str) -> None:
    assert imported(mine, raw, media)["created"] == 3
    assert facts(mine, "T/3")["case"]["title"] == "Лялька 3"


def test_cells_are_read_as_offices_write_them(mine: Client) -> None:
    raw = "reference;assessed_on;requesting_state;requested_state;ground_up\r\n;;;;\r\nT/1;01.06.1950;Андорра;Монако;так\r\n"
    assert imported(mine, raw)["created"] == 1
    kept = facts(mine, "T/1")["case"]
    assert kept["assessed_on"] == "1950-06-01"
    assert kept["facts"] == {"requesting_state": "AND", "requested_state": "MCO", "ground_up": "yes"}


@pytest.mark.parametrize("ignore", ["Примітки,Internal 1", "при*,internal*"])
def test_columns_of_ones_own_are_passed_over_when_asked(mine: Client, ignore: str) -> None:
    raw = "reference,Примітки,requesting_state,Internal 1\nT/1,щось,AND,x\n"
    assert send(mine, raw).status_code == 422
    answer = send(mine, raw, query=f"?{urlencode({'ignore': ignore})}")
    assert answer.json()["created"] == 1, answer.text
    assert facts(mine, "T/1")["case"]["facts"] == {"requesting_state": "AND"}


@pytest.mark.parametrize("raw", [FILE.encode("cp1251"), FILE.encode("utf-16-le")])
def test_characters_that_nobody_named_are_refused_rather_than_guessed(mine: Client, raw: bytes) -> None:
    answer = send(mine, raw)
    assert answer.status_code == 422
    assert "charset=windows-1251" in answer.json()["errors"][0]["fix"]
    assert mine.get("/v1/matters").json()["matters"] == []


@pytest.mark.parametrize(
    ("raw", "status", "words"),
    [
        (FILE.replace("ground_up", "grond_up"), 422, "Did you mean 'ground_up'?"),
        (FILE.replace("reference", "ref"), 422, "Did you mean 'reference'?"),
        ("case,ground_up\nx,yes\n", 422, "no column 'reference'"),
        (FILE.replace("ground_up", "title"), 422, "is there twice"),
        (FILE.replace("ground_up", ""), 422, "has no name"),
        (FILE.replace(",yes,yes", ",yes,yes,yes"), 422, "more cells than the head"),
        (FILE + '"T/9', 422, "is not CSV"),
        (HEAD + "\n" + "\n".join(ROWS[0].replace("T/1", f"T/{n}") for n in range(1001)), 413, "at most 1000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_changes_nothing(mine: Client, raw: str, status: int, words: str) -> None:
    answer = send(mine, raw)
    assert answer.status_code == status
    assert words in answer.text
    assert mine.get("/v1/matters").json()["matters"] == []


def test_cells_that_would_calculate_come_in_and_go_out_unharmed(mine: Client) -> None:
    assert imported(mine, "reference,title\n'=T-1,'=HYPERLINK(1)\n'Ref,'t Hooft\n")["created"] == 2
    assert facts(mine, "=T-1")["case"]["title"] == "=HYPERLINK(1)"
    assert facts(mine, "'Ref")["case"]["title"] == "'t Hooft"
    listed = mine.get("/v1/matters", headers={"accept": "text/csv"}).text
    assert ",'=T-1," in listed
    head, *rows = csv.reader(io.StringIO(listed.removeprefix("\ufeff")))
    back = io.StringIO()
    csv.writer(back).writerows([["reference", "title"], *([row[head.index("reference")], "x"] for row in rows)])
    assert [one["change"] for one in imported(mine, back.getvalue())["rows"]] == ["updated", "updated"]


def test_results_are_to_be_had_as_csv(mine: Client) -> None:
    answer = send(mine, FILE.replace("AND", "Atlantis", 1), accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["change"] for row in rows] == ["refused", "created", "created"]
    assert rows[0]["errors"].startswith("requesting_state: ")


def test_a_key_makes_an_import_happen_once(mine: Client) -> None:
    first, again = (send(mine, FILE, **{"idempotency-key": "one"}) for _ in range(2))
    assert first.json() == again.json()
    assert first.json()["created"] == 3
    assert send(mine, FILE + "\n", **{"idempotency-key": "one"}).status_code == 422


def test_after_a_break_the_same_file_goes_on(mine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ROWS[0].replace("T/1", f"T/{number}") for number in range(120)]
    calls = iter(range(1000))

    def breaking(*given: Any) -> Saved:
        if next(calls) == 70:
            raise Unavailable
        return save(*given)

    monkeypatch.setattr(importing, "save", breaking)
    assert send(mine, "\n".join([HEAD, *rows])).status_code == 503
    found = imported(mine, "\n".join([HEAD, *rows]))
    assert (found["unchanged"], found["created"]) == (importing.PART, 120 - importing.PART)


def test_importing_needs_leave_to_write_matters(mine: Client, toy_store: Store) -> None:
    reader = Client(mine.app, new_key(toy_store, authenticate(toy_store, mine.key).workspace, ["matters:read"]))
    assert send(reader, FILE).status_code == 403


def test_the_vocabulary_names_every_column_and_all_can_be_sent(mine: Client) -> None:
    text = mine.get("/v1/vocabulary.csv").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {
        "name": "stuffing",
        "question": "What is it stuffed with?",
        "type": "choice",
        "values": "rag|wool",
        "unit": "",
    } in rows
    names = [row["name"] for row in rows]
    assert "promises[0].kind_promise" in names
    assert imported(mine, ",".join(names) + "\nT/1\n")["created"] == 1
