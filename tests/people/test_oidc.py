"""Signing in at an identity provider that answers real HTTP with real signatures, and every lie it could tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey

from api.accounts.errors import ProviderUnavailable, Refused, UnfitDetails
from api.accounts.identities import link_identity, list_identities, unlink_identity
from api.accounts.oidc import Provider, begin_visit, finish_visit
from api.accounts.persons import (
    Details,
    create_person,
    disable,
    list_people,
)
from api.accounts.sessions import SignIn
from api.accounts.signin import SecondFactorNeeded, with_code
from api.storage.errors import NotFound
from api.storage.rotation import rotate_workspace
from api.storage.store import Store
from tests.people.provider import IdentityProvider, running
from tests.people.support import HANDLE, SOURCE, acts, enrolled, later
from tests.store.support import Clock

SECRET = "client secret"
OTHER = RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)


@pytest.fixture
def outside(clock: Clock) -> Iterator[IdentityProvider]:
    """The provider."""
    with running(clock) as provider:
        provider.secret = SECRET
        yield provider


@pytest.fixture
def provider(outside: IdentityProvider) -> Provider:
    """The provider as the operator set it up."""
    return Provider(outside.issuer, "dedere", "https://dedere.example/sign-in/oidc", SECRET)


@pytest.fixture
def linked(store: Store, workspace: str, anna: str, provider: Provider) -> str:
    """Anna, linked to the provider's first subject."""
    with store.write(workspace, "usr_one") as tx:
        link_identity(tx, anna, provider.issuer, "subject-1")
    return anna


def visited(
    store: Store, provider: Provider, outside: IdentityProvider, handle: str = HANDLE
) -> SignIn | SecondFactorNeeded:
    visit = begin_visit(store, provider, handle)
    return finish_visit(store, provider, visit.ticket, outside.visit(visit.address))


def test_a_linked_person_signs_in(
    store: Store, workspace: str, linked: str, provider: Provider, outside: IdentityProvider
) -> None:
    for handle in (HANDLE, HANDLE.upper(), ""):
        assert visited(store, provider, outside, handle) == SignIn(workspace, linked, "oidc", strong=False)
    assert acts(store, workspace).count(("signin.ok", linked)) == 3


def test_several_factors_at_the_provider_count(
    store: Store, linked: str, provider: Provider, outside: IdentityProvider
) -> None:
    outside.claims = {"amr": ["pwd", "mfa"]}
    signed = visited(store, provider, outside)
    assert isinstance(signed, SignIn)
    assert signed.strong
    for little in (["pwd"], [], 0, None):
        outside.claims = {"amr": little}
        signed = visited(store, provider, outside)
        assert isinstance(signed, SignIn)
        assert not signed.strong


def test_a_person_with_a_generator_is_asked_for_its_code(
    store: Store, workspace: str, linked: str, provider: Provider, outside: IdentityProvider
) -> None:
    generator = enrolled(store, workspace, linked)
    needed = visited(store, provider, outside)
    assert isinstance(needed, SecondFactorNeeded)
    assert with_code(store, needed.ticket, generator.at(store.now()), SOURCE).strong


def test_nobody_is_made_by_signing_in(
    store: Store, workspace: str, anna: str, provider: Provider, outside: IdentityProvider
) -> None:
    for handle in (HANDLE, "nowhere"):
        with pytest.raises(Refused):
            visited(store, provider, outside, handle)
    with store.read(workspace) as tx:
        assert [said.id for said in list_people(tx)] == [anna]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": ["dedere", "another"]},
        {"aud": ["dedere", "another"], "azp": "another"},
        {"aud": None},
        {"exp": 0},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"nbf": 4_000_000_000},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": "subject-2"},
        {"sub": None},
        {"sub": ""},
        {"sub": 1},
        {"amr": "mfa"},
        {"amr": 7},
        {"at_hash": "wrong"},
    ],
    ids=str,
)
def test_a_claim_that_is_not_right_is_refused(
    store: Store, linked: str, provider: Provider, outside: IdentityProvider, claims: dict[str, Any]
) -> None:
    outside.claims = claims
    with pytest.raises(Refused):
        visited(store, provider, outside)


def test_a_token_that_ran_out_is_refused(
    store: Store, linked: str, provider: Provider, outside: IdentityProvider, clock: Clock
) -> None:
    outside.claims = {"exp": int(clock.moment.timestamp()) - 30}
    assert isinstance(visited(store, provider, outside), SignIn)  # clocks may differ by a minute
    outside.claims = {"exp": int(clock.moment.timestamp()) - 62}
    with pytest.raises(Refused):
        visited(store, provider, outside)


