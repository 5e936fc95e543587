"""An authenticator in software: makes real keys, attestation objects of form "none" and signed assertions."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PRESENT, VERIFIED, WITH_CREDENTIAL = 0x01, 0x04, 0x40


def text_of(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """The bytes of base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """A key on somebody's desk. ``counts`` is False for one that keeps no counter (synced passkeys)."""

    origin: str = "https://dedere.example"
    verifies: bool = True
    counts: bool = True
    edwards: bool = False
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: str = ""

    def __post_init__(self) -> None:
        """Make the key pair."""
        self.key = ed25519.Ed25519PrivateKey.generate() if self.edwards else ec.generate_private_key(ec.SECP256R1())

    def create(self, options: str) -> dict[str, Any]:
        """Answer ``navigator.credentials.create``."""
        wanted = json.loads(options)
        assert self.algorithm in {one["alg"] for one in wanted["pubKeyCredParams"]}
        assert text_of(self.id) not in {one["id"] for one in wanted.get("excludeCredentials", [])}
        self.handle = wanted["user"]["id"]
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(self._public())
        data = self._data(wanted["rp"]["id"], WITH_CREDENTIAL) + credential
        client = self._client("webauthn.create", wanted["challenge"])
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": text_of(client), "attestationObject": text_of(attestation)})

    def get(self, options: str) -> dict[str, Any]:
        """Answer ``navigator.credentials.get``."""
        wanted = json.loads(options)
        allowed = {one["id"] for one in wanted.get("allowCredentials", [])}
        assert not allowed or text_of(self.id) in allowed
        self.count += self.counts
        data, client = self._data(wanted["rpId"]), self._client("webauthn.get", wanted["challenge"])
        signature = self._signed(data + hashlib.sha256(client).digest())
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer({name: text_of(part) for name, part in parts.items()} | {"userHandle": self.handle})

    @property
    def algorithm(self) -> int:
        """The COSE number of the key's algorithm."""
        return -8 if self.edwards else -7

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        name = text_of(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, party: str, more: int = 0) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _signed(self, data: bytes) -> bytes:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(data)
        return self.key.sign(data, ec.ECDSA(SHA256()))

    def _public(self) -> dict[int, Any]:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return {1: 1, 3: -8, -1: 6, -2: self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)}
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
