"""Desk, intake and interview over Toyland: what is saved, what is refused, two people at one matter."""

from __future__ import annotations

from fastapi import FastAPI

from api.storage.matters import read_facts
from api.storage.store import Store
from tests.pages.support import Visitor, visitor, words


def facts(store: Store, anna: Visitor, matter: str) -> tuple[int, dict[str, object]]:
    """Version and facts of a matter as they are kept."""
    with store.write(anna.workspace, anna.person) as tx:
        kept = read_facts(tx, matter)
    return kept.version, kept.document.get("facts", {})


def test_the_intake_makes_a_matter_and_shows_the_instruments_at_once(anna: Visitor) -> None:
    matter = anna.makes(requesting_state="Andorra")
    page = words(anna.get(f"/matters/{matter}/relations"))
    assert "Andorra" in page
    assert "Monaco" in page
    assert "binding" in page


def test_an_intake_with_faults_keeps_what_was_typed_and_names_each_fault(anna: Visitor) -> None:
    answer = anna.send("/matters/new", reference="", assessed_on="soon", requesting_state="Atlantis")
    page = words(answer)
    assert answer.status_code == 422
    assert all(fault in page for fault in ("give the matter a reference", "this is not a date", "not a State"))
    assert page.startswith("Error:")


def test_an_answer_is_saved_with_its_standing_exhibit_and_note(anna: Visitor, toy_store: Store) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/exhibits", act="add", title="A photograph", dated="1950-01-02")
    (photograph,) = anna.exhibits(matter)
    anna.send(
        f"/matters/{matter}/ask/ground_up",
        ("exhibit", photograph),
        (f"page-{photograph}", "4"),
        answer="yes",
        standing="asserted",
        by="person",
        note="By hand.",
    )
    _, kept = facts(toy_store, anna, matter)
    assert kept["ground_up"] == {
        "value": "yes",
        "standing": "asserted",
        "by": "person",
        "exhibits": [{"id": photograph, "page": 4}],
        "note": "By hand.",
    }
    page = words(anna.get(f"/matters/{matter}/answers"))
    assert "A photograph" in page
    assert "By hand." in page


def test_not_known_and_disputed_are_answers_too(anna: Visitor, toy_store: Store) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/ask/ground_up", answer="unknown")
    assert facts(toy_store, anna, matter)[1]["ground_up"]["value"] == "unknown"  # type: ignore[index]
    anna.send(f"/matters/{matter}/ask/ground_up", answer="disputed", person="yes", state="no")
    assert facts(toy_store, anna, matter)[1]["ground_up"] == {"standing": "disputed", "person": "yes", "state": "no"}


def test_a_form_sent_twice_is_saved_once(anna: Visitor, toy_store: Store) -> None:
    matter = anna.makes()
    for _ in range(2):
        anna.send(f"/matters/{matter}/ask/ground_up", answer="yes")
    assert facts(toy_store, anna, matter)[0] == 2


def test_two_people_who_answer_different_questions_do_not_disturb_each_other(
    anna: Visitor, toy_app: FastAPI, toy_store: Store
) -> None:
    matter = anna.makes()
    boris = visitor(toy_app, toy_store, workspace=anna.workspace)
    anna.send(f"/matters/{matter}/ask/ground_up", answer="yes", version="1")
    boris.send(f"/matters/{matter}/ask/requesting_state", answer="value", value="Monaco", version="1")
    _, kept = facts(toy_store, anna, matter)
    assert kept["ground_up"]["value"] == "yes"  # type: ignore[index]
    assert kept["requesting_state"]["value"] == "MCO"  # type: ignore[index]


def test_who_answers_what_another_has_answered_meanwhile_is_shown_it_first(
    anna: Visitor, toy_app: FastAPI, toy_store: Store
) -> None:
    matter = anna.makes()
    boris = visitor(toy_app, toy_store, workspace=anna.workspace)
    anna.send(f"/matters/{matter}/ask/ground_up", answer="yes", version="1")
    late = boris.send(f"/matters/{matter}/ask/ground_up", answer="no", version="1")
    assert late.status_code == 412
    assert "Somebody else has answered this question" in words(late)
    assert facts(toy_store, anna, matter)[1]["ground_up"]["value"] == "yes"  # type: ignore[index]


def test_the_interview_leads_from_question_to_question_until_nothing_is_left(anna: Visitor) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/lists/counts", act="add", title="The vase")
    for _ in range(60):
        address = anna.get(f"/matters/{matter}/next").headers["location"]
        if address.endswith("/answers"):
            break
        if "/lists/" in address:
            anna.send(address, act="add", title="One")
            continue
        page = anna.get(address)
        assert page.status_code == 200
        path = address.partition("?")[0]
        query = "?" + address.partition("?")[2] if "?" in address else ""
        anna.send(path + query, answer="no" if 'value="no"' in page.text else "unknown")
        if "unknown" in page.text and anna.get(f"/matters/{matter}/next").headers["location"] == address:
            break
    assert "Interview" in words(anna.get(f"/matters/{matter}/interview"))


def test_a_question_can_be_left_for_later(anna: Visitor) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/lists/counts", act="add", title="The vase")
    first = anna.get(f"/matters/{matter}/next").headers["location"]
    fact = first.split("/")[-1].partition("?")[0]
    second = anna.get(f"/matters/{matter}/next?after=case::{fact}").headers["location"]
    assert second != first


def test_a_value_that_cannot_be_read_is_shown_again_with_what_is_wrong(anna: Visitor, toy_store: Store) -> None:
    matter = anna.makes()
    answer = anna.send(f"/matters/{matter}/ask/requesting_state", answer="value", value="Atlantis")
    assert answer.status_code == 422
    assert "There is a problem" in words(answer)
    assert 'value="Atlantis"' in answer.text
    assert facts(toy_store, anna, matter)[0] == 1


def test_saving_while_one_types_answers_with_the_new_version_and_standing(anna: Visitor) -> None:
    matter = anna.makes()
    said = anna.send(f"/matters/{matter}/ask/ground_up", answer="yes", version="1", stay="1").json()
    assert said["version"] == 2
    assert "Where it stands" in said["standing"]


def test_the_desk_shows_the_outcome_of_the_last_assessment_and_finds_a_reference(anna: Visitor) -> None:
    matter = anna.makes("Canary 1")
    anna.makes("Other 2")
    anna.send(f"/matters/{matter}/ask/ground_up", answer="yes")
    anna.send(f"/matters/{matter}/assess")
    page = words(anna.get("/"))
    assert "settled" in page
    asked = anna.send("/", q="canary")
    assert asked.status_code == 303
    found = words(anna.get(asked.headers["location"]))
    assert "canary" not in asked.headers["location"], "the address holds nothing that can be read"
    assert "Canary 1" in found
    assert "Other 2" not in found


def test_a_matter_is_erased_only_after_its_reference_was_typed(anna: Visitor) -> None:
    matter = anna.makes("T/7")
    anna.send(f"/matters/{matter}/erase", reference="T/8")
    assert anna.get(f"/matters/{matter}").status_code == 200
    anna.send(f"/matters/{matter}/erase", reference="T/7")
    assert anna.get(f"/matters/{matter}").status_code == 404


def test_nothing_of_another_workspace_is_shown(anna: Visitor, toy_app: FastAPI, toy_store: Store) -> None:
    matter = anna.makes()
    stranger = visitor(toy_app, toy_store)
    for path in ("", "/interview", "/answers", "/relations", "/next", "/ask/ground_up", "/lists/counts", "/exhibits"):
        assert stranger.get(f"/matters/{matter}{path}").status_code == 404
