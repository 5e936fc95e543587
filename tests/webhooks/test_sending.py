"""T19: one exchange: TLS for the name at the checked address, no redirects, and one deadline for everything."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.operations.webhooks.sending import Letter, NotSent, Sender
from api.operations.webhooks.settings import WebhookSettings
from api.operations.webhooks.urls import Gate
from tests.webhooks.support import Receiver, local_sender

HOST = "hooks.example.org"


def certificate(folder: Path, host: str) -> Path:
    """A key and a certificate of its own for a host."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{host}.pem"
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver with TLS for one host, which remembers the name that was asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path, HOST))
    receiver = Receiver(tls=context)
    receiver.names = []  # type: ignore[attr-defined]
    context.sni_callback = lambda _socket, name, _context: receiver.names.append(name)  # type: ignore[attr-defined]
    receiver.start()
    yield receiver
    receiver.stop()


def sender(receiver: Receiver, trusted: Path | None) -> Sender:
    settings = WebhookSettings(ports=str(receiver.port), networks="127.0.0.0/8")
    tls = ssl.create_default_context(cafile=str(trusted)) if trusted else None
    return Sender(Gate(settings, lambda host: ["127.0.0.1"]), tls, 5.0)


def test_T19_tls_verifies_the_name_at_the_checked_address(secured: Receiver, tmp_path: Path) -> None:
    letter = Letter(f"https://{HOST}:{secured.port}/x", "{}", {"webhook-id": "evt_1"})
    assert sender(secured, tmp_path / f"{HOST}.pem")(letter).status == 204
    assert secured.names == [HOST]  # type: ignore[attr-defined]
    assert secured.got[0].headers["host"] == f"{HOST}:{secured.port}"


def test_T19_a_certificate_for_another_name_or_from_nobody_is_refused(secured: Receiver, tmp_path: Path) -> None:
    trusted = tmp_path / f"{HOST}.pem"
    for url, known in (
        (f"https://other.example.org:{secured.port}/", trusted),
        (f"https://{HOST}:{secured.port}/", None),
    ):
        with pytest.raises(NotSent, match="unreachable"):
            sender(secured, known)(Letter(url, "{}", {}))
    assert secured.got == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_T19_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.always = (status, {"location": f"http://127.0.0.1:{receiver.port}/elsewhere"})
    assert local_sender(receiver.port)(Letter(receiver.url, "{}", {})).status == status
    assert [got.path for got in receiver.got] == ["/hooks?token=canary-token"]


def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert local_sender(receiver.port)(Letter(receiver.url, "{}", {})).status == 204


@pytest.fixture
def dripping() -> Iterator[int]:
    """A server that sends a byte of an endless header whenever the sender might give up."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"a")
                except OSError:
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    stop.set()
    thread.join()
    listener.close()


def test_a_receiver_that_drips_does_not_hold_the_sender(dripping: int) -> None:
    with pytest.raises(NotSent, match="timeout"):
        local_sender(dripping, timeout=0.5)(Letter(f"http://127.0.0.1:{dripping}/", "{}", {}))


def test_a_receiver_that_hangs_up_gave_no_answer() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    port = listener.getsockname()[1]
    with pytest.raises(NotSent, match="no_answer"):
        local_sender(port)(Letter(f"http://127.0.0.1:{port}/", "{}", {}))
    thread.join()
    listener.close()


def test_nobody_there_is_unreachable(receiver: Receiver) -> None:
    receiver.stop()
    with pytest.raises(NotSent, match="unreachable"):
        local_sender(receiver.port)(Letter(receiver.url, "{}", {}))
    receiver.start()


def test_the_second_address_is_tried_when_the_first_is_silent(receiver: Receiver) -> None:
    settings = WebhookSettings(ports=str(receiver.port), http=True, networks="127.0.0.0/8")
    both = Gate(settings, lambda host: ["127.0.0.2", "127.0.0.1"])
    reply = Sender(both, timeout=5.0)(Letter(f"http://two.example.org:{receiver.port}/", "{}", {}))
    assert reply.status == 204


def test_retry_after_is_read_from_the_head(receiver: Receiver) -> None:
    receiver.always = (429, {"Retry-After": "120"})
    assert local_sender(receiver.port)(Letter(receiver.url, "{}", {})).retry_after == "120"
