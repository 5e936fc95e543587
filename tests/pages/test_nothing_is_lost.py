"""What people enter is never lost or changed: stale forms, what-ifs, items that are gone, sessions that end, two clicks."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from api.accounts.keys.service import list_keys
from api.accounts.sessions import SignIn, end_session, open_session, session_of
from api.operations.webhooks.settings import WebhookSettings
from api.operations.webhooks.urls import Gate
from api.storage.matters import add_version, create_matter, read_facts
from api.storage.store import Store
from api.web.pages import open_matter
from api.web.pages.open_matter import OpenMatter
from api.web.pages.visit import COOKIE, Visit
from tests.api.http.support import Client
from tests.pages.support import FORM, HTML, Visitor, visitor, words

BARE = {
    "assessed_on": "1950-06-01",
    "facts": {"requesting_state": "AND", "requested_state": "MCO"},
    "counts": [{"title": "The vase", "broke_vase": "yes"}, {"title": "The jug"}, {"id": "", "title": "The cup"}],
    "promises": [{"kind_promise": "yes"}],
}


def document(store: Store, anna: Visitor, matter: str) -> dict[str, Any]:
    with store.write(anna.workspace, anna.person) as tx:
        return read_facts(tx, matter).document


def with_case(store: Store, anna: Visitor, case: dict[str, Any]) -> str:
    """A matter as a program would make it."""
    with store.write(anna.workspace, anna.person) as tx:
        return create_matter(tx, "T/1", case).id


@pytest.fixture
def bare(anna: Visitor, toy_store: Store) -> str:
    """A matter whose items came without ids, as the API and CSV allow."""
    return with_case(toy_store, anna, BARE)


def test_an_item_that_came_without_an_id_is_shown_and_can_be_changed(
    anna: Visitor, toy_store: Store, bare: str
) -> None:
    assert anna.items(bare, "counts") == ["count-1", "count-2", "count-3"]
    page = anna.get(f"/matters/{bare}/ask/broke_vase?item=count-1").text
    assert re.search(r'value="yes" checked', page)
    assert anna.send(f"/matters/{bare}/ask/broke_vase?item=count-3", answer="no").status_code == 303
    assert anna.send(f"/matters/{bare}/ask/kind_promise?item=promise-1", answer="no").status_code == 303
    assert anna.send(f"/matters/{bare}/lists/counts", act="rename", item="count-2", title="Jar").status_code == 303
    assert anna.send(f"/matters/{bare}/lists/counts", act="remove", item="count-1").status_code == 303
    kept = document(toy_store, anna, bare)
    assert [(one["id"], one["title"]) for one in kept["counts"]] == [("count-2", "Jar"), ("count-3", "The cup")]
    assert kept["counts"][1]["broke_vase"]["value"] == "no"
    assert kept["promises"][0]["kind_promise"]["value"] == "no"


def test_L11_an_item_is_led_to_whatever_characters_its_id_has(anna: Visitor, toy_store: Store) -> None:
    named = "a&b=c#d e%2F"
    matter = with_case(toy_store, anna, {**BARE, "counts": [{"id": named, "title": "The vase"}]})
    pages = [anna.get(f"/matters/{matter}/{room}").text for room in ("lists/counts", "answers")]
    links = [unescape(one) for page in pages for one in re.findall(r'href="([^"]*/ask/broke_vase\?[^"]*)"', page)]
    assert links
    for link in links:
        assert parse_qs(urlsplit(link).query)["item"] == [named]
        assert "The vase" in anna.get(link).text


def test_a_what_if_and_the_history_know_items_without_ids(anna: Visitor, toy_store: Store, bare: str) -> None:
    key = "counts:count-2:broke_vase"
    page = anna.send(f"/matters/{bare}/whatif", ("at", key), (f"v-{key}", "yes"))
    assert page.status_code == 200
    anna.send(f"/matters/{bare}/ask/broke_vase?item=count-2", answer="yes")
    changes = words(anna.get(f"/matters/{bare}/history"))
    assert "The jug" in changes
    assert "The vase" not in changes, "what was only given its id in writing has not changed"


def test_an_answer_about_an_item_that_is_gone_lands_on_no_other_and_is_shown_again(
    anna: Visitor, toy_app: FastAPI, toy_store: Store
) -> None:
    matter = anna.makes()
    boris = visitor(toy_app, toy_store, workspace=anna.workspace)
    anna.adds(matter, "counts", "Fraud")
    theft = anna.adds(matter, "counts", "Theft")
    anna.send(f"/matters/{matter}/lists/counts", act="remove", item=theft)
    murder = anna.adds(matter, "counts", "Murder")
    assert murder != theft
    late = boris.send(f"/matters/{matter}/ask/broke_vase?item={theft}", answer="yes", note="Heard it", version="3")
    assert late.status_code == 404
    assert "Heard it" in words(late)
    assert "nothing of it was saved" in words(late)
    assert "broke_vase" not in document(toy_store, anna, matter)["counts"][1]
    renamed = boris.send(f"/matters/{matter}/lists/counts", act="rename", item=theft, title="Theft of a car")
    assert renamed.status_code == 404
    assert "Theft of a car" in words(renamed)


def test_numbers_of_items_without_ids_do_not_shift_when_one_is_taken_out(
    anna: Visitor, toy_store: Store, bare: str
) -> None:
    anna.send(f"/matters/{bare}/lists/counts", act="remove", item="count-1")
    late = anna.send(f"/matters/{bare}/ask/broke_vase?item=count-1", answer="no", version="1")
    assert late.status_code == 404
    assert all("broke_vase" not in one for one in document(toy_store, anna, bare)["counts"])


def test_an_exhibit_that_is_gone_is_not_taken_for_a_new_one_of_the_same_title(anna: Visitor, toy_store: Store) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/exhibits", act="add", title="Letter")
    (old,) = anna.exhibits(matter)
    anna.send(f"/matters/{matter}/exhibits", act="remove", name=old)
    anna.send(f"/matters/{matter}/exhibits", act="add", title="Letter")
    late = anna.send(f"/matters/{matter}/ask/ground_up", ("exhibit", old), answer="yes", note="See the letter")
    assert late.status_code == 422
    assert "See the letter" in late.text
    assert "ground_up" not in document(toy_store, anna, matter)["facts"]
    assert anna.send(f"/matters/{matter}/exhibits", act="save", name=old, title="Letter").status_code == 404


def test_what_a_page_does_not_show_of_a_finding_or_an_exhibit_stays(anna: Visitor, toy_store: Store) -> None:
    exhibit = {
        "title": "Letter",
        "author": "A court",
        "dated": "1950-01-01",
        "official": True,
        "link": "https://a.test/1",
    }
    finding = {"value": "yes", "standing": "established", "by": "the court", "exhibits": [{"id": "a", "page": 3}]}
    case = {**BARE, "exhibits": {"a": exhibit}, "facts": {**BARE["facts"], "ground_up": finding}}  # type: ignore[dict-item]
    matter = with_case(toy_store, anna, case)
    anna.send(f"/matters/{matter}/exhibits", act="save", name="a", title="The letter", dated="1950-01-01", official="1")
    assert document(toy_store, anna, matter)["exhibits"]["a"] == {
        **{name: said for name, said in exhibit.items() if name != "author"},
        "title": "The letter",
    }
    page = anna.get(f"/matters/{matter}/ask/ground_up").text
    assert 'value="the court"' in page
    fields = {"answer": "yes", "standing": "established", "by": "the court", "page-a": "3", "note": "Read"}
    anna.send(f"/matters/{matter}/ask/ground_up", ("exhibit", "a"), **fields)
    assert document(toy_store, anna, matter)["facts"]["ground_up"] == {**finding, "note": "Read"}


def tried(anna: Visitor, matter: str, value: str, *more: tuple[str, str]) -> httpx.Response:
    key = "case::ground_up"
    return anna.send(f"/matters/{matter}/whatif/save", ("at", key), (f"v-{key}", value), *more)


def test_a_what_if_shows_what_was_answered_meanwhile_before_it_replaces_it(
    anna: Visitor, toy_app: FastAPI, toy_store: Store
) -> None:
    matter = anna.makes()
    boris = visitor(toy_app, toy_store, workspace=anna.workspace)
    boris.send(f"/matters/{matter}/ask/ground_up", answer="yes", standing="established", note="ward report")
    before = document(toy_store, anna, matter)
    for value in ("no", ""):
        shown = tried(anna, matter, value, ("version", "1"))
        assert shown.status_code == 412
        assert "ward report" in words(shown)
        assert document(toy_store, anna, matter) == before
    agreed = (("version", "2"), ("replace", "case::ground_up"))
    assert all(f'name="{name}" value="{value}"' in shown.text for name, value in agreed)
    assert tried(anna, matter, "no", *agreed).status_code == 303
    assert document(toy_store, anna, matter)["facts"]["ground_up"] == {"value": "no", "standing": "asserted"}


def test_a_what_if_leaves_an_answer_alone_that_says_the_same(anna: Visitor, toy_store: Store) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/ask/ground_up", answer="yes", standing="established", note="ward report")
    before = document(toy_store, anna, matter)
    assert tried(anna, matter, "yes", ("version", "2")).status_code == 303
    assert document(toy_store, anna, matter) == before


def test_a_what_if_that_names_no_version_replaces_nothing(anna: Visitor, toy_store: Store) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/ask/ground_up", answer="yes")
    assert tried(anna, matter, "no", ("replace", "case::ground_up")).status_code == 412
    assert document(toy_store, anna, matter)["facts"]["ground_up"]["value"] == "yes"


def test_an_answer_saved_in_the_very_moment_is_shown_too(
    anna: Visitor, toy_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = anna.makes()
    calls, real = iter(range(10)), open_matter.open_matter

    def overtaken(visit: Visit, name: str, version: int | None = None) -> OpenMatter:
        found = real(visit, name, version)
        if next(calls) == 0:
            facts = {**BARE["facts"], "ground_up": {"value": "yes", "note": "in between"}}  # type: ignore[dict-item]
            with toy_store.write(anna.workspace, "usr_boris") as tx:
                add_version(tx, name, found.version, {**found.document, "facts": facts})
        return found

    monkeypatch.setattr("api.web.pages.rooms.interview.open_matter", overtaken)
    answer = anna.send(f"/matters/{matter}/ask/ground_up", answer="no", version="1")
    assert answer.status_code == 412
    assert document(toy_store, anna, matter)["facts"]["ground_up"]["note"] == "in between"


def signed_in_again(anna: Visitor, app: FastAPI, store: Store) -> Visitor:
    token = open_session(store, SignIn(anna.workspace, anna.person, "link", strong=True))
    session = session_of(store, token)
    assert session is not None
    return Visitor(Client(app, headers={"cookie": f"{COOKIE}={token}"}), anna.workspace, anna.person, session.csrf)


def fields_of(page: httpx.Response) -> list[tuple[str, str]]:
    """The hidden fields of the form that sends again."""
    form = page.text[page.text.index('method="post"><input') :]
    return re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)


def test_an_answer_sent_after_the_session_ended_comes_back_and_can_be_sent_again(
    anna: Visitor, toy_app: FastAPI, toy_store: Store
) -> None:
    matter = anna.makes()
    path = f"/matters/{matter}/ask/ground_up"
    end_session(toy_store, anna.client.headers["cookie"].partition("=")[2])
    lost = anna.send(path, answer="yes", note="a long text", version="1")
    assert lost.status_code == 401
    assert "a long text" in words(lost)
    assert "You were signed out" in words(lost)
    again = signed_in_again(anna, toy_app, toy_store)
    stale = again.send(path, *[pair for pair in fields_of(lost) if pair[0] != "csrf"], csrf=anna.csrf)
    assert stale.status_code == 403
    assert "a long text" in words(stale)
    fields = dict(fields_of(stale))
    assert again.send(path, csrf=fields.pop("csrf"), **fields).status_code == 303
    assert document(toy_store, anna, matter)["facts"]["ground_up"]["note"] == "a long text"


def test_a_form_of_another_site_is_not_offered_to_be_sent_again(anna: Visitor) -> None:
    matter = anna.makes()
    sent = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html", "sec-fetch-site": "cross-site"}
    answer = anna.client.post(f"/matters/{matter}/ask/ground_up", content="answer=yes&note=planted", headers=sent)
    assert answer.status_code == 403
    assert "planted" not in answer.text


def test_passwords_and_codes_are_never_shown_again(anna: Visitor) -> None:
    answer = anna.send("/you/password", csrf="stale", now="Secretova", new="Secretova-2")
    assert answer.status_code >= 400
    assert "Secretova" not in answer.text


def twice(anna: Visitor, path: str, **fields: str) -> list[httpx.Response]:
    """The same form sent twice, as by two clicks."""
    csrf = f"{anna.csrf}.page"
    return [anna.send(path, csrf=csrf, **fields) for _ in range(2)]


def test_a_form_that_adds_adds_once_however_often_it_is_sent(anna: Visitor, toy_store: Store) -> None:
    matter = anna.makes()
    for path, fields in [
        ("lists/counts", {"act": "add", "title": "Fraud"}),
        ("lists/nap_steps", {"act": "add", "title": "Asked", "dated": "1950-01-01"}),
        ("exhibits", {"act": "add", "title": "Judgment"}),
    ]:
        answers = twice(anna, f"/matters/{matter}/{path}", **fields)
        assert [one.status_code for one in answers] == [303, 303]
        assert answers[0].headers["location"] == answers[1].headers["location"]
    kept = document(toy_store, anna, matter)
    assert [len(kept[name]) for name in ("counts", "nap_steps", "exhibits")] == [1, 1, 1]
    anna.adds(matter, "counts", "Fraud")
    assert len(document(toy_store, anna, matter)["counts"]) == 2, "the same words on a page of its own are another one"


def test_assessing_twice_by_one_page_is_assessing_once(anna: Visitor) -> None:
    matter = anna.makes()
    answers = twice(anna, f"/matters/{matter}/assess")
    assert [one.status_code for one in answers] == [303, 303]
    assert len(re.findall(r"assessment=asm_\w+", anna.get(f"/matters/{matter}").text)) == 1
    anna.send(f"/matters/{matter}/ask/ground_up", answer="yes")
    twice(anna, f"/matters/{matter}/assess")
    assert len(set(re.findall(r"assessment=asm_\w+", anna.get(f"/matters/{matter}").text))) == 2


def test_an_intake_sent_twice_makes_one_matter_and_leads_to_it_both_times(anna: Visitor) -> None:
    sent = {"reference": "T/9", "assessed_on": "1950-06-01", "requesting_state": "AND", "requested_state": "MCO"}
    first, second = twice(anna, "/matters/new", **sent)
    assert first.headers["location"] == second.headers["location"]


def test_an_item_taken_out_twice_is_no_fault(anna: Visitor) -> None:
    matter = anna.makes()
    item = anna.adds(matter, "counts", "Fraud")
    answers = twice(anna, f"/matters/{matter}/lists/counts", act="remove", item=item)
    assert [one.status_code for one in answers] == [303, 303]


def test_a_training_session_begun_twice_is_one(anna: Visitor) -> None:
    matter = anna.makes()
    first, second = twice(anna, "/training", matter=matter)
    assert first.status_code == 303, words(first)
    assert first.headers["location"] == second.headers["location"]


def test_a_key_asked_for_twice_by_one_page_is_one_and_is_shown_both_times(anna: Visitor, toy_store: Store) -> None:
    page = f"{anna.csrf}.keys"
    answers = [anna.send("/keys", ("scope", "matters:read"), csrf=page, act="issue") for _ in range(2)]
    shown = [re.search(r"ddr_live_\w{26}_[\w-]{43}", one.text) for one in answers]
    assert shown[0] is not None
    assert shown[1] is not None
    assert shown[0][0] == shown[1][0]
    with toy_store.read(anna.workspace) as tx:
        assert len(list_keys(tx)) == 1


def test_somebody_invited_twice_by_one_page_is_invited_once(anna: Visitor) -> None:
    first, second = twice(anna, "/people", name="Bo", login="bo", role="lawyer")
    links = [re.findall(r"invitation#[\w.-]+", one.text) for one in (first, second)]
    assert links[0]
    assert links[0] == links[1]
    assert words(anna.get("/people")).count("Bo ") == words(first).count("Bo ") >= 1
    person = re.findall(r'action="/people/(usr_\w+)"', second.text)
    again = twice(anna, f"/people/{next(one for one in person if one != anna.person)}", act="invite")
    assert re.findall(r"invitation#[\w.-]+", again[0].text) == re.findall(r"invitation#[\w.-]+", again[1].text)


def test_a_webhook_registered_or_renewed_twice_by_one_page_keeps_one_secret(anna: Visitor, toy_app: FastAPI) -> None:
    toy_app.state.gate, own = Gate(WebhookSettings(), lambda host: ["93.184.216.34"]), toy_app.state.gate
    sent = {"act": "add", "url": "https://hooks.example.org/in", "kind": "matter.erased"}
    secrets = [re.findall(r"whsec_[\w+/=]+", one.text) for one in twice(anna, "/webhooks", **sent)]
    assert secrets[0]
    assert secrets[0] == secrets[1]
    page = anna.get("/webhooks").text
    (name,) = set(re.findall(r'name="endpoint" value="(\w+)"', page))
    renewed = [re.findall(r"whsec_[\w+/=]+", one.text) for one in twice(anna, "/webhooks", act="secret", endpoint=name)]
    toy_app.state.gate = own
    assert renewed[0] == renewed[1]
    assert renewed[0] != secrets[0]


@pytest.mark.parametrize("typed", [" T/й ", "t/и\u0306", "T/\u200bй", "t/Й"])
def test_the_desk_finds_a_reference_however_it_is_typed(anna: Visitor, typed: str) -> None:
    matter = anna.makes("T/й")
    anna.makes("U/2")
    answer = anna.send("/", q=typed)
    assert answer.status_code == 303, words(answer)
    found = anna.get(answer.headers["location"]).text
    assert set(re.findall(r"/matters/(mat_\w+)", found)) == {matter}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("uk", "«Казахстон» — не держава. Можливо"),
        ("ru", "«Казахстон» — не государство. Возможно"),
        ("en", "is not a State"),
    ],
)
def test_a_name_that_is_no_state_is_refused_in_the_language_of_the_page(
    anna: Visitor, language: str, said: str
) -> None:
    sent = {"reference": "T/1", "assessed_on": "1950-06-01", "requesting_state": "Казахстон", "requested_state": "MCO"}
    body = urlencode([("csrf", f"{anna.csrf}.1"), *sent.items()])
    answer = anna.client.post("/matters/new", content=body, headers={**HTML, **FORM, "accept-language": language})
    assert answer.status_code == 422
    assert said in words(answer)


def test_an_answer_kept_by_script_is_refused_in_the_language_of_the_page(anna: Visitor) -> None:
    matter = anna.makes()
    sent = {"answer": "value", "value": "Казахстон", "stay": "yes"}
    body = urlencode([("csrf", f"{anna.csrf}.1"), *sent.items()])
    path = f"/matters/{matter}/ask/requesting_state"
    answer = anna.client.post(path, content=body, headers={**HTML, **FORM, "accept-language": "uk"})
    assert answer.status_code == 422
    assert answer.json()["problems"][0].startswith("«Казахстон» — не держава")
