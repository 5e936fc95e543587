"""Passkeys, with an authenticator in software that signs for real: alone, as second factor, and every way to fail."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api.accounts.errors import (
    FactorRequired,
    Refused,
    UnfitDetails,
    UnfitPasskey,
)
from api.accounts.factors import factors_of, remove_passkey, reset_factors
from api.accounts.passkey_signin import begin_passkey_as_second, begin_passkey_sign_in, with_passkey
from api.accounts.passkeys import (
    RelyingParty,
    begin_passkey,
    list_passkeys,
    register_passkey,
)
from api.accounts.persons import Details, create_person, disable
from api.accounts.sessions import SignIn
from api.storage.errors import NotFound
from api.storage.rotation import rotate_workspace
from api.storage.store import Store
from tests.people.authenticator import Authenticator, bytes_of, text_of
from tests.people.support import acts, asked, later
from tests.store.support import Clock

PARTY = RelyingParty("dedere.example", "https://dedere.example")


def register(store: Store, workspace: str, person: str, made: Authenticator, label: str = "desk") -> str:
    begun = begin_passkey(store, PARTY, workspace, person)
    return register_passkey(store, PARTY, begun.ticket, made.create(begun.options), person=person, label=label)


def alone(store: Store, made: Authenticator, party: RelyingParty = PARTY) -> SignIn:
    begun = begin_passkey_sign_in(store, party)
    return with_passkey(store, PARTY, begun.ticket, made.get(begun.options))


@pytest.fixture
def key(store: Store, workspace: str, anna: str) -> Authenticator:
    """Anna's authenticator."""
    made = Authenticator()
    register(store, workspace, anna, made)
    return made


def test_a_passkey_signs_in_alone_and_counts_as_two_factors(
    store: Store, workspace: str, anna: str, key: Authenticator
) -> None:
    for _ in range(3):
        assert alone(store, key) == SignIn(workspace, anna, "passkey", strong=True)
    with store.read(workspace) as tx:
        (said,) = list_passkeys(tx, anna)
    assert said.label == "desk"
    assert said.last_used_at is not None
    assert "desk" not in repr(said)
    assert acts(store, workspace).count(("signin.ok", anna)) == 3
    assert ("passkey.registered", said.id) in acts(store, workspace)


def test_the_authenticator_learns_ids_and_not_who_is_asked_for(
    store: Store, workspace: str, anna: str, key: Authenticator
) -> None:
    assert bytes_of(key.handle).decode() == f"{workspace}.{anna}"
    assert len(bytes_of(key.handle)) <= 64
    options = json.loads(begin_passkey_sign_in(store, PARTY).options)
    assert options.get("allowCredentials", []) == []
    assert options["userVerification"] == "required"


def test_a_passkey_completes_a_password(store: Store, workspace: str, anna: str, key: Authenticator) -> None:
    key.verifies = False
    needed = asked(store)
    assert needed.factors == ("passkey",)
    begun = begin_passkey_as_second(store, PARTY, needed.ticket)
    assert [one["id"] for one in json.loads(begun.options)["allowCredentials"]] == [text_of(key.id)]
    assert with_passkey(store, PARTY, begun.ticket, key.get(begun.options)).strong
    with pytest.raises(Refused):
        begin_passkey_as_second(store, PARTY, needed.ticket)


def test_one_person_has_several_of_several_kinds(store: Store, workspace: str, anna: str, key: Authenticator) -> None:
    others = [Authenticator(edwards=True), Authenticator(counts=False)]
    for number, made in enumerate(others):
        register(store, workspace, anna, made, f"number {number}")
    for made in [key, *others, *others]:
        assert alone(store, made).person == anna
    begun = begin_passkey(store, PARTY, workspace, anna)
    assert len(json.loads(begun.options)["excludeCredentials"]) == 3


def test_a_passkey_is_registered_once(store: Store, workspace: str, anna: str, key: Authenticator) -> None:
    with store.write(workspace, anna) as tx:
        boris = create_person(tx, Details("Boris", "boris"), ["lawyer"]).id
    with pytest.raises(UnfitPasskey):
        register(store, workspace, boris, key)


def test_rotation_keeps_passkeys(store: Store, workspace: str, anna: str, key: Authenticator) -> None:
    rotate_workspace(store, workspace, anna)
    assert alone(store, key).person == anna


def test_a_copied_key_is_noticed_by_its_count(store: Store, workspace: str, anna: str, key: Authenticator) -> None:
    copied = copy.copy(key)
    assert alone(store, key).strong
    with pytest.raises(Refused):
        alone(store, copied)
    assert ("signin.refused", anna) in acts(store, workspace)
    assert alone(store, key).strong


def test_an_answer_serves_once(store: Store, anna: str, key: Authenticator) -> None:
    begun = begin_passkey_sign_in(store, PARTY)
    answer = key.get(begun.options)
    assert with_passkey(store, PARTY, begun.ticket, answer).person == anna
    with pytest.raises(Refused):
        with_passkey(store, PARTY, begun.ticket, answer)
    fresh = begin_passkey_sign_in(store, PARTY)
    with pytest.raises(Refused):
        with_passkey(store, PARTY, fresh.ticket, answer)


