"""A matter that a law update makes unreadable opens still, says what cannot be read, and is mended, assessed or erased."""

from __future__ import annotations

from typing import Any

from api.documents.language.catalogues import speech_in
from api.storage.matters import create_matter, read_facts
from api.storage.store import Store
from api.web.pages.version_changes import changes
from engine.facts.vocabulary import FormerName
from tests.engine.support import fact, make_pack
from tests.pages.support import HTML, Visitor, words

OLD = {
    "assessed_on": "1950-06-01",
    "facts": {
        "requesting_state": "AND",
        "requested_state": "MCO",
        "old_question": {"value": "yes", "standing": "established"},  # a fact that was taken away
        "stuffing": "straw",  # a value that was taken away
        "age": "very old",  # a type that was changed
        "ground_up": "yes",
    },
    "counts": [{"id": "vase", "old_detail": "yes"}],
    "old_part": [{"id": "x"}],
    "variants": {"old_variant": "strict"},
}
PLACES = [
    "/facts/old_question",
    "/facts/stuffing",
    "/facts/age",
    "/counts/0/old_detail",
    "/old_part",
    "/variants/old_variant",
]


def made(store: Store, anna: Visitor) -> str:
    with store.write(anna.workspace, anna.person) as tx:
        return create_matter(tx, "T/1", OLD).id


def document(store: Store, anna: Visitor, matter: str) -> dict[str, Any]:
    with store.write(anna.workspace, anna.person) as tx:
        return read_facts(tx, matter).document


def test_it_opens_and_says_what_cannot_be_read(anna: Visitor, toy_store: Store) -> None:
    matter = made(toy_store, anna)
    for path in ("", "/interview", "/answers", "/ask/ground_up", "/lists/counts", "/exhibits", "/whatif", "/relations"):
        assert anna.get(f"/matters/{matter}{path}").status_code == 200, path
    page = words(anna.get(f"/matters/{matter}"))
    assert "The law content has changed" in page
    assert all(place in page for place in PLACES)


def test_work_on_the_rest_goes_on_and_nothing_is_lost_by_it(anna: Visitor, toy_store: Store) -> None:
    matter = made(toy_store, anna)
    assert anna.send(f"/matters/{matter}/ask/ground_up", answer="no").status_code == 303
    kept = document(toy_store, anna, matter)
    assert kept["facts"] == {**OLD["facts"], "ground_up": {"value": "no", "standing": "asserted"}}  # type: ignore[dict-item]
    assert (kept["old_part"], kept["variants"]) == (OLD["old_part"], OLD["variants"])
    refused = anna.send(f"/matters/{matter}/ask/requesting_state", answer="value", value="Atlantis")
    assert refused.status_code == 422


def test_it_is_told_why_it_cannot_be_assessed_and_can_be_once_mended(anna: Visitor, toy_store: Store) -> None:
    matter = made(toy_store, anna)
    refused = anna.send(f"/matters/{matter}/assess")
    assert refused.status_code == 422
    assert "old_question" in words(anna.get(f"/matters/{matter}"))
    anna.send(f"/matters/{matter}/ask/stuffing", answer="rag")
    for place in PLACES:
        assert anna.send(f"/matters/{matter}/unreadable", place=place).status_code == 303
    assert "The law content has changed" not in words(anna.get(f"/matters/{matter}"))
    assert anna.send(f"/matters/{matter}/assess").status_code == 303
    assert document(toy_store, anna, matter)["facts"]["stuffing"]["value"] == "rag"


def test_only_what_cannot_be_read_is_taken_out(anna: Visitor, toy_store: Store) -> None:
    matter = made(toy_store, anna)
    anna.send(f"/matters/{matter}/unreadable", place="/facts/ground_up")
    assert document(toy_store, anna, matter) == OLD


def test_it_can_be_erased(anna: Visitor, toy_store: Store) -> None:
    matter = made(toy_store, anna)
    assert anna.send(f"/matters/{matter}/erase", reference="T/1").status_code == 303
    assert anna.get(f"/matters/{matter}").status_code == 404


def test_history_shows_what_was_found_under_names_that_are_gone(anna: Visitor, toy_store: Store) -> None:
    matter = made(toy_store, anna)
    for place in PLACES[:1] + PLACES[3:4]:
        anna.send(f"/matters/{matter}/unreadable", place=place)
    anna.send(f"/matters/{matter}/ask/ground_up", answer="no")
    page = words(anna.client.get(f"/matters/{matter}/history", params={"first": "1", "second": "4"}, headers=HTML))
    assert "old_question yes established not recorded" in page
    assert "old_detail (vase) yes" in page


def test_a_finding_under_a_former_name_is_read_as_the_fact_it_is_now() -> None:
    answers = FormerName(name="felt", values={"yes": "a", "no": "b"})
    pack = make_pack([fact("stuffing", "choice", formerly=(answers,))], [])
    found = changes(pack, speech_in("en"), {"facts": {"felt": "yes"}}, {"facts": {"stuffing": "b"}}).facts
    assert [(one.question.text, one.before and one.before.words, one.after and one.after.words) for one in found] == [
        ("stuffing?", "A", "B")
    ]
    assert not changes(pack, speech_in("en"), {"facts": {"felt": "yes"}}, {"facts": {"stuffing": "a"}}).any
