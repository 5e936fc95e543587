"""A small identity provider on loopback: real HTTP, real RS256 signatures, PKCE checked as a provider does."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

Answer = tuple[int, dict[str, Any]]


class IdentityProvider:
    """What it says can be changed by the tests: ``claims`` are laid over the right ones, ``broken`` over its answers."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, auto_kid=False)
        self.signing, self.algorithm = self.key, "RS256"
        self.secret = ""
        self.claims: dict[str, Any] = {}
        self.broken: dict[str, Answer] = {}
        self.known: dict[str, Any] = {}
        self._codes: dict[str, dict[str, str]] = {}
        self.issuer = ""

    def visit(self, address: str) -> dict[str, str]:
        """What a browser that was sent here, and whose user agreed, brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["scope"] == "openid"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str]) -> Answer:
        """Answer a request."""
        if path in self.broken:
            return self.broken[path]
        if path == "/.well-known/openid-configuration":
            return 200, self._configuration() | self.known
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        return self._token(form)

    def _configuration(self) -> dict[str, str]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer} | {name: f"{self.issuer}/{path}" for name, path in names.items()}

    def _token(self, form: dict[str, str]) -> Answer:
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or challenge.decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"] or form["client_secret"] != self.secret:
            return 400, {"error": "invalid_client"}
        now = int(self.now().timestamp())
        right = {"iss": self.issuer, "aud": asked["client_id"], "sub": "subject-1", "nonce": asked["nonce"]}
        claims = right | {"iat": now, "exp": now + 300} | self.claims
        said = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode({"alg": self.algorithm, "kid": "one"}, said, self.signing, algorithms=[self.algorithm])
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": token}


@contextmanager
def running(now: Callable[[], datetime]) -> Iterator[IdentityProvider]:
    """A provider that answers on a free port."""
    provider = IdentityProvider(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(*provider.answer(self.path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            user, _, password = base64.b64decode(self.headers.get("Authorization", "")[6:]).decode().partition(":")
            self._send(*provider.answer(self.path, form | {"client_id": user, "client_secret": password}))

        def _send(self, status: int, said: dict[str, Any]) -> None:
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