def test_an_answer_comes_within_ten_minutes(
    store: Store, workspace: str, anna: str, key: Authenticator, clock: Clock
) -> None:
    begun, registering = begin_passkey_sign_in(store, PARTY), begin_passkey(store, PARTY, workspace, anna)
    later(clock, minutes=10)
    with pytest.raises(Refused):
        with_passkey(store, PARTY, begun.ticket, key.get(begun.options))
    answer = Authenticator().create(registering.options)
    with pytest.raises(UnfitPasskey, match="begin again"):
        register_passkey(store, PARTY, registering.ticket, answer, person=anna, label="late")


def _unsigned(answer: dict[str, Any]) -> None:
    answer["response"]["signature"] = text_of(b"\x30\x06\x02\x01\x01\x02\x01\x01")


def _nobody(answer: dict[str, Any]) -> None:
    answer["response"]["userHandle"] = text_of(b"wsp_x.usr_x")


def _no_handle(answer: dict[str, Any]) -> None:
    del answer["response"]["userHandle"]


def _not_text(answer: dict[str, Any]) -> None:
    answer["response"]["userHandle"] = 7


def _other_id(answer: dict[str, Any]) -> None:
    answer["id"] = answer["rawId"] = text_of(b"another")


def _no_response(answer: dict[str, Any]) -> None:
    answer["response"] = None


def _cut(answer: dict[str, Any]) -> None:
    answer["response"]["authenticatorData"] = "AAAA"


def _no_json(answer: dict[str, Any]) -> None:
    answer["response"]["clientDataJSON"] = text_of(b"{")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "spoil", [_unsigned, _nobody, _no_handle, _not_text, _other_id, _no_response, _cut, _no_json, dict.clear]
)
def test_an_answer_that_is_not_right_is_refused(
    store: Store, key: Authenticator, spoil: Callable[[dict[str, Any]], None]
) -> None:
    begun = begin_passkey_sign_in(store, PARTY)
    answer = key.get(begun.options)
    spoil(answer)
    with pytest.raises(Refused):
        with_passkey(store, PARTY, begun.ticket, answer)


def test_another_origin_host_or_an_unverified_owner_is_refused(store: Store, key: Authenticator) -> None:
    key.origin = "https://dedere.example.evil.example"
    with pytest.raises(Refused):
        alone(store, key)
    key.origin = PARTY.origin
    with pytest.raises(Refused):
        alone(store, key, replace(PARTY, id="evil.example"))
    key.verifies = False
    with pytest.raises(Refused):
        alone(store, key)


def test_one_persons_passkey_does_not_complete_anothers_password(
    store: Store, workspace: str, anna: str, key: Authenticator
) -> None:
    with store.write(workspace, anna) as tx:
        boris = create_person(tx, Details("Boris", "boris"), ["lawyer"]).id
    theirs = Authenticator()
    register(store, workspace, boris, theirs)
    begun = begin_passkey_as_second(store, PARTY, asked(store).ticket)
    options = json.loads(begun.options) | {"allowCredentials": []}
    with pytest.raises(Refused):
        with_passkey(store, PARTY, begun.ticket, theirs.get(json.dumps(options)))


def test_a_registration_that_is_not_right_is_refused(store: Store, workspace: str, anna: str) -> None:
    begun = begin_passkey(store, PARTY, workspace, anna)
    elsewhere = Authenticator(origin="https://evil.example").create(begun.options)
    for answer in (elsewhere, {}, {"id": "x", "rawId": "x", "type": "public-key", "response": {}}):
        fresh = begin_passkey(store, PARTY, workspace, anna)
        with pytest.raises(UnfitPasskey):
            register_passkey(store, PARTY, fresh.ticket, answer, person=anna, label="desk")
    with pytest.raises(UnfitPasskey):
        register_passkey(
            store, PARTY, begun.ticket, Authenticator().create(begun.options), person="usr_other", label="desk"
        )
    with pytest.raises(UnfitDetails):
        register_passkey(store, PARTY, begun.ticket, {}, person=anna, label="")


def test_a_disabled_person_does_not_get_in(store: Store, workspace: str, anna: str, key: Authenticator) -> None:
    with store.write(workspace, anna) as tx:
        create_person(tx, Details("Boris", "boris"), ["administrator"])
        disable(tx, anna)
    with pytest.raises(Refused):
        alone(store, key)


def test_an_administrators_last_passkey_stays(store: Store, workspace: str, anna: str, key: Authenticator) -> None:
    second = register(store, workspace, anna, Authenticator())
    with store.write(workspace, anna) as tx:
        first = list_passkeys(tx, anna)[0].id
        remove_passkey(tx, anna, first)
        with pytest.raises(FactorRequired):
            remove_passkey(tx, anna, second)
    with store.write(workspace, anna) as tx, pytest.raises(NotFound):
        remove_passkey(tx, anna, first)
    with store.write(workspace, "usr_other") as tx:
        reset_factors(tx, anna)
        assert factors_of(tx, anna) == ()
    with pytest.raises(Refused):
        alone(store, key)
