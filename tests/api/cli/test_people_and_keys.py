"""``dedere people`` and ``dedere apikey`` as whoever runs the service uses them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.accounts.handles import workspace_of
from api.accounts.identities import person_of
from api.accounts.keys.service import Refused, authenticate
from api.accounts.links import accept_invitation, use_sign_in_link
from api.storage.settings import StoreSettings
from api.storage.store import Store
from tests.api.support import Ran, here


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEDERE_DATA", str(tmp_path))


def store(folder: Path) -> Store:
    return Store.open(StoreSettings(data=folder))


def test_a_workspace_gets_its_first_person_and_an_invitation_that_works(tmp_path: Path) -> None:
    assert here("people", "workspace", "Law Centre", "--handle", "centre").status == 0
    added = here("people", "add", "Anna A.", "--login", "anna")
    assert "lawyer, trainer, auditor, administrator" in added.out
    token = re.search(r"/invitation#(\S+)", added.out)
    assert token is not None
    held = store(tmp_path)
    assert accept_invitation(held, token[1], "correct horse battery").startswith("usr_")
    held.close()
    link = re.search(r"/link#(\S+)", here("people", "link", "--login", "anna").out)
    held = store(tmp_path)
    assert link is not None
    assert use_sign_in_link(held, link[1]).person.startswith("usr_")
    held.close()
    listed = here("people", "list").out
    assert "Law Centre (centre)" in listed
    assert "anna  Anna A." in listed


def test_M6_a_second_workspace_is_told_to_need_a_handle_and_gets_one_by_command(tmp_path: Path) -> None:
    assert "handle" not in here("people", "workspace", "First").out
    second = here("people", "workspace", "Second")
    (name,) = re.findall(r"^Workspace (\S+)$", second.out, re.MULTILINE)
    assert f"dedere people handle HANDLE --workspace {name}" in second.out
    named = here("people", "handle", "second", "--workspace", name)
    assert (named.status, named.out) == (0, "Its people sign in as second/LOGIN from now on\n")
    assert here("people", "handle", "Second!", "--workspace", name).status == 2
    held = store(tmp_path)
    assert workspace_of(held, "second") == name
    assert workspace_of(held, "") not in (None, name)
    held.close()


def test_a_key_is_printed_once_works_and_is_revoked(tmp_path: Path) -> None:
    here("people", "workspace", "Law Centre")
    issued = here("apikey", "issue", "--scope", "matters:read", "--days", "30")
    text = issued.out.splitlines()[0]
    held = store(tmp_path)
    assert authenticate(held, text).scopes == {"matters:read"}
    name = text.split("_")[2]
    listed = here("apikey", "list").out
    assert name in listed
    assert text not in listed
    here("apikey", "revoke", name)
    with pytest.raises(Refused):
        authenticate(held, text)
    held.close()


def refused(ran: Ran, words: str) -> None:
    assert ran.status == 2
    assert words in ran.err
    assert ran.faultless


def test_what_cannot_be_done_is_said_in_one_line() -> None:
    refused(here("people", "list"), "Make one: dedere people workspace NAME")
    here("people", "workspace", "One")
    refused(here("people", "add", "Anna", "--login", ""), "login")
    refused(here("people", "link", "--login", "nobody"), "nobody has this login")
    refused(here("apikey", "issue", "--scope", "everything"), "there is no such scope")
    refused(here("apikey", "revoke"), "which key?")
    refused(here("apikey", "revoke", "abc"), "no such key")
    here("people", "workspace", "Two")
    refused(here("people", "list"), "Give one with --workspace")


def test_whom_an_identity_provider_means_is_linked_listed_and_unlinked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here("people", "workspace", "Law Centre")
    here("people", "add", "Anna A.", "--login", "anna")
    refused(here("people", "identity", "link", "--login", "anna", "--subject", "s-1"), "DEDERE_OIDC_ISSUER")
    monkeypatch.setenv("DEDERE_OIDC_ISSUER", "https://id.example.org")
    assert here("people", "identity", "link", "--login", "anna", "--subject", "s-1").status == 0
    assert here("people", "identity", "list").out == "anna  s-1  https://id.example.org\n"
    held = store(tmp_path)
    with held.read(held.workspaces()[0]) as tx:
        assert (person_of(tx, "https://id.example.org", "s-1") or "").startswith("usr_")
        assert person_of(tx, "https://else.example.org", "s-1") is None
    held.close()
    refused(here("people", "identity", "link", "--login", "anna", "--subject", "s-1"), "already")
    refused(here("people", "identity", "unlink", "--login", "anna", "--subject", "s-2"), "no such link")
    refused(here("people", "identity", "unlink", "--subject", "s-1"), "whom?")
    refused(here("people", "identity", "list", "--login", "boris"), "nobody has this login")
    refused(here("people", "identity", "drop"), "list, link or unlink")
    assert here("people", "identity", "unlink", "--login", "anna", "--subject", "s-1").status == 0
    assert here("people", "identity", "list").out == ""
