"""The pages of an account and of a workspace: factors, people, keys, webhooks, the audit chain."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.accounts.factors import factors_of
from api.accounts.identities import person_of
from api.accounts.keys.service import authenticate
from api.accounts.passkeys import RelyingParty, begin_passkey, register_passkey
from api.accounts.passwords import hashed, set_password
from api.accounts.sessions import SignIn, open_session
from api.storage.audit.journal import entries
from api.storage.people_tables import PersonSession
from api.storage.store import Store, stamp
from api.web.pages.visit import COOKIE
from tests.api.http.support import Client
from tests.pages.support import FORM, HTML, Visitor, visitor, words
from tests.people.authenticator import Authenticator


def test_a_code_generator_counts_once_a_code_of_it_was_entered(anna: Visitor) -> None:
    offered = anna.send("/you/generator")
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", offered.text)
    assert secret is not None
    assert "data:image/svg+xml" in offered.text
    done = anna.send("/you/generator", code=pyotp.TOTP(secret[1]).now())
    assert len(re.findall(r"<li><code>", done.text)) == 10
    assert "set-cookie" in done.headers


def test_a_password_is_set_by_invitation_and_signs_in(toy_app: FastAPI, toy_store: Store, anna: Visitor) -> None:
    added = anna.send("/people", ("role", "lawyer"), name="Boris", login="boris")
    token = re.search(r"/invitation#(\S+)</code>", added.text)
    assert token is not None
    nobody = Client(toy_app, headers=HTML)
    short = nobody.post("/invitation", content=urlencode({"token": token[1], "password": "short"}), headers=FORM)
    assert short.status_code == 422
    good = urlencode({"token": token[1], "password": "correct horse battery"})
    assert nobody.post("/invitation", content=good, headers=FORM).headers["location"] == "/sign-in"
    with toy_store.write(anna.workspace, anna.person) as tx:
        from api.accounts.handles import set_handle

        set_handle(tx, f"centre{anna.workspace[-4:]}")
    login = {"login": f"centre{anna.workspace[-4:]}/boris", "password": "correct horse battery"}
    signed = nobody.post("/sign-in", content=urlencode(login), headers=FORM)
    assert signed.status_code == 303
    assert "__Host-dedere=" in signed.headers["set-cookie"]


def test_roles_change_and_somebody_is_shut_out(anna: Visitor, toy_app: FastAPI, toy_store: Store) -> None:
    boris = visitor(toy_app, toy_store, ["lawyer"], anna.workspace)
    anna.send(f"/people/{boris.person}", ("role", "trainer"), act="roles")
    assert boris.get("/").headers["location"] == "/sign-in"
    anna.send(f"/people/{boris.person}", act="disable")
    assert "shut out" in words(anna.get("/people"))


def test_the_last_administrator_stays(anna: Visitor) -> None:
    answer = anna.send(f"/people/{anna.person}", ("role", "lawyer"), act="roles")
    assert answer.status_code == 422
    assert "administrator" in words(answer)


def test_a_key_is_shown_once_works_and_is_revoked(anna: Visitor, toy_store: Store) -> None:
    made = anna.send("/keys", ("scope", "matters:read"), act="issue", days="30")
    text = re.search(r"ddr_live_\w{26}_[\w-]{43}", made.text)
    assert text is not None
    assert authenticate(toy_store, text[0]).workspace == anna.workspace
    assert text[0] not in anna.get("/keys").text
    name = text[0].split("_")[2]
    assert "revoked" in words(anna.send("/keys", act="revoke", key=name))


def test_a_webhook_address_that_must_not_be_called_is_refused(anna: Visitor) -> None:
    answer = anna.send("/webhooks", ("kind", "matter.erased"), act="add", url="http://127.0.0.1/")
    assert answer.status_code == 422


def test_the_audit_page_shows_acts_and_the_head_but_no_content(anna: Visitor) -> None:
    anna.makes("Canary 1")
    page = words(anna.get("/audit"))
    assert "matter.created" in page
    assert "Canary" not in page


@pytest.mark.parametrize("path", ["/people", "/keys", "/webhooks", "/audit"])
def test_who_may_not_does_not_come_in(anna: Visitor, toy_app: FastAPI, toy_store: Store, path: str) -> None:
    trainer = visitor(toy_app, toy_store, ["trainer"], anna.workspace)
    assert trainer.get(path).status_code == 403
    assert trainer.get("/you").status_code == 200


def test_a_password_can_be_changed_by_who_knows_it(anna: Visitor) -> None:
    answer = anna.send("/you/password", old="not this", new="correct horse battery")
    assert answer.status_code == 422


def test_the_reference_shows_every_operation(anna: Visitor) -> None:
    page = anna.get("/reference").text
    paths = anna.client.get("/openapi.json").json()["paths"]
    assert len(paths) > 40
    assert all(f"<code>{method.upper()} {path}</code>" in page for path, found in paths.items() for method in found)


def test_H6_whoever_signs_in_is_told_what_was_changed_in_how_they_sign_in(
    anna: Visitor, toy_app: FastAPI, toy_store: Store
) -> None:
    party, key = RelyingParty("dedere.example", "https://dedere.example"), Authenticator()
    begun = begin_passkey(toy_store, party, anna.workspace, anna.person)
    register_passkey(toy_store, party, begun.ticket, key.create(begun.options), person=anna.person, label="thief's")
    anna.send("/you/recovery")
    assert "Of late it was changed" not in words(anna.get("/")), "the session that did it knows"
    token = open_session(toy_store, SignIn(anna.workspace, anna.person, "password", strong=True))
    again = Client(toy_app, headers={**HTML, "cookie": f"{COOKIE}={token}"})
    for page in ("/", "/training", "/you"):
        told = words(again.get(page))
        assert "Of late it was changed how you sign in: new passkey “thief's”" in told
        assert "new recovery codes" in told
    with toy_store.write(anna.workspace, anna.person) as tx:
        acts = {entry.act for entry in entries(tx.session, anna.workspace)}
    assert {"passkey.registered", "recovery.made"} <= acts


class TestWhoeverManagesPeopleReadsNoMatter:
    """H2: one administrator alone comes to no matter, by a key, a role, an invitation or a person made up."""

    @pytest.fixture
    def office(self, anna: Visitor, toy_app: FastAPI, toy_store: Store) -> tuple[Visitor, Visitor, Visitor]:
        """Two administrators who have no other role, and a lawyer with a password."""
        first, second = (visitor(toy_app, toy_store, roles, anna.workspace) for roles in _ADMINISTRATORS)
        lawyer = visitor(toy_app, toy_store, ["lawyer"], anna.workspace)
        with toy_store.write(anna.workspace, anna.person) as tx:
            set_password(tx, lawyer.person, hashed("correct horse battery"))
        return first, second, lawyer

    @pytest.mark.parametrize("scope", ["matters:read", "matters:erase", "assessments:read"])
    def test_no_key_with_more_than_one_has(self, office: tuple[Visitor, ...], scope: str) -> None:
        answer = office[0].send("/keys", ("scope", "audit:read"), ("scope", scope), act="issue", days="30")
        assert answer.status_code == 403
        assert "ddr_live" not in answer.text
        assert f'value="{scope}"' not in office[0].get("/keys").text

    def test_an_invitation_of_somebody_who_can_sign_in_takes_two(self, office: tuple[Visitor, ...]) -> None:
        first, second, lawyer = office
        for _ in range(2):
            assert "/invitation#" not in first.send(f"/people/{lawyer.person}", act="invite").text
        assert "/invitation#" in second.send(f"/people/{lawyer.person}", act="invite").text
        assert "/invitation#" not in second.send(f"/people/{lawyer.person}", act="invite").text

    def test_a_role_that_one_has_not_takes_two(self, office: tuple[Visitor, ...]) -> None:
        first, second, _ = office
        roles = [("role", "administrator"), ("role", "lawyer"), ("role", "auditor")]
        first.send(f"/people/{first.person}", *roles, act="roles")
        assert first.get("/matters/new").status_code == 403
        second.send(f"/people/{first.person}", ("role", "administrator"), ("role", "lawyer"), act="roles")
        assert first.get("/matters/new").status_code == 403, "that was not the same act"
        second.send(f"/people/{first.person}", *roles, act="roles")
        assert first.get("/").headers["location"] == "/sign-in", "the roles were changed"

    def test_a_lawyer_whom_one_makes_up_takes_two(self, office: tuple[Visitor, ...]) -> None:
        first, second, _ = office
        answer = first.send("/people", ("role", "lawyer"), name="Made up", login=f"made{first.workspace[-6:]}")
        assert "/invitation#" not in answer.text
        made = re.findall(r'action="/people/(usr_\w+)"', answer.text)[-1]
        assert "/invitation#" not in first.send(f"/people/{made}", act="invite").text
        assert "/invitation#" in second.send(f"/people/{made}", act="invite").text

    def test_both_are_named_in_the_audit_chain(self, office: tuple[Visitor, ...], toy_store: Store) -> None:
        first, second, lawyer = office
        for one in (first, second):
            one.send(f"/people/{lawyer.person}", act="invite")
        with toy_store.read(first.workspace) as tx:
            acts = [(entry.act, entry.actor) for entry in entries(tx.session, first.workspace)]
        assert ("access.asked", first.person) in acts
        assert ("access.confirmed", second.person) in acts

    @pytest.fixture
    def provider(self, toy_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> str:
        """An identity provider is set."""
        monkeypatch.setattr(toy_app.state.service.settings, "oidc_issuer", "https://id.example.org")
        return "https://id.example.org"

    def test_a_link_to_the_identity_provider_of_somebody_who_can_sign_in_takes_two(
        self, office: tuple[Visitor, ...], provider: str, toy_store: Store
    ) -> None:
        first, second, lawyer = office

        def linked() -> str | None:
            with toy_store.read(first.workspace) as tx:
                return person_of(tx, provider, "mallory")

        for _ in range(2):
            first.send(f"/people/{lawyer.person}", act="link", subject="mallory")
            assert linked() is None
        second.send(f"/people/{lawyer.person}", act="link", subject="somebody else")
        assert linked() is None, "that was not the same act"
        second.send(f"/people/{lawyer.person}", act="link", subject="mallory")
        assert linked() == lawyer.person
        page = first.get("/people")
        assert "mallory" in page.text
        identity = re.search(r'name="identity" value="(idy_\w+)"', page.text)
        assert identity is not None
        first.send(f"/people/{lawyer.person}", act="unlink", identity=identity[1])
        assert linked() is None

    def test_without_a_provider_there_is_nothing_to_link_to(self, office: tuple[Visitor, ...]) -> None:
        first, _, lawyer = office
        assert 'value="link"' not in first.get("/people").text
        assert first.send(f"/people/{lawyer.person}", act="link", subject="x").status_code == 400


_ADMINISTRATORS = (["administrator"], ["administrator", "auditor"])


def test_H6_how_one_signs_in_is_changed_only_soon_after_signing_in(anna: Visitor, toy_store: Store) -> None:
    assert anna.send("/you/recovery").status_code == 200
    with toy_store.write(anna.workspace, anna.person) as tx:
        session = tx.session.scalars(select(PersonSession).where(PersonSession.person_id == anna.person)).one()
        session.opened_at = stamp(toy_store.now() - timedelta(minutes=6))
    for path in ("/you/generator", "/you/recovery", "/you/remove"):
        answer = anna.send(path)
        assert (answer.status_code, "sign out and in again" in words(answer)) == (403, True), path
        assert "<li><code>" not in answer.text
    for path in ("/you/passkeys/begin", "/you/passkeys"):
        sent = anna.client.post(path, json={}, headers={"x-csrf": anna.csrf})
        assert sent.status_code == 403, path
    with toy_store.read(anna.workspace) as tx:
        assert factors_of(tx, anna.person) == ()
