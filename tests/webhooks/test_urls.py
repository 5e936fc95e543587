"""T19: hostile URLs are refused at registration and at each delivery; a name that moves is caught."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from api.operations.webhooks.addresses import may_be_called, network
from api.operations.webhooks.sending import Letter, NotSent, Sender
from api.operations.webhooks.settings import WebhookSettings
from api.operations.webhooks.urls import Gate, Refused
from tests.webhooks.support import Receiver

PUBLIC = "93.184.215.14"
NAMES = {
    "tracker.example.org": [PUBLIC],
    "both.example.org": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", PUBLIC],
    "loop.example.org": ["127.0.0.1"],
    "inside.example.org": ["10.1.2.3"],
    "half.example.org": [PUBLIC, "192.168.1.1"],
    "metadata.example.org": ["169.254.169.254"],
    "mapped.example.org": ["::ffff:10.0.0.1"],
    "ula.example.org": ["fd12:3456::1"],
    "scoped.example.org": ["fe80::1%eth0"],
    "localhost": ["127.0.0.1", "::1"],
    "intranet": ["10.0.0.5"],
}

HOSTILE = {
    "https://localhost/": "host",
    "https://intranet/": "host",
    "https://127.0.0.1/": "address",
    "https://127.8.9.10/": "address",
    "https://0.0.0.0/": "address",
    "https://10.0.0.1/": "address",
    "https://172.16.0.1/": "address",
    "https://172.31.255.254/": "address",
    "https://192.168.0.1/": "address",
    "https://169.254.169.254/latest/meta-data/": "address",
    "https://168.63.129.16/": "address",
    "https://100.64.0.1/": "address",
    "https://100.100.100.200/": "address",
    "https://192.0.0.192/": "address",
    "https://198.18.0.1/": "address",
    "https://203.0.113.5/": "address",
    "https://192.88.99.1/": "address",
    "https://224.0.0.1/": "address",
    "https://240.0.0.1/": "address",
    "https://255.255.255.255/": "address",
    "https://[::]/": "address",
    "https://[::1]/": "address",
    "https://[::127.0.0.1]/": "address",
    "https://[::ffff:127.0.0.1]/": "address",
    "https://[::ffff:7f00:1]/": "address",
    "https://[::ffff:93.184.215.14]/": "address",
    "https://[64:ff9b::7f00:1]/": "address",
    "https://[64:ff9b:1::a00:1]/": "address",
    "https://[2002:7f00:1::]/": "address",
    "https://[2001:0:7f00:1::]/": "address",
    "https://[2001:db8::1]/": "address",
    "https://[fc00::1]/": "address",
    "https://[fd00:ec2::254]/": "address",
    "https://[fe80::1]/": "address",
    "https://[fec0::1]/": "address",
    "https://[ff02::1]/": "address",
    "https://[100::1]/": "address",
    "https://[fe80::1%25eth0]/": "form",
    "https://2130706433/": "host",
    "https://017700000001/": "host",
    "https://0x7f000001/": "host",
    "https://0x7f.0.0.1/": "host",
    "https://0177.0.0.1/": "host",
    "https://127.1/": "host",
    "https://127.0.1/": "host",
    "https://0/": "host",
    "https://127.0.0.1./": "host",
    "https://tracker.example.org./": "host",
    "https://loop.example.org/": "address",
    "https://inside.example.org/": "address",
    "https://half.example.org/": "address",
    "https://metadata.example.org/": "address",
    "https://mapped.example.org/": "address",
    "https://ula.example.org/": "address",
    "https://scoped.example.org/": "address",
    "https://nowhere.example.org/": "name",
    "https://user@tracker.example.org/": "form",
    "https://user:pass@tracker.example.org/": "form",
    "https://tracker.example.org@127.0.0.1/": "form",
    "https://tracker.example.org\\@127.0.0.1/": "form",
    "https://tracker.example.org#@127.0.0.1/": "form",
    "https://127.0.0.1#.tracker.example.org/": "form",
    "https://tracker.example.org/#fragment": "form",
    "https://tracker.example.org/a\\b": "form",
    "https://tracker.example.org/ HTTP/1.1\r\nHost: inside": "form",
    "https://tracker.example.org/\n": "form",
    "https://tracker.example.org/\x00": "form",
    " https://tracker.example.org/": "form",
    "https:///tracker.example.org/": "form",
    "https:tracker.example.org/": "form",
    "https://": "form",
    "https://①②⑦.⓪.⓪.①/": "form",
    "https://tracker。example。org/": "form",
    "https://трекер.example.org/": "form",
    "https://-bad.example.org/": "host",
    "https://a..example.org/": "host",
    "https://" + "a" * 64 + ".example.org/": "host",
    "https://tracker.example.org/" + "a" * 2000: "form",
    "http://tracker.example.org/": "scheme",
    "ftp://tracker.example.org/": "form",
    "file:///etc/passwd": "form",
    "gopher://127.0.0.1:6379/_FLUSHALL": "form",
    "HTTPS://tracker.example.org/": "form",
    "https://tracker.example.org:22/": "port",
    "https://tracker.example.org:80/": "port",
    "https://tracker.example.org:6379/": "port",
    "https://tracker.example.org:0/": "port",
    "https://tracker.example.org:65979/": "port",
    "https://tracker.example.org:-1/": "form",
    "https://tracker.example.org:/": "form",
}


def names(host: str) -> list[str]:
    if host not in NAMES:
        raise OSError(-2, "Name or service not known")
    return NAMES[host]


@pytest.fixture(scope="module")
def gate() -> Gate:
    """The gate of an installation that chose nothing."""
    return Gate(WebhookSettings(), names)


@pytest.fixture(scope="module")
def sender(gate: Gate) -> Sender:
    """A sender through that gate."""
    return Sender(gate)


def test_there_are_enough_hostile_urls() -> None:
    print(f"T19: {len(HOSTILE)} hostile URLs")
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("url", HOSTILE)
def test_T19_a_hostile_url_is_refused_at_registration_and_at_delivery(gate: Gate, sender: Sender, url: str) -> None:
    with pytest.raises(Refused) as refused:
        gate.check(url)
    assert refused.value.code == HOSTILE[url]
    assert len(url) < 10 or url not in str(refused.value)
    with pytest.raises(NotSent) as unsent:
        sender(Letter(url, "{}", {}))
    assert unsent.value.reason == f"refused_{HOSTILE[url]}"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://tracker.example.org/hooks?x=1&y=%2F", ("tracker.example.org", 443, "/hooks?x=1&y=%2F")),
        ("https://Tracker.Example.org", ("tracker.example.org", 443, "/")),
        ("https://both.example.org:8443/a", ("both.example.org", 8443, "/a")),
        (f"https://{PUBLIC}/", (PUBLIC, 443, "/")),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", ("[2606:2800:21f:cb07:6820:80da:af6b:8b2c]", 443, "/")),
    ],
)
def test_an_ordinary_url_passes_in_its_parts(gate: Gate, url: str, parts: tuple[str, int, str]) -> None:
    checked = gate.check(url)
    assert (checked.host, checked.port, checked.target) == parts
    assert checked.addresses
    assert gate.check(checked.url) == checked
    assert checked.target == "/" or checked.target not in repr(checked)


def test_an_installation_may_open_its_own_network_and_port() -> None:
    gate = Gate(WebhookSettings(networks="10.0.0.0/8, fd12::/16", ports="9000"), names)
    assert gate.check("https://inside.example.org:9000/").addresses == ("10.1.2.3",)
    assert gate.check("https://intranet/").host == "intranet"
    with pytest.raises(Refused):
        gate.check("https://half.example.org/")
    with pytest.raises(Refused):
        gate.check("http://inside.example.org:9000/")


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1", "fd00:ec2::254"])
def test_some_addresses_are_not_called_even_in_an_opened_network(address: str) -> None:
    everything = (network("0.0.0.0/0"), network("::/0"))
    assert not may_be_called(address, everything)
    assert may_be_called("10.0.0.1", everything)


@pytest.mark.parametrize("setting", [{"networks": "10.0.0.1/8"}, {"networks": "mine"}, {"ports": "0"}, {"ports": "x"}])
def test_a_setting_that_means_nothing_is_refused(setting: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        WebhookSettings(**setting)  # type: ignore[arg-type]


def test_T19_a_name_that_moves_inside_after_registration_is_not_called(receiver: Receiver) -> None:
    moving = {"tracker.example.org": [PUBLIC]}
    gate = Gate(WebhookSettings(ports=str(receiver.port), http=True), moving.__getitem__)
    url = f"http://tracker.example.org:{receiver.port}/"
    assert gate.check(url).addresses == (PUBLIC,)
    moving["tracker.example.org"] = ["127.0.0.1"]
    with pytest.raises(NotSent, match="refused_address"):
        Sender(gate)(Letter(url, "{}", {}))
    assert receiver.got == []


def test_T19_a_name_that_moves_between_check_and_connection_changes_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer of the resolver is the only one that is asked for, and the one that is called."""
    answers, asked = iter([["127.0.0.1"], ["127.0.0.99"]]), []
    settings = WebhookSettings(ports=str(receiver.port), http=True, networks="127.0.0.1/32")
    gate = Gate(settings, lambda host: asked.append(host) or next(answers))  # type: ignore[func-returns-value]

    import socket

    real = socket.getaddrinfo

    def watched(host: str, *rest: object, **named: object) -> object:
        asked.append(f"system:{host}")
        return real(host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    reply = Sender(gate)(Letter(f"http://tracker.example.org:{receiver.port}/x", "{}", {}))
    assert reply.status == 204
    assert asked == ["tracker.example.org", "system:127.0.0.1"]
    assert receiver.got[0].headers["host"] == f"tracker.example.org:{receiver.port}"
    assert receiver.got[0].path == "/x"
    with pytest.raises(NotSent, match="refused_address"):
        Sender(gate)(Letter(f"http://tracker.example.org:{receiver.port}/x", "{}", {}))