def test_a_signature_of_another_key_or_kind_is_refused(
    store: Store, linked: str, provider: Provider, outside: IdentityProvider
) -> None:
    outside.signing = OTHER
    with pytest.raises(Refused):
        visited(store, provider, outside)
    outside.signing, outside.algorithm = OctKey.import_key(b"k" * 32, {"kid": "one"}), "HS256"
    with pytest.raises(Refused):
        visited(store, provider, outside)


def test_an_answer_fits_the_browser_that_asked_once(
    store: Store, linked: str, provider: Provider, outside: IdentityProvider, clock: Clock
) -> None:
    """State, code and ticket of one sign-in serve no other, and none twice: nobody is signed in as somebody else."""
    mine, theirs = begin_visit(store, provider, HANDLE), begin_visit(store, provider, HANDLE)
    given = outside.visit(theirs.address)
    with pytest.raises(Refused):
        finish_visit(store, provider, mine.ticket, given)
    assert isinstance(finish_visit(store, provider, theirs.ticket, given), SignIn)
    with pytest.raises(Refused):
        finish_visit(store, provider, theirs.ticket, given)
    late = begin_visit(store, provider, HANDLE)
    later(clock, minutes=10)
    with pytest.raises(Refused):
        finish_visit(store, provider, late.ticket, outside.visit(late.address))


def test_a_stolen_code_does_not_serve_another_sign_in(
    store: Store, linked: str, provider: Provider, outside: IdentityProvider
) -> None:
    """PKCE: the provider gives no token for a code without the verifier of its own sign-in."""
    mine, theirs = begin_visit(store, provider, HANDLE), begin_visit(store, provider, HANDLE)
    given = outside.visit(mine.address) | {"code": outside.visit(theirs.address)["code"]}
    with pytest.raises(Refused):
        finish_visit(store, provider, mine.ticket, given)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("given", [{}, {"code": ""}, {"state": ""}, {"iss": "https://evil.example"}], ids=str)
def test_a_return_that_lacks_something_is_refused(
    store: Store, linked: str, provider: Provider, outside: IdentityProvider, given: dict[str, str]
) -> None:
    visit = begin_visit(store, provider, HANDLE)
    with pytest.raises(Refused):
        finish_visit(store, provider, visit.ticket, (outside.visit(visit.address) | given) if given else {})


def test_a_provider_that_is_unwell_is_named_as_such(
    store: Store, linked: str, provider: Provider, outside: IdentityProvider
) -> None:
    for path, answer in (
        ("/token", (500, {})),
        ("/keys", (404, {})),
        ("/keys", (200, {})),
        ("/keys", (302, {})),
    ):
        outside.broken = {path: answer}
        with pytest.raises(ProviderUnavailable):
            visited(store, provider, outside)
    outside.broken = {"/token": (400, {"error": "invalid_grant"})}
    with pytest.raises(Refused):
        visited(store, provider, outside)
    outside.broken = {}
    for known in (
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
    ):
        outside.known = known
        with pytest.raises(ProviderUnavailable):
            begin_visit(store, provider, HANDLE)
    for issuer in ("http://127.0.0.1:1", "http://evil.example", "file:///etc/passwd", "https://"):
        with pytest.raises(ProviderUnavailable, match="another way"):
            begin_visit(store, replace(provider, issuer=issuer), HANDLE)


def test_links_are_made_listed_and_removed(
    store: Store, workspace: str, linked: str, provider: Provider, outside: IdentityProvider
) -> None:
    rotate_workspace(store, workspace, "usr_one")
    with store.write(workspace, "usr_one") as tx:
        (said,) = list_identities(tx, linked)
        assert (said.issuer, said.subject) == (provider.issuer, "subject-1")
        assert "subject-1" not in repr(said)
        boris = create_person(tx, Details("Boris", "boris"), ["administrator"]).id
        with pytest.raises(NotFound):
            unlink_identity(tx, boris, said.id)
        with pytest.raises(UnfitDetails):
            link_identity(tx, boris, "", "x")
    with pytest.raises(UnfitDetails, match="already"), store.write(workspace, "usr_one") as tx:
        link_identity(tx, boris, provider.issuer, "subject-1")
    with store.write(workspace, "usr_one") as tx:
        unlink_identity(tx, linked, said.id)
        link_identity(tx, boris, provider.issuer, "subject-1")
        disable(tx, boris)
    with pytest.raises(Refused):
        visited(store, provider, outside)
    assert ("identity.unlinked", said.id) in acts(store, workspace)
