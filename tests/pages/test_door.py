"""The door of the pages: sessions, one-time links, forms of our own pages only, headers, errors in words."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from api.accounts.links import make_sign_in_link
from api.storage.store import Store
from api.web.pages.visit import COOKIE
from tests.api.http.support import Client
from tests.pages.support import FORM, HTML, Visitor, visitor, words


def test_who_is_not_signed_in_is_led_to_the_door(toy_app: FastAPI) -> None:
    answer = Client(toy_app).get("/", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_a_link_signs_in_once(toy_app: FastAPI, toy_store: Store, anna: Visitor) -> None:
    with toy_store.write(anna.workspace, anna.person) as tx:
        token = make_sign_in_link(tx, anna.person)
    client = Client(toy_app)
    body = urlencode({"token": token})
    first = client.post("/link", content=body, headers=FORM)
    assert first.status_code == 303
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert all(rule in cookie for rule in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"))
    again = client.post("/link", content=body, headers=FORM)
    assert again.status_code == 403
    assert "was used" in words(again)


def test_a_wrong_password_is_refused_in_words(toy_app: FastAPI) -> None:
    body = urlencode({"login": "nobody/at-all", "password": "not the password"})
    answer = Client(toy_app).post("/sign-in", content=body, headers=FORM)
    assert answer.status_code == 403
    assert "That was not right." in words(answer)
    assert "not the password" not in answer.text


def test_T16_a_form_without_the_sessions_token_changes_nothing(
    anna: Visitor, toy_app: FastAPI, toy_store: Store
) -> None:
    other = visitor(toy_app, toy_store)
    for token in ("", "x", other.csrf):
        answer = anna.send("/matters/new", reference="T/9", assessed_on="1950-06-01", csrf=token)
        assert answer.status_code == 403
    assert "T/9" not in anna.get("/").text


def test_T16_a_form_of_another_site_is_refused(anna: Visitor) -> None:
    body = urlencode({"csrf": anna.csrf, "reference": "T/9", "assessed_on": "1950-06-01"})
    headers = {**FORM, "sec-fetch-site": "cross-site"}
    assert anna.client.post("/matters/new", content=body, headers=headers).status_code == 403


def test_signing_out_ends_the_session_and_clears_the_browser(anna: Visitor) -> None:
    answer = anna.send("/sign-out")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert anna.get("/").headers["location"] == "/sign-in"


def test_leaving_quickly_ends_the_session_and_shows_an_empty_page(anna: Visitor) -> None:
    answer = anna.get("/leave")
    assert "Dedere" not in answer.text
    assert anna.get("/").headers["location"] == "/sign-in"


@pytest.mark.parametrize("path", ["/", "/sign-in", "/matters/new", "/nowhere", "/matters/mat_x", "/static/dedere.css"])
def test_T17_every_page_has_the_headers_that_protect_it(anna: Visitor, path: str) -> None:
    headers = anna.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "permissions-policy" in headers
    assert "server" not in headers
    if not path.startswith("/static"):
        assert headers["cache-control"] == "no-store"


def test_errors_are_said_as_pages_to_people_and_as_problems_to_programs(anna: Visitor) -> None:
    page = anna.get("/matters/mat_nowhere")
    assert page.status_code == 404
    assert "There is nothing here" in words(page)
    assert anna.client.get("/v1/nowhere", headers=HTML).json()["status"] == 404


def test_the_language_is_chosen_and_stays(anna: Visitor) -> None:
    answer = anna.send("/language", language="uk", back="/matters/new")
    assert answer.headers["location"] == "/matters/new"
    assert "dedere-language=uk" in answer.headers["set-cookie"]
    page = anna.client.get("/", headers={**HTML, "cookie": anna.client.headers["cookie"] + "; dedere-language=uk"})
    assert '<html lang="uk">' in page.text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_way_back_never_leads_elsewhere(anna: Visitor, back: str) -> None:
    assert anna.send("/language", language="uk", back=back).headers["location"] == "/"


def test_an_administrator_without_other_roles_sees_no_matter(toy_app: FastAPI, toy_store: Store, anna: Visitor) -> None:
    matter = anna.makes()
    admin = visitor(toy_app, toy_store, ["administrator"], anna.workspace)
    assert admin.get("/").status_code == 303
    assert admin.get(f"/matters/{matter}").status_code == 403


def test_a_fault_of_ours_is_a_page_too_and_says_nothing_of_the_case(
    anna: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret name of the person")

    monkeypatch.setattr("api.web.pages.rooms.desk.newest_matters", broken)
    answer = anna.get("/")
    assert answer.status_code == 500
    assert "Dedere has failed" in words(answer)
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("body", ["[]", "1", "null", '"x"'])
@pytest.mark.parametrize("path", ["/sign-in/passkey/begin", "/sign-in/passkey"])
def test_L2_what_a_strangers_script_sends_is_never_a_fault_of_ours(toy_app: FastAPI, path: str, body: str) -> None:
    answer = Client(toy_app).post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (403, 422)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://testserver.elsewhere.example"])
def test_L3_a_form_of_another_site_is_refused_from_an_old_browser_too(toy_app: FastAPI, origin: str) -> None:
    body = urlencode({"login": "nobody/at-all", "password": "not the password"})
    answer = Client(toy_app).post("/sign-in", content=body, headers={**FORM, "origin": origin})
    assert "was not sent by a page of this service" in words(answer)
