"""Signing in at an outside identity provider: OpenID Connect, authorisation code with PKCE.

State, nonce and verifier are derived from the browser's ticket, so that an answer fits only the
browser that asked, once. The identity token's signature, issuer, audience, times and nonce are
checked. Who comes back must have been linked by an administrator (``identities.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.accounts.errors import ProviderUnavailable, Refused
from api.accounts.handles import normal, workspace_of
from api.accounts.identities import person_of
from api.accounts.sessions import SignIn
from api.accounts.signin import SecondFactorNeeded, accepted, proved
from api.accounts.steps import loose_ticket, read_loose, spend_loose
from api.accounts.tokens import derived_text, same
from api.storage.store import Store

_PURPOSE = "oidc"
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY = 60  # seconds by which two clocks may differ
_PATIENCE = 10  # seconds
_LONGEST = 100  # characters of a handle
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_SEVERAL = "mfa"  # RFC 8176: the provider asked for several factors


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider as the operator set it up."""

    issuer: str
    client_id: str
    redirect: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """What was begun: a ticket for the browser's cookie, and the provider's address to send the browser to."""

    ticket: str = field(repr=False)
    address: str = field(repr=False)


def begin_visit(store: Store, provider: Provider, handle: str = "") -> Visit:
    """Begin a sign-in to the workspace of a handle. Whether there is one is not said before the end.

    Raises:
        ProviderUnavailable: the provider does not answer as one.
    """
    with _client(provider) as client:
        address = _discovered(client, provider)["authorization_endpoint"]
        ticket = loose_ticket(store, _PURPOSE, normal(handle)[:_LONGEST])
        url, _ = client.create_authorization_url(
            address,
            state=derived_text(ticket, "state"),
            nonce=derived_text(ticket, "nonce"),
            code_verifier=derived_text(ticket, "verifier"),
        )
    return Visit(ticket, url)


def finish_visit(
    store: Store, provider: Provider, ticket: str, given: Mapping[str, str], request: str = ""
) -> SignIn | SecondFactorNeeded:
    """Complete a sign-in with what the provider sent the browser back with (``state``, ``code``, ``iss``).

    Raises:
        ProviderUnavailable: the provider does not answer as one.
        Refused: what came back does not fit, or nobody is linked to it.
    """
    handle = read_loose(store, ticket, _PURPOSE)
    fits = same(given.get("state", ""), derived_text(ticket, "state"))
    if handle is None or not fits or given.get("iss", provider.issuer) != provider.issuer or not given.get("code"):
        raise Refused
    claims = _claims(store, provider, ticket, given["code"])
    workspace = workspace_of(store, handle) or ""
    person = _linked(store, workspace, claims)
    if not spend_loose(store, ticket, _PURPOSE):
        raise Refused
    if _SEVERAL in (claims.get("amr") or ()):
        return accepted(store, SignIn(workspace, person, "oidc", strong=True), request)
    return proved(store, workspace, person, "oidc", request)


def _linked(store: Store, workspace: str, claims: Mapping[str, Any]) -> str:
    if not workspace:
        raise Refused
    with store.read(workspace) as tx:
        person = person_of(tx, claims["iss"], claims["sub"])
    if person is None:
        raise Refused
    return person


def _claims(store: Store, provider: Provider, ticket: str, code: str) -> CodeIDToken:
    """Exchange the code, and check the identity token that comes for it."""
    with _client(provider) as client:
        known = _discovered(client, provider)
        answer = client.fetch_token(
            known["token_endpoint"],
            code=code,
            grant_type="authorization_code",
            redirect_uri=provider.redirect,
            code_verifier=derived_text(ticket, "verifier"),
        )
        keys = KeySet.import_key_set({"keys": _fetched(client, known["jwks_uri"])["keys"]})
        token = jwt.decode(str(answer.get("id_token", "")), keys, algorithms=_ALGORITHMS)
    return _checked(store, provider, ticket, token, answer)


def _checked(store: Store, provider: Provider, ticket: str, token: jwt.Token, answer: Mapping[str, Any]) -> CodeIDToken:
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True},
        },
        params={
            "nonce": derived_text(ticket, "nonce"),
            "client_id": provider.client_id,
            "access_token": answer.get("access_token"),
        },
    )
    try:
        claims.validate(now=int(store.now().timestamp()), leeway=_LEEWAY)
    except (JoseError, TypeError, ValueError):
        raise Refused from None
    return claims


@contextmanager
def _client(provider: Provider) -> Iterator[Any]:
    """A client of the provider. An answer that is not one of a provider is an error of its, not a crash of ours."""
    client = OAuth2Client(
        provider.client_id,
        provider.client_secret or None,
        scope="openid",
        redirect_uri=provider.redirect,
        code_challenge_method="S256",
        timeout=_PATIENCE,
        follow_redirects=False,
    )
    try:
        with client:
            yield client
    except (JoseError, AuthlibBaseError):  # what it gave does not stand up, or it refuses the code
        raise Refused from None
    except (httpx2.HTTPError, httpx2.InvalidURL, KeyError, TypeError, ValueError):
        raise ProviderUnavailable from None


def _discovered(client: Any, provider: Provider) -> dict[str, Any]:
    """What the provider says of itself. Its issuer must be the one that was set up, to the letter."""
    known = _fetched(client, provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    endpoints = [str(known[name]) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if known["issuer"] != provider.issuer or not all(_private(url) for url in endpoints):
        raise ProviderUnavailable
    return known


def _fetched(client: Any, url: str) -> dict[str, Any]:
    if not _private(url):
        raise ProviderUnavailable
    answer = client.request("GET", url, withhold_token=True)
    answer.raise_for_status()
    found: Any = answer.json()
    if not isinstance(found, dict):
        raise ProviderUnavailable
    return found


def _private(url: str) -> bool:
    """Whether nobody can listen in: TLS, or this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
